"""The workbench over its API: drafts that two people share, checks, comparisons, deployments with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from api.services import Services
from engine.commands.process_instances import StartProcessInstance
from engine.model import SYSTEM
from tests.api.conftest import TOWN, Client, content
from workflows.organisation.commands import CreateAccount
from workflows.workbench.contents import shipped_files

SignIn = Callable[[str], Client]
AT = "/api/v1/workbench"
FILE = "agency_inquiry.bpmn"
XML = shipped_files()[FILE].content.decode()
RENAMED = XML.replace('name="人工登记答复"', 'name="登记书面答复"')
BROKEN = XML.replace('formId="enter_answer"', 'formId="no_such_form"')


@pytest.fixture
def analyst(sign_in: SignIn) -> Client:
    return sign_in("administrator")


@pytest.fixture
def colleague(services: Services, sign_in: SignIn) -> Client:
    command = CreateAccount(
        login="second-analyst",
        name="沈青",
        password="rivers-and-hills-9",
        posts=(("civil-affairs", "administrator"),),
        must_change_password=False,
    )
    services.engine.execute(command, actor=SYSTEM)
    return sign_in("second-analyst")


def deployed(analyst: Client, key: str = "agency_inquiry") -> Any:
    versions = content(analyst.get(AT))["versions"]
    return next(one for one in versions if one["key"] == key)


def opened(analyst: Client) -> Any:
    return content(analyst.post(f"{AT}/drafts", {"definition_id": deployed(analyst)["id"]}))


def saved(analyst: Client, draft: Any, xml: str) -> Any:
    return analyst.put(f"{AT}/drafts/{draft['id']}", {"version": draft["version"], "content": xml})


def test_the_library_tells_versions_with_who_and_what_runs(services: Services, analyst: Client) -> None:
    found = deployed(analyst)

    assert (found["kind"], found["version"], found["deployed_by"], found["running"]) == ("process", 1, "system", 0)
    assert FILE in content(analyst.get(AT))["shipped_files"]


def test_a_deployed_version_is_opened_once_and_shared(analyst: Client, colleague: Client) -> None:
    draft, same = opened(analyst), opened(colleague)

    assert draft["id"] == same["id"]
    assert (draft["file_name"], draft["version"], draft["name"]) == (FILE, 1, "信息单位查询")
    assert content(analyst.get(f"{AT}/drafts/{draft['id']}"))["content"] == XML
    [listed] = content(analyst.get(AT))["drafts"]
    assert (listed["base_version"], listed["saved_by"]) == (1, "administrator")


def test_who_saves_over_somebody_elses_state_is_told_and_nothing_is_lost(analyst: Client, colleague: Client) -> None:
    draft = opened(analyst)
    assert saved(colleague, draft, RENAMED).status_code == 200

    refused = saved(analyst, draft, BROKEN)

    assert refused.status_code == 409
    assert refused.json["code"] == "definition-draft-stale"
    assert "沈青" in refused.json["detail"]
    assert content(analyst.get(f"{AT}/drafts/{draft['id']}"))["content"] == RENAMED
    decided = saved(analyst, {**draft, "version": 2}, BROKEN)
    assert content(decided)["version"] == 3
    kept = content(analyst.get(f"{AT}/drafts/{draft['id']}"))["states"]
    assert [(one["version"], one["saved_by"]) for one in kept] == [(2, "second-analyst"), (1, "administrator")]
    assert analyst.get(f"{AT}/drafts/{draft['id']}/states/2/file").data.decode() == RENAMED


def test_the_same_content_again_is_no_new_state(analyst: Client) -> None:
    draft = opened(analyst)

    assert content(saved(analyst, {**draft, "version": 7}, XML))["version"] == 1


def test_a_check_tells_findings_differences_and_what_runs(services: Services, analyst: Client) -> None:
    services.engine.execute(
        StartProcessInstance(
            process_id="agency_inquiry", business_key="T-1", region=TOWN, variables={"channel": "desk"}
        ),
        actor=SYSTEM,
    )
    draft = content(saved(analyst, opened(analyst), RENAMED))

    check = content(analyst.get(f"{AT}/drafts/{draft['id']}/check"))

    [change] = check["changes"]
    assert (change["kind"], change["element_id"]) == ("changed", "Task_EnterAnswer")
    [difference] = change["differences"]
    assert difference == {
        "aspect": "name",
        "aspect_name": "名称",
        "before": "人工登记答复",
        "after": "登记书面答复",
    }
    assert (check["active"]["version"], check["is_unchanged"]) == (1, False)
    assert [(one["definition"]["version"], one["running"]) for one in check["running"]] == [(1, 1)]


def test_a_draft_becomes_the_active_version_with_its_reason(analyst: Client) -> None:
    draft = content(saved(analyst, opened(analyst), RENAMED))
    check = content(analyst.get(f"{AT}/drafts/{draft['id']}/check"))
    marks = [one["mark"] for one in check["findings"]]
    asked = {"seen": check["seen"], "reason": "改用书面用语", "confirmed": marks}

    answer = analyst.post(f"{AT}/drafts/{draft['id']}/deployment", asked)

    assert content(answer)["definitions"][0]["version"] == 2
    assert (deployed(analyst)["version"], deployed(analyst)["reason"]) == (2, "改用书面用语")
    assert content(analyst.get(AT))["drafts"] == []
    over = saved(analyst, draft, XML)
    assert (over.status_code, over.json["code"]) == (409, "definition-draft-over")


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"seen": "0" * 32}, 409, "draft-check-stale"),
        ({"reason": "  "}, 422, "reason-missing"),
        ({"seen": ""}, 422, "request-invalid"),
    ],
)
def test_what_was_not_seen_or_explained_is_not_deployed(
    analyst: Client, changed: dict[str, str], status: int, code: str
) -> None:
    draft = content(saved(analyst, opened(analyst), RENAMED))
    check = content(analyst.get(f"{AT}/drafts/{draft['id']}/check"))
    asked = {"seen": check["seen"], "reason": "x", **changed}

    refused = analyst.post(f"{AT}/drafts/{draft['id']}/deployment", asked)

    assert (refused.status_code, refused.json["code"]) == (status, code)
    assert deployed(analyst)["version"] == 1


def test_warnings_are_confirmed_one_by_one(analyst: Client) -> None:
    asked = {"kind": "process", "file_name": "new.bpmn", "note": "试"}
    draft = content(analyst.post(f"{AT}/drafts", asked))
    check = content(analyst.get(f"{AT}/drafts/{draft['id']}/check"))
    assert {one["severity"] for one in check["findings"]} == {"warning"}, check["findings"]
    asked = {"seen": check["seen"], "reason": "新流程"}

    refused = analyst.post(f"{AT}/drafts/{draft['id']}/deployment", asked)

    assert (refused.status_code, refused.json["code"]) == (409, "warnings-not-confirmed")
    asked["confirmed"] = [one["mark"] for one in check["findings"]]
    assert analyst.post(f"{AT}/drafts/{draft['id']}/deployment", asked).status_code == 201


def test_errors_are_refused_with_the_element(analyst: Client) -> None:
    draft = content(saved(analyst, opened(analyst), BROKEN))
    check = content(analyst.get(f"{AT}/drafts/{draft['id']}/check"))
    assert ("error", "Task_EnterAnswer") in {(one["severity"], one["element_id"]) for one in check["findings"]}

    refused = analyst.post(f"{AT}/drafts/{draft['id']}/deployment", {"seen": check["seen"], "reason": "x"})

    assert refused.status_code == 422
    assert "Task_EnterAnswer" in {one["element_id"] for one in refused.json["findings"]}


def test_what_is_unchanged_is_not_deployed_again(analyst: Client) -> None:
    draft = opened(analyst)
    check = content(analyst.get(f"{AT}/drafts/{draft['id']}/check"))
    assert check["is_unchanged"]

    refused = analyst.post(f"{AT}/drafts/{draft['id']}/deployment", {"seen": check["seen"], "reason": "x"})

    assert (refused.status_code, refused.json["code"]) == (409, "draft-unchanged")


@pytest.mark.parametrize("kind", ["process", "decision", "form"])
def test_a_new_file_can_be_read_by_the_engine(analyst: Client, kind: str) -> None:
    ending = {"process": "bpmn", "decision": "dmn", "form": "form"}[kind]
    draft = content(analyst.post(f"{AT}/drafts", {"kind": kind, "file_name": f"2026 新.{ending}"}))

    findings = content(analyst.get(f"{AT}/drafts/{draft['id']}/check"))["findings"]

    assert [one for one in findings if one["severity"] == "error"] == []


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({}, 422, "request-invalid"),
        ({"kind": "process"}, 422, "request-invalid"),
        ({"kind": "process", "file_name": "a.bpmn", "shipped_file": FILE}, 422, "request-invalid"),
        ({"kind": "process", "file_name": "../a.bpmn"}, 422, "draft-file-name-wrong"),
        ({"kind": "process", "file_name": "a.dmn"}, 422, "draft-file-name-wrong"),
        ({"kind": "process", "file_name": ".bpmn"}, 422, "draft-file-name-wrong"),
        ({"kind": "process", "file_name": "a\n.bpmn"}, 422, "draft-file-name-wrong"),
        ({"shipped_file": "none.bpmn"}, 404, "not-found"),
        ({"definition_id": str(uuid4())}, 404, "not-found"),
        ({"kind": "process", "file_name": "a.bpmn", "content": ""}, 422, "request-invalid"),
    ],
)
def test_a_draft_of_nothing_is_refused(analyst: Client, asked: dict[str, str], status: int, code: str) -> None:
    refused = analyst.post(f"{AT}/drafts", asked)

    assert (refused.status_code, refused.json["code"]) == (status, code)
    assert refused.json["detail"]


def test_a_file_has_one_open_draft_and_another_after_it_was_given_up(analyst: Client) -> None:
    draft = content(analyst.post(f"{AT}/drafts", {"shipped_file": FILE}))
    taken = analyst.post(f"{AT}/drafts", {"shipped_file": FILE})
    assert (taken.status_code, taken.json["code"]) == (409, "draft-file-taken")

    stale = analyst.delete(f"{AT}/drafts/{draft['id']}?version=9")
    given_up = analyst.delete(f"{AT}/drafts/{draft['id']}?version=1")

    assert (stale.status_code, given_up.status_code) == (409, 204)
    assert analyst.post(f"{AT}/drafts", {"shipped_file": FILE}).status_code == 201
    assert content(analyst.get(f"{AT}/drafts/{draft['id']}"))["ended_how"] == "discarded"


def test_what_cannot_be_read_is_kept_and_told_of(analyst: Client) -> None:
    draft = content(saved(analyst, opened(analyst), "<bpmn:definitions"))

    findings = content(analyst.get(f"{AT}/drafts/{draft['id']}/check"))["findings"]

    assert [one["code"] for one in findings] == ["not-well-formed"]
    asked = {"kind": "process", "file_name": FILE, "content": "<bpmn:definitions"}
    assert content(analyst.post(f"{AT}/findings", asked))["findings"] == findings


def test_two_contents_are_compared_without_a_draft(analyst: Client) -> None:
    asked = {"kind": "process", "before": XML, "after": RENAMED}

    [change] = content(analyst.post(f"{AT}/comparisons", asked))["changes"]

    assert change["type_name"] == "用户任务"


def test_only_who_may_deploy_draws(sign_in: SignIn) -> None:
    for login in ("clerk", "supervisor", "town-administrator"):
        assert sign_in(login).get(AT).status_code == 403


def test_a_draft_outlives_the_process_that_serves_it(services: Services, analyst: Client) -> None:
    opened(analyst)
    url = services.settings.database_url
    assert url is not None
    database = create_engine(url)
    with database.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM definition_draft")).scalar_one() == 1
    database.dispose()

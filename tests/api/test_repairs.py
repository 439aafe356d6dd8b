"""Looking through one instance and repairing it, on its page and over the API: who may, what is shown, what is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from api.services import Services
from engine.commands.migrations import MigrateProcessInstance, MigrationPlan
from engine.commands.operations import Activate, ModifyProcessInstance
from engine.commands.process_instances import StartProcessInstance
from engine.model import SYSTEM, ProcessInstance
from tests.api.applications import application_json
from tests.api.conftest import OTHER_TOWN, TOWN, Client
from tests.api.test_operations import INSTANCES, STUCK, begin, deploy
from tests.applications import identity
from tests.processes.diagrams import (
    association,
    boundary,
    call,
    compensate,
    document,
    element,
    end,
    flows,
    listeners,
    loop,
    one_process,
    process,
    start,
    sub_process,
    user,
    zeebe,
)
from web.pages.repairs import shorten

SignIn = Callable[[str], Client]
CLERKS = zeebe("assignmentDefinition", candidateGroups="township/clerk")
NORM = zeebe("properties", '<zeebe:property name="norm" value="P2D"/>')
STEPS = one_process(
    start(),
    user("make", CLERKS, NORM, name="经办"),
    user("check", CLERKS, name="复核"),
    end(),
    flows("s>make>check>e"),
)
OTHER_STEPS = one_process(
    start(), user("make", CLERKS, name="复查"), user("finish", CLERKS, name="结案"), end(), flows("s>make>finish>e")
)
CALLING = element("callActivity", "make", zeebe("calledElement", processId="P"), name="转办")
ALIKE = document(process(start(), CALLING, end(), flows("s>make>e"), process_id="A"))
CALLER = document(process(start(), call("inner", "P"), end(), flows("s>inner>e"), process_id="C"))

NONSENSE = [
    {"action": "move", "reason": "x"},
    {"action": "move", "reason": "x", "token": "abc"},
    {"action": "move", "reason": "x", "token": "99"},
    {"action": "move", "reason": "x", "target": "check"},
    {"action": "move", "reason": "x", "target": "1:nowhere"},
    {"action": "move", "reason": "x", "target": "99:check"},
    {"action": "move", "reason": "", "target": "1:check"},
    {"action": "move", "reason": "长" * 501, "target": "1:check"},
    {"action": "variable", "reason": "x", "scope": "1", "name": "a", "value": "{"},
    {"action": "variable", "reason": "x", "scope": "1", "name": "a", "value": "[" * 90_000},
    {"action": "variable", "reason": "x", "scope": "1", "name": "case", "value": "1"},
    {"action": "variable", "reason": "x", "scope": "1", "name": "", "value": "1"},
    {"action": "variable", "reason": "x", "scope": "77", "name": "a", "value": "1"},
    {"action": "retry", "reason": "x", "incident": "nothing"},
    {"action": "retry", "reason": "x", "incident": str(uuid4())},
    {"action": "resume", "reason": "x"},
    {"action": "cancel", "reason": "x", "version": "x"},
    {"action": "cancel", "reason": "x", "version": "1"},
]


def page_of(instance: ProcessInstance) -> str:
    return f"/process-instances/{instance.id}"


def repairs_of(instance: ProcessInstance) -> str:
    return f"{INSTANCES}/{instance.id}/repairs"


def version_of(client: Client, instance: ProcessInstance) -> int:
    return int(client.get(f"{INSTANCES}/{instance.id}").json["version"])


def stands_at(client: Client, instance: ProcessInstance) -> Any:
    return client.get(f"{INSTANCES}/{instance.id}").json["instance"]["stands_at"]


def test_looking_through_a_case_tells_tokens_norms_calls_and_who_set_what(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    deploy(services, CALLER)
    command = StartProcessInstance(process_id="C", variables={"income": "3200"}, region=TOWN, business_key="2026-77")
    instance = services.engine.execute(command, actor=SYSTEM)
    supervisor = sign_in("supervisor")

    xray = supervisor.get(f"{INSTANCES}/{instance.id}/x-ray").json
    [token] = xray["tokens"]
    assert (token["element_id"], token["working_days"], token["norm"], token["is_over_norm"]) == ("make", 0, 2, False)
    assert [(one["process_id"], one["depth"], one["tokens"]) for one in xray["processes"]] == [("C", 0, 0), ("P", 1, 1)]
    assert [(one["element_id"], one["completed"], one["active"], one["norm"]) for one in xray["elements"]] == [
        ("s", 1, 0, None),
        ("inner", 0, 1, None),
        ("s", 1, 0, None),
        ("make", 0, 1, 2),
    ]
    assert {"name": "income", "actor": "system", "value": "3200", "value_shown": True}.items() <= xray["changes"][
        -1
    ].items()

    page = supervisor.get(page_of(instance)).text
    for shown in ("经办", "income", "3200", "<code>P</code>", 'data-diagram="diagram-2-data"'):
        assert shown in page


def test_elements_of_one_id_in_two_diagrams_keep_their_names(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    deploy(services, ALIKE)
    command = StartProcessInstance(process_id="A", variables={}, region=TOWN, business_key="2026-78")
    instance = services.engine.execute(command, actor=SYSTEM)

    form = sign_in("supervisor").get(f"{page_of(instance)}/repair?action=move").text
    token, calling = re.findall(r'<option value="(\d+)"[^>]*>([^<]*)</option>', form)[:2]
    assert {token[1].partition(" ")[0], calling[1].partition(" ")[0]} == {"经办", "转办"}


def test_the_diagrams_of_two_versions_have_places_of_their_own(services: Services, sign_in: SignIn) -> None:
    source = deploy(services, STEPS)
    instance = begin(services)
    move = ModifyProcessInstance(
        process_instance_id=instance.id, reason="x", activate=(Activate(element_id="check"),), cancel_elements=("make",)
    )
    services.engine.execute(move, actor=SYSTEM)
    target = deploy(services, OTHER_STEPS)
    plan = MigrationPlan(source=UUID(source), target=UUID(target), mapping={"check": "finish"})
    command = MigrateProcessInstance(process_instance_id=instance.id, plan=plan, reason="x")
    services.engine.execute(command, actor=SYSTEM)

    page = sign_in("supervisor").get(page_of(instance)).text
    assert re.findall(r'data-diagram="(diagram-\d+)-data"', page) == ["diagram-1", "diagram-2"]


def test_values_are_masked_and_kept_from_those_who_may_not_see_them(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    number = identity(date(1986, 3, 2))
    instance = begin(services, note=f"证件 {number}", phone="13812345678")

    for told in (
        sign_in("supervisor").get(page_of(instance)).text,
        sign_in("supervisor").get(f"{INSTANCES}/{instance.id}/x-ray").text,
    ):
        assert number[:6] + "********" + number[-4:] in told
        assert "138****5678" in told
        assert number not in told
        assert "13812345678" not in told
    form = sign_in("supervisor").get(f"{page_of(instance)}/repair?action=variable&scope=1&name=phone").text
    assert "138****5678" not in form  # what is masked is no value to begin with
    for kept_back in (
        sign_in("administrator").get(page_of(instance)).text,
        sign_in("administrator").get(f"{INSTANCES}/{instance.id}/x-ray").text,
    ):
        assert "note" in kept_back
        assert number[-4:] not in kept_back


def test_only_operators_of_the_region_look_and_repair(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    there = begin(services, OTHER_TOWN)
    body = {"kind": "suspend", "reason": "核查", "expected_version": there.version}
    town = sign_in("town-administrator")

    assert sign_in("clerk").get(page_of(there)).status_code == 403
    for path in (page_of(there), f"{page_of(there)}/repair", f"{INSTANCES}/{there.id}/x-ray"):
        assert town.get(path).status_code == 404, path
    assert (
        town.form(f"{page_of(there)}/repair", action="suspend", do="apply", version="1", reason="x").status_code == 404
    )
    assert town.post(repairs_of(there), body).status_code == 403
    assert sign_in("supervisor").get(f"/process-instances/{uuid4()}").status_code == 404


def test_the_page_offers_only_what_a_modification_begins(services: Services, sign_in: SignIn) -> None:
    def inner(scope: str, *body: str, **drawn: str) -> str:
        steps = (start(f"{scope}_s"), user(f"{scope}_u", CLERKS), end(f"{scope}_e"))
        return sub_process(scope, *body, *steps, flows(f"{scope}_s>{scope}_u>{scope}_e"), **drawn)

    drawn = (
        inner("plain"),
        inner("repeated", loop("=[1, 2]", "i")),
        inner("listening", listeners("start:check")),
        inner("undoing", isForCompensation="true"),
        boundary("q", "make", compensate()) + association("q", "undoing"),
    )
    way = flows("s>make>plain>repeated>listening>e")
    deploy(services, one_process(start(), user("make", CLERKS), *drawn, end(), way))
    instance = begin(services)
    supervisor = sign_in("supervisor")
    form = supervisor.get(f"{page_of(instance)}/repair?action=move").text
    offered = set(re.findall(r'value="1:(\w+)"', form))
    assert offered == {"make", "plain", "plain_u", "plain_e", "repeated", "listening", "e"}

    step = {"kind": "modify", "reason": "x", "expected_version": instance.version}
    for chosen in ("plain_u", "repeated_u", "listening_u", "undoing", "undoing_u"):
        answer = supervisor.post(f"{repairs_of(instance)}/preview", {**step, "activate": [{"element_id": chosen}]})
        assert (answer.status_code == 200) == (chosen in offered), (chosen, answer.json)


def test_a_token_is_moved_on_the_page_after_a_preview_and_once_only(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    instance = begin(services)
    supervisor = sign_in("supervisor")
    token = supervisor.get(f"{INSTANCES}/{instance.id}/x-ray").json["tokens"][0]["key"]
    form = supervisor.get(f"{page_of(instance)}/repair?action=move&token={token}").text
    assert f'value="{token}" selected' in form
    assert 'value="1:check"' in form
    assert 'value="1:s"' not in form  # nobody begins a start event by hand
    typed = {
        "action": "move",
        "version": re.search(r'name="version" value="(\d+)"', form)[1],  # type: ignore[index]  # it is there
        "token": str(token),
        "target": "1:check",
        "reason": "纸面已办",
    }

    preview = supervisor.form(f"{page_of(instance)}/repair", do="preview", **typed)
    assert preview.status_code == 200
    assert "结束：“经办”；开始：“复核”" in preview.text
    assert stands_at(supervisor, instance) == ["make"]

    done = supervisor.form(f"{page_of(instance)}/repair", do="apply", **typed)
    assert (done.status_code, done.location) == (303, page_of(instance))
    again = supervisor.form(f"{page_of(instance)}/repair", do="apply", **typed)
    assert again.status_code == 422
    assert stands_at(supervisor, instance) == ["check"]
    record = supervisor.get(page_of(instance)).text.split('id="record"')[1]
    for kept in ("人工修改流程", "高远", "纸面已办", "复核"):
        assert kept in record


def test_a_stuck_case_is_repaired_by_a_variable_and_a_retry(services: Services, sign_in: SignIn) -> None:
    deploy(services, STUCK)
    instance = begin(services)
    supervisor = sign_in("supervisor")
    place = repairs_of(instance)
    incident = supervisor.get(f"{INSTANCES}/{instance.id}").json["incidents"][0]["id"]
    retry = {"kind": "retry", "incident_id": incident, "reason": "再试"}

    failed = supervisor.post(f"{place}/preview", {**retry, "expected_version": instance.version}).json
    assert failed["text_zh"].startswith("重试仍然失败：")
    assert failed["text_en"].startswith("the retry fails again: ")
    page = f"{page_of(instance)}/repair"
    typed = {"action": "variable", "scope": "1", "name": "x", "value": "true", "reason": "补录"}
    previewed = supervisor.form(page, version=str(instance.version), do="preview", **typed).text
    assert "设置变量：x" in previewed
    assert "结束：—" not in previewed
    assert supervisor.form(page, version=str(instance.version), do="apply", **typed).status_code == 303

    repaired = supervisor.post(place, {**retry, "expected_version": version_of(supervisor, instance)})
    assert repaired.status_code == 200
    assert repaired.json["text_zh"].startswith("重试成功")
    assert stands_at(supervisor, instance) == ["make"]
    shown = supervisor.get(f"{INSTANCES}/{instance.id}").json
    assert [(one["action"], one["details"].get("reason")) for one in shown["history"][-2:]] == [
        ("modified", "补录"),
        ("retried", "再试"),
    ]
    assert shown["variables"][0]["value"] is True


def test_an_instance_rests_goes_on_and_is_cancelled_with_reasons(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    instance = begin(services)
    supervisor = sign_in("supervisor")
    for kind, words, state in (
        ("suspend", "流程挂起", "suspended"),
        ("resume", "流程恢复", "active"),
        ("cancel", "流程终止", "cancelled"),
    ):
        body = {"kind": kind, "reason": f"为{kind}", "expected_version": version_of(supervisor, instance)}
        preview = supervisor.post(f"{repairs_of(instance)}/preview", body).json
        assert preview["text_zh"].startswith(words)
        assert supervisor.post(repairs_of(instance), body).json["state"] == state
    page = supervisor.get(page_of(instance)).text
    assert "流程已结束，没有令牌" in page
    assert f"{page_of(instance)}/repair" not in page
    for reason in ("为suspend", "为resume", "为cancel"):
        assert reason in page


def test_what_makes_no_sense_is_refused_on_the_page(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    instance = begin(services)
    supervisor = sign_in("supervisor")
    for number, typed in enumerate(NONSENSE):
        place = f"{page_of(instance)}/repair?lang={('zh', 'en')[number % 2]}"
        for do in ("preview", "apply"):
            answer = supervisor.form(place, **{"version": str(instance.version), "do": do, **typed})
            assert answer.status_code == 422, (typed, answer.text)
            assert 'role="alert"' in answer.text or "invalid-feedback" in answer.text, typed
    assert version_of(supervisor, instance) == instance.version


def test_a_kind_of_repair_that_is_none_is_refused_and_long_words_are_cut(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    instance = begin(services)
    supervisor = sign_in("supervisor")
    typed = {"version": str(instance.version), "reason": "x", "target": "1:check", "do": "apply"}

    assert supervisor.form(f"{page_of(instance)}/repair", action="explode", **typed).status_code == 400
    assert version_of(supervisor, instance) == instance.version
    names = {"action": "variable", "scope": "1", "name": "很" * 250, "value": "1"}
    done = supervisor.form(f"{page_of(instance)}/repair", **typed, **names)
    assert done.status_code == 303
    assert max(len(cookie) for cookie in done.headers.getlist("Set-Cookie")) < 4000
    assert len(shorten("很" * 5_000, 300)) == 300


def test_supervisors_come_from_the_case_to_its_process(sign_in: SignIn) -> None:
    clerk, supervisor = sign_in("clerk"), sign_in("supervisor")
    number = clerk.post("/api/v1/applications", application_json()).json["number"]
    [line] = supervisor.get(f"{INSTANCES}?business_key={number}").json["instances"]
    link = f'href="/process-instances/{line["id"]}"'

    assert link in supervisor.get(f"/cases/{number}").text
    assert link not in clerk.get(f"/cases/{number}").text
    page = supervisor.get(f"/process-instances/{line['id']}").text
    assert f'href="/cases/{quote(number)}"' in page


def test_wrong_repairs_are_refused_by_the_api(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    instance = begin(services)
    supervisor = sign_in("supervisor")
    now = {"reason": "x", "expected_version": instance.version}
    for body, status in (
        ({**now, "kind": "explode"}, 422),
        ({**now, "kind": "retry"}, 422),
        ({**now, "kind": "modify"}, 422),
        ({**now, "kind": "suspend", "cancel_elements": ["make"]}, 422),
        ({**now, "kind": "suspend", "incident_id": str(uuid4())}, 422),
        ({**now, "kind": "suspend", "reason": "  "}, 422),
        ({"kind": "suspend", "reason": "x"}, 422),
        ({**now, "kind": "retry", "incident_id": str(uuid4())}, 404),
        ({**now, "kind": "suspend", "expected_version": 99}, 409),
    ):
        for place in (repairs_of(instance), f"{repairs_of(instance)}/preview"):
            answer = supervisor.post(place, body)
            assert answer.status_code == status, (body, answer.text)
    other = begin(services)
    assert version_of(supervisor, other) == other.version


def test_the_list_is_narrowed_to_an_element_of_a_version(services: Services, sign_in: SignIn) -> None:
    definition = deploy(services, STEPS)
    here, there = begin(services), begin(services, OTHER_TOWN)
    supervisor = sign_in("supervisor")

    page = supervisor.get(f"/process-instances?definition={definition}&element=make").text
    assert page_of(here) in page
    assert page_of(there) in page
    assert "经办" in page
    assert page_of(here) not in supervisor.get(f"/process-instances?definition={definition}&element=check").text
    assert page_of(there) not in sign_in("town-administrator").get("/process-instances").text
    assert supervisor.get(f"{INSTANCES}?definition_id={definition}&element_id=make").json["total"] == 2
    assert supervisor.get(f"{INSTANCES}?definition_id={definition}&element_id=check").json["total"] == 0
    assert supervisor.get(f"{INSTANCES}?definition_id=x").status_code == 422
    for odd in ("definition=x&element=y&state=z&page=-3&region=0", "q=%00"):
        assert supervisor.get(f"/process-instances?{odd}").status_code in (200, 400)
    assert supervisor.get(f"/process-instances?definition={uuid4()}").status_code == 404
    assert sign_in("clerk").get("/process-instances").status_code == 403

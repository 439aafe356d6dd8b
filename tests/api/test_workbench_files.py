"""What files the workbench takes: in any encoding, of several definitions, named alike; what it refuses is said."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from api.services import Services
from engine.commands.deployments import DeployResources
from engine.commands.resource_checks import CheckResources
from engine.errors import NotPermitted
from engine.findings import Finding
from engine.model import SYSTEM, Actor, Resource
from tests.api.conftest import Client, content
from web.uploads import MAX_UPLOAD
from workflows.workbench.contents import shipped_files
from workflows.workbench.deploying import CompareContents

SignIn = Callable[[str], Client]
AT = "/api/v1/workbench"
FILE = "agency_inquiry.bpmn"
XML = shipped_files()[FILE].content.decode()
TWO = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">{processes}</definitions>"""
PROCESS = """<process id="{id}" name="{name}" isExecutable="true"><startEvent id="{id}_start"/>
<sequenceFlow id="{id}_flow" sourceRef="{id}_start" targetRef="{id}_end"/><endEvent id="{id}_end"/></process>"""


def processes(**names: str) -> str:
    return TWO.format(processes="".join(PROCESS.format(id=one, name=name) for one, name in names.items()))


@pytest.fixture
def analyst(sign_in: SignIn) -> Client:
    return sign_in("administrator")


def deploy(services: Services, xml: str, name: str) -> None:
    resource = Resource(name=name, kind="process", content=xml.encode())
    services.engine.execute(DeployResources(resources=(resource,)), actor=SYSTEM)


def definition(analyst: Client, key: str) -> Any:
    return next(one for one in content(analyst.get(AT))["versions"] if one["key"] == key)


def begun(analyst: Client, xml: str, name: str = "own.bpmn") -> Any:
    return content(analyst.post(f"{AT}/drafts", {"kind": "process", "file_name": name, "content": xml}))


def check(analyst: Client, draft: Any) -> Any:
    return content(analyst.get(f"{AT}/drafts/{draft['id']}/check"))


def upload(analyst: Client, *files: tuple[bytes, str]) -> Any:
    held = [(io.BytesIO(one), name) for one, name in files]
    return analyst.client.post("/workbench/drafts", data={"csrf_token": analyst.token, "files": held})


@pytest.mark.parametrize("encoding", ["GB18030", "UTF-16"])
def test_a_file_in_another_encoding_is_read_by_what_it_declares(analyst: Client, encoding: str) -> None:
    text = XML.replace('encoding="UTF-8"', f'encoding="{encoding}"', 1)
    assert text != XML

    answer = upload(analyst, (text.encode(encoding), FILE))

    assert answer.status_code == 303, answer.text
    [draft] = content(analyst.get(AT))["drafts"]
    assert draft["name"] == "信息单位查询"
    held = content(analyst.get(f"{AT}/drafts/{draft['id']}"))["content"]
    assert held == XML
    page = analyst.get(answer.headers["Location"])
    assert "人工登记答复" in page.text
    saved = analyst.put(f"{AT}/drafts/{draft['id']}", {"version": 1, "content": text})
    assert content(saved)["version"] == 2
    assert not [one for one in check(analyst, draft)["findings"] if one["severity"] == "error"]


@pytest.mark.parametrize(
    ("sent", "name", "encoding"),
    [
        (XML.encode("gb18030"), "a.bpmn", "UTF-8"),
        (b'<?xml version="1.0" encoding="none-such"?><a/>', "a.bpmn", "none-such"),
        (b'{"id": "\xff"}', "a.form", "utf-8"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(analyst: Client, sent: bytes, name: str, encoding: str) -> None:
    answer = upload(analyst, (sent, name))

    assert answer.status_code == 422
    assert "编码" in answer.text
    assert encoding in answer.text
    assert content(analyst.get(AT))["drafts"] == []


def test_one_file_is_taken_at_a_time(analyst: Client) -> None:
    answer = upload(analyst, (XML.encode(), "a.bpmn"), (XML.encode(), "b.bpmn"))

    assert answer.status_code == 422
    assert "只选择一个文件" in answer.text
    assert content(analyst.get(AT))["drafts"] == []


def test_what_may_be_handed_in_may_be_saved(analyst: Client) -> None:
    large = XML + f"<!--{'长' * ((MAX_UPLOAD - len(XML.encode()) - 7) // 3)}-->"
    draft = begun(analyst, XML)

    saved = analyst.put(f"{AT}/drafts/{draft['id']}", {"version": 1, "content": large})
    refused = analyst.put(f"{AT}/drafts/{draft['id']}", {"version": 2, "content": large + "<!---->"})

    assert saved.status_code == 200, saved.text
    assert (refused.status_code, refused.json["code"]) == (422, "request-invalid")
    assert refused.json["errors"][0]["code"] == "wrong-size"


def test_a_name_nobody_can_store_is_kept_out_of_the_name(analyst: Client) -> None:
    for told in ('{"id": "a\\u0000b"}', '{"id": "a\\ud800b"}'):
        asked = {"kind": "form", "file_name": "a.form", "content": told}
        draft = content(analyst.post(f"{AT}/drafts", asked))
        assert draft["name"] == "a\ufffdb"
        assert analyst.delete(f"{AT}/drafts/{draft['id']}?version=1").status_code == 204


@pytest.mark.parametrize("version", [0, 9, 2**31 - 1, 2**31, 10**40])
def test_a_state_nobody_kept_is_not_found(analyst: Client, version: int) -> None:
    draft = begun(analyst, XML)

    assert analyst.get(f"{AT}/drafts/{draft['id']}/states/{version}/file").status_code == 404


def test_a_check_is_stale_when_any_of_its_definitions_was_deployed_meanwhile(
    services: Services, analyst: Client
) -> None:
    deploy(services, processes(one="一", two="二"), "own.bpmn")
    draft = begun(analyst, processes(one="一", two="改"))
    seen = check(analyst, draft)
    assert {change["element_id"] for change in seen["changes"]} == {"two"}
    deploy(services, processes(two="别人改的"), "other.bpmn")
    marks = [one["mark"] for one in seen["findings"]]

    stale = analyst.post(
        f"{AT}/drafts/{draft['id']}/deployment", {"seen": seen["seen"], "reason": "x", "confirmed": marks}
    )

    assert (stale.status_code, stale.json["code"]) == (409, "draft-check-stale")
    again = check(analyst, draft)
    told = [
        (one["before"], one["after"])
        for change in again["changes"]
        for one in change["differences"]
        if change["element_id"] == "two"
    ]
    assert ("别人改的", "改") in told


def test_a_file_is_unchanged_only_if_all_it_describes_is(services: Services, analyst: Client) -> None:
    deploy(services, processes(one="一", two="二"), "own.bpmn")
    draft = begun(analyst, processes(one="一", two="二"))
    assert check(analyst, draft)["is_unchanged"]
    deploy(services, processes(two="别人改的"), "other.bpmn")

    assert not check(analyst, draft)["is_unchanged"]


def test_files_named_alike_that_hold_other_things_are_not_joined(services: Services, analyst: Client) -> None:
    deploy(services, processes(one="一"), "same.bpmn")
    deploy(services, processes(two="二"), "same.bpmn")
    draft = content(analyst.post(f"{AT}/drafts", {"definition_id": definition(analyst, "one")["id"]}))
    assert draft["name"] == "一"

    refused = analyst.post(f"{AT}/drafts", {"definition_id": definition(analyst, "two")["id"]})

    assert (refused.status_code, refused.json["code"]) == (409, "draft-file-taken")
    page = analyst.get("/workbench").text
    assert page.count("继续编辑草稿") == 1
    deploy(services, processes(one="新"), "same.bpmn")
    newer = content(analyst.post(f"{AT}/drafts", {"definition_id": definition(analyst, "one")["id"]}))
    assert newer["id"] == draft["id"]


def test_definitions_of_one_file_share_its_draft(services: Services, analyst: Client) -> None:
    deploy(services, processes(one="一", two="二"), "own.bpmn")

    drafts = [
        content(analyst.post(f"{AT}/drafts", {"definition_id": definition(analyst, key)["id"]}))["id"]
        for key in ("one", "two")
    ]

    assert drafts[0] == drafts[1]
    assert analyst.get("/workbench").text.count("继续编辑草稿") == 2


def test_each_warning_of_an_element_has_a_mark_of_its_own() -> None:
    told = {
        "severity": "warning",
        "code": "doubtful",
        "resource": FILE,
        "element_id": "Task_EnterAnswer",
        "element_name": None,
        "line": None,
        "message_en": "",
        "advice_zh": "",
        "advice_en": "",
    }
    first, same, other = (Finding(message_zh=one, **told) for one in ("甲", "甲", "乙"))  # type: ignore[arg-type]  # as above

    assert first.mark == same.mark != other.mark


def test_the_commands_themselves_ask_for_the_right(services: Services) -> None:
    stranger = Actor(id="stranger", name="路人")
    for command in (CheckResources(resources=()), CompareContents(kind="process", before=b"<a/>", after=b"<b/>")):
        with pytest.raises(NotPermitted):
            services.engine.execute(command, actor=stranger)

"""A stuck case is reproduced in a sandbox: it stands where it stood, and holds nothing of anybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from api.services import Services
from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.model import SYSTEM, Resource
from tests.api.applications import application_json
from tests.api.conftest import TOWN, Client, content
from tests.api.test_workbench import AT, analyst, deployed, saved  # noqa: F401

SignIn = Callable[[str], Client]
NAME, NUMBER, PHONE, ACCOUNT = "欧阳小明", "320481198603021112", "13851234567", "6222020200112233445"
ADDRESS, STORY = "昆仑街道燕山路99号", "欧阳小明电话13851234567，在燕山路摔伤"
SECRETS = (NAME, NUMBER, PHONE, ACCOUNT, ADDRESS, STORY, "燕山路", "欧阳")
PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="D" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="stuck" name="会卡住" isExecutable="true">
    <bpmn:startEvent id="Start" name="开始"><bpmn:outgoing>F1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:subProcess id="Sub_Inner" name="内部">
      <bpmn:extensionElements><zeebe:ioMapping><zeebe:input source="=story" target="inner_story" />
        <zeebe:input source="=900" target="limit" /></zeebe:ioMapping></bpmn:extensionElements>
      <bpmn:incoming>F1</bpmn:incoming><bpmn:outgoing>F2</bpmn:outgoing>
      <bpmn:startEvent id="Start_Inner" name="开始"><bpmn:outgoing>F3</bpmn:outgoing></bpmn:startEvent>
      <bpmn:scriptTask id="Script_Rate" name="计算">
        <bpmn:extensionElements><zeebe:script expression="=if kind = &#34;burn&#34; then amount / missing else 1"
          resultVariable="rate" /></bpmn:extensionElements>
        <bpmn:incoming>F3</bpmn:incoming><bpmn:outgoing>F4</bpmn:outgoing></bpmn:scriptTask>
      <bpmn:endEvent id="End_Inner" name="完成"><bpmn:incoming>F4</bpmn:incoming></bpmn:endEvent>
      <bpmn:sequenceFlow id="F3" sourceRef="Start_Inner" targetRef="Script_Rate" />
      <bpmn:sequenceFlow id="F4" sourceRef="Script_Rate" targetRef="End_Inner" />
    </bpmn:subProcess>
    <bpmn:endEvent id="End" name="完成"><bpmn:incoming>F2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="F1" sourceRef="Start" targetRef="Sub_Inner" />
    <bpmn:sequenceFlow id="F2" sourceRef="Sub_Inner" targetRef="End" />
  </bpmn:process>
</bpmn:definitions>"""
CALLER = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="D" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="caller" name="调用" isExecutable="true">
    <bpmn:startEvent id="Start" name="开始"><bpmn:outgoing>C1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:callActivity id="Call_Stuck" name="调用">
      <bpmn:extensionElements><zeebe:calledElement processId="stuck" /></bpmn:extensionElements>
      <bpmn:incoming>C1</bpmn:incoming><bpmn:outgoing>C2</bpmn:outgoing></bpmn:callActivity>
    <bpmn:endEvent id="End" name="完成"><bpmn:incoming>C2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="C1" sourceRef="Start" targetRef="Call_Stuck" />
    <bpmn:sequenceFlow id="C2" sourceRef="Call_Stuck" targetRef="End" />
  </bpmn:process>
</bpmn:definitions>"""
VARIABLES = {
    "kind": "burn",
    "amount": 600,
    "since": "2026-03-02",
    "story": STORY,
    "applicant": {"name": NAME, "identity_number": NUMBER, "phone": PHONE, "account": ACCOUNT, "address": ADDRESS},
}


@pytest.fixture
def stuck(services: Services) -> UUID:
    """An instance that is stuck at an expression, with everything of a person in its variables."""
    return started(services, "stuck")


def started(services: Services, process_id: str) -> UUID:
    files = [Resource(name="stuck.bpmn", kind="process", content=PROCESS.encode())]
    files += [Resource(name="caller.bpmn", kind="process", content=CALLER.encode())]
    services.engine.execute(DeployResources(resources=tuple(files)), actor=SYSTEM)
    start = StartProcessInstance(process_id=process_id, variables=VARIABLES, region=TOWN, business_key="none-1")
    instance = services.engine.execute(start, actor=SYSTEM)
    return UUID(str(instance.id))


def copied(client: Client, instance: UUID, **asked: Any) -> Any:
    answer = client.post(f"/api/v1/process-instances/{instance}/sandbox-copy", asked)
    assert answer.status_code == 201, answer.text
    return content(answer)


def test_a_copy_stands_where_the_case_is_stuck_and_for_the_same_reason(analyst: Client, stuck: UUID) -> None:  # noqa: F811
    found = copied(analyst, stuck)

    assert found["process_id"] == "stuck"
    assert [one["element_id"] for one in found["incidents"]] == ["Script_Rate"]
    assert found["setting"]["standing"][0]["element"] == "Script_Rate"
    assert found["setting"]["standing"][0]["variables"]["limit"] == 900
    kept = found["variables"]
    assert (kept["kind"], kept["amount"], kept["since"]) == ("burn", 600, "2026-03-02")


def test_nothing_of_anybody_is_in_the_copy_or_on_its_page(analyst: Client, stuck: UUID) -> None:  # noqa: F811
    answer = analyst.post(f"/api/v1/process-instances/{stuck}/sandbox-copy", {})
    page = analyst.get(f"/workbench/plays/{content(answer)['id']}")

    assert page.status_code == 200
    assert "办理中流程的副本" in page.text
    for shown in (answer.get_data(as_text=True), page.text):
        assert not [one for one in SECRETS if one in shown or one.encode("unicode_escape").decode() in shown]
    applicant = content(answer)["variables"]["applicant"]
    assert {name: len(one) for name, one in applicant.items()} == {
        name: len(one)
        for name, one in VARIABLES["applicant"].items()  # type: ignore[attr-defined]  # a dict, above
    }


def test_the_draft_is_put_right_and_the_same_is_tried_again(analyst: Client, stuck: UUID) -> None:  # noqa: F811
    play = copied(analyst, stuck)
    led = analyst.form(f"/workbench/plays/{play['id']}/draft")
    assert led.status_code == 303
    on_draft = content(analyst.get(f"/api/v1{led.headers['Location']}"))
    assert [one["element_id"] for one in on_draft["incidents"]] == ["Script_Rate"]
    draft = content(analyst.get(f"{AT}/drafts/{on_draft['draft_id']}"))
    assert saved(analyst, draft, draft["content"].replace("amount / missing", "amount / limit")).status_code == 200

    again = content(analyst.get(f"/api/v1{led.headers['Location']}"))

    assert (again["incidents"], again["ended"]) == ([], True)
    gone = draft["content"].replace('id="Script_Rate"', 'id="Script_Other"').replace('"Script_Rate"', '"Script_Other"')
    assert saved(analyst, {**draft, "version": 2}, gone).status_code == 200
    page = analyst.get(led.headers["Location"])
    assert page.status_code == 422
    assert "Script_Rate" in page.text


def test_of_a_called_process_the_called_one_is_copied_at_its_incident(services: Services, analyst: Client) -> None:  # noqa: F811
    instance = started(services, "caller")
    [incident] = content(analyst.get("/api/v1/incidents"))["incidents"]

    inner, whole = copied(analyst, instance, incident_id=incident["id"]), copied(analyst, instance)

    assert (inner["process_id"], whole["process_id"]) == ("stuck", "caller")
    assert [one["element_id"] for one in inner["incidents"]] == ["Script_Rate"]
    assert whole["setting"]["standing"] == [{"element": "Call_Stuck"}]


def test_a_real_case_is_copied_without_its_household(sign_in: SignIn, analyst: Client) -> None:  # noqa: F811
    body = application_json()
    body["household"]["address"] = ADDRESS
    body["members"][0]["name"] = NAME
    created = sign_in("clerk").post("/api/v1/applications", body)
    assert created.status_code == 201, created.text
    number = content(created)["number"]
    [instance] = content(analyst.get("/api/v1/process-instances"))["instances"]

    answer = analyst.post(f"/api/v1/process-instances/{instance['id']}/sandbox-copy", {})

    assert answer.status_code == 201, answer.text
    text = answer.get_data(as_text=True)
    personal = [NAME, ADDRESS, number, *(one["identity_number"] for one in body["members"])]
    assert not [one for one in personal if one in text]
    assert content(answer)["tasks"] != []
    assert content(answer)["setting"]["case"]["household"]["assets_declared"] == 9000.5


def test_who_may_not_draw_copies_nothing_and_what_is_not_there_is_told(
    sign_in: SignIn,
    analyst: Client,  # noqa: F811
    stuck: UUID,
) -> None:
    path = f"/api/v1/process-instances/{stuck}/sandbox-copy"

    assert sign_in("supervisor").post(path, {}).status_code == 403
    assert analyst.post(path, {"incident_id": str(stuck)}).status_code == 404
    assert analyst.post(path.replace(str(stuck), str(UUID(int=7))), {}).status_code == 404
    shown = analyst.get(f"/process-instances/{stuck}")
    assert "在沙箱中重现" in shown.text
    assert "在沙箱中重现" not in sign_in("supervisor").get(f"/process-instances/{stuck}").text

"""What cases asked a decision last, run on a draft: what changes, in which case, and how often each rule counts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from api.services import Services
from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.model import SYSTEM, Resource
from tests.api.applications import application_json
from tests.api.conftest import TOWN, Client, content
from tests.api.test_workbench import AT, analyst, deployed, saved  # noqa: F401
from workflows.playing.model import PlaySource
from workflows.playing.replays import ReplayDecision, alike

SignIn = Callable[[str], Client]
REPLAYS = f"{AT}/decision-replays"
TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="Definitions_step" name="档次"
  namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="step" name="档次">
    <decisionTable id="Table_step" hitPolicy="FIRST">
      <input id="In_1" label="金额">
        <inputExpression id="InE_1" typeRef="number"><text>amount</text></inputExpression></input>
      <output id="Out_1" name="step" typeRef="string" />
      <rule id="Rule_high"><inputEntry id="E_1"><text>&gt; 100</text></inputEntry>
        <outputEntry id="R_1"><text>"high"</text></outputEntry></rule>
      <rule id="Rule_low"><inputEntry id="E_2"><text>-</text></inputEntry>
        <outputEntry id="R_2"><text>"low"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""
PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="D" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="stepping" name="分档" isExecutable="true">
    <bpmn:startEvent id="Start" name="开始"><bpmn:outgoing>F1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:businessRuleTask id="Rule_Step" name="分档">
      <bpmn:extensionElements><zeebe:calledDecision decisionId="step" resultVariable="step" /></bpmn:extensionElements>
      <bpmn:incoming>F1</bpmn:incoming><bpmn:outgoing>F2</bpmn:outgoing></bpmn:businessRuleTask>
    <bpmn:endEvent id="End" name="完成"><bpmn:incoming>F2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="F1" sourceRef="Start" targetRef="Rule_Step" />
    <bpmn:sequenceFlow id="F2" sourceRef="Rule_Step" targetRef="End" />
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def stepped(services: Services) -> None:
    """Three instances of no case were put in a step: 50, 150 and 250 yuan."""
    deploy(services, TABLE)
    for amount in (50, 150, 250):
        step(services, f"none-{amount}", amount=amount)


def drafted(client: Client, key: str, before: str, after: str) -> str:
    """Draft a decision with one text changed; return the draft's id."""
    draft = content(client.post(f"{AT}/drafts", {"definition_id": deployed(client, key)["id"]}))
    xml = content(client.get(f"{AT}/drafts/{draft['id']}"))["content"]
    assert before in xml
    assert saved(client, draft, xml.replace(before, after, 1)).status_code == 200
    return str(draft["id"])


def replay(client: Client, **asked: Any) -> Any:
    answer = client.post(REPLAYS, asked)
    assert answer.status_code == 200, answer.text
    return content(answer)


def hits(found: Any, table: str = "Table_step") -> list[tuple[int, int]]:
    [rules] = [one["rules"] for one in found["tables"] if one["id"] == table]
    return [(one["recorded"], one["replayed"]) for one in rules]


@pytest.mark.usefixtures("stepped")
def test_a_draft_tells_what_it_would_change_and_how_often_its_rules_count(analyst: Client) -> None:  # noqa: F811
    found = replay(analyst, draft_id=drafted(analyst, "step", "&gt; 100", "&gt; 200"))

    assert (found["counted"], found["replayed"]) == (3, 3)
    assert (found["same"], found["changed"], found["unknown"]) == (2, 1, 0)
    [one] = found["listed"]
    assert (one["before"], one["after"], one["verdict"], one["version"]) == ("high", "low", "changed", 1)
    assert [each["rule"] for each in one["fired_before"]] == [1]
    assert [each["rule"] for each in one["fired_after"]] == [2]
    assert hits(found) == [(2, 1), (1, 2)]


@pytest.mark.usefixtures("stepped")
def test_the_active_version_comes_to_what_was_decided(analyst: Client) -> None:  # noqa: F811
    found = replay(analyst, definition_id=deployed(analyst, "step")["id"])

    assert (found["same"], found["changed"], found["unknown"], found["listed"]) == (3, 0, 0, [])
    assert hits(found) == [(2, 2), (1, 1)]


@pytest.mark.usefixtures("stepped")
def test_a_draft_that_fails_is_a_change_with_its_reason(analyst: Client) -> None:  # noqa: F811
    found = replay(analyst, draft_id=drafted(analyst, "step", '"high"', "1 + amount of nobody"))

    assert found["changed"] == 2
    assert all(one["after"] is None for one in found["listed"])


def test_what_the_record_does_not_tell_is_not_called_a_change(
    services: Services,
    sign_in: SignIn,
    analyst: Client,  # noqa: F811
) -> None:
    with_case = TABLE.replace("<text>amount</text>", "<text>if case = null then 0 else 500</text>")
    deploy(services, with_case)
    number = submitted(sign_in("clerk"))
    step(services, number, amount=1)
    database = create_engine(services.settings.database_url)
    with database.begin() as connection:  # the case is no longer what it was
        gone = text("UPDATE process_instance SET business_key = 'gone' WHERE business_key = :number")
        connection.execute(gone, {"number": number})
    database.dispose()

    found = replay(analyst, draft_id=drafted(analyst, "step", '"high"', '"top"'))

    assert (found["counted"], found["unknown"], found["changed"]) == (1, 1, 0)
    assert found["listed"][0]["verdict"] == "unknown"


def test_a_case_is_named_to_who_sees_it(services: Services, sign_in: SignIn, analyst: Client) -> None:  # noqa: F811
    deploy(services, TABLE)
    number = submitted(sign_in("clerk"))
    step(services, number, amount=150)
    step(services, "of-no-case", amount=150)

    found = replay(analyst, draft_id=drafted(analyst, "step", "&gt; 100", "&gt; 200"))

    assert [one["case_number"] for one in found["listed"]] == [None, number]


def test_columns_of_the_case_are_taken_as_they_were_recorded(
    services: Services,
    sign_in: SignIn,
    analyst: Client,  # noqa: F811
) -> None:
    deploy(services, TABLE.replace("<text>amount</text>", "<text>case.household.assets_declared</text>"))
    step(services, submitted(sign_in("clerk")), amount=1)

    found = replay(analyst, draft_id=drafted(analyst, "step", "&gt; 100", "&gt; 9000.5"))

    assert (found["changed"], found["unknown"]) == (1, 0)


@pytest.mark.usefixtures("stepped")
def test_the_page_shows_hits_in_cases_and_runs_them_again(analyst: Client) -> None:  # noqa: F811
    source = {"draft": drafted(analyst, "step", "&gt; 100", "&gt; 200")}
    shown = analyst.get("/workbench/replays", query_string={**source, "decision": "step"})
    assert shown.status_code == 200
    assert "用草稿重算最近 3 次" in shown.text

    run = analyst.form("/workbench/replays", **source, decision="step")

    assert run.status_code == 200
    assert "结果改变 1 次" in run.text
    assert "无权查看的案件" in run.text
    english = analyst.get("/workbench/replays", query_string={**source, "lang": "en"})
    assert "Run the last 3 on the draft" in english.text


@pytest.mark.usefixtures("stepped")
def test_what_there_is_no_time_for_is_told(services: Services, analyst: Client) -> None:  # noqa: F811
    draft = UUID(drafted(analyst, "step", "&gt; 100", "&gt; 200"))

    found = services.engine.execute(ReplayDecision(source=PlaySource(draft_id=draft), seconds=-1), actor=SYSTEM)

    assert (found.recorded.counted, found.replayed, found.listed) == (3, 0, [])


def test_unknown_decisions_and_people_without_the_right_are_refused(sign_in: SignIn, analyst: Client) -> None:  # noqa: F811
    source = {"definition_id": deployed(analyst, "county_check")["id"]}

    unknown = analyst.post(REPLAYS, {**source, "decision_id": "nobody"})

    assert (unknown.status_code, unknown.json["code"]) == (404, "not-found")
    assert analyst.post(REPLAYS, {}).status_code == 422
    assert sign_in("clerk").post(REPLAYS, source).status_code == 403
    assert analyst.get("/workbench/replays?definition=x").status_code == 404


def test_values_are_alike_by_what_they_are() -> None:
    assert alike({"a": [1, "x"]}, {"a": [Decimal("1.0"), "x"]})
    assert not alike(1, True)
    assert not alike({"a": 1}, {"a": 1, "b": None})
    assert not alike("1", 1)


def deploy(services: Services, table: str) -> None:
    files = (
        Resource(name="step.dmn", kind="decision", content=table.encode()),
        Resource(name="stepping.bpmn", kind="process", content=PROCESS.encode()),
    )
    services.engine.execute(DeployResources(resources=files), actor=SYSTEM)


def step(services: Services, number: str, *, amount: int) -> None:
    start = StartProcessInstance(process_id="stepping", variables={"amount": amount}, region=TOWN, business_key=number)
    services.engine.execute(start, actor=SYSTEM)


def submitted(client: Client) -> str:
    answer = client.post("/api/v1/applications", application_json())
    assert answer.status_code == 201, answer.text
    return str(content(answer)["number"])

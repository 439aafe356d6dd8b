"""Which version runs: the newest, the one deployed together, or the one of a version tag."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import CompleteUserTask
from engine.errors import DeploymentRefused
from engine.forms import FormInvalid
from engine.model import SYSTEM, ProcessInstance
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import call, document, element, end, flows, one_process, process, start, user, zeebe

ANN = person("ann", "x/clerk")
DMN = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="urn:m"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"><decision id="level" name="level">
 <extensionElements><zeebe:versionTag value="{tag}"/></extensionElements><variable id="v" name="level"/>
 <literalExpression id="x"><text>{value}</text></literalExpression></decision></definitions>"""


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url) as house:
        yield house


def begin(house: EngineUnderTest) -> ProcessInstance:
    command = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="1")
    return house.engine.execute(command, actor=SYSTEM)


def called(tag: str, task: str) -> bytes:
    version = zeebe("versionTag", value=tag)
    return document(process(version, start(), user(task), end(), flows(f"s>{task}>e"), process_id="Q"))


def form(tag: str, *, required: bool) -> str:
    field = {"type": "textfield", "key": "note", "id": "f1", "label": "Note", "validate": {"required": required}}
    return json.dumps({"id": "F", "type": "default", "schemaVersion": 18, "versionTag": tag, "components": [field]})


def deciding(**binding: str) -> bytes:
    asked_for = zeebe("calledDecision", decisionId="level", resultVariable="level", **binding)
    asked = element("businessRuleTask", "ask", asked_for)
    return one_process(start(), asked, user("u"), end(), flows("s>ask>u>e"))


def filling(**binding: str) -> bytes:
    return one_process(start(), user("u", zeebe("formDefinition", formId="F", **binding)), end(), flows("s>u>e"))


def test_a_call_is_bound_to_the_newest_version_of_its_tag(house: EngineUnderTest) -> None:
    bound = one_process(start(), call("c", "Q", bindingType="versionTag", versionTag="A"), end(), flows("s>c>e"))
    house.deploy(q_bpmn=called("A", "first"))
    house.deploy(q_bpmn=called("A", "second"))
    house.deploy(q_bpmn=called("B", "third"), p_bpmn=bound)

    view = house.queries.instance(begin(house).id)

    assert [one.element_id for one in view.tasks] == ["second"]


@pytest.mark.parametrize(
    ("binding", "expected"),
    [
        ({"bindingType": "versionTag", "versionTag": "A"}, 1),
        ({"bindingType": "deployment"}, 2),
        ({"bindingType": "latest"}, 3),
        ({}, 3),
    ],
)
def test_a_decision_is_made_by_the_version_it_is_bound_to(
    house: EngineUnderTest, binding: dict[str, str], expected: int
) -> None:
    house.deploy(m_dmn=DMN.format(tag="A", value=1))
    house.deploy(m_dmn=DMN.format(tag="B", value=2), p_bpmn=deciding(**binding))
    house.deploy(m_dmn=DMN.format(tag="C", value=3))

    assert house.queries.instance(begin(house).id).variables == {"level": expected}


@pytest.mark.parametrize(
    ("binding", "is_strict"),
    [({"bindingType": "versionTag", "versionTag": "A"}, True), ({"bindingType": "deployment"}, False), ({}, True)],
)
def test_a_task_is_checked_by_the_form_version_it_is_bound_to(
    house: EngineUnderTest, binding: dict[str, str], is_strict: bool
) -> None:
    house.deploy(f_form=form("A", required=True))
    house.deploy(f_form=form("B", required=False), p_bpmn=filling(**binding))
    (task,) = house.queries.instance(begin(house).id).tasks
    house.deploy(f_form=form("C", required=True))  # where nothing is bound it counts for open tasks too
    assert (task.form_definition_id is None) == (binding == {})
    shown = house.queries.form("F", definition_id=task.form_definition_id)
    assert shown is not None
    assert json.loads(shown)["components"][0]["validate"] == {"required": is_strict}

    class Held:
        def execute(self, context):
            _, locked = context.unit_of_work.user_tasks.lock(task.id)
            context.unit_of_work.user_tasks.save(replace(locked, assignee="ann", version=locked.version + 1))

    house.engine.execute(Held(), actor=SYSTEM)
    complete = CompleteUserTask(user_task_id=task.id, values={})
    if is_strict:
        with pytest.raises(FormInvalid):
            house.engine.execute(complete, actor=ANN)
    else:
        assert house.engine.execute(complete, actor=ANN).completed_by == "ann"


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (deciding(bindingType="versionTag", versionTag="Z"), "decision-not-deployed"),
        (deciding(bindingType="deployment"), "decision-not-deployed"),
        (filling(bindingType="versionTag", versionTag="Z"), "form-not-deployed"),
        (filling(bindingType="deployment"), "form-not-deployed"),
    ],
)
def test_what_is_bound_to_nothing_is_refused(house: EngineUnderTest, drawn: bytes, code: str) -> None:
    house.deploy(m_dmn=DMN.format(tag="A", value=1), f_form=form("A", required=True))
    with pytest.raises(DeploymentRefused) as refused:
        house.deploy(p_bpmn=drawn)

    assert [one.code for one in refused.value.findings if one.severity == "error"] == [code]


def test_a_call_by_expression_to_a_tag_that_is_gone_is_an_incident(house: EngineUnderTest) -> None:
    tagged = one_process(start(), call("c", '="Q"', bindingType="versionTag", versionTag="gone"), end(), flows("s>c>e"))
    house.deploy(p_bpmn=tagged)

    (incident,) = house.queries.instance(begin(house).id).incidents

    assert (incident.kind, "gone" in incident.reason) == ("call", True)

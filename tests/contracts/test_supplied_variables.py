"""No variable from outside takes the place of the office's objects, and none has a name that nothing can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from engine.batches import BatchKind, InstanceFilter
from engine.commands.batches import Asked, CreateBatch
from engine.commands.messages import BroadcastSignal, CorrelateMessage, PublishMessage
from engine.commands.operations import Activate, ModifyProcessInstance, ScopeVariables
from engine.commands.process_instances import SetVariables, StartProcessInstance
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.core.limits import MOST_HELD
from engine.errors import DeploymentRefused, InvalidVariables
from engine.feel import type_named
from engine.host import Host
from engine.json_values import JsonObject, JsonValue
from engine.model import SYSTEM, ProcessInstance
from engine.operation_errors import InstanceTooLarge
from engine.supplied_variables import can_be_read
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import end, flows, mappings, one_process, script, start, user, zeebe

ANN = person("ann", "township/clerk")
STEPS = one_process(
    start(),
    user("make", zeebe("assignmentDefinition", candidateGroups="township/clerk")),
    script("read", "=case.number", "found"),
    user("check", zeebe("assignmentDefinition", candidateGroups="township/clerk")),
    end(),
    flows("s>make>read>check>e"),
)


def office() -> Host:
    return Host(
        region="320481",
        roots=lambda _context, _instance: {"case": {"number": "real"}},
        root_names=frozenset({"case"}),
        objects=lambda _context: {"case": type_named("context<number: string>")},
    )


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, office()) as house:
        house.deploy(P_bpmn=STEPS)
        yield house


def begin(house: EngineUnderTest, variables: JsonObject) -> ProcessInstance:
    command = StartProcessInstance(process_id="P", variables=variables, region=REGION, business_key="1")
    return house.engine.execute(command, actor=SYSTEM)


def complete(house: EngineUnderTest, instance: ProcessInstance, values: JsonObject) -> None:
    (task,) = house.queries.instance(instance.id).tasks
    house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=ANN)
    house.engine.execute(CompleteUserTask(user_task_id=task.id, values=values), actor=ANN)


def modify(instance: ProcessInstance, **asked: object) -> ModifyProcessInstance:
    return ModifyProcessInstance(process_instance_id=instance.id, reason="r", **asked)  # type: ignore[arg-type]


ENTRANCES: dict[str, Callable[[ProcessInstance, JsonObject], object]] = {
    "start": lambda _, given: StartProcessInstance(process_id="P", variables=given, region=REGION, business_key="2"),
    "message": lambda _, given: PublishMessage(name="m", variables=given),
    "correlation": lambda _, given: CorrelateMessage(name="m", correlation_key=None, variables=given),
    "signal": lambda _, given: BroadcastSignal(name="m", variables=given),
    "set": lambda one, given: SetVariables(process_instance_id=one.id, scope_key=1, variables=given),
    "modify": lambda one, given: modify(one, variables=(ScopeVariables(variables=given),)),
    "activate": lambda one, given: modify(one, activate=(Activate(element_id="check", variables=given),)),
    "batch": lambda one, given: CreateBatch(
        asked=Asked(
            kind=BatchKind.MODIFY, filter=InstanceFilter(ids=(one.id,)), parameters={"variables": given}, reason="r"
        )
    ),
}


@pytest.mark.parametrize("entrance", ENTRANCES)
@pytest.mark.parametrize("name", ["case", "", "x" * 257, "if", "a.b"])
def test_no_entrance_lets_a_variable_in_that_no_expression_would_read(
    house: EngineUnderTest, entrance: str, name: str
) -> None:
    instance = begin(house, {})
    with pytest.raises(InvalidVariables) as refused:
        house.engine.execute(ENTRANCES[entrance](instance, {name: {"number": "forged"}}), actor=SYSTEM)  # type: ignore[arg-type]
    assert f"“{name[:60]}" in refused.value.text("zh")
    assert name[:60] in refused.value.text("en")


def test_a_task_cannot_bring_in_a_variable_that_is_called_like_an_object_of_the_office(house: EngineUnderTest) -> None:
    instance = begin(house, {})
    with pytest.raises(InvalidVariables):
        complete(house, instance, {"case": {"number": "forged"}})
    complete(house, instance, {"remark": "fine"})
    found = house.queries.instance(instance.id).variables
    assert found["found"] == "real"


@pytest.mark.parametrize(
    "drawn",
    [
        script("x", "=1", "case"),
        script("x", "=1", "y", mappings(outputs={"case.number": "=1"})),
        script("x", "=1", "y", mappings(inputs={"case": "=1"})),
    ],
    ids=["resultVariable", "output", "input"],
)
def test_a_diagram_that_writes_an_object_of_the_office_is_refused(house: EngineUnderTest, drawn: str) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        house.deploy(P_bpmn=one_process(start(), drawn, end(), flows("s>x>e")))
    assert [one.code for one in refused.value.findings if one.severity == "error"] == ["variable-name-taken"]


def test_a_form_that_asks_for_an_object_of_the_office_is_refused(house: EngineUnderTest) -> None:
    form = '{"id": "f", "components": [{"type": "textfield", "id": "t", "label": "L", "key": "case.number"}]}'
    with pytest.raises(DeploymentRefused) as refused:
        house.deploy(f_form=form)
    assert [one.code for one in refused.value.findings] == ["form-key-taken"]


@pytest.mark.parametrize(
    ("name", "is_readable"),
    [("income", True), ("收入", True), ("Monthly Income", True), ("_a1", True), ("in", False), ("null", False)],
)
def test_names_of_one_or_several_words_can_be_read_and_words_of_feel_cannot(name: str, is_readable: bool) -> None:
    assert can_be_read(name) is is_readable


def set_variables(house: EngineUnderTest, instance: ProcessInstance, **variables: JsonValue) -> None:
    command = SetVariables(process_instance_id=instance.id, scope_key=1, variables=variables)
    house.engine.execute(command, actor=SYSTEM)


def test_an_instance_takes_no_more_from_outside_than_it_may_hold(house: EngineUnderTest) -> None:
    instance = begin(house, {"a1": "文" * 900_000})
    for number in range(2, 5):
        set_variables(house, instance, **{f"a{number}": "文" * 900_000})

    with pytest.raises(InstanceTooLarge) as refused:
        set_variables(house, instance, a5="文" * 900_000)

    assert f"最多 {MOST_HELD} 个" in refused.value.text("zh")
    assert f"at most {MOST_HELD}" in refused.value.text("en")
    assert "a5" not in house.queries.instance(instance.id).variables
    set_variables(house, instance, a1=None, a5="文" * 800_000)
    complete(house, instance, {"answer": 1})


def test_an_instance_that_was_too_large_before_goes_on_and_can_be_made_smaller(
    house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = begin(house, {"a": "文" * 20_000})
    monkeypatch.setattr("engine.execution.MOST_HELD", 10_000)

    with pytest.raises(InstanceTooLarge):
        set_variables(house, instance, b="文" * 11_000)
    complete(house, instance, {})
    set_variables(house, instance, a="文" * 15_000)
    set_variables(house, instance, a="文")
    set_variables(house, instance, b="文" * 9_000)

"""Operators begin elements of sub-processes that do not run: seen beforehand, asked back when it is unclear where."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.commands.operations import Activate, ModifyProcessInstance, PreviewModification
from engine.commands.process_instances import StartProcessInstance
from engine.model import SYSTEM, ActivityInstance, ProcessInstance
from engine.operation_errors import ModificationRefused
from tests.contracts.test_modification import CHIEF, TO_CLERKS
from tests.engines import REGION, EngineUnderTest, engine_on
from tests.processes.diagrams import end, flows, loop, one_process, start, sub_process, user

INNER = sub_process("S", start("s1"), user("u", TO_CLERKS, name="复核"), end("s2"), flows("s1>u>s2"))
ONE = one_process(start(), user("a", TO_CLERKS), INNER, end(), flows("s>a>S>e"))
ROUNDS = one_process(
    start(),
    sub_process("R", loop("=[1, 2]", "i"), start("r1"), user("a", TO_CLERKS), INNER, end("r2"), flows("r1>a>S>r2")),
    end(),
    flows("s>R>e"),
)


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url) as house:
        yield house


def begin(house: EngineUnderTest, xml: bytes) -> ProcessInstance:
    house.deploy(case_bpmn=xml)
    command = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="1")
    return house.engine.execute(command, actor=SYSTEM)


def living(house: EngineUnderTest, instance: ProcessInstance, element_id: str) -> list[ActivityInstance]:
    activities = house.queries.instance(instance.id).activities
    return [one for one in activities if one.element_id == element_id and one.left_at is None]


def modification(instance: ProcessInstance, scope_key: int | None = None) -> ModifyProcessInstance:
    activate = Activate(element_id="u", scope_key=scope_key, variables={"why": "paper"})
    return ModifyProcessInstance(process_instance_id=instance.id, reason="纸面已办", activate=(activate,))


def test_the_missing_scope_is_seen_beforehand_and_begun(house: EngineUnderTest) -> None:
    instance = begin(house, ONE)

    seen = house.engine.execute(PreviewModification(modification=modification(instance)), actor=CHIEF)
    assert [one.element_id for one in seen.begun] == ["S", "u"]
    assert "复核" in seen.text_zh
    assert living(house, instance, "S") == []

    house.engine.execute(modification(instance), actor=CHIEF)
    [scope] = living(house, instance, "S")
    assert [one.scope_key for one in living(house, instance, "u")] == [scope.key]
    house.engine.execute(modification(instance), actor=CHIEF)
    assert [one.key for one in living(house, instance, "S")] == [scope.key]  # that runs now and is used


def test_the_operator_is_asked_for_the_scope_around_where_several_run(house: EngineUnderTest) -> None:
    instance = begin(house, ROUNDS)
    rounds = [one.key for one in living(house, instance, "R") if one.tag == "subProcess"]

    with pytest.raises(ModificationRefused) as refused:
        house.engine.execute(modification(instance), actor=CHIEF)
    assert all(str(key) in refused.value.text("zh") for key in rounds)

    house.engine.execute(modification(instance, rounds[1]), actor=CHIEF)
    [scope] = living(house, instance, "S")
    assert scope.scope_key == rounds[1]

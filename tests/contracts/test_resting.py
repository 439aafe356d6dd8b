"""A suspended instance takes no message and fires no condition; resumed, it gets all of them, in order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from engine.commands.messages import BroadcastSignal, PublishMessage
from engine.commands.migrations import MigrateProcessInstance, MigrationPlan, RevertMigration
from engine.commands.operations import (
    Activate,
    ModifyProcessInstance,
    ResumeProcessInstance,
    ScopeVariables,
    SuspendProcessInstance,
)
from engine.commands.process_instances import StartProcessInstance
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM, InstanceState, ProcessInstance
from storage.unit_of_work import ListenSignal
from tests.engines import REGION, EngineUnderTest, engine_on
from tests.processes.diagrams import (
    boundary,
    catch,
    conditional,
    end,
    event_sub_process,
    flows,
    mappings,
    message,
    one_process,
    signal,
    start,
    throw,
    user,
)

PAID = message("paid", "=number")
APPENDED = mappings(None, {"heard": "=append(heard, turn)"})
LISTENS = (
    start(), user("a"), catch("one", PAID, APPENDED), catch("two", PAID, APPENDED), user("u"), end(),
    flows("s>a>one>two>u>e"),
)  # fmt: skip


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url) as house:
        yield house


def begin(house: EngineUnderTest, *body: str, **variables: object) -> ProcessInstance:
    house.deploy(p_bpmn=one_process(*body))
    command = StartProcessInstance(
        process_id="P", variables={"number": "7", "heard": [], "x": 0, **variables}, region=REGION, business_key="1"
    )
    return house.engine.execute(command, actor=SYSTEM)


def suspend(house: EngineUnderTest, instance: ProcessInstance) -> None:
    house.engine.execute(SuspendProcessInstance(process_instance_id=instance.id, reason="核查"), actor=SYSTEM)


def resume(house: EngineUnderTest, instance: ProcessInstance) -> None:
    house.engine.execute(ResumeProcessInstance(process_instance_id=instance.id, reason="查清"), actor=SYSTEM)


def set_x(house: EngineUnderTest, instance: ProcessInstance, value: int) -> None:
    change = ModifyProcessInstance(
        process_instance_id=instance.id, reason="更正", variables=(ScopeVariables(variables={"x": value}),)
    )
    house.engine.execute(change, actor=SYSTEM)


def move_to(house: EngineUnderTest, instance: ProcessInstance, element: str, *, besides: str) -> None:
    change = ModifyProcessInstance(
        process_instance_id=instance.id,
        reason="更正",
        activate=(Activate(element_id=element),),
        cancel_elements=(besides,),
    )
    house.engine.execute(change, actor=SYSTEM)


def migrate(house: EngineUnderTest, instance: ProcessInstance, *body: str) -> None:
    target = house.deploy(p_bpmn=one_process(*body)).definitions[0].id
    plan = MigrationPlan(source=instance.definition_id, target=target)
    command = MigrateProcessInstance(process_instance_id=instance.id, plan=plan, reason="新规定")
    house.engine.execute(command, actor=SYSTEM)


def publish(house: EngineUnderTest, turn: int, name: str = "paid") -> None:
    command = PublishMessage(name=name, correlation_key="7", time_to_live=timedelta(days=1), variables={"turn": turn})
    house.engine.execute(command, actor=SYSTEM)
    house.clock.move(seconds=1)


def work(house: EngineUnderTest) -> None:
    settings = WorkerSettings(name="w", threads=1)
    JobExecutor(house.engine, signal=lambda: ListenSignal(house.database), settings=settings).run_until_idle()


def state(house: EngineUnderTest, instance: ProcessInstance) -> InstanceState:
    return house.queries.instance(instance.id).instance.state


def heard(house: EngineUnderTest, instance: ProcessInstance) -> object:
    return house.queries.instance(instance.id).variables["heard"]


def tasks(house: EngineUnderTest, instance: ProcessInstance) -> list[str]:
    """Return the elements of all open user tasks."""
    return sorted(one.element_id for one in house.queries.instance(instance.id).tasks if one.state == "open")


def test_what_begins_to_wait_while_it_rests_takes_kept_messages_when_it_is_resumed_in_order(
    house: EngineUnderTest,
) -> None:
    instance = begin(house, *LISTENS)
    suspend(house, instance)
    publish(house, 1)
    publish(house, 2)

    move_to(house, instance, "one", besides="a")
    work(house)
    assert (state(house, instance), heard(house, instance)) == (InstanceState.SUSPENDED, [])
    resume(house, instance)

    assert (heard(house, instance), tasks(house, instance)) == ([1, 2], ["u"])


@pytest.mark.parametrize("names", [("paid", "sent"), ("sent", "paid")])
def test_of_two_messages_the_one_published_first_comes_first_whatever_is_drawn_first(
    house: EngineUnderTest, names: tuple[str, str]
) -> None:
    instance = begin(
        house, start(), user("a"), boundary("paid_b", "a", PAID), boundary("sent_b", "a", message("sent", "=number")),
        user("paid"), user("sent"), end(), flows("s>a>e paid_b>paid>e sent_b>sent>e"),
    )  # fmt: skip
    suspend(house, instance)
    for name in names:
        publish(house, 1, name)

    resume(house, instance)

    assert tasks(house, instance) == [names[0]]


def test_a_migration_while_it_rests_lets_it_take_no_kept_message(house: EngineUnderTest) -> None:
    instance = begin(house, start(), user("a"), end(), flows("s>a>e"))
    suspend(house, instance)
    publish(house, 1)

    migrate(house, instance, start(), user("a"), boundary("b", "a", PAID), user("u"), end(), flows("s>a>e b>u>e"))
    work(house)
    assert (state(house, instance), tasks(house, instance)) == (InstanceState.SUSPENDED, ["a"])
    resume(house, instance)

    assert tasks(house, instance) == ["u"]


def watched(*, interrupting: bool) -> tuple[str, ...]:
    at = boundary("b", "a", conditional("=x > 1"), interrupting=interrupting)
    return (start(), user("a"), at, user("u"), end(), flows("s>a>e b>u>e"))


def test_a_condition_that_becomes_true_while_it_rests_fires_when_it_is_resumed(house: EngineUnderTest) -> None:
    instance = begin(house, *watched(interrupting=True))
    suspend(house, instance)

    set_x(house, instance, 5)
    work(house)
    assert tasks(house, instance) == ["a"]
    resume(house, instance)

    assert tasks(house, instance) == ["u"]


def test_a_condition_that_was_true_for_a_while_only_does_not_fire(house: EngineUnderTest) -> None:
    instance = begin(house, *watched(interrupting=True))
    suspend(house, instance)

    set_x(house, instance, 5)
    set_x(house, instance, 1)
    resume(house, instance)

    assert tasks(house, instance) == ["a"]


def test_all_changes_of_a_rest_count_as_one_and_without_any_nothing_fires(house: EngineUnderTest) -> None:
    instance = begin(house, *watched(interrupting=False))
    set_x(house, instance, 2)
    assert tasks(house, instance) == ["a", "u"]
    suspend(house, instance)
    resume(house, instance)
    assert tasks(house, instance) == ["a", "u"]

    suspend(house, instance)
    set_x(house, instance, 3)
    set_x(house, instance, 4)
    resume(house, instance)
    assert tasks(house, instance) == ["a", "u", "u"]
    suspend(house, instance)
    resume(house, instance)

    assert tasks(house, instance) == ["a", "u", "u"]


def test_a_condition_that_is_true_where_a_modification_begins_something_waits_as_well(house: EngineUnderTest) -> None:
    instance = begin(
        house, start(), user("w"), user("a"), boundary("b", "a", conditional("=x = 0")), user("u"), end(),
        flows("s>w>a>e b>u>e"),
    )  # fmt: skip
    suspend(house, instance)

    move_to(house, instance, "a", besides="w")
    assert tasks(house, instance) == ["a"]
    resume(house, instance)

    assert tasks(house, instance) == ["u"]


def test_a_revert_while_it_rests_forgets_no_condition(house: EngineUnderTest) -> None:
    instance = begin(house, *watched(interrupting=True))
    suspend(house, instance)
    set_x(house, instance, 5)
    migrate(house, instance, start(), user("a"), end(), flows("s>a>e"))
    house.engine.execute(RevertMigration(process_instance_id=instance.id, reason="看错"), actor=SYSTEM)

    resume(house, instance)

    assert tasks(house, instance) == ["u"]


def test_conditions_come_before_kept_signals_and_messages(house: EngineUnderTest) -> None:
    inner = event_sub_process("X", start("xs", conditional("=x > 1")), user("u"), end("xe"), flows("xs>u>xe"))
    instance = begin(
        house, start(), user("a"), boundary("b", "a", signal("news")), boundary("c", "a", PAID), user("v"), end(),
        inner, flows("s>a>e b>v>e c>v"),
    )  # fmt: skip
    suspend(house, instance)
    publish(house, 1)
    house.engine.execute(BroadcastSignal(name="news", variables={}), actor=SYSTEM)
    set_x(house, instance, 5)

    resume(house, instance)
    work(house)

    assert tasks(house, instance) == ["u"]


def test_a_condition_that_ends_the_instance_when_it_is_resumed_leaves_nothing_behind(house: EngineUnderTest) -> None:
    other = begin(house, start(), user("a"), end(), flows("s>a>e"))
    instance = begin(
        house, start(), user("a"), boundary("b", "a", conditional("=x > 1")), boundary("c", "a", signal("news")),
        throw("t", signal("over")), end(), flows("s>a>e b>t>e c>e"),
    )  # fmt: skip
    suspend(house, instance)
    house.engine.execute(BroadcastSignal(name="news", variables={}), actor=SYSTEM)
    set_x(house, instance, 5)

    resume(house, instance)
    work(house)

    assert (state(house, instance), state(house, other)) == (InstanceState.COMPLETED, InstanceState.ACTIVE)
    assert "signal" not in [one.action for one in house.queries.instance(instance.id).history]

"""Instances that wait migrate on PostgreSQL: what is on its way to a renamed event finds it, and places are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import cast
from uuid import UUID

import pytest
from sqlalchemy import text

from engine import exchange
from engine.batches import BatchKind, ItemState, Told
from engine.commands.batches import Asked, CreateBatch, PreviewBatch
from engine.commands.jobs import AcquireJobs, CompleteJob
from engine.commands.messages import BroadcastSignal, PublishMessage
from engine.commands.migrations import MigrateProcessInstance, MigrationPlan, RevertMigration, SuggestMapping
from engine.commands.operations import ResumeProcessInstance, SuspendProcessInstance
from engine.commands.process_instances import CancelProcessInstance, StartProcessInstance
from engine.commands.timers import INCIDENT_AFTER, ClaimDue, PostponeDue
from engine.job_executor import JobExecutor, WorkerSettings
from engine.json_values import JsonObject, JsonValue
from engine.model import SYSTEM, EventSubscription, InstanceState, ProcessInstance
from engine.operation_errors import MigrationRefused, RevertRefused
from storage.unit_of_work import ListenSignal
from tests.engines import REGION, EngineUnderTest, engine_on
from tests.processes.diagrams import (
    boundary,
    catch,
    conditional,
    document,
    duration,
    element,
    end,
    event_gateway,
    event_sub_process,
    extension,
    flows,
    loop,
    message,
    parallel,
    process,
    receive,
    signal,
    start,
    task_listeners,
    user,
)

Body = Callable[[str, str], tuple[str, ...]]
"""The body of a process that waits at an event of this id, and goes to `u` once what is written was heard."""


def caught(event: str, definition: str) -> tuple[str, ...]:
    return (start(), catch(event, definition), user("u"), end(), flows(f"s>{event}>u>e"))


def at_boundary(event: str, definition: str) -> tuple[str, ...]:
    return (start(), user("a"), boundary(event, "a", definition), user("u"), end(), flows(f"s>a>e {event}>u>e"))


def starting_an_event_sub_process(event: str, definition: str) -> tuple[str, ...]:
    inner = event_sub_process("X", start(event, definition), user("u"), end("xe"), flows(f"{event}>u>xe"))
    return (start(), user("a"), end(), inner, flows("s>a>e"))


def behind_a_gateway(event: str, definition: str) -> tuple[str, ...]:
    other = catch("other", signal("never"))
    body = (start(), event_gateway("g"), catch(event, definition), other, user("u"), end())
    return (*body, flows(f"s>g>{event}>u>e g>other>e"))


def received(event: str, _definition: str) -> tuple[str, ...]:
    return (start(), receive(event, "paid", "=number"), user("u"), end(), flows(f"s>{event}>u>e"))


PLACES: tuple[Body, ...] = (caught, at_boundary, starting_an_event_sub_process, behind_a_gateway)
NEWS, PAID = signal("news"), message("paid", "=number")


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url) as house:
        yield house


def deploy(house: EngineUnderTest, body: tuple[str, ...], process_id: str = "P") -> UUID:
    deployed = house.deploy(**{f"{process_id}_bpmn": document(process(*body, process_id=process_id))})
    return cast("UUID", deployed.definitions[0].id)


def begin(house: EngineUnderTest, process_id: str = "P", **variables: JsonValue) -> ProcessInstance:
    given = {"number": "7", **variables}
    command = StartProcessInstance(process_id=process_id, variables=given, region=REGION, business_key="1")
    instance = house.engine.execute(command, actor=SYSTEM)
    house.clock.move(seconds=1)
    return instance


def suspend(house: EngineUnderTest, instance: ProcessInstance) -> None:
    house.engine.execute(SuspendProcessInstance(process_instance_id=instance.id, reason="核查"), actor=SYSTEM)


def resume(house: EngineUnderTest, instance: ProcessInstance) -> None:
    house.engine.execute(ResumeProcessInstance(process_instance_id=instance.id, reason="查清"), actor=SYSTEM)
    work(house)


def migrate(house: EngineUnderTest, instance: ProcessInstance, target: UUID, **mapping: str) -> None:
    plan = MigrationPlan(source=instance.definition_id, target=target, mapping=mapping)
    house.engine.execute(
        MigrateProcessInstance(process_instance_id=instance.id, plan=plan, reason="新规定"), actor=SYSTEM
    )


def revert(house: EngineUnderTest, instance: ProcessInstance) -> None:
    house.engine.execute(RevertMigration(process_instance_id=instance.id, reason="看错"), actor=SYSTEM)


def send_news(house: EngineUnderTest) -> None:
    house.engine.execute(BroadcastSignal(name="news", variables={}), actor=SYSTEM)


def publish(house: EngineUnderTest) -> None:
    command = PublishMessage(name="paid", correlation_key="7", time_to_live=timedelta(), variables={})
    house.engine.execute(command, actor=SYSTEM)


def work(house: EngineUnderTest) -> None:
    settings = WorkerSettings(name="w", threads=1)
    JobExecutor(house.engine, signal=lambda: ListenSignal(house.database), settings=settings).run_until_idle()


def has_gone_on(house: EngineUnderTest, instance: ProcessInstance) -> bool:
    return "u" in [one.element_id for one in house.queries.instance(instance.id).tasks]


def waiting(house: EngineUnderTest, instance: ProcessInstance) -> EventSubscription:
    [found] = [one for one in house.queries.instance(instance.id).subscriptions if one.element_id != "other"]
    return found


FIRING = {"a condition that is true": conditional("=amount > 1"), "a message that is kept": message("paid", "=number")}


@pytest.mark.parametrize("listeners", [(), (task_listeners("canceling:outside"),)], ids=["ended", "still ending"])
@pytest.mark.parametrize("event", FIRING)
def test_what_an_added_event_did_in_the_migration_itself_is_not_undone(
    house: EngineUnderTest, event: str, listeners: tuple[str, ...]
) -> None:
    def body(*added: str) -> tuple[str, ...]:
        return (start(), user("a", *listeners), user("u"), *added, end(), flows("s>a>u>e" + (" b>u" if added else "")))

    deploy(house, body())
    instance = begin(house, amount=5)
    kept = PublishMessage(name="paid", correlation_key="7", time_to_live=timedelta(days=1), variables={})
    house.engine.execute(kept, actor=SYSTEM)
    migrate(house, instance, deploy(house, body(boundary("b", "a", FIRING[event]))))
    work(house)

    with pytest.raises(RevertRefused):
        revert(house, instance)
    house.engine.execute(CancelProcessInstance(process_instance_id=instance.id, reason="看错"), actor=SYSTEM)
    outside = AcquireJobs(worker="w", types=["outside"], lease=timedelta(minutes=2), limit=10)
    for job in house.engine.execute(outside, actor=SYSTEM):
        house.engine.execute(CompleteJob(lease=job.lease, variables={}), actor=SYSTEM)

    shown = house.queries.instance(instance.id)
    assert shown.instance.state is InstanceState.CANCELLED
    assert [one.element_id for one in shown.tasks if one.state == "open"] == []
    assert not shown.jobs


@pytest.mark.parametrize("body", PLACES)
def test_a_signal_kept_for_a_suspended_instance_finds_the_renamed_event(house: EngineUnderTest, body: Body) -> None:
    deploy(house, body("hear", NEWS))
    instance = begin(house)
    suspend(house, instance)
    send_news(house)

    migrate(house, instance, deploy(house, body("listen", NEWS)), hear="listen")
    assert waiting(house, instance).element_id == "listen"
    resume(house, instance)

    assert has_gone_on(house, instance)


def test_a_signal_sent_between_migration_and_revert_finds_the_event_of_old(house: EngineUnderTest) -> None:
    deploy(house, caught("hear", NEWS))
    instance = begin(house)
    suspend(house, instance)
    migrate(house, instance, deploy(house, caught("listen", NEWS)), hear="listen")

    send_news(house)
    revert(house, instance)
    resume(house, instance)

    assert has_gone_on(house, instance)


def test_a_signal_that_workers_hand_over_finds_the_renamed_event(
    house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "SIGNAL_LIMIT", 1)
    deploy(house, caught("hear", NEWS))
    moved, stays = begin(house), begin(house)
    send_news(house)

    migrate(house, moved, deploy(house, caught("listen", NEWS)), hear="listen")
    work(house)

    assert (has_gone_on(house, moved), has_gone_on(house, stays)) == (True, True)


@pytest.mark.parametrize("body", [*PLACES, received])
def test_who_waited_longest_is_still_first_after_a_rename_and_after_its_revert(
    house: EngineUnderTest, body: Body
) -> None:
    deploy(house, body("hear", PAID))
    first, second, third = begin(house), begin(house), begin(house)
    before = waiting(house, first)
    target = deploy(house, body("listen", PAID))
    for one in (first, second):
        migrate(house, one, target, hear="listen")
    after = waiting(house, first)
    assert (after.subscription_key, after.opened_at) == (before.subscription_key, before.opened_at)
    assert (after.element_id, after.definition_id) == ("listen", target)
    revert(house, second)

    for heard in (first, second, third):
        assert not has_gone_on(house, heard)
        publish(house)
        assert has_gone_on(house, heard)


def test_a_message_that_nobody_keeps_reaches_who_was_busy_and_migrated_meanwhile(house: EngineUnderTest) -> None:
    deploy(house, caught("hear", PAID))
    deploy(house, caught("hear", PAID), "Other")
    begin(house, "Other")  # so that the command has an instance it waits for, and finds the other one busy
    busy = begin(house)
    with house.database.begin() as connection:
        connection.execute(text("SELECT 1 FROM process_instance WHERE id = :id FOR UPDATE"), {"id": busy.id})
        publish(house)
    house.clock.move(seconds=1)

    migrate(house, busy, deploy(house, caught("listen", PAID)), hear="listen")
    work(house)

    assert has_gone_on(house, busy)


def test_a_timer_under_a_new_name_keeps_its_claim_its_failures_and_its_incident(house: EngineUnderTest) -> None:
    deploy(house, at_boundary("late", duration("PT1H")))
    instance = begin(house)
    house.clock.move(hours=2)
    for _ in range(INCIDENT_AFTER):
        [due] = house.engine.execute(ClaimDue(limit=9, lease=timedelta(minutes=1)), actor=SYSTEM)
        house.clock.move(minutes=2)
        house.engine.execute(PostponeDue(due=due, until=house.clock(), is_failure=True, reason="x"), actor=SYSTEM)
    target = deploy(house, at_boundary("later", duration("P9D")))
    before = house.queries.instance(instance.id)

    migrate(house, instance, target, late="later")

    after = house.queries.instance(instance.id)
    [was], [timer], [incident] = before.timers, after.timers, after.incidents
    assert (timer.element_id, timer.subscription_key, timer.due_at, timer.failures) == (
        "later", was.subscription_key, was.due_at, INCIDENT_AFTER,
    )  # fmt: skip
    assert (incident.id, incident.element_id, incident.definition_id, incident.resolved_at) == (
        before.incidents[0].id, "later", target, None,
    )  # fmt: skip
    work(house)
    assert has_gone_on(house, instance)


def test_a_plan_that_makes_two_events_of_one_element_one_is_refused_before_anything_moves(
    house: EngineUnderTest,
) -> None:
    late = {"attachedToRef": "a", "name": "超时"}
    two = [element("boundaryEvent", each, duration("PT1H"), **late) for each in ("t1", "t2")]
    deploy(house, (start(), user("a"), *two, end(), flows("s>a>e t1>e t2>e")))
    instance = begin(house)
    one = element("boundaryEvent", "late", duration("PT1H"), **late)
    target = deploy(house, (start(), user("a"), one, end(), flows("s>a>e late>e")))
    before = house.queries.instance(instance.id)
    mapping = {"t1": "late", "t2": "late"}
    parameters: JsonObject = {
        "source": str(instance.definition_id), "target": str(target), "mapping": {**mapping},
    }  # fmt: skip
    asked = Asked(kind=BatchKind.MIGRATE, parameters=parameters, reason="新规定", everything=True)

    for command in (CreateBatch(asked=asked), PreviewBatch(asked=asked, tried=1)):
        with pytest.raises(MigrationRefused) as refused:
            house.engine.execute(command, actor=SYSTEM)
        assert "t1 and t2 wait together at a and would all be late there" in refused.value.text("en")
        assert "t1、t2 同在 a 等待，新版本中都将是 late" in refused.value.text("zh")
    with pytest.raises(MigrationRefused, match="t1 and t2"):
        migrate(house, instance, target, **mapping)
    assert house.queries.instance(instance.id) == before
    suggestion = SuggestMapping(source=instance.definition_id, target=target)
    lines = {one.element_id: one.target_id for one in house.engine.execute(suggestion, actor=SYSTEM)}
    assert (lines["t1"], lines["t2"]) == (None, None)


def with_a_limit(start_event: str, name: str, over: str = "e") -> tuple[str, ...]:
    """Draw a process whose case ends after twenty days by an event sub-process that is begun at this event."""
    limit = element("startEvent", start_event, duration("P20D"), name=name)
    inner = event_sub_process("X", limit, user("u"), end("xe"), flows(f"{start_event}>u>xe"))
    return (start(), user("a"), job_at_end(over), inner, flows(f"s>a>{over}"))


def job_at_end(event: str) -> str:
    return element("endEvent", event, extension('<zeebe:taskDefinition type="tell"/>'), message("told"), name="告知")


@pytest.mark.parametrize(("name", "expected"), [("期限", "name"), ("限期", "nothing")])
def test_starts_of_event_sub_processes_and_ends_with_work_are_mapped_and_a_clock_that_begins_anew_is_told(
    house: EngineUnderTest, name: str, expected: str
) -> None:
    deploy(house, with_a_limit("deadline", "期限", "told"))
    instance = begin(house)
    house.clock.move(seconds=18 * 86_400)
    target = deploy(house, with_a_limit("limit", name, "say"))

    suggestion = SuggestMapping(source=instance.definition_id, target=target)
    lines = {one.element_id: one for one in house.engine.execute(suggestion, actor=SYSTEM)}
    assert (lines["deadline"].by, lines["deadline"].candidates) == (expected, ["limit"])
    assert lines["told"].target_id == "say"
    assert {"s", "xe"}.isdisjoint(lines)

    def tried(**mapping: JsonValue) -> Told:
        parameters: JsonObject = {"source": str(instance.definition_id), "target": str(target), "mapping": mapping}
        asked = Asked(kind=BatchKind.MIGRATE, parameters=parameters, reason="新规定", everything=True)
        [forecast] = house.engine.execute(PreviewBatch(asked=asked, tried=1), actor=SYSTEM).forecasts
        return forecast.told

    assert tried(deadline="limit").zh == "已迁移"
    anew = tried()
    assert anew.zh == f"已迁移；不再等待：“期限”；重新开始等待（计时从迁移时起）：“{name}”"
    assert anew.en == f"moved; no longer waits for “期限”; waits from now for “{name}”"


def test_what_is_repeated_otherwise_there_is_suggested_nowhere(house: EngineUnderTest) -> None:
    deploy(house, (start(), user("visit"), end(), flows("s>visit>e")))
    instance = begin(house)
    target = deploy(house, (start(), user("visit", loop("=[1, 2]")), end(), flows("s>visit>e")))

    suggestion = SuggestMapping(source=instance.definition_id, target=target)
    [line] = house.engine.execute(suggestion, actor=SYSTEM)

    assert (line.target_id, line.by, line.candidates) == (None, "nothing", [])


def test_a_dry_run_says_where_tokens_would_wait_in_vain(house: EngineUnderTest) -> None:
    nodes = (start(), parallel("p"), user("a"), user("b"), parallel("j"), end())
    deploy(house, (*nodes, flows("s>p>a>j p>b>j j>e")))
    instance = begin(house)
    target = deploy(house, (*nodes, user("c"), flows("s>p>a>j p>b>e p>c>j j>e")))
    parameters: JsonObject = {"source": str(instance.definition_id), "target": str(target), "mapping": {}}
    asked = Asked(kind=BatchKind.MIGRATE, parameters=parameters, reason="新规定", everything=True)

    tried = house.engine.execute(PreviewBatch(asked=asked, tried=1), actor=SYSTEM)

    [told] = [one.told for one in tried.forecasts]
    assert told.state is ItemState.NOT_TRIED
    assert "wait in vain at j" in told.en
    assert "空等" in told.zh
    with pytest.raises(MigrationRefused, match="wait in vain at j"):
        migrate(house, instance, target)

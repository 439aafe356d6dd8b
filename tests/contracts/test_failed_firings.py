"""What fires by itself and fails is listed, counted, and tried again by hand with an outcome."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from engine import exchange
from engine.commands.failed_firings import FiringResolution, RetryFiring
from engine.commands.incidents import ResolutionOutcome
from engine.commands.messages import BroadcastSignal
from engine.commands.operations import SuspendProcessInstance
from engine.commands.process_instances import StartProcessInstance
from engine.errors import ConcurrentChange, NotFound, NotPermitted
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM, ProcessInstance
from engine.operation_queries import FailedFiring, firing_of
from storage.figures import SqlFigures
from storage.operation_read_models import SqlOperationQueries
from storage.unit_of_work import ListenSignal
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import catch, cycle, document, end, flows, message, process, signal, start, throw, user

HEAD = person("head", "civil_affairs/administrator", region="320481")
CHIEF = person("chief", "civil_affairs/supervisor", region="320481")
TIMED = process(start("t", cycle("R/P1D")), throw("say", message("ping")), end(), flows("t>say>e"), process_id="Timed")
HEARING = process(start(), catch("hear", signal("news")), throw("say", message("ping")), user("u"), end(),
                  flows("s>hear>say>u>e"), process_id="Hearing")  # fmt: skip
PING = process(start("p", message("ping")), end(), flows("p>e"), process_id="Ping")
REFUSE = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'no room'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON process_instance
        FOR EACH ROW WHEN (NEW.process_id = 'Ping') EXECUTE FUNCTION refuse()"""


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url) as house:
        house.deploy(ping_bpmn=document(PING))
        with house.database.begin() as connection:  # whoever says ping fails
            connection.exec_driver_sql(REFUSE)
        yield house


def mend(house: EngineUnderTest) -> None:
    with house.database.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER refuse ON process_instance")


def worker(house: EngineUnderTest) -> JobExecutor:  # type: ignore[type-arg]  # its unit of work does not matter here
    settings = WorkerSettings(name="w", threads=1)
    return JobExecutor(house.engine, signal=lambda: ListenSignal(house.database), settings=settings)


def failed(house: EngineUnderTest, actor: object = SYSTEM) -> list[FailedFiring]:
    queries = SqlOperationQueries(house.database, house.keys, region="320481")
    return list(queries.failed_firings(actor, offset=0, limit=10))  # type: ignore[arg-type]  # an actor


def counted(house: EngineUnderTest) -> dict[str, int]:
    return dict(SqlFigures(url=house.database.url, now=house.clock).count().firings_failed)


def retry(house: EngineUnderTest, firing_id: str) -> FiringResolution:
    return house.engine.execute(RetryFiring(firing_id=firing_id), actor=HEAD)


def hearing(house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch) -> ProcessInstance:
    """Let a worker hand over a signal whose receiver fails."""
    monkeypatch.setattr(exchange, "SIGNAL_LIMIT", 0)
    house.deploy(h_bpmn=document(HEARING))
    command = StartProcessInstance(process_id="Hearing", variables={}, region=REGION, business_key="1")
    instance = house.engine.execute(command, actor=SYSTEM)
    house.engine.execute(BroadcastSignal(name="news", variables={}), actor=SYSTEM)
    worker(house).run_until_idle()
    return instance


def test_a_timer_start_that_failed_is_listed_counted_and_fixed_by_a_retry(house: EngineUnderTest) -> None:
    house.deploy(t_bpmn=document(TIMED))
    assert (failed(house), counted(house)) == ([], {})
    house.clock.move(days=1, minutes=1)
    worker(house).run_until_idle()

    [one] = failed(house)
    assert (one.kind, one.process_id, one.element_id, one.failures) == ("timer-start", "Timed", "t", 1)
    assert "RaiseException" in one.reason
    assert one.tried_again_at == house.clock() + timedelta(minutes=1)
    assert counted(house) == {"timer-start": 1}

    again = retry(house, one.id)
    assert (again.outcome, "RaiseException" in (again.reason or "")) == (ResolutionOutcome.FAILED, True)
    assert [(line.failures, line.reason) for line in failed(house)] == [(2, again.reason)]
    with house.database.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM process_instance").scalar_one() == 0

    mend(house)
    assert retry(house, one.id).outcome is ResolutionOutcome.FIXED
    assert (failed(house), counted(house)) == ([], {})
    with pytest.raises(NotFound):
        retry(house, one.id)


def test_a_delivery_that_failed_is_listed_and_fixed_by_a_retry(
    house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = hearing(house, monkeypatch)
    [one] = failed(house)
    assert (one.kind, one.name, one.process_instance_id, one.failures) == ("signal", "news", instance.id, 1)
    assert retry(house, one.id).outcome is ResolutionOutcome.FAILED
    assert house.queries.instance(instance.id).tasks == []

    mend(house)
    assert retry(house, one.id).outcome is ResolutionOutcome.FIXED
    assert [task.element_id for task in house.queries.instance(instance.id).tasks] == ["u"]
    assert failed(house) == []


def test_what_is_for_somebody_suspended_is_not_tried_and_says_so(
    house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = hearing(house, monkeypatch)
    house.engine.execute(SuspendProcessInstance(process_instance_id=instance.id, reason="x"), actor=SYSTEM)
    [one] = failed(house)

    with pytest.raises(ConcurrentChange):
        retry(house, one.id)
    assert failed(house) == [one]


def test_only_administrators_of_everything_see_and_retry(
    house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    hearing(house, monkeypatch)
    [one] = failed(house, HEAD)
    for stranger in (CHIEF, person("town", "township/administrator")):
        assert failed(house, stranger) == []
        with pytest.raises(NotPermitted):
            house.engine.execute(RetryFiring(firing_id=one.id), actor=stranger)


@pytest.mark.parametrize(
    "nonsense", ["", "7", "delivery:", "delivery:x", "delivery:" + "9" * 30, "start:x:y", "start:"]
)
def test_what_names_no_firing_is_not_found(house: EngineUnderTest, nonsense: str) -> None:
    assert firing_of(nonsense) is None
    with pytest.raises(NotFound):
        retry(house, nonsense)

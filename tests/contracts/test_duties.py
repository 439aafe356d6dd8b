"""What the office does now and then: by one worker of all, a little at every turn or aside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event, current_thread
from time import monotonic

from sqlalchemy import text

from engine.duties import DutyRound
from engine.host import Duty, Host, Share
from engine.job_executor import JobExecutor, WorkerSettings
from storage.database import Database
from storage.unit_of_work import ListenSignal
from tests.engines import engine_on

MOMENT = timedelta(milliseconds=1)
SETTINGS = WorkerSettings(name="worker", shortest_wait=MOMENT, longest_wait=MOMENT)


def nobody_leads_any_more(database: Database) -> None:
    """Wait until the server has noticed that who led is gone, some moments after its line was closed."""
    held = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    until = monotonic() + 30
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.execute(held).scalar_one():
            assert monotonic() < until


def test_one_worker_does_the_duties_until_it_is_gone(database_url: str) -> None:
    with engine_on(database_url, Host(region="320481")) as house:
        first, second = ListenSignal(house.database), ListenSignal(house.database)
        assert [first.leads(), second.leads(), first.leads()] == [True, False, True]
        first.close()
        nobody_leads_any_more(house.database)
        assert second.leads()
        second.close()


def test_a_duty_is_gone_on_with_at_the_next_turn_and_only_where_the_worker_leads(database_url: str) -> None:
    done: list[str] = []
    shares = [Share(done=0, has_more=True), Share(done=2, has_more=True), Share(done=1, has_more=False)]

    def often() -> Share:
        done.append("often")
        return shares[len(done) - 1]

    waited: list[int] = []

    def seldom() -> Share:
        raise LookupError

    duties = (Duty(some=often, every=timedelta(hours=1)), Duty(some=seldom, every=timedelta(hours=1)))
    with engine_on(database_url, Host(duties=duties, region="320481")) as house:
        stop, leading = Event(), ListenSignal(house.database)
        assert leading.leads()

        class Counting(ListenSignal):
            def wait(self, timeout: timedelta) -> bool:
                waited.append(len(done))
                if len(waited) > 1:
                    stop.set()
                return False

        def work() -> None:
            JobExecutor(house.engine, signal=lambda: Counting(house.database), settings=SETTINGS).run(stop)

        work()
        assert done == []  # another one does it
        leading.close()
        nobody_leads_any_more(house.database)
        stop.clear()
        waited.clear()
        work()
        assert (len(done), waited) == (3, [3, 3])  # without a pause as long as there is more, then not for an hour


def test_a_worker_by_hand_goes_on_until_nothing_is_left(database_url: str) -> None:
    shares = [Share(done=0, has_more=True), Share(done=2, has_more=True), *[Share(done=0, has_more=False)] * 2]
    duty = Duty(some=lambda: shares.pop(0), every=timedelta(hours=1))
    with engine_on(database_url, Host(duties=(duty,), region="320481")) as house:
        executor = JobExecutor(house.engine, signal=lambda: ListenSignal(house.database), settings=SETTINGS)
        assert executor.run_until_idle() == 2


def test_for_a_duty_done_aside_nobody_waits_and_it_is_not_begun_twice(database_url: str) -> None:
    begun: list[str] = []
    is_answered, stop = Event(), Event()
    turns: list[int] = []

    def slow() -> Share:
        begun.append(current_thread().name)
        assert is_answered.wait(30)
        return Share(done=0, has_more=len(begun) == 1)

    def other() -> Share:
        turns.append(len(begun))
        if len(turns) == 3:
            is_answered.set()
        if len(begun) >= 2:
            stop.set()
        return Share(done=0, has_more=True)

    duties = (Duty(some=slow, every=MOMENT, is_aside=True), Duty(some=other, every=MOMENT))
    with engine_on(database_url, Host(duties=duties, region="320481")) as house:
        JobExecutor(house.engine, signal=lambda: ListenSignal(house.database), settings=SETTINGS).run(stop)
    assert len(turns) >= 3
    assert turns[2] == 1, "while it waits for somebody outside the worker goes round, and begins it only once"
    assert current_thread().name not in begun


def test_a_duty_aside_that_fails_is_done_again_and_one_told_to_stop_ends() -> None:
    begun: list[int] = []
    stop, hour = Event(), timedelta(hours=1)

    def odd() -> Share:
        begun.append(1)
        if len(begun) == 1:
            raise LookupError
        if len(begun) == 2:
            raise ConnectionError
        stop.set()
        return Share(done=1, has_more=True)

    now = [datetime(2026, 11, 20, tzinfo=UTC)]
    going = DutyRound((Duty(some=odd, every=hour, is_aside=True),), now=lambda: now[0])
    for turn in (1, 2, 3):
        assert not going.do_now_and_then(lambda: True, stop)
        going.join(timedelta(seconds=30))
        assert not going.do_now_and_then(lambda: True, stop), "its time has not come again"
        assert len(begun) == turn
        now[0] += hour

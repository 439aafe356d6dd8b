"""What callers see when PostgreSQL is away or two transactions lock each other out."""

from __future__ import annotations

from threading import Barrier, Thread
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from engine.commands.process_instances import StartProcessInstance
from engine.errors import ConcurrentChange, OutcomeUnknown
from engine.host import Context
from engine.model import SYSTEM
from engine.queries import TaskTab, UserTaskFilter
from storage.database import connect, for_reading
from storage.unit_of_work import SqlUnitOfWork
from tests.engines import REGION, engine_on, person
from tests.processes.diagrams import end, flows, one_process, start

END_THE_OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)

COUNT_THE_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def test_a_database_that_is_away_is_a_connection_error_for_reads_and_writes(database_url: str) -> None:
    nowhere = make_url(database_url).set(host="127.0.0.1", port=1, query={}).render_as_string(hide_password=False)
    with engine_on(nowhere) as house:
        start = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="1")
        with pytest.raises(ConnectionError):
            house.engine.execute(start, actor=SYSTEM)
        with pytest.raises(ConnectionError):
            house.queries.user_tasks(UserTaskFilter(actor=person("ann"), tab=TaskTab.MINE))


def test_a_line_that_breaks_before_the_end_leaves_open_whether_it_is_kept(database_url: str) -> None:
    class WriteAndLoseTheLine:
        def execute(self, context: Context[SqlUnitOfWork]) -> None:
            context.unit_of_work.wake_workers()
            database = connect(database_url)
            with database.begin() as connection:
                others = "datname = current_database() AND pid <> pg_backend_pid()"
                ended = connection.execute(
                    text(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}")
                )
                assert ended.scalars().all() == [True]
            database.dispose()

    with engine_on(database_url) as house, pytest.raises(OutcomeUnknown):
        house.engine.execute(WriteAndLoseTheLine(), actor=SYSTEM)


def test_a_transaction_that_stood_still_for_too_long_is_a_connection_error(database_url: str) -> None:
    class StandStill:
        def execute(self, context: Context[SqlUnitOfWork]) -> None:
            assert context.unit_of_work.jobs.lock(uuid4()) is None  # a transaction begins with its first statement
            database = connect(database_url)
            with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                while connection.execute(text(COUNT_THE_OTHERS)).scalar_one():
                    pass
            database.dispose()
            context.unit_of_work.wake_workers()

    impatient = make_url(database_url).update_query_dict({"options": "-c idle_in_transaction_session_timeout=100"})
    with engine_on(impatient.render_as_string(hide_password=False)) as house, pytest.raises(ConnectionError):
        house.engine.execute(StandStill(), actor=SYSTEM)


def test_of_two_transactions_that_lock_each_other_out_one_may_try_again(database_url: str) -> None:
    database = connect(database_url)
    ready = Barrier(2)
    seen: list[str] = []

    def cross(first: int, second: int) -> None:
        try:
            with database.begin() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": first})
                ready.wait()
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": second})
            seen.append("done")
        except ConcurrentChange:
            seen.append("try again")

    threads = [Thread(target=cross, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.dispose()

    assert sorted(seen) == ["done", "try again"]


def test_questions_see_one_state_and_cannot_write(database_url: str) -> None:
    database = connect(database_url)
    with for_reading(database).connect() as reader, database.connect() as writer:
        before = reader.execute(text("SELECT count(*) FROM deployment")).scalar_one()
        writer.execute(text("INSERT INTO deployment VALUES (gen_random_uuid(), now(), 'somebody')"))
        writer.commit()

        assert reader.execute(text("SELECT count(*) FROM deployment")).scalar_one() == before
        with pytest.raises(ConnectionError, match="ReadOnlySqlTransaction"):
            reader.execute(text("DELETE FROM deployment"))
    database.dispose()


def test_a_statement_the_server_cannot_carry_out_is_no_outage_and_keeps_the_connection(database_url: str) -> None:
    database = connect(database_url)
    with database.begin() as connection:
        connection.execute(text("CREATE TABLE note (text text)"))
        connection.execute(text("CREATE INDEX ix_note ON note (text)"))
    with database.connect() as connection:
        before = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with pytest.raises(OperationalError) as found:
            connection.execute(
                text("INSERT INTO note SELECT string_agg(md5(n::text), '') FROM generate_series(1, 999) n")
            )
        assert isinstance(found.value.orig, psycopg.errors.ProgramLimitExceeded)
        connection.rollback()

        assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() == before
    database.dispose()


def test_a_server_that_takes_no_writes_is_away_until_it_takes_them_again(database_url: str) -> None:
    with engine_on(database_url) as house:
        house.deploy(p_bpmn=one_process(start(), end(), flows("s>e")))
        begin = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="1")
        name = make_url(database_url).database
        _set_read_only(house.database, name, "on")
        with pytest.raises(ConnectionError):
            house.engine.execute(begin, actor=SYSTEM)
        _set_read_only(connect(database_url), name, "off")

        assert house.engine.execute(begin, actor=SYSTEM).ended_at is not None


def _set_read_only(database: Database, name: str | None, value: str) -> None:
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET default_transaction_read_only = off"))
        connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {value}'))
    database.dispose()

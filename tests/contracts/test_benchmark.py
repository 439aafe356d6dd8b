"""The benchmark measures what it says: real completions, the same rows written bare, every turn on the wire."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import URL, make_url, text

from api.benchmark.case import TASKS, answers
from api.benchmark.measuring import Measuring
from api.benchmark.report import lines, report
from api.bootstrap import Bench, open_bench
from api.cli import main
from api.settings import Settings
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from storage.benchmark.rows import changes_between, rows_of
from storage.benchmark.scratch import PREFIX
from storage.database import connect
from tests.benchmarks.filling import fill, parked
from tests.benchmarks.flatness import county_worker, work_list


@pytest.fixture
def bench(server_url: URL, tmp_path: Path) -> Iterator[Bench]:
    url = server_url.set(database="postgres").render_as_string(hide_password=False)
    settings = Settings.from_environment({"RELIEF_DATABASE_URL": url, "RELIEF_DATA_FOLDER": str(tmp_path)})
    with open_bench(settings) as bench:
        yield bench


@pytest.fixture
def measuring(bench: Bench) -> Iterator[Measuring]:
    measuring = Measuring(bench)
    yield measuring
    measuring.close()


def count(bench: Bench, query: str) -> int:
    with bench.house.database.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {query}")).scalar_one())


def test_the_measured_case_runs_through_its_fourteen_tasks_and_ends(measuring: Measuring) -> None:
    assert tuple(step.task for step in measuring.course) == TASKS

    assert measuring.completions(2)() == 28

    assert count(measuring.bench, "process_instance WHERE state = 'completed'") == 3
    assert count(measuring.bench, "user_task WHERE state = 'open'") == 0
    assert count(measuring.bench, "timer") == 0


def test_the_bare_transactions_leave_the_rows_that_the_engine_leaves(measuring: Measuring) -> None:
    def shape() -> dict[str, list[list[str]]]:
        with measuring.bench.house.database.connect() as connection:
            ids = [row.id for row in connection.execute(text("SELECT id FROM process_instance ORDER BY started_at"))]
            found = [rows_of(connection, one) for one in (ids[0], ids[-1])]
        return {table: [sorted(shape_of(row) for row in rows[table].values()) for rows in found] for table in found[0]}

    (work,) = (one for one in measuring.works() if one.name == "bare transaction")
    assert work.prepare(2)() == 28

    for table, (recorded, written) in shape().items():
        assert recorded == written, table


def shape_of(row: dict[str, object]) -> str:
    """Ids, keys and times are a copy's own; everything else is as it was."""

    def of(value: object) -> object:
        return len(value) if isinstance(value, bytes) else value if isinstance(value, int) else type(value)

    return repr({name: of(value) for name, value in row.items() if name != "id"})


def test_no_change_is_found_where_nothing_was_written(measuring: Measuring) -> None:
    instance = measuring.cases.start(assigned=True)
    rows = measuring.bench.yardstick.rows(instance.id)

    assert changes_between(rows, measuring.bench.yardstick.rows(instance.id)) == []


def test_the_relay_counts_one_turn_for_each_answer_waited_for(bench: Bench) -> None:
    with bench.yardstick.relay() as relay:
        database = connect(relay.url)
        with database.connect() as connection:
            before = dataclasses.replace(relay.counts)
            for number in range(3):
                connection.execute(text("SELECT :n"), {"n": number})
            connection.commit()
            plain = relay.counts.since(before)
            raw = connection.connection.driver_connection
            assert raw is not None
            before = dataclasses.replace(relay.counts)
            with raw.pipeline(), raw.cursor() as cursor:
                for number in range(3):
                    cursor.execute("SELECT %s", (number,))
            piped = relay.counts.since(before)
        database.dispose()

    assert (plain.turns, plain.statements) == (5, 5)  # begin, three questions, commit
    assert piped.turns < 3 < piped.statements


def test_the_report_names_its_figures_and_the_scratch_database_is_gone_afterwards(
    server_url: URL, tmp_path: Path
) -> None:
    url = server_url.set(database="postgres").render_as_string(hide_password=False)
    settings = Settings.from_environment({"RELIEF_DATABASE_URL": url, "RELIEF_DATA_FOLDER": str(tmp_path)})
    with open_bench(settings) as bench:
        scratch = make_url(str(bench.settings.database_url)).database
        measuring = Measuring(bench)
        figures = report(measuring, rounds=2, cases=1)
        measuring.close()

    assert set(figures["works"]) == {  # type: ignore[arg-type]
        "bare transaction",
        "bare transaction, pipelined",
        "completion",
        "claim and completion",
    }
    assert list(figures["ms_by_task"]) == list(TASKS)  # type: ignore[arg-type]
    assert any("round trips" in line for line in lines(figures))
    database = connect(server_url.set(database="postgres"))
    with database.connect() as connection:
        left = connection.execute(text("SELECT count(*) FROM pg_database WHERE datname = :name"), {"name": scratch})
        assert left.scalar_one() == 0
    database.dispose()
    assert str(scratch).startswith(PREFIX)


def test_a_role_that_may_make_no_database_is_told_what_it_lacks(server_url: URL, tmp_path: Path) -> None:
    role = f"bench_{uuid4().hex[:8]}"
    database = connect(server_url.set(database="postgres"))
    with database.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
    url = server_url.set(database="postgres", username=role).render_as_string(hide_password=False)

    answer = CliRunner().invoke(main, ["bench"], env={"RELIEF_DATABASE_URL": url, "RELIEF_DATA_FOLDER": str(tmp_path)})

    with database.begin() as connection:
        connection.execute(text(f"DROP ROLE {role}"))
    database.dispose()
    assert answer.exit_code == 1
    assert "CREATEDB" in answer.output
    assert "临时数据库" in answer.output


def test_a_database_that_is_away_is_named(tmp_path: Path) -> None:
    environment = {"RELIEF_DATABASE_URL": "postgresql://x@127.0.0.1:9/x", "RELIEF_DATA_FOLDER": str(tmp_path)}

    answer = CliRunner().invoke(main, ["bench", "--json"], env=environment)

    assert answer.exit_code == 1
    assert "RELIEF_DATABASE_URL" in answer.output


def test_a_copy_of_a_parked_case_can_be_listed_and_completed(measuring: Measuring) -> None:
    fill(measuring, parked(measuring, 4), 3, due_in_days=30)

    page = work_list(measuring)
    woken = with_parked_tasks(measuring)

    assert page["open_tasks_of_a_unit"] >= 1
    assert woken == ["completed"] * 3
    assert count(measuring.bench, "timer") == 1  # of the template; the copies went on


def with_parked_tasks(measuring: Measuring) -> list[str]:
    engine, actor = measuring.bench.house.services.engine, county_worker()
    with measuring.bench.house.database.connect() as connection:
        query = text("SELECT id FROM user_task WHERE state = 'open' AND business_key LIKE 'CP%'")
        ids = list(connection.execute(query).scalars())
    for one in ids:
        engine.execute(ClaimUserTask(user_task_id=one), actor=actor)
    values = answers("u5", 1)
    return [engine.execute(CompleteUserTask(user_task_id=one, values=values), actor=actor).state for one in ids]

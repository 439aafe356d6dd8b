"""Questions in a turn of their own: what they see, what they may not do, and how their statements are kept."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import Column, MetaData, Table, bindparam, func, insert, select, text
from sqlalchemy import Engine as Database
from sqlalchemy.types import Integer, Text

from storage import pipeline
from storage.database import connect
from storage.pipeline import Statement
from storage.questions import PLAN_ANEW, PLAN_ONCE, Question, ask
from storage.turns import UNNAMED

metadata = MetaData()
thing = Table("thing", metadata, Column("id", Integer, primary_key=True), Column("name", Text, nullable=False))
ONE = Question.of(select(thing).where(thing.c.id == bindparam("wanted")))
NAMED_LIKE_B = Question.of(select(thing.c.name, thing.c.id).where(thing.c.name.startswith("b")).order_by(thing.c.id))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    found = connect(database_url)
    metadata.create_all(found)
    with found.begin() as connection:
        connection.execute(insert(thing), [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}, {"id": 3, "name": "bb"}])
    yield found
    found.dispose()


def test_several_questions_are_answered_by_column_each_on_its_own(database: Database) -> None:
    assert ask(database, ONE.given(wanted=1), NAMED_LIKE_B, ONE.given(wanted=9)) == [
        [{"id": 1, "name": "a"}],
        [{"name": "b", "id": 2}, {"name": "bb", "id": 3}],
        [],
    ]


def test_a_value_that_was_not_given_is_missed(database: Database) -> None:
    with pytest.raises(KeyError, match="wanted"):
        ask(database, ONE)


def test_a_question_cannot_write_and_leaves_the_connection_usable(database: Database) -> None:
    writing = Question(Statement.of(thing.delete().returning(thing.c.id)), {}, ("id",))
    with pytest.raises(ConnectionError) as refused:  # as by a server that takes no writes after a failover
        ask(database, writing)
    assert isinstance(refused.value.__cause__, psycopg.errors.ReadOnlySqlTransaction)
    assert [row["name"] for row in ask(database, NAMED_LIKE_B)[0]] == ["b", "bb"]
    assert database.pool.checkedout() == 0  # type: ignore[attr-defined]  # a queue pool's


def test_each_question_is_planned_in_its_own_way_and_nothing_of_it_stays(database: Database) -> None:
    shown = select(func.current_setting("plan_cache_mode").label("planning"))
    usual, anew, once = (
        Question.of(shown),
        Question.of(shown, planning=PLAN_ANEW),
        Question.of(shown, planning=PLAN_ONCE),
    )
    answers = ask(database, usual, anew, once, once, usual)
    assert [row["planning"] for [row] in answers] == [
        "auto",
        "force_custom_plan",
        "force_generic_plan",
        "force_generic_plan",
        "auto",
    ]
    with database.connect() as connection:
        settings = text("SELECT current_setting('plan_cache_mode'), current_setting('max_parallel_workers_per_gather')")
        assert tuple(connection.execute(settings).one()) == ("auto", "2")


def test_statements_of_one_text_share_a_name() -> None:
    first, second = (Question.of(select(thing).where(thing.c.name == name)) for name in ("a", "b"))
    assert first.statement.name == second.statement.name
    assert (first.values, second.values) == ({"name_1": "a"}, {"name_1": "b"})


def test_more_texts_than_a_connection_keeps_are_prepared_each_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "MOST_PREPARED", 0)
    numbers = [Question.of(select((thing.c.id + number).label("sum")).where(thing.c.id == 3)) for number in (10, 20)]
    ids = Question.of(select(thing.c.id.label("other")).where(thing.c.name == "a"))
    assert {one.statement.name for one in [*numbers, ids]} == {UNNAMED}
    for _ in range(2):
        answers = ask(database, *numbers, ids)
        assert [list(row.values()) for [row] in answers] == [[13], [23], [1]]
    with database.connect() as connection:
        kept = connection.execute(text("SELECT count(*) FROM pg_prepared_statements WHERE name = ''")).scalar_one()
        assert kept == 0


def test_all_questions_see_one_state(database: Database) -> None:
    """What another transaction commits while a turn is answered is not seen by its later questions."""
    lock = Statement(b"SELECT pg_advisory_xact_lock(7)::text", ())
    ids = Question.of(select(thing.c.id).order_by(thing.c.id))
    with database.connect() as other, ThreadPoolExecutor(max_workers=1) as thread:
        other.execute(text("SELECT pg_advisory_xact_lock(7)"))
        asked = thread.submit(ask, database, ids, Question(lock, {}, ("waited",)), ids)
        waiting = text(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
            "WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
        )
        while not other.execute(waiting).scalar_one():
            assert not asked.done()
        other.execute(insert(thing), [{"id": 4, "name": "c"}])
        other.commit()
        first, _, last = asked.result()
    assert first == last == [{"id": number} for number in (1, 2, 3)]
    assert len(ask(database, ids)[0]) == 4

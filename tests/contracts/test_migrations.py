"""The tables as migrated are the tables as declared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from storage.database import TablesBusy, connect, migrate, pending_migrations
from storage.tables.base import metadata
from tests.processes.diagrams import document, process, start

SCANNING = "0041_stuck_and_waiting"
"""The first migration that leaves what reads a whole table until its transaction is over."""
SURVEY = (files("workflows") / "bpmn" / "survey.bpmn").read_bytes()


def test_migrations_make_exactly_the_declared_tables(database_url: str) -> None:
    database = connect(database_url)
    with database.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    database.dispose()

    assert difference == []


def test_migrating_again_changes_nothing(database_url: str) -> None:
    database = connect(database_url)
    migrate(database)

    assert pending_migrations(database) == []
    database.dispose()


def test_a_migration_does_not_stand_in_the_way_of_those_who_use_its_tables(database_url: str) -> None:
    database = connect(database_url)
    with database.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    migrate(database, revision="0023_documents")
    with database.connect() as reading:
        reading.execute(text("LOCK TABLE relief_claim IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(TablesBusy, match="nothing was changed"):
            migrate(database, tries=1)
    assert "0024_relief_payments" in pending_migrations(database)

    migrate(database)
    assert pending_migrations(database) == []
    database.dispose()


def test_a_claim_paid_under_the_release_before_has_its_one_payment(database_url: str) -> None:
    database = connect(database_url)
    with database.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    migrate(database, revision="0023_documents")
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE relief_claim DROP CONSTRAINT fk_relief_claim_case_id"))
        connection.execute(text("ALTER TABLE relief_claim DROP CONSTRAINT fk_relief_claim_referral_id"))
        for state, amount, paid_at in (("done", 4320, "2026-03-20T02:00:00Z"), ("open", 0, None)):
            connection.execute(
                text(
                    "INSERT INTO relief_claim (id, case_id, referral_id, region, kind, claimed_at, state, amount, mode,"
                    " paid_at) VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '320481', 'spending',"
                    " '2026-03-16T02:00:00Z', :state, :amount, 'bank', :paid_at)"
                ),
                {"state": state, "amount": amount, "paid_at": paid_at},
            )
    migrate(database)
    with database.connect() as connection:
        [paid] = connection.execute(text("SELECT amount, mode, paid_at FROM relief_payment")).all()
    assert (paid.amount, paid.mode, paid.paid_at.isoformat()[:10]) == (4320, "bank", "2026-03-20")
    database.dispose()


def test_processes_deployed_before_get_the_english_names_their_diagrams_say(database_url: str) -> None:
    database = connect(database_url)
    with database.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    migrate(database, revision="0027_task_properties")
    with database.begin() as connection:
        connection.execute(
            text("INSERT INTO deployment VALUES ('00000000-0000-0000-0000-000000000001', now(), 'root')")
        )
        for process_id in ("survey", "nameless"):
            content = SURVEY if process_id == "survey" else document(process(start(), process_id=process_id))
            connection.execute(
                text(
                    "INSERT INTO deployment_resource (deployment_id, name, kind, content) VALUES"
                    " ('00000000-0000-0000-0000-000000000001', :key, 'process', :content)"
                ),
                {"key": process_id, "content": content},
            )
            connection.execute(
                text(
                    "INSERT INTO definition (id, kind, key, name, version, deployment_id, resource_name, checksum)"
                    " VALUES (gen_random_uuid(), 'process', :key, '名', 1,"
                    " '00000000-0000-0000-0000-000000000001', :key, '')"
                ),
                {"key": process_id},
            )
    migrate(database)
    with database.connect() as connection:
        found = connection.execute(text("SELECT key, name_en FROM definition ORDER BY key")).all()
    database.dispose()

    assert [tuple(row) for row in found] == [("nameless", ""), ("survey", "Household survey")]


def test_what_reads_a_whole_table_keeps_nobody_from_writing_it(database_url: str) -> None:
    database = _migrated_before(database_url, SCANNING)
    with database.begin() as at_work, ThreadPoolExecutor() as threads:
        at_work.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        at_work.execute(text("SELECT 1 FROM account"))  # an old snapshot, for which a build waits
        migrating = threads.submit(migrate, database)
        while not _is_building(database):
            assert not migrating.done()
        with database.begin() as other:
            other.execute(text("SET LOCAL lock_timeout = '1s'"))
            other.execute(text("LOCK TABLE process_instance, incident, case_file IN ROW EXCLUSIVE MODE"))
        assert pending_migrations(database) == []
        at_work.rollback()
        migrating.result(timeout=60)

    assert _unfinished(database) == []
    database.dispose()


def test_an_index_that_a_broken_off_build_left_is_built_by_the_next_migration(database_url: str) -> None:
    database = connect(database_url)
    with database.begin() as connection:
        connection.execute(
            text("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_process_instance_waiting'::regclass")
        )
        connection.execute(text("DROP INDEX ix_register_correction_case_id"))
        connection.execute(
            text("UPDATE pg_constraint SET convalidated = false WHERE conname = 'fk_register_correction_case_id'")
        )
    assert len(_unfinished(database)) == 2

    migrate(database)
    with database.connect() as connection:
        found = connection.execute(text("SELECT to_regclass('ix_register_correction_case_id')")).scalar_one()
    assert (found, _unfinished(database)) == ("ix_register_correction_case_id", [])
    database.dispose()


def test_two_that_migrate_at_once_do_not_wait_for_each_other(database_url: str) -> None:
    database = _migrated_before(database_url, SCANNING)
    with ThreadPoolExecutor() as threads:
        for migrating in [threads.submit(migrate, database, tries=1) for _ in range(2)]:
            migrating.result(timeout=60)

    assert (pending_migrations(database), _unfinished(database)) == ([], [])
    database.dispose()


def _migrated_before(database_url: str, revision: str) -> Engine:
    database = connect(database_url)
    with database.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    migrate(database, revision=f"{revision}-1")
    return database


def _is_building(database: Engine) -> bool:
    query = text("SELECT count(*) FROM pg_stat_progress_create_index WHERE command = 'CREATE INDEX CONCURRENTLY'")
    with database.connect() as connection:
        return bool(connection.execute(query).scalar_one())


def _unfinished(database: Engine) -> list[str]:
    query = text(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
        " UNION ALL SELECT conname FROM pg_constraint WHERE NOT convalidated"
    )
    with database.connect() as connection:
        return list(connection.execute(query).scalars())

"""Whether a key file is that of a database: what is sealed there must open with it, and no other file may be begun."""

from __future__ import annotations

from sqlalchemy import select, union_all

from storage.database import Database
from storage.encryption import KeyRing, Unreadable
from storage.tables.casework import case_file
from storage.tables.engine import process_instance
from storage.tables.register import household, person

_SEALED_TABLES = (person, household, case_file, process_instance)


def sealed_samples(database: Database) -> list[bytes]:
    """Return wrapped keys that stand in the database, at most one of a table; none where nobody was entered yet."""
    one_each = [
        select(table.c.wrapped_key).where(table.c.wrapped_key.is_not(None)).limit(1).subquery().select()
        for table in _SEALED_TABLES
    ]
    with database.connect() as connection:
        return list(connection.execute(union_all(*one_each)).scalars())


def opens_all(keys: KeyRing, samples: list[bytes]) -> bool:
    """Say whether these keys are those the samples were wrapped with."""
    try:
        for wrapped in samples:
            keys.seal(wrapped)
    except Unreadable:
        return False
    return True

"""Lists of aid that partner units hand in, a list a unit and month; persons stand in them as keyed hashes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from storage.encryption import KeyRing
from storage.rows import to_row, to_value
from storage.tables.programmes import aid_line, aid_list
from workflows.casework.programmes.model import AidList, ListedAid


class SqlAidLists:
    """Lists of aid."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def replace(self, kept: AidList, lines: Sequence[ListedAid]) -> None:
        """Keep a list in place of the unit's list of the same month; the lines of the older one go with it."""
        older = delete(aid_list).where(aid_list.c.unit_kind == kept.unit_kind, aid_list.c.month == kept.month)
        self._connection.execute(older)
        self._connection.execute(insert(aid_list).values(to_row(kept)))
        rows = [
            {
                **to_row(line, "identity_number"),
                "list_id": kept.id,
                "identity_hash": self._keys.search_hash(line.identity_number, kind="identity"),
            }
            for line in lines
        ]
        self._connection.execute(insert(aid_line), rows)


def lists_of(connection: Connection, month: date) -> Sequence[AidList]:
    """Return the lists of a month."""
    statement = select(aid_list).where(aid_list.c.month == month.replace(day=1)).order_by(aid_list.c.unit_kind)
    return [to_value(AidList, row) for row in connection.execute(statement).mappings()]

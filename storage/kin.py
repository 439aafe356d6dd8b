"""Whom the register of relatives bars: nobody sees a case of their kin, its tasks or its processes.

One place for every question; what may be done is guarded where it is done (`workflows.casework.procedure.guard`).
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BindParameter, Select, select

from storage.tables.casework import case_file
from storage.tables.procedure import kin_entry


def cases_of_kin(login: str) -> Select[tuple[UUID]]:
    """Return the ids of the cases whose register names this login."""
    return select(kin_entry.c.case_id).where(kin_entry.c.login == login)


def numbers_of_kin(login: str | BindParameter[str]) -> Select[tuple[str]]:
    """Return the numbers of these cases, by which tasks and processes are known."""
    of_case = kin_entry.c.case_id == case_file.c.id
    return select(case_file.c.number).join(kin_entry, of_case).where(kin_entry.c.login == login)

"""Whom the register of relatives bars: nobody sees a case of their kin, its tasks or its processes.

One place for every question; what may be done is guarded where it is done (`workflows.casework.procedure.guard`).
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select

from storage.pipeline import Pipeline, Statement
from storage.tables.casework import case_file, member
from storage.tables.engine import user_task
from storage.tables.procedure import kin_entry
from storage.tables.register import fed_case, person

_LOGINS = (
    select(kin_entry.c.login)
    .join(case_file, kin_entry.c.case_id == case_file.c.id)
    .where(kin_entry.c.login.is_not(None))
)
LOGINS_OF_CASE = Statement.of(_LOGINS.where(case_file.c.number == bindparam("number")))
LOGINS_BESIDE_TASK = func.array(_LOGINS.where(case_file.c.number == user_task.c.business_key).scalar_subquery())
"""Read with the task: who completes one waits for no answer more."""


class BarredLogins:
    """Whom the registers bar from the cases that a transaction has to do with, each read once."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._known: dict[str, frozenset[str]] = {}

    def remember(self, number: str, logins: Iterable[str]) -> None:
        """Keep what `LOGINS_BESIDE_TASK` brought for the case of a task."""
        self._known[number] = frozenset(logins)

    def forget(self) -> None:
        """Read anew from now on: a register has changed."""
        self._known.clear()

    def hold(self, number: str, login: str) -> bool:
        """Say whether the register of a case names somebody."""
        if number not in self._known:
            (rows,) = self._pipeline.read((LOGINS_OF_CASE, {"number": number}))
            self.remember(number, [login for (login,) in rows])
        return login in self._known[number]


def cases_of_kin(login: str | ColumnElement[str]) -> Select[tuple[UUID]]:
    """Return the ids of the cases whose register names this login."""
    return select(kin_entry.c.case_id).where(kin_entry.c.login == login)


def persons_of_kin(login: str) -> Select[tuple[UUID]]:
    """Return the ids in the register of everybody in these cases, whatever other cases they are in."""
    of_person = (member.c.identity_hash == person.c.identity_hash) & (member.c.identity_hash != "")
    return select(person.c.id).join(member, of_person).where(member.c.case_id.in_(cases_of_kin(login)))


def households_of_kin(login: str) -> Select[tuple[UUID]]:
    """Return the ids in the register of the households that one of these cases is of."""
    return select(fed_case.c.household_id).where(fed_case.c.case_id.in_(cases_of_kin(login)))


def numbers_of_kin(login: str | BindParameter[str]) -> Select[tuple[str]]:
    """Return the numbers of these cases, by which tasks and processes are known."""
    of_case = kin_entry.c.case_id == case_file.c.id
    return select(case_file.c.number).join(kin_entry, of_case).where(kin_entry.c.login == login)


def logins_of_kin(number: str) -> Select[tuple[str]]:
    """Return the logins that the register of a case names."""
    return _LOGINS.where(case_file.c.number == number)

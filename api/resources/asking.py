"""What views share: executing a command as who is signed in, and the case a key of the address names."""

from __future__ import annotations

from datetime import date
from typing import TypeVar
from uuid import UUID

from api.resources.cases import case_key
from api.services import current
from engine.host import Command
from web.authentication import current_actor
from workflows.casework.ports import CaseworkUnitOfWork

Result = TypeVar("Result")


def done(command: Command[CaseworkUnitOfWork, Result]) -> Result:
    """Execute a command as who is signed in."""
    return current().engine.execute(command, actor=current_actor())


def case_id(key: str) -> UUID:
    """Return the id of a case the person may see.

    Raises:
        CaseNotFound: there is none of this key, or it is out of sight.
    """
    return current().casework.case(case_key(key), current_actor()).summary.id


def first_of(month: str) -> date:
    """Return the first day of a month a schema has checked, like 2026-11."""
    return date.fromisoformat(f"{month}-01")

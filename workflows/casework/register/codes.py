"""Asking how an application stands with its number and the query code of the slip: no account, few tries.

A wrong code, a wrong number and a number that never was get the same answer, and count the same.
"""

from __future__ import annotations

import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from engine.errors import NotPermitted
from engine.host import Context
from workflows.casework.county import CASE_NUMBER_PREFIX
from workflows.casework.errors import CaseErased, CaseNotFound
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.register.model import OnlineEntry, QueryCode
from workflows.casework.register.progress import Progress, progress_of, progress_of_entry
from workflows.casework.register.sight import ASKING, may_ask

CODE_DIGITS = 8
SPAN = timedelta(minutes=15)
TRIES_A_NUMBER = 5
TRIES_A_CALLER = 30
NO_CODE = "x" * CODE_DIGITS
_SHORT = re.compile(r"[0-9]{9}-[0-9]{4}-[0-9]{6}")


def issue_code(
    context: Context[CaseworkUnitOfWork], number: str, *, case_id: UUID | None = None, entry_id: UUID | None = None
) -> QueryCode:
    """Give a number a new code; one it had before opens nothing any more."""
    code = QueryCode(
        number=number,
        code=f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}",
        issued_at=context.now(),
        case_id=case_id,
        entry_id=entry_id,
    )
    context.unit_of_work.register.codes.put(code)
    return code


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueQueryCode:
    """Give a case a new query code, for a slip that was lost.

    Raises:
        CaseNotFound: there is no such case.
        CaseErased: nobody is left to ask.
        NotPermitted: the actor works nowhere in the region.
    """

    case_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> QueryCode:
        """Issue it."""
        case = context.unit_of_work.cases.get(self.case_id)
        if case is None:
            raise CaseNotFound(self.case_id)
        if not may_ask(context.actor, case.region):
            raise NotPermitted("补发查询码", "、".join(ASKING))
        if case.erased:
            raise CaseErased(number=case.number, action="补发查询码")
        return issue_code(context, case.number, case_id=case.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """Why nobody was told anything; `wait` is set when there were too many tries."""

    wait: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskStatus:
    """Tell whoever holds number and code how the application stands.

    `caller` is where the question comes from, only to count. The refusals are returned, so that the count is kept.
    """

    number: str
    code: str
    caller: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Progress | Unanswered:
        """Count the try, then look."""
        number = plain_number(self.number)
        if not self._is_among_the_first(context, number):
            return Unanswered(wait=SPAN)
        codes = context.unit_of_work.register.codes
        known = codes.get(number)
        right = known.code if known else NO_CODE
        if not hmac.compare_digest(right.encode(), plain_code(self.code).encode()) or known is None:
            return Unanswered()
        progress = self._progress(context, known)
        if progress is None:
            return Unanswered()
        codes.forgive(_of_number(number))
        return progress

    def _is_among_the_first(self, context: Context[CaseworkUnitOfWork], number: str) -> bool:
        codes, now = context.unit_of_work.register.codes, context.now()
        of_caller = codes.tries(f"status-caller:{self.caller}", at=now, begun_after=now - SPAN)
        of_number = codes.tries(_of_number(number), at=now, begun_after=now - SPAN)
        return of_number <= TRIES_A_NUMBER and of_caller <= TRIES_A_CALLER

    def _progress(self, context: Context[CaseworkUnitOfWork], known: QueryCode) -> Progress | None:
        work = context.unit_of_work
        entry: OnlineEntry | None = work.register.entries.by_number(known.number) if known.entry_id else None
        case_id = known.case_id or (entry.case_id if entry else None)
        case: Case | None = work.cases.get(case_id) if case_id else None
        if case is not None:
            return None if case.erased else progress_of(context, case)
        return progress_of_entry(context, entry) if entry else None


def plain_number(text: str) -> str:
    """Return a number as it is kept: spaces, full-width signs, the ending of the slip and a missing head forgiven."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper().removesuffix("-SL")
    return f"{CASE_NUMBER_PREFIX}{plain}" if _SHORT.fullmatch(plain) else plain


def plain_code(text: str) -> str:
    """Return the digits of a code as typed."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))


def _of_number(number: str) -> str:
    return f"status-number:{number}"

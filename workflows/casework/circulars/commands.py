"""Writing the words of a circular, and publishing it as a document with a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from engine.errors import NotPermitted
from engine.host import Context
from workflows.casework.circulars.errors import CircularMonthWrong, CircularStale, CircularTextWrong
from workflows.casework.circulars.model import CIRCULAR_KIND, LONGEST_CIRCULAR, Circular, issues_circulars
from workflows.casework.days import local_day
from workflows.casework.documents.issuing import Documents
from workflows.casework.documents.model import IssuedDocument
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.printing.fields import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCircular:
    """Keep the words of a month's circular.

    Raises:
        NotPermitted: the actor does not supervise civil affairs for the county.
        CircularMonthWrong: the month has not begun.
        CircularTextWrong: the words are too long.
        CircularStale: somebody else saved meanwhile.
    """

    month: date
    text: str
    version: int  # of the words that were read

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Circular:
        """Write them as the next version; the same words again change nothing."""
        circular = _locked(context, self.month, action="编写月度通报")
        text = self.text.replace("\r\n", "\n").strip()
        if len(text) > LONGEST_CIRCULAR:
            raise CircularTextWrong(limit=LONGEST_CIRCULAR, found=len(text))
        if circular.text == text:
            return circular
        _require_newest(circular, self.version)
        saved = replace(
            circular, text=text, version=circular.version + 1, saved_at=context.now(), saved_by=context.actor.id
        )
        context.unit_of_work.procedure.supervision.circulars.save(saved)
        return saved


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishCircular:
    """Issue a month's circular as a document: numbered, in versions; the same content again is the same document.

    Raises:
        NotPermitted: the actor does not supervise civil affairs for the county.
        CircularMonthWrong: the month has not begun.
        CircularStale: somebody changed the words meanwhile.
    """

    month: date
    version: int
    values: Mapping[str, Value]  # the figures as they are to be printed

    def execute(self, context: Context[CaseworkUnitOfWork]) -> IssuedDocument:
        """Issue it, and keep which."""
        circular = _locked(context, self.month, action="发布月度通报")
        _require_newest(circular, self.version)
        values = {**self.values, "words": circular.text.split("\n") if circular.text else []}
        issued = Documents(context=context).issue(CIRCULAR_KIND, None, values, subject=f"{self.month:%Y-%m}")
        published = replace(circular, document_id=issued.id, published_version=circular.version)
        context.unit_of_work.procedure.supervision.circulars.save(published)
        return issued


def _locked(context: Context[CaseworkUnitOfWork], month: date, *, action: str) -> Circular:
    if not issues_circulars(context.actor):
        raise NotPermitted(action, "civil_affairs/supervisor")
    if month.day != 1 or month > local_day(context.now()):
        raise CircularMonthWrong(month=f"{month:%Y-%m}")
    return context.unit_of_work.procedure.supervision.circulars.lock(month)


def _require_newest(circular: Circular, version: int) -> None:
    if circular.version != version:
        raise CircularStale(month=f"{circular.month:%Y-%m}", given=version, found=circular.version)

"""Writing to the household: a letter of a case, kept until it is delivered."""

from __future__ import annotations

from uuid import uuid4

from engine.host import Context
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import Notice, NoticeKind


def write_notice(context: Context[CaseworkUnitOfWork], case: Case, kind: NoticeKind, text: str) -> Notice:
    """Keep a letter; one of this kind that may be written only once stays the first."""
    notice = Notice(id=uuid4(), case_id=case.id, kind=kind, text=text, written_at=context.now())
    return context.unit_of_work.notices.add(notice)

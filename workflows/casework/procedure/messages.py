"""Telling a waiting process of a case that something happened outside it."""

from __future__ import annotations

from engine.exchange import Exchange
from engine.host import Context
from engine.model import Publication
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork

NOTICE_OBJECTION = "notice_objection"  # key: the id of the notice
RECHECK_MESSAGE = "RecheckNow"  # key: the id of the benefit
SUSPENSION_MESSAGE = "SuspensionOver"  # key: the id of the benefit
CASE_FINISHED = "case_finished"  # key: the number of the case


def tell_waiting(context: Context[CaseworkUnitOfWork], case: Case, *, name: str, key: str) -> None:
    """Hand a message to whoever waits for it now; nobody who begins to wait later gets it."""
    now = context.now()
    exchange = Exchange(context)
    exchange.publish(
        Publication(
            kind="message",
            name=name,
            correlation_key=key,
            variables={},
            region=case.region,
            business_key=case.number,
            published_at=now,
            expires_at=now,
        )
    )
    exchange.finish()

"""Telling a waiting process of a case that something happened outside it."""

from __future__ import annotations

from engine.exchange import Exchange
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import Publication
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork

NOTICE_OBJECTION = "notice_objection"  # key: the id of the notice
RECHECK_MESSAGE = "RecheckNow"  # key: the id of the benefit
BENEFIT_ENDED = "BenefitEnded"  # key: the id of the benefit
SUSPENSION_MESSAGE = "SuspensionOver"  # key: the id of the benefit
CASE_FINISHED = "case_finished"  # key: the number of the case


def tell_waiting(
    context: Context[CaseworkUnitOfWork], case: Case, *, name: str, key: str, variables: JsonObject | None = None
) -> bool:
    """Hand a message to whoever waits for it now, and say whether somebody did; who waits later does not get it."""
    now = context.now()
    exchange: Exchange[CaseworkUnitOfWork] = Exchange(context)
    reached = exchange.publish(
        Publication(
            kind="message",
            name=name,
            correlation_key=key,
            variables=variables or {},
            region=case.region,
            business_key=case.number,
            published_at=now,
            expires_at=now,
        )
    )
    exchange.finish()
    return bool(reached)

"""What a page says of a change that was refused, beside the form it was typed into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.errors import EngineError, NotFound, NotPermitted
from web import i18n
from web.errors import RequestInvalid
from web.labels import in_language
from workflows.casework.errors import ApplicationInvalid, CaseNotFound
from workflows.casework.procedure.errors import OwnRequest
from workflows.casework.register.errors import DuplicateNotFound, PersonNotRegistered

OF_SIGHT = (NotPermitted, NotFound, CaseNotFound, PersonNotRegistered, DuplicateNotFound, OwnRequest)
"""Whoever may not do or see it gets the page of the error, not the form again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why nothing was done, and what is wrong with each field that is named."""

    text: str
    fields: dict[str, str]


def refusal(error: EngineError) -> Refusal:
    """Return what to say; what is about rights or sight is raised again."""
    if isinstance(error, OF_SIGHT):
        raise error
    return Refusal(text=i18n.refusal_text(error), fields=dict(_fields(error)))


def _fields(error: EngineError) -> Iterator[tuple[str, str]]:
    if isinstance(error, ApplicationInvalid):
        for fault in error.errors:
            yield fault.path, in_language(fault.zh, fault.en)
    if isinstance(error, RequestInvalid):
        for one in error.errors:
            yield ".".join(map(str, one.path)), one.message(i18n.language())

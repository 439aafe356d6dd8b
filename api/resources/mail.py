"""What one is told by mail."""

from __future__ import annotations

from typing import Any

from api.operations import Operation, operation
from api.resources.blueprint import api
from api.schemas.mail import MailAnswer, MailAnswerSchema, MailChoiceSchema
from api.services import current
from web.authentication import current_actor
from workflows.casework.mail.commands import ChooseMail, StopMail
from workflows.organisation.rights import Right


@api.get("/notices/mail")
@operation(
    Operation(
        summary="Of which of one's notices a mail tells, where to, when, and what became of the newest one",
        right=Right.SIGNED_IN,
        answer=MailAnswerSchema,
    )
)
def get_mail() -> MailAnswer:
    """Show what the caller chose."""
    return _answer()


@api.put("/notices/mail")
@operation(
    Operation(
        summary="Choose of which of one's notices a mail tells: numbers by kind, never a case or a person",
        right=Right.SIGNED_IN,
        body=MailChoiceSchema,
        answer=MailAnswerSchema,
    )
)
def choose_mail(body: dict[str, Any]) -> MailAnswer:
    """Keep what the caller chose."""
    current().engine.execute(ChooseMail(**{**body, "causes": frozenset(body["causes"])}), actor=current_actor())
    return _answer()


@api.delete("/notices/mail")
@operation(
    Operation(
        summary="Be told nothing by mail any more; what was not sent yet is not sent",
        right=Right.SIGNED_IN,
        answer=MailAnswerSchema,
    )
)
def stop_mail() -> MailAnswer:
    """Stop it."""
    current().engine.execute(StopMail(), actor=current_actor())
    return _answer()


def _answer() -> MailAnswer:
    return MailAnswer.of(current().mail.state(current_actor()), is_sent=current().can_mail)

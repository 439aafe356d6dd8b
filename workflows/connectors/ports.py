"""What the county needs of the outside; every call carries a key so that repeating it does nothing twice."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from engine.host import TryLater
from workflows.casework.correspondence import Coverage, Inquiry, Message
from workflows.casework.mail.letters import Letter


class ConnectorError(Exception):
    """The other side could not be reached or did not do its part; the job is tried again."""


class AnswerPending(TryLater, ConnectorError):
    """The other side has the question and no answer yet: worth another look, and no failure of it."""


class AgencyRefused(Exception):
    """The agency answered that it will not tell."""


class NumberRefused(Exception):
    """The gateway answered that nothing can be sent to this number: trying again is of no use."""


class PersonUnknown(Exception):
    """The insurer knows none of the persons."""


class Agencies(Protocol):
    """The agencies that know something of a household's means."""

    def ask(self, inquiry: Inquiry, *, key: str) -> Any:  # JSON from outside, checked by the caller
        """Return the agency's answer as it came.

        Raises:
            AgencyRefused: it will not tell.
            ConnectorError: no answer; worth another try.
        """
        ...


class MessageGateway(Protocol):
    """Sends a text to a mobile number."""

    def send(self, message: Message, *, key: str) -> str:
        """Return the gateway's reference.

        Raises:
            ConnectorError: not taken; worth another try.
            NumberRefused: nothing can be sent to the number.
        """
        ...


class MailboxRefused(Exception):
    """The mail server knows no such mailbox; it said so."""


class MailServer(Protocol):
    """Takes mail to staff."""

    def send(self, letter: Letter) -> None:
        """Hand a letter in; the same one sent again carries the same Message-ID.

        Raises:
            MailboxRefused: there is no such mailbox.
            ConnectorError: not taken; worth another try.
        """
        ...


class Insurer(Protocol):
    """The medical insurance that settles hospital bills by status."""

    def push_status(self, coverage: Coverage, *, key: str) -> date:
        """Return the day from which the status counts.

        Raises:
            PersonUnknown: none of the persons is insured.
            ConnectorError: no answer; worth another try.
        """
        ...

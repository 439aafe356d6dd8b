"""The mail server of the county, spoken to by SMTP: over TLS from the first byte, from STARTTLS on, or not at all."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from threading import Thread
from typing import Literal

from workflows.casework.mail.letters import Letter
from workflows.connectors.ports import ConnectorError, MailboxRefused

Security = Literal["starttls", "tls", "none"]
TIMEOUT = 10  # seconds, for each step of the talk
DEADLINE = 40  # seconds, for all of it: long before a digest is taken again
NO_SUCH_MAILBOX = frozenset({550, 551, 553})
_ABOUT_THE_MAILBOX = re.compile(r"5\.1\.(?:1|2|3|6|10)\b")  # RFC 3463, 7505; 5.1.7 and 5.1.8 are about the sender
LANGUAGES = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mail is handed in, as whom, and how the line is kept from others."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = TIMEOUT
    deadline: float = DEADLINE

    def send(self, letter: Letter) -> None:
        """Hand a letter in; a server that answers sign by sign, or whose name is looked up for ever, is left in time.

        Raises:
            MailboxRefused: the server knows no such mailbox.
            ConnectorError: it was not taken; worth another try, also where the server would not have it from us:
                that is for who runs the server or sets it here to mend, and no fault of the mailbox.
        """
        talk = _Talk(lambda: self._hand_in(letter))
        talk.start()
        talk.join(self.deadline)
        if talk.is_alive():
            # It ends by itself when a step does; the letter, if it goes, bears the same Message-ID again.
            raise ConnectorError(f"{self.host}:{self.port} was not done after {self.deadline:g} s")
        if talk.failure is not None:
            raise talk.failure

    def _hand_in(self, letter: Letter) -> None:
        try:
            with self._connected() as line:
                line.send_message(self._message(letter))
        except smtplib.SMTPRecipientsRefused as refused:
            raise _refused(refused) from refused
        except (smtplib.SMTPException, OSError, ValueError) as error:  # ValueError: an answer that is no SMTP
            raise ConnectorError(f"{self.host}:{self.port} {_said(error)}") from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        trust = ssl.create_default_context()
        if self.security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=trust)
        else:
            line = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.security == "starttls":
                line.starttls(context=trust)
            if self.user:
                line.login(self.user, self.password)
            yield line
        finally:
            with suppress(smtplib.SMTPException, OSError, ValueError):  # what was taken is taken, whatever the goodbye
                line.quit()
            line.close()

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = self.sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<{letter.id}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text, cte="base64")
        message["Content-Language"] = LANGUAGES.get(letter.language, letter.language)
        return message


class _Talk(Thread):
    """A talk with the server that whoever began it may leave."""

    def __init__(self, talk: Callable[[], None]) -> None:
        super().__init__(name="mail", daemon=True)
        self._talk = talk
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Have the talk; what goes wrong with it is kept for who waits."""
        try:
            self._talk()
        except BaseException as failure:  # noqa: BLE001  # whatever it is: who waits raises it again
            self.failure = failure


def _refused(refused: smtplib.SMTPRecipientsRefused) -> MailboxRefused | ConnectorError:
    code, said = next(iter(refused.recipients.values()))
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    is_for_good = code in NO_SUCH_MAILBOX and _ABOUT_THE_MAILBOX.match(words) is not None
    return MailboxRefused(f"{code} {words}") if is_for_good else ConnectorError(f"{code} {words}")


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__

"""The mail server of the county, spoken to by SMTP: over TLS from the first byte, from STARTTLS on, or not at all."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from workflows.casework.mail.letters import Letter
from workflows.connectors.ports import ConnectorError, MailboxRefused

Security = Literal["starttls", "tls", "none"]
TIMEOUT = 10  # seconds, for each step of the talk: a worker waits for it between two looks at its timers
FOR_GOOD = range(500, 600)
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

    def send(self, letter: Letter) -> None:
        """Hand a letter in.

        Raises:
            MailboxRefused: the server knows no such mailbox, or will never take mail for it.
            ConnectorError: it was not taken; worth another try.
        """
        try:
            with self._connected() as line:
                line.send_message(self._message(letter))
        except smtplib.SMTPRecipientsRefused as refused:
            raise _refused(refused) from refused
        except (smtplib.SMTPException, OSError) as error:
            raise ConnectorError(f"{self.host}:{self.port} {_said(error)}") from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        trust = ssl.create_default_context()
        if self.security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=trust)
        else:
            line = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        with line:
            if self.security == "starttls":
                line.starttls(context=trust)
            if self.user:
                line.login(self.user, self.password)
            yield line

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


def _refused(refused: smtplib.SMTPRecipientsRefused) -> MailboxRefused | ConnectorError:
    code, said = next(iter(refused.recipients.values()))
    text = f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return MailboxRefused(text) if code in FOR_GOOD else ConnectorError(text)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__

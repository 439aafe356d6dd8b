"""What workers do now and then about mail: make digests, and hand them to the mail server outside any transaction.

A digest is sent at least once: who dies between the server's yes and our note sends it again, under the same
Message-ID, by which mailboxes know it.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Lock

from engine.host import Share
from workflows.casework.correspondence import Execute
from workflows.casework.mail.commands import (
    ForgetDigests,
    MakeDigests,
    RecordDigestFailure,
    RecordDigestSent,
    TakeDigest,
)
from workflows.casework.mail.letters import letter_of
from workflows.connectors.ports import ConnectorError, MailboxRefused, MailServer

LOOK_EVERY = timedelta(minutes=1)
FORGET_EVERY = timedelta(days=1)
MADE_AT_A_TURN = 50
SENT_AT_A_TURN = 5  # mails, between two looks at timers and jobs
MOST_TURNS_PASSED = 30

log = logging.getLogger(__name__)


class SendDigests:
    """Make and send some digests; a server that cannot be reached is left in peace for more and more turns."""

    def __init__(self, *, execute: Execute, server: MailServer, pages: str | None) -> None:
        self._execute = execute
        self._server = server
        self._pages = pages
        self._at_work = Lock()
        self._pass_over = 0  # turns
        self._failures = 0

    def __call__(self) -> Share:
        """Do a little; what is counted was sent."""
        if not self._at_work.acquire(blocking=False):
            return Share(done=0, has_more=False)
        try:
            return self._some()
        finally:
            self._at_work.release()

    def _some(self) -> Share:
        made = self._execute(MakeDigests(limit=MADE_AT_A_TURN))
        if self._pass_over:
            self._pass_over -= 1
            return Share(done=0, has_more=False)
        sent = 0
        for _ in range(SENT_AT_A_TURN):
            outcome = self._send_one()
            if outcome is None:
                return Share(done=sent, has_more=made == MADE_AT_A_TURN)
            if not outcome:
                return Share(done=sent, has_more=False)
            sent += 1
        return Share(done=sent, has_more=True)

    def _send_one(self) -> bool | None:
        """Say whether the server dealt with a digest; None when none waits."""
        due = self._execute(TakeDigest())
        if due is None:
            return None
        digest_id = due.digest.id
        try:
            self._server.send(letter_of(due, pages=self._pages))
        except MailboxRefused as refused:
            self._execute(RecordDigestFailure(digest_id=digest_id, reason=str(refused), for_good=True))
        except ConnectorError as error:
            log.warning("mail not sent", extra={"digest": str(digest_id), "tries": due.digest.tries})
            self._execute(RecordDigestFailure(digest_id=digest_id, reason=str(error), for_good=False))
            self._pass_over = min(2**self._failures, MOST_TURNS_PASSED)
            self._failures += 1
            return False
        else:
            self._execute(RecordDigestSent(digest_id=digest_id))
        self._failures = 0
        return True


class ForgetOldDigests:
    """Forget what became of mails long ago, whether mail is sent or not any more."""

    def __init__(self, *, execute: Execute) -> None:
        self._execute = execute

    def __call__(self) -> Share:
        """Do it; what is counted was forgotten."""
        return Share(done=self._execute(ForgetDigests()), has_more=False)

"""What a person chose to be told by mail, and a digest: how many notices of which kind wait, and nothing of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workflows.casework.mail.errors import MailAddressWrong, MailChoiceWrong
from workflows.casework.orders.notices import NoticeCause

LONGEST_ADDRESS = 254
PAUSES = (1, 4, 24)
"""Hours that lie at least between two digests to one person."""
HOURS = range(24)
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChoice:
    """Which notices a person is told of by mail, where, and at what hours of the county's clocks not.

    Quiet hours go from `quiet_from` up to `quiet_until`, over midnight where that is earlier; none where both are
    equal. Notices written before `since` are not told of.

    Raises:
        MailAddressWrong: the address is none.
        MailChoiceWrong: no kind of notice was chosen, or hours that are none.
    """

    login: str
    address: str
    causes: frozenset[NoticeCause]
    pause_hours: int
    quiet_from: int
    quiet_until: int
    since: datetime

    def __post_init__(self) -> None:
        if not is_address(self.address):
            raise MailAddressWrong(self.address)
        if not self.causes or self.pause_hours not in PAUSES or not {self.quiet_from, self.quiet_until} <= set(HOURS):
            raise MailChoiceWrong(pauses=", ".join(map(str, PAUSES)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One mail to a person: made once, tried until it is taken, refused, has failed too often, or all was read.

    It knows numbers of notices by kind: neither a case nor a person nor a word of a notice leaves the house.
    """

    id: UUID
    login: str
    counts: Mapping[str, int]
    made_at: datetime
    next_at: datetime
    tries: int = 0
    sent_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""  # why it was not taken at the last try, as the server said


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDigest:
    """A digest that is to be sent now, with where to and in which language."""

    digest: Digest
    address: str
    language: str


def is_address(text: str) -> bool:
    """Say whether this is the address of a mailbox, as it stands in a letter."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None

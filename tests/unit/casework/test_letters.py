"""The words of a digest: every kind of notice has its line, and the lines add up to the number said first."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from workflows.casework.mail.letters import letter_of
from workflows.casework.mail.model import Digest, DueDigest
from workflows.casework.orders.notices import CAUSE_WORDS, NoticeCause

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def due(language: str, **counts: int) -> DueDigest:
    digest = Digest(id=uuid4(), login="clerk", counts=counts, made_at=NOW, next_at=NOW)
    return DueDigest(digest=digest, address="a@county.example", language=language)


def test_every_cause_has_words() -> None:
    assert set(CAUSE_WORDS) == set(NoticeCause)


@pytest.mark.parametrize(
    ("language", "subject", "line"),
    [
        ("zh", "救助通办：5 条未读通知", "- 其他通知：3 条"),
        ("en", "ReliefDesk: 5 unread notices", "- Other notices: 3"),
    ],
)
def test_kinds_of_a_later_release_stand_together_in_one_line(language: str, subject: str, line: str) -> None:
    letter = letter_of(due(language, mention=2, gossip=1, rumour=2), pages=None)
    assert letter.subject == subject
    assert line in letter.text.splitlines()
    assert "其他通知" not in letter_of(due("zh", mention=2), pages=None).text

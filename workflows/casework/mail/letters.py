"""The words of a digest: how many notices of which kind wait, and where they are read; of no case and no person."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.core.texts import Words
from workflows.casework.mail.model import DueDigest
from workflows.casework.orders.notices import CAUSE_WORDS

PRODUCT = Words("救助通办", "ReliefDesk")
OTHER_KIND = Words("其他通知", "Other notices")  # of a kind this release knows no word for: a later one wrote it


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail as it is sent; the same id is the same mail, however often it is sent."""

    id: UUID
    to: str
    subject: str
    text: str
    language: str


def letter_of(due: DueDigest, *, pages: str | None) -> Letter:
    """Return the letter of a digest; `pages` is where the pages are reached, if that is known."""
    counts = due.digest.counts
    total = sum(counts.values())
    words = _english if due.language == "en" else _chinese
    lines = [(CAUSE_WORDS[cause], counts[cause]) for cause in CAUSE_WORDS if cause in counts]
    if others := total - sum(count for _, count in lines):
        lines.append((OTHER_KIND, others))
    subject, text = words(total, lines, f"{pages.rstrip('/')}/notices" if pages else "")
    return Letter(id=due.digest.id, to=due.address, subject=subject, text=text, language=due.language)


def _chinese(total: int, lines: list[tuple[Words, int]], address: str) -> tuple[str, str]:
    parts = [f"您有 {total} 条未读通知：", "", *(f"- {words.zh}：{count} 条" for words, count in lines), ""]
    parts += [f"请登录查看：{address}" if address else f"请登录{PRODUCT.zh}，在“通知”中查看。", ""]
    parts += ["邮件不含案件和个人信息。可在“我的账号 › 邮件提醒”中更改或停止。", "本邮件由系统自动发出，请勿回复。"]
    return f"{PRODUCT.zh}：{total} 条未读通知", "\n".join(parts) + "\n"


def _english(total: int, lines: list[tuple[Words, int]], address: str) -> tuple[str, str]:
    noun = "notice" if total == 1 else "notices"
    parts = [f"You have {total} unread {noun}:", "", *(f"- {words.en}: {count}" for words, count in lines), ""]
    parts += [f"Sign in to read: {address}" if address else f"Sign in to {PRODUCT.en} and open Notices.", ""]
    parts += [
        "This mail names no case and no person. Change or stop it under My account › Notices by mail.",
        "Please do not reply.",
    ]
    return f"{PRODUCT.en}: {total} unread {noun}", "\n".join(parts) + "\n"

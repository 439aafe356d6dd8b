"""What is written by hand about the joint conference: not empty, and not endless."""

from __future__ import annotations

from engine.core.texts import Words
from workflows.casework.conference.errors import ConferenceTextWrong

MOST = 1_000  # characters

TITLE, PLACE, TEXT = Words("标题", "title"), Words("地点", "place"), Words("内容", "text")
REASON, NAME, POST = Words("理由", "reason"), Words("姓名", "name"), Words("职务", "post")


def checked_text(given: str, field: Words) -> str:
    """Return what was written, without blanks around it.

    Raises:
        ConferenceTextWrong: it is empty or too long.
    """
    text = given.replace("\r\n", "\n").strip()
    if not 1 <= len(text) <= MOST:
        raise ConferenceTextWrong(field=field.zh, field_en=field.en, most=MOST, found=len(text))
    return text

"""Numbers and days that are drawn as such, not as expressions: what could never be read is said before it runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from engine.bpmn.names import local_name, zeebe
from engine.core import timers
from engine.core.limits import MOST_DIGITS, MOST_RETRIES

if TYPE_CHECKING:
    from lxml import etree

    from engine.bpmn.drawing import Drawing

_SAMPLE_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_HIGHEST_PRIORITY = 100
_NUMBERS = {
    ("taskDefinition", "retries"): MOST_RETRIES,
    ("priorityDefinition", "priority"): _HIGHEST_PRIORITY,
}
_DAYS = ("dueDate", "followUpDate")


def check(drawing: Drawing) -> None:
    """Report retries and priorities that are no number in reach, and days that are none."""
    for process in drawing.processes:
        for (tag, attribute), highest in _NUMBERS.items():
            for element in process.iter(zeebe(tag)):
                _check_number(drawing, element, attribute, highest)
        for schedule in process.iter(zeebe("taskSchedule")):
            for attribute in _DAYS:
                _check_day(drawing, schedule, attribute)


def _literal(element: etree._Element, attribute: str) -> str:
    text = (element.get(attribute) or "").strip()
    return "" if text.startswith("=") else text


def _check_number(drawing: Drawing, element: etree._Element, attribute: str, highest: int) -> None:
    text = _literal(element, attribute)
    is_in_reach = text.isdecimal() and len(text) <= MOST_DIGITS and int(text) <= highest
    if text and not is_in_reach:
        drawing.report("bad-value", element, attribute=attribute, value=text, allowed=f"0–{highest}")


def _check_day(drawing: Drawing, schedule: etree._Element, attribute: str) -> None:
    text = _literal(schedule, attribute)
    if not text:
        return
    try:
        timers.parse_moment(text, _SAMPLE_NOW)
    except timers.TimerUnreadable as failure:
        told = {"reason_zh": failure.text("zh"), "reason_en": failure.text("en")}
        drawing.report("timer-not-readable", schedule, id=f"{local_name(schedule)}.{attribute}", value=text, **told)

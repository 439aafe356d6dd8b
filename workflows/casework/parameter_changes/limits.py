"""Within which limits a figure of policy makes sense to what reads it: beyond them work would stop, or go wrong.

Of what kind a value is, the values before it tell (`shapes`); this is about how much, and about which words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.core.texts import Words
from engine.json_values import JsonValue
from workflows.casework.agencies import AGENCIES
from workflows.casework.days import day_in
from workflows.casework.evidence.file_kinds import FileKind
from workflows.casework.parameter_changes.shapes import WHOLE_UNITS, is_number

_DAY_OF_A_YEAR = "月-日"  # the unit of a day of every year
_SHARE = re.compile(r".*_(rate|share)(_.*)?")  # of a whole: told without a unit
_COMMON_YEAR = 2027  # without a 29 February: a day of every year lies in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The least and the most a figure may be."""

    least: int = 0
    most: int | None = None

    def holds(self, value: JsonValue) -> bool:
        """Say whether a number lies within it."""
        number = Decimal(str(value))
        return self.least <= number and (self.most is None or number <= self.most)

    @property
    def words(self) -> Words:
        """Return what is asked for."""
        if self.most is None:
            return Words(f"不小于 {self.least} 的数", f"a number from {self.least} on")
        return Words(f"{self.least} 至 {self.most} 的数", f"a number from {self.least} to {self.most}")


_SPANS_OF_UNITS: Mapping[str, Span] = {
    "每月几日": Span(least=1, most=28),  # every month has it
    "周岁": Span(least=1, most=120),
    "%": Span(most=100),
}
_SPANS: Mapping[str, Span] = {
    "school_opens_month_spring": Span(least=1, most=12),
    "school_opens_month_autumn": Span(least=1, most=12),
    "price_link_divisor": Span(least=1),
}
_CHOICES: Mapping[str, Collection[str]] = {
    "evidence_types": tuple(FileKind),
    "check_sources": tuple(one.key for one in AGENCIES),
    "dibao_amount_mode": ("gap", "graded"),
}
_MAY_BE_NOTHING = frozenset(
    {
        *("phase_out_months", "comment_correction_minutes", "expiry_warning_days", "disability_card_warning_days"),
        *("conference_soon_days", "order_soon_days", "order_level_1_days", "temporary_same_event_days"),
    }
)
"""Whole units of which none is a decision too: no warning before, no grace, nothing phased out."""


def beyond(key: str, value: JsonValue, unit: str) -> Words | None:
    """Return what a value of the right kind should be that nothing could work with; None: it is fine."""
    if is_number(value):
        span = _span(key, unit)
        return None if span.holds(value) else span.words
    if key in _CHOICES:
        return _beyond_choices(value, _CHOICES[key])
    if key == "conference_expected_by" and not (isinstance(value, list) and all(map(_is_day_of_every_year, value))):
        return Words("若干行“月-日”，如 06-30", "lines of month and day, such as 06-30")
    if unit == _DAY_OF_A_YEAR and not _is_day_of_every_year(value):
        return Words("“月-日”，如 10-31", "month and day, such as 10-31")
    return None


def _span(key: str, unit: str) -> Span:
    if key in _SPANS:
        return _SPANS[key]
    plain = unit.partition("，")[0]
    if plain in _SPANS_OF_UNITS:
        return _SPANS_OF_UNITS[plain]
    if not unit and _SHARE.fullmatch(key):
        return Span(most=1)
    needs_some = plain in WHOLE_UNITS and plain == unit and key not in _MAY_BE_NOTHING
    return Span(least=1 if needs_some else 0)


def _beyond_choices(value: JsonValue, choices: Collection[str]) -> Words | None:
    given = value if isinstance(value, list) else [value]
    if all(one in choices for one in given):
        return None
    shown = "、".join(choices), ", ".join(choices)
    return Words(f"以下各项中的若干项：{shown[0]}", f"some of {shown[1]}")


def _is_day_of_every_year(value: JsonValue) -> bool:
    return day_in(_COMMON_YEAR, value) is not None

"""The form of a migration: what was typed and chosen, and the batch it asks for."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from engine.batches import BatchKind, InstanceFilter
from engine.commands.batches import Asked
from engine.permissions import MAX_REASON
from web.i18n import COUNTY_TIME
from web.schemas.base import EARLIEST_DAY, LATEST_DAY
from workflows.casework.county import TOWN_BY_REGION

GOES_TO = "to."
"""Before the id of an element, the name of the field that says where it goes."""
FIELDS = (
    "source", "target", "other_source", "other_target", "element", "region", "number", "since", "until", "tried",
    "reason", "seen", "allowed", "submission_key",
)  # fmt: skip
TRIED = ("20", "100", "500")
MOST_DIGITS = 9
LONGEST = 1_000  # characters of one field


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationForm:
    """What was typed; `chosen` says of elements of the old version where they go, empty where nowhere."""

    typed: Mapping[str, str]
    chosen: Mapping[str, str]

    @classmethod
    def of(cls, given: MultiDict[str, str]) -> MigrationForm:
        """Read a form or an address."""
        chosen = {name.removeprefix(GOES_TO): value for name, value in given.items() if name.startswith(GOES_TO)}
        return cls(typed={name: given.get(name, "")[:LONGEST].strip() for name in FIELDS}, chosen=chosen)

    def __getitem__(self, name: str) -> str:
        return self.typed[name]

    @property
    def tried(self) -> int:
        """Return how many cases are tried first."""
        return int(self["tried"]) if self["tried"] in TRIED else 100

    def objections(self, elements: Container[str]) -> dict[str, str]:
        """Return what is wrong with what was typed, by field; the elements are those something can stand at."""
        found = reason_objections(self["reason"])
        for name in ("since", "until"):
            if self[name] and _day(self[name]) is None:
                found[name] = str(_("日期无法识别，请按 2026-01-31 的样式填写。"))
        since, until = _day(self["since"]), _day(self["until"])
        if since is not None and until is not None and since > until:
            found["until"] = str(_("截止日期不能早于起始日期。"))
        if self["element"] and self["element"] not in elements:
            found["element"] = str(_("请从列表中选择。"))
        if self["region"] and self["region"] not in TOWN_BY_REGION:
            found["region"] = str(_("请从列表中选择。"))
        return found

    @property
    def filter(self) -> InstanceFilter:
        """Return which cases are meant; only where nothing is objected to."""
        since, until = _day(self["since"]), _day(self["until"])
        return InstanceFilter(
            element_id=self["element"] or None,
            region=self["region"] or None,
            business_key=self["number"] or None,
            started_after=None if since is None else _begin_of(since),
            started_before=None if until is None else _begin_of(until + timedelta(days=1)),
        )

    def asked(self, source: UUID, target: UUID, mapping: Mapping[str, str]) -> Asked:
        """Return the batch; that all of a version is meant was seen in the trial and typed."""
        return Asked(
            kind=BatchKind.MIGRATE,
            filter=self.filter,
            parameters={"source": str(source), "target": str(target), "mapping": dict(mapping)},
            reason=self["reason"],
            everything=not self.filter.narrows,
        )


def reason_objections(reason: str) -> dict[str, str]:
    """Return what is wrong with a reason, by its field."""
    if not reason.strip() or len(reason) > MAX_REASON:
        return {"reason": str(_("请填写原因，最多 %(most)s 个字。", most=MAX_REASON))}
    return {}


def seen_of(text: str) -> int | None:
    """Return the number of cases a trial handed on."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < MOST_DIGITS else None


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), COUNTY_TIME)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST_DAY <= day <= LATEST_DAY else None

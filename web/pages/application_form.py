"""The application as a plain HTML form: reading it back, rows that come and go, and errors at their fields.

The names of the fields are the paths of the application's JSON with dashes: `members-0-name` is `members[0].name`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from engine.json_values import JsonObject
from web.errors import Objection
from web.labels import in_language
from web.pages.application_fields import (
    Entry,
    account_entries,
    bill_entries,
    condition_entries,
    event_entries,
    heading_entries,
    household_entries,
    member_entries,
    proxy_entries,
    spending_entries,
    supporter_entries,
)
from web.schemas.application import MOST_BILLS, MOST_SUPPORTERS, ApplicationSchema
from web.schemas.messages import objections
from workflows.casework.intake import LARGEST_HOUSEHOLD
from workflows.casework.model import Application

Value = TypeVar("Value")

MAX_VALUE = 2000
MAX_CHOSEN = 50
WHOLE = frozenset({"grade", "disability_level", "age"})
_STEP = re.compile(r"[^.\[\]]+")
_ROW = re.compile(r"(members|supporters|bills)-(\d+)-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A part of the form with any number of rows."""

    one: str  # what one row is called in the names of buttons and of the hidden count
    fewest: int
    most: int
    called: tuple[str, str]
    entries: Callable[[], list[Entry]]


def _all_member_entries() -> list[Entry]:
    return [*member_entries(), *condition_entries()]


ROWS: Mapping[str, Rows] = {
    "members": Rows(
        one="member", fewest=1, most=LARGEST_HOUSEHOLD, called=("家庭成员", "Member"), entries=_all_member_entries
    ),
    "supporters": Rows(
        one="supporter",
        fewest=0,
        most=MOST_SUPPORTERS,
        called=("赡（抚、扶）养义务人", "Legal supporter"),
        entries=supporter_entries,
    ),
    "bills": Rows(one="bill", fewest=0, most=MOST_BILLS, called=("账单", "Bill"), entries=bill_entries),
}


@dataclass(slots=True, kw_only=True)
class ApplicationForm:
    """What was typed so far, and what is wrong with it."""

    values: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=lambda: {name: part.fewest for name, part in ROWS.items()})
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def blank(cls, *, region: str, today: date, submission_key: str) -> ApplicationForm:
        """Return the form as it is opened."""
        values = {
            "region": region,
            "received_on": today.isoformat(),
            "submission_key": submission_key,
            "members-0-relation": "self",
            "recognised_status": "none",
            "channel": "window",
        }
        return cls(values=values)

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> ApplicationForm:
        """Return the form as it was sent; what is too long to be meant is cut."""
        read = cls(
            values={name: value[:MAX_VALUE].strip() for name, value in form.items()},
            rows={name: _count(form.get(f"{part.one}_count", ""), part) for name, part in ROWS.items()},
        )
        several = [name for name, entry in read.entries().items() if entry.kind == "checks"]
        read.chosen = {name: form.getlist(name)[:MAX_CHOSEN] for name in several}
        return read

    def value(self, name: str) -> str:
        """Return what stands in a field."""
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        """Return what is wrong with a field."""
        return self.errors.get(name, "")

    def is_chosen(self, name: str, option: str) -> bool:
        """Say whether an option of a list of boxes is ticked."""
        return option in self.chosen.get(name, [])

    def is_used(self, entries: Iterable[Entry], prefix: str = "") -> bool:
        """Say whether a part that few need holds something, or something wrong: then it stands open."""
        return any(self._is_used(prefix + entry.key, entry) for entry in entries)

    def change_rows(self, action: str) -> bool:
        """Do what a button for rows says, and tell whether it was one."""
        for name, part in ROWS.items():
            if action == f"add-{part.one}":
                self._add_row(name)
                return True
            if action.startswith(f"remove-{part.one}-"):
                row = action.removeprefix(f"remove-{part.one}-")
                self._remove_row(name, int(row) if row.isdecimal() and len(row) < 4 else -1)
                return True
        return False

    def application(self) -> Application | None:
        """Return the application, or None with the errors set."""
        for name, entry in self.entries().items():
            if entry.is_required and not (self.chosen.get(name) if entry.kind == "checks" else self.value(name)):
                self._set(name, in_language("此项必填", "This is required"))
        try:
            loaded: Application = ApplicationSchema().load(self._document())
        except ValidationError as invalid:
            self.set_objections(list(objections(invalid.messages)))
            return None
        return None if self.errors else loaded

    def entries(self) -> dict[str, Entry]:
        """Return all fields of the form by their names."""
        return {
            **{entry.key: entry for entry in heading_entries()},
            **{f"household-{entry.key}": entry for entry in (*household_entries(), *spending_entries())},
            **self._row_entries("members"),
            **{f"event-{entry.key}": entry for entry in event_entries()},
            **self._row_entries("bills"),
            **self._row_entries("supporters"),
            **{f"account-{entry.key}": entry for entry in account_entries()},
            **{f"proxy-{entry.key}": entry for entry in proxy_entries()},
        }

    def listed_errors(self) -> list[tuple[str, str, str]]:
        """Return every error as the name of its field, what the field is called, and the text; names may be empty."""
        known = self.entries()
        found = sorted(self.errors.items(), key=lambda one: list(known).index(one[0]) if one[0] in known else -1)
        return [(name if name in known else "", _called(name, known), message) for name, message in found]

    def set_objections(self, found: Iterable[Objection]) -> None:
        """Show objections of the schema at their fields."""
        for one in found:
            self._set("-".join(str(step) for step in one.path), in_language(one.message_zh, one.message_en))

    def set_errors(self, found: Iterable[tuple[str, str]]) -> None:
        """Show errors of the domain at their fields; paths as in 'members[0].name'."""
        for path, message in found:
            self._set("-".join(_STEP.findall(path)), message)

    def _set(self, name: str, message: str) -> None:
        field_name = re.sub(r"(^needs|^documents|-failed_self_care)-\d+$", r"\1", name)
        self.errors.setdefault(field_name, message)

    def _is_used(self, name: str, entry: Entry) -> bool:
        if self.error(name) or self.chosen.get(name):
            return True
        first = entry.options[0][0] if entry.options else ""
        return entry.kind != "checks" and self.value(name) not in ("", first)

    def _row_entries(self, name: str) -> dict[str, Entry]:
        return {f"{name}-{row}-{entry.key}": entry for row in range(self.rows[name]) for entry in ROWS[name].entries()}

    def _add_row(self, name: str) -> None:
        self.rows[name] = min(self.rows[name] + 1, ROWS[name].most)

    def _remove_row(self, name: str, index: int) -> None:
        """Take a row out and move those below up."""
        if not 0 <= index < self.rows[name] or self.rows[name] == ROWS[name].fewest:
            return
        self.values = _without_row(self.values, name, index)
        self.chosen = _without_row(self.chosen, name, index)
        self.rows[name] -= 1

    def _document(self) -> JsonObject:
        document: JsonObject = {
            **self._filled(heading_entries()),
            "submission_key": self.value("submission_key"),
            "household": self._filled([*household_entries(), *spending_entries()], "household-"),
            **{
                name: [self._filled(part.entries(), f"{name}-{row}-") for row in range(self.rows[name])]
                for name, part in ROWS.items()
            },
        }
        for name, entries in (("event", event_entries()), ("account", account_entries()), ("proxy", proxy_entries())):
            filled = self._filled(entries, f"{name}-")
            if filled:
                document[name] = filled
        return document

    def _filled(self, entries: Iterable[Entry], prefix: str = "") -> JsonObject:
        found: JsonObject = {}
        for entry in entries:
            name = prefix + entry.key
            value = self.value(name)
            *parents, key = entry.key.split("-")
            place = found
            if entry.kind == "checks":
                found[key] = self.chosen.get(name, [])
            elif entry.kind == "check":
                found[key] = value == "1"
            elif value:
                for parent in parents:
                    place = place.setdefault(parent, {})
                place[key] = int(value) if key in WHOLE and re.fullmatch(r"\d{1,4}", value) else value
        return found


def _count(text: str, part: Rows) -> int:
    count = int(text) if text.isdecimal() and len(text) < 4 else part.fewest
    return max(part.fewest, min(count, part.most))


def _without_row(values: Mapping[str, Value], name: str, index: int) -> dict[str, Value]:
    kept: dict[str, Value] = {}
    for key, value in values.items():
        found = _ROW.match(key)
        if found is None or found[1] != name or int(found[2]) < index:
            kept[key] = value
        elif int(found[2]) > index:
            kept[f"{name}-{int(found[2]) - 1}-{key[found.end() :]}"] = value
    return kept


def _called(name: str, known: Mapping[str, Entry]) -> str:
    if name not in known:
        return ""
    row = _ROW.match(name)
    if row is None:
        return known[name].label
    zh, en = ROWS[row[1]].called
    number = int(row[2]) + 1
    return f"{in_language(f'{zh} {number} ', f'{en} {number}, ')}{known[name].label}"

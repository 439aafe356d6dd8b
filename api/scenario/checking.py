"""Checking what a file holds value by value: each finding says where, what stands there and what was expected."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from api.scenario.shapes import mismatches
from api.scenario.source import Path, Source

SHOWN_CHOICES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong in a file, with the line and the place it stands at."""

    file: str
    line: int
    place: str
    zh: str
    en: str

    def __str__(self) -> str:
        place = f" {self.place}:" if self.place else ""
        return f"{self.file}:{self.line}:{place} {self.zh} {self.en}"


class FileInvalid(Exception):
    """A file is no scenario; `findings` says everything that is wrong with it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(one) for one in self.findings))


@dataclass(slots=True)
class Checker:
    """Looks at the values of a file and gathers what is wrong."""

    source: Source
    findings: list[Finding] = field(default_factory=list)

    def mapping(self, path: Path, *, required: Collection[str], optional: Collection[str]) -> dict[str, Any]:
        """Return an object whose keys are all known; what is no object counts as an empty one."""
        found = self._at(path)
        if not isinstance(found, dict):
            self.find(
                path, f"此处应为键值对，实为 {shown(found)}。", f"Keys and values are needed here, not {shown(found)}."
            )
            return {}
        known = (*required, *optional)
        for key in found:
            if key not in known:
                self._unknown((*path, key), "键", "key", key, known)
        for key in required:
            if key not in found:
                self.find(path, f"缺少 {key}。", f"{key} is missing.")
        return found

    def text(self, path: Path) -> str:
        """Return a text that is not empty."""
        found = self._at(path)
        if isinstance(found, str) and found.strip():
            return found
        hint = (
            (" 请加引号。", " Put it in quotes.")
            if isinstance(found, int) and not isinstance(found, bool)
            else ("", "")
        )
        self.find(
            path, f"此处应为文字，实为 {shown(found)}。{hint[0]}", f"A text is needed, not {shown(found)}.{hint[1]}"
        )
        return ""

    def flag(self, path: Path) -> bool:
        """Return true or false."""
        found = self._at(path)
        if not isinstance(found, bool):
            self.find(
                path, f"此处应为 true 或 false，实为 {shown(found)}。", f"true or false is needed, not {shown(found)}."
            )
            return False
        return found

    def moment(self, path: Path) -> datetime | None:
        """Return an instant with its offset."""
        found = self._at(path)
        try:
            instant = datetime.fromisoformat(found) if isinstance(found, str) else None
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None:
            self.find(
                path,
                f"此处应为带时区的时刻，如 2026-04-13T09:00:00+08:00，实为 {shown(found)}。",
                f"An instant with its offset is needed, e.g. 2026-04-13T09:00:00+08:00, not {shown(found)}.",
            )
            return None
        return instant

    def day(self, path: Path) -> date | None:
        """Return a day."""
        found = self._at(path)
        try:
            return date.fromisoformat(str(found))
        except ValueError:
            self.find(
                path,
                f"此处应为日期，如 2026-04-13，实为 {shown(found)}。",
                f"A day is needed, e.g. 2026-04-13, not {shown(found)}.",
            )
            return None

    def choice(self, path: Path, choices: Collection[str], zh: str, en: str) -> str:
        """Return one of the words that are known; `zh` and `en` say what they name."""
        found = self.text(path)
        if found and found not in choices:
            self._unknown(path, zh, en, found, choices)
        return found

    def rows(self, path: Path) -> list[Any]:
        """Return a list; what is none counts as an empty one."""
        found = self._at(path)
        if not isinstance(found, list):
            self.find(path, f"此处应为列表，实为 {shown(found)}。", f"A list is needed, not {shown(found)}.")
            return []
        return found

    def shape(self, path: Path, shape: Any) -> None:
        """Look whether the value is as a function's annotation says."""
        for one in mismatches(self._at(path), shape):
            found = shown(one.value)
            self.find((*path, *one.path), f"此处应为{one.zh}，实为 {found}。", f"This should be {one.en}, not {found}.")

    def find(self, path: Path, zh: str, en: str) -> None:
        """Add a finding."""
        place = _place(path)
        self.findings.append(Finding(file=self.source.name, line=self.source.line(*path), place=place, zh=zh, en=en))

    def _unknown(self, path: Path, zh: str, en: str, found: str, known: Collection[str]) -> None:
        close = _close_to(found, known)
        listed = list(known) if len(known) <= SHOWN_CHOICES else [*close, "…"]
        self.find(
            path,
            f"没有名为 {found} 的{zh}；可用：{'、'.join(listed)}。",
            f"There is no {en} {found}; known: {', '.join(listed)}." + (f" Did you mean {close[0]}?" if close else ""),
        )

    def _at(self, path: Path) -> Any:
        found = self.source.value
        for step in path:
            found = found[step]
        return found


def _close_to(found: str, known: Collection[str]) -> list[str]:
    """Return the known words that are most alike, whichever way they are written."""
    alike = {one.lower().replace("_", "-"): one for one in known}
    return [alike[one] for one in difflib.get_close_matches(found.lower().replace("_", "-"), alike, n=3, cutoff=0.5)]


def shown(value: object) -> str:
    """Return a value as a finding names it."""
    if isinstance(value, dict):
        return "键值对/an object"
    if isinstance(value, list):
        return "列表/a list"
    if value is None:
        return "空/nothing"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _place(path: Path) -> str:
    place = ""
    for step in path:
        place += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if place else step
    return place

"""The people at their desks, and what is noticed while a scenario runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import httpx

from api.demo.desk import Desk, Refused
from api.scenario.model import Scenario
from engine.json_values import JsonObject
from workflows.casework.records import Parameter
from workflows.playing.comparing import Comparison

LOCAL = ZoneInfo("Asia/Shanghai")
SUPERVISOR = "supervisor"
ADMINISTRATOR = "administrator"
MAIN_CASE = "main"

Found = TypeVar("Found")
Say = Callable[[str], None]


class Grounds(Protocol):
    """A county to run a scenario in."""

    @property
    def simulator(self) -> httpx.Client:
        """The agencies, the bank, the insurer and the message gateway."""
        ...

    def desk(self, login: str) -> Desk:
        """Return a new desk for somebody."""
        ...

    def begin(self, moment: datetime, parameters: tuple[Parameter, ...], *, provisional_calendar: bool) -> None:
        """Set the clock, and the figures of policy that differ."""
        ...

    def move_to(self, moment: datetime) -> None:
        """Let time pass; what is due on the way happens."""
        ...

    def settle(self, is_quiet: Callable[[], bool]) -> None:
        """Let everything under way be done; `is_quiet` tells a county that works by itself when that is."""
        ...

    def eventually(self, found: Callable[[], Found | None]) -> Found | None:
        """Return what is found once everything under way is done; None when it never is."""
        ...


class Office:
    """The county's people at their desks."""

    def __init__(self, grounds: Grounds) -> None:
        self.grounds = grounds
        self._desks: dict[str, Desk] = {}

    def desk(self, login: str) -> Desk:
        """Return somebody's desk."""
        if login not in self._desks:
            self._desks[login] = self.grounds.desk(login)
        return self._desks[login]

    def case(self, number: str) -> JsonObject:
        """Return a case as the county's supervisor sees it."""
        return self.desk(SUPERVISOR).case(number)

    def close(self) -> None:
        """Everybody goes home."""
        for desk in self._desks.values():
            desk.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailLine:
    """Who did what, when."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a scenario could not go on; `line` is where its file says what was to be done."""

    line: int
    zh: str
    en: str


@dataclass(slots=True, kw_only=True)
class Course:
    """A scenario under way: its cases by name, what was noticed, what was kept under a name."""

    scenario: Scenario
    office: Office
    at: datetime
    case: str = ""  # the number of the case the current step is about
    cases: dict[str, str] = field(default_factory=dict)
    applications: dict[str, JsonObject] = field(default_factory=dict)
    named: dict[str, Any] = field(default_factory=dict)
    dues: dict[str, str] = field(default_factory=dict)
    trail: list[TrailLine] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    failure: Failure | None = None
    closing: JsonObject = field(default_factory=dict)  # how the cases stood at the end
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Tell whether the scenario went to its end and everything was as expected."""
        return self.failure is None and all(one.holds for one in self.comparisons)

    def view(self) -> JsonObject:
        """Return the case of the current step as the county's supervisor sees it."""
        return self.office.case(self.case)

    def note(self, who: str, what: str, at: datetime | None = None) -> None:
        """Add a line to the trail."""
        self.trail.append(TrailLine(at=at or self.at, who=who, what=what))


class Missing(Exception):
    """Something that the scenario needs is not there: said in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh} {en}")


def local_day(instant: str | None) -> str | None:
    """Return the county's day of an instant as the API writes it."""
    return None if instant is None else datetime.fromisoformat(instant).astimezone(LOCAL).date().isoformat()


def code_of(refused: Refused) -> str:
    """Return the code of a refusal."""
    return str(refused.problem.get("code"))


def said(refused: Refused) -> str:
    """Return what a refusal says, with everything it objects to."""
    problem = refused.problem
    objections = "；".join(f"{one.get('path')}: {one.get('message')}" for one in problem.get("errors") or ())
    return f"{code_of(refused)} {problem.get('detail', '')}{objections}".strip().rstrip("。")


def place_of(refused: Refused) -> tuple[str | int, ...]:
    """Return the place of the first value a refusal objects to: members[0].phone is members, 0, phone."""
    errors = refused.problem.get("errors") or ()
    path = str(errors[0].get("path") or "") if errors else ""
    return tuple(int(one) if one.isdigit() else one for one in re.findall(r"\w+", path))


def same_code(expected: str) -> str:
    """Return a code as problems carry it: FOUR_EYES is four-eyes, and so is FOUR_EYES_VIOLATION."""
    code = expected.strip().lower().replace("_", "-")
    return code.removesuffix("-violation")

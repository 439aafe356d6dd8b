"""How work lies on the people of the units one supervises: what each holds, what is late, and who is absent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from engine.queries import HolderCounts
from workflows.casework.supervision import OfficeKey, Offices
from workflows.organisation.model import ADMINISTRATOR, SUPERVISOR, Account

_NUMBERS = ("open", "overdue", "due_soon", "done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Until when somebody is absent, and who stands in."""

    last_on: date
    substitute_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLoad:
    """What one person of a unit holds of its tasks, and has done of them this month."""

    login: str
    name: str
    open: int
    overdue: int
    due_soon: int | None  # None: nobody can tell without the calendar
    done: int
    away: Away | None

    @property
    def is_idle(self) -> bool:
        """Say whether there is nothing to tell of this person."""
        return not (self.open or self.done or self.away)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeLoad:
    """How the tasks of a unit lie on its people, most first; `unheld` are those that nobody holds."""

    unit: str  # its key, for the lists behind the numbers
    name: str
    name_en: str
    open: int
    unheld: int
    overdue: int
    due_soon: int | None
    done: int
    absent: int
    people: Sequence[PersonLoad]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The load of the units in sight at one moment; `done` is counted since the first day of the month."""

    counted_at: datetime
    since: date
    offices: Sequence[OfficeLoad]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """The people whose load is shown, the names of everybody who holds a task, and who of them is absent."""

    accounts: Sequence[Account]
    names: Mapping[str, str]
    away: Mapping[str, Away]


def is_at_work(role: str) -> bool:
    """Say whether people of this role do tasks of their unit, beside leading or administering it."""
    return role not in (SUPERVISOR, ADMINISTRATOR)


def office_loads(
    counts: Iterable[HolderCounts], staff: Staff, offices: Offices, *, tells_soon: bool
) -> Sequence[OfficeLoad]:
    """Return the load of each unit that has a task or somebody who could do one, the most over the limit first."""
    found: dict[OfficeKey, dict[str | None, Counter[str]]] = {}
    for account in staff.accounts:
        for post in account.posts:
            if is_at_work(post.role):
                key = OfficeKey(kind=post.unit.kind, region=post.unit.region)
                found.setdefault(key, {})[account.login] = Counter()
    for one in counts:
        of_office = found.setdefault(offices.of_task(one.unit_kind, one.region), {})
        of_office.setdefault(one.holder, Counter()).update({name: getattr(one, name) for name in _NUMBERS})
    loads = [_office(key, people, staff, offices, tells_soon=tells_soon) for key, people in found.items()]
    return sorted(loads, key=lambda one: (-one.overdue, -one.open, one.unit))


def _office(
    key: OfficeKey, people: Mapping[str | None, Counter[str]], staff: Staff, offices: Offices, *, tells_soon: bool
) -> OfficeLoad:
    name = offices.name(key)
    total = sum(people.values(), Counter())
    persons = [_person(login, held, staff, tells_soon=tells_soon) for login, held in people.items() if login]
    return OfficeLoad(
        unit=str(key),
        name=name[0],
        name_en=name[1],
        open=total["open"],
        unheld=people.get(None, Counter())["open"],
        overdue=total["overdue"],
        due_soon=total["due_soon"] if tells_soon else None,
        done=total["done"],
        absent=sum(one.away is not None for one in persons),
        people=sorted(persons, key=lambda one: (-one.open, -one.done, one.login)),
    )


def _person(login: str, held: Counter[str], staff: Staff, *, tells_soon: bool) -> PersonLoad:
    return PersonLoad(
        login=login,
        name=staff.names.get(login, login),
        open=held["open"],
        overdue=held["overdue"],
        due_soon=held["due_soon"] if tells_soon else None,
        done=held["done"],
        away=staff.away.get(login),
    )

"""Setting up the county: units, accounts, figures of policy, calendar, and the shipped diagrams."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from engine.commands.deployments import RESOURCE_KINDS, DeployResources
from engine.executor import Engine
from engine.model import SYSTEM, Resource
from workflows.casework import county
from workflows.casework.commands import LoadCalendarYear, LoadCalendarYears, SetParameters
from workflows.casework.parameters import TEST_PARAMETERS
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.errors import AlreadyExists
from workflows.organisation.model import ADMINISTRATOR, SUPERVISOR, Unit
from workflows.organisation.ports import OrganisationQueries
from workflows.rules.calendar import CalendarDay

DEMO_PASSWORD = "relief-demo-2026"  # noqa: S105  printed with the accounts of the demo; never made elsewhere
RESOURCE_FOLDERS = ("bpmn", "dmn", "forms")
PROVISIONAL_SOURCE = "演示用暂定日历：仅法定节日，未含调休；国务院通知发布后须重新导入"
PROVISIONAL_YEARS = {
    2027: tuple(
        CalendarDay(day=date(2027, month, day), is_workday=False, name=name)
        for month, day, name in (
            (1, 1, "元旦"),
            (2, 5, "除夕"),
            (2, 8, "春节"),
            (4, 5, "清明节"),
            (6, 9, "端午节"),
            (9, 15, "中秋节"),
            (10, 1, "国庆节"),
        )
    ),
}
"""Years the published data does not have yet, for the demo alone: a real county waits for the notice."""
PAIRED_ROLES = frozenset({"checker", "clerk", "reviewer", "surveyor"})
PAIRED_UNITS = frozenset({county.TOWNSHIP, county.CIVIL_AFFAIRS, "finance", "rescue_station", "emergency"})
"""Where four eyes could block a small office there are two of a role."""
NAMES = "陈林周吴郑孙钱沈韩杨朱秦许何吕施张孔曹严"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """An account of the demo: who it is and what it may do."""

    login: str
    name: str
    unit_id: str
    role: str


def shipped_resources() -> tuple[Resource, ...]:
    """Return every diagram, decision and form of the product."""
    found = []
    for folder in RESOURCE_FOLDERS:
        for entry in sorted(files("workflows").joinpath(folder).iterdir(), key=lambda one: one.name):
            kind = RESOURCE_KINDS.get(Path(entry.name).suffix)
            if kind is not None:
                found.append(Resource(name=entry.name, kind=kind, content=entry.read_bytes()))
    return tuple(found)


def units() -> tuple[Unit, ...]:
    """Return the county's units with their ids."""
    return tuple(
        Unit(id=unit_id(one), kind=one.kind, name=one.name, name_en=one.name_en, region=one.region)
        for one in county.UNITS
    )


def unit_id(unit: county.Unit) -> str:
    """Return a unit's id: its kind, and its town where there are several of a kind."""
    if unit.region == county.COUNTY_REGION:
        return unit.kind.replace("_", "-")
    return county.TOWN_BY_REGION[unit.region].name_en.split()[0].lower()


def accounts() -> Iterator[DemoAccount]:
    """Return accounts for every role of every unit, and a supervisor and an administrator of the county."""
    number = 0
    for unit in county.UNITS:
        for role in unit.roles:
            for login in _logins(unit, role):
                yield DemoAccount(login=login, name=_name(number), unit_id=unit_id(unit), role=role)
                number += 1
    yield DemoAccount(login="supervisor", name=_name(number), unit_id="civil-affairs", role=SUPERVISOR)
    yield DemoAccount(login="administrator", name=_name(number + 1), unit_id="civil-affairs", role=ADMINISTRATOR)


def _logins(unit: county.Unit, role: str) -> Iterator[str]:
    """Return the logins of a unit's role: of two surveyors none is the first, of two others the second is numbered."""
    name = f"{unit_id(unit)}.{role}"
    yield f"{name}1" if role == "surveyor" else name
    if unit.kind in PAIRED_UNITS and role in PAIRED_ROLES:
        yield f"{name}2"


def set_up(
    engine: Engine[Any],
    organisation: OrganisationQueries,
    *,
    now: datetime,
    password: str | None = DEMO_PASSWORD,
    provisional_calendar: bool = True,
) -> Iterator[str]:
    """Bring the county to life; whatever stands already is left as it is. Yields the name of each step done.

    Without a password nobody can sign in with one, and nothing slow is hashed.
    """
    for unit in units():
        with suppress(AlreadyExists):
            engine.execute(CreateUnit(unit=unit), actor=SYSTEM)
        yield unit.name
    known = {one.login for one in organisation.accounts()}
    with ThreadPoolExecutor(4) as pool:  # hashing a password is slow on purpose, and lets others run meanwhile
        yield from pool.map(
            lambda one: _open_account(engine, one, password), (one for one in accounts() if one.login not in known)
        )
    engine.execute(SetParameters(parameters=TEST_PARAMETERS, region=county.COUNTY_REGION), actor=SYSTEM)
    years = LoadCalendarYears(first_year=now.year - 1, last_year=now.year + 1, region=county.COUNTY_REGION)
    loaded = engine.execute(years, actor=SYSTEM)
    if provisional_calendar:
        load_provisional_years(engine, loaded)
    yield "calendar"
    engine.execute(DeployResources(resources=shipped_resources()), actor=SYSTEM)
    yield "diagrams"


def load_provisional_years(engine: Engine[Any], loaded: Collection[int]) -> None:
    """Load the years that are not published yet as they will probably be."""
    for year, exceptions in PROVISIONAL_YEARS.items():
        if year not in loaded:
            load = LoadCalendarYear(
                year=year, exceptions=exceptions, source=PROVISIONAL_SOURCE, region=county.COUNTY_REGION
            )
            engine.execute(load, actor=SYSTEM)


def _open_account(engine: Engine[Any], account: DemoAccount, password: str | None) -> str:
    create = CreateAccount(
        login=account.login,
        name=account.name,
        password=password,
        posts=((account.unit_id, account.role),),
        must_change_password=False,
    )
    engine.execute(create, actor=SYSTEM)
    return account.login


def steps() -> int:
    """Return how many steps `set_up` takes at most."""
    return len(units()) + len(list(accounts())) + 2


def _name(number: int) -> str:
    given = ("敏", "伟", "静", "磊", "芳", "军", "洁", "涛", "娟", "明")
    return NAMES[number % len(NAMES)] + given[(number // len(NAMES) + number) % len(given)]

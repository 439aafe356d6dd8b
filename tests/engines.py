"""An engine on a database of the test's own, with a clock the test moves and handlers the test brings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine as Database

from api.bootstrap import REPEATABLE_SEARCH_KEY
from engine.commands.deployments import RESOURCE_KINDS, DeployResources
from engine.executor import Engine
from engine.host import Host
from engine.model import SYSTEM, Actor, Deployment, Membership, Resource
from engine.telemetry import UNWATCHED, Telemetry
from storage.database import connect
from storage.encryption import KeyRing
from storage.read_models import SqlQueries
from storage.unit_of_work import SqlUnitOfWork, units_of_work

REGION = "320481001"


@dataclass(slots=True)
class TestClock:
    """A clock that stands until it is moved."""

    __test__ = False
    time: datetime = field(default_factory=lambda: datetime(2026, 6, 15, 1, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.time

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass(slots=True, kw_only=True)
class EngineUnderTest:
    """The engine, its questions, its clock and its database."""

    engine: Engine[SqlUnitOfWork]
    queries: SqlQueries
    clock: TestClock
    database: Database
    keys: KeyRing

    def deploy(self, **files: bytes | str) -> Deployment:
        """Deploy files given as name=content; the last underscore of a name is the dot of its ending."""
        resources = []
        for name, content in files.items():
            stem, _, ending = name.rpartition("_")
            raw = content.encode() if isinstance(content, str) else content
            resources.append(Resource(name=f"{stem}.{ending}", kind=RESOURCE_KINDS[f".{ending}"], content=raw))
        return self.engine.execute(DeployResources(resources=tuple(resources)), actor=SYSTEM)


@contextmanager
def engine_on(
    database_url: str, host: Host[Any] | None = None, *, telemetry: Telemetry = UNWATCHED
) -> Iterator[EngineUnderTest]:
    """Open an engine on a migrated database and close its connections afterwards."""
    database = connect(database_url)
    keys = KeyRing.generate(search_key=REPEATABLE_SEARCH_KEY)
    clock = TestClock()
    try:
        yield EngineUnderTest(
            engine=Engine(
                units_of_work(database, keys), now=clock, host=host or Host(region="320481"), telemetry=telemetry
            ),
            queries=SqlQueries(database, keys),
            clock=clock,
            database=database,
            keys=keys,
        )
    finally:
        database.dispose()


def person(login: str, *groups: str, region: str = REGION) -> Actor:
    """Return somebody with posts like 'township/clerk'."""
    memberships = tuple(
        Membership(unit_kind=kind, role=role, region=region) for kind, _, role in (one.partition("/") for one in groups)
    )
    return Actor(id=login, name=login.capitalize(), memberships=memberships)

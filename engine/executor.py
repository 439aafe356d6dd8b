"""The one place where a transaction begins and ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Generic, TypeVar

from engine.definitions import DefinitionCache
from engine.host import Command, Context, Host, Work
from engine.model import Actor
from engine.telemetry import UNWATCHED, Telemetry

Result = TypeVar("Result")


class Engine(Generic[Work]):
    """Runs commands, each in one transaction of its own: all of it is kept, or nothing."""

    def __init__(
        self,
        unit_of_work: Callable[[], Work],
        *,
        now: Callable[[], datetime],
        host: Host[Work],
        telemetry: Telemetry = UNWATCHED,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._now = now
        self._host = host
        self.telemetry = telemetry
        self._definitions = DefinitionCache()

    @property
    def host(self) -> Host[Work]:
        """Return what the office lends."""
        return self._host

    def now(self) -> datetime:
        """Return the time by the engine's clock, aware, in UTC."""
        return self._now()

    def execute(self, command: Command[Work, Result], *, actor: Actor) -> Result:
        """Run a command for an actor and commit, or roll back and raise what it raised."""
        with self.telemetry.command(command) as observed, self._unit_of_work() as unit_of_work:
            context = Context(
                unit_of_work=unit_of_work,
                now=cache(self._now),  # one moment, taken when it is first asked for: mostly after a wait for a lock
                actor=actor,
                host=self._host,
                definitions=self._definitions,
                observed=observed,
            )
            return command.execute(context)

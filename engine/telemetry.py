"""What the engine tells of its own work, for counting and tracing; by default nobody listens, and it costs nothing."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Protocol

from engine.model import Job, Origin, ProcessInstance

if TYPE_CHECKING:
    from engine.changes import Changes

JobEnd = Literal["completed", "retried", "failed", "error"]

NOWHERE = Origin()


class Observation(Protocol):
    """What is told while one command runs; it counts only once the command is committed."""

    @property
    def origin(self) -> Origin:
        """Where the command came from, kept with the jobs it opens."""
        ...

    def core_run(self, process_id: str) -> AbstractContextManager[object]:
        """Surround one run of the core."""
        ...

    def savepoint(self) -> AbstractContextManager[object]:
        """Surround what may be undone alone: what is told inside a block that raises does not count."""
        ...

    def changed(self, before: ProcessInstance, after: ProcessInstance, changes: Changes) -> None:
        """Hear what one run of the core changed; `before` has no snapshot when it began, `after` when it ended."""
        ...

    def job_taken(self, job: Job, waited: timedelta) -> None:
        """Hear that a worker took a job that was due for so long."""
        ...

    def job_ended(self, job: Job, how: JobEnd) -> None:
        """Hear how the work of a job ended: 'retried' when it is tried again, 'failed' when it is stuck."""
        ...

    def timer_fired(self, lag: timedelta) -> None:
        """Hear that a timer fired so long after it was due."""
        ...


class Telemetry(Protocol):
    """Whoever watches the engine."""

    def command(self, command: object) -> AbstractContextManager[Observation]:
        """Surround one command with its transaction."""
        ...

    def job(self, job: Job) -> AbstractContextManager[None]:
        """Surround a job: its handler, and the command that writes what came of it."""
        ...

    def handler(self, job: Job) -> AbstractContextManager[object]:
        """Surround the handler of a job, outside any transaction."""
        ...


class Unwatched:
    """Nobody listens: telemetry and observation at once, the same object for every command."""

    __slots__ = ()
    origin = NOWHERE

    def command(self, _command: object) -> Unwatched:
        """Watch nothing."""
        return self

    def job(self, _job: Job) -> _Nothing:
        """Watch nothing."""
        return _NOTHING

    def handler(self, _job: Job) -> _Nothing:
        """Watch nothing."""
        return _NOTHING

    def core_run(self, _process_id: str) -> _Nothing:
        """Watch nothing."""
        return _NOTHING

    def savepoint(self) -> _Nothing:
        """Keep nothing that could be undone."""
        return _NOTHING

    def changed(self, _before: ProcessInstance, _after: ProcessInstance, _changes: Changes) -> None:
        """Count nothing."""

    def job_taken(self, _job: Job, _waited: timedelta) -> None:
        """Count nothing."""

    def job_ended(self, _job: Job, _how: JobEnd) -> None:
        """Count nothing."""

    def timer_fired(self, _lag: timedelta) -> None:
        """Count nothing."""

    def __enter__(self) -> Unwatched:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        return None


class _Nothing:
    __slots__ = ()

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        return None


_NOTHING = _Nothing()
UNWATCHED = Unwatched()

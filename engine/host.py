"""What the office lends the engine: handlers, FEEL functions and the objects that expressions see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import thread_time
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar

from engine.bpmn.office import Office
from engine.core.limits import MOST_SECONDS
from engine.ports import UnitOfWork
from engine.telemetry import UNWATCHED, Observation

if TYPE_CHECKING:
    from uuid import UUID

    from engine.core.model import HandlerCall
    from engine.definitions import DefinitionCache
    from engine.feel import FeelType
    from engine.forms import FieldError
    from engine.json_values import JsonObject, JsonValue
    from engine.model import Actor, Job, ProcessInstance, UserTask

Work = TypeVar("Work", bound=UnitOfWork)
Result_co = TypeVar("Result_co", covariant=True)

FeelFunction = Callable[..., Any]  # FEEL values in and out; see engine.feel


class TryLater(Exception):
    """A handler of an outside job learnt when it is worth trying again; the job waits until then."""

    def __init__(self, message: str, *, after: timedelta | None = None) -> None:
        self.after = after  # None: the worker knows nothing better than its own pauses
        super().__init__(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Generic[Work]):
    """What a command may use: the transaction it runs in, the clock, who asks, and what the office lends."""

    unit_of_work: Work
    now: Callable[[], datetime]
    actor: Actor
    host: Host[Work]
    definitions: DefinitionCache
    observed: Observation = UNWATCHED
    computing_since: float = field(default_factory=thread_time)  # by the clock of the thread, which rests as it waits

    def is_spent(self) -> bool:
        """Say whether the command has computed as long as one may: it comes to its end, with incidents."""
        return thread_time() - self.computing_since > MOST_SECONDS

    def afresh(self) -> Context[Work]:
        """Return the same for one of many things that a command does, each of which may compute as long as one."""
        return replace(self, computing_since=thread_time())

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Open a block whose writes alone are undone when it raises, with all that was told of them."""
        with self.observed.savepoint(), self.unit_of_work.savepoint():
            yield


class Command(Protocol[Work, Result_co]):
    """Something that can be asked of the system; it runs inside one transaction."""

    def execute(self, context: Context[Work], /) -> Result_co:
        """Do it, or raise and leave nothing behind."""
        ...


InsideHandler = Callable[["Context[Work]", "ProcessInstance", "HandlerCall"], "JsonObject"]
"""Runs in the transaction of the command that reached it; touches nothing but the unit of work."""


class OutsideHandler(Protocol):
    """Runs a job with no transaction open; must be safe to repeat with the same job id."""

    def __call__(self, job: Job) -> JsonObject:
        """Do the work and return its result variables.

        Raises:
            engine.core.model.BpmnError: the diagram may catch it.
            Exception: the job is tried again after a pause, and becomes an incident when no retries are left.
        """
        ...


Roots = Callable[["Context[Work]", "ProcessInstance"], Mapping[str, "JsonValue"]]
"""Objects every expression of an instance sees beside its variables (`case`, `standard`), read when asked for."""

TaskStep = Literal["take", "complete"]


class Guard(Protocol):
    """Says whether somebody may take or complete a user task, beyond what is drawn; raises when not."""

    def __call__(self, context: Context[Any], task: UserTask, person: Actor, /, *, step: TaskStep) -> None:
        """Let the person pass.

        Raises:
            EngineError: the office does not allow it; the text says why and what to do.
        """
        ...


class Examiner(Protocol):
    """Says what is wrong with a submission that keeps the form's rules, as only the office's records can tell."""

    def __call__(self, context: Context[Any], task: UserTask, values: JsonObject, /) -> Sequence[FieldError]:
        """Return what is to be corrected, field by field; nothing: the submission stands."""
        ...


TasksOver = Callable[["Context[Any]", "ProcessInstance", "Sequence[UUID]"], None]
"""Told of the user tasks of an instance that a run has ended, whether they were completed or cancelled."""

Cancelled = Callable[["Context[Any]", "ProcessInstance"], None]
"""Told of an instance that was cancelled, as it was before: somebody else may wait for what it does not do any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What was done of a duty at one turn, and whether more of it waits for the next."""

    done: int
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Something the office does now and then by commands of its own, a transaction each.

    `some` does a little of it, so that timers and jobs wait for no more; it is asked again at the next turn while there
    is more, else after a pause. A duty that waits for somebody outside is done aside: in a thread of its own, for which
    neither timers nor jobs wait.
    """

    some: Callable[[], Share]
    every: timedelta
    is_aside: bool = False


FormTexts = Callable[[str], Mapping[str, str]]
"""The English texts of a form, by the dotted paths of its values; a form says its own texts in Chinese."""


Functions = Callable[["Context[Work]"], Mapping[str, FeelFunction]]
"""Functions every expression may call, by names with spaces."""


Objects = Callable[["Context[Work]"], Mapping[str, "FeelType"]]
"""The types of what the roots give, as far as they are known when something is deployed."""


def no_roots(_context: Context[Any], _instance: ProcessInstance) -> Mapping[str, JsonValue]:
    """Lend no objects."""
    return {}


def no_objects(_context: Context[Any]) -> Mapping[str, FeelType]:
    """Know nothing of the objects."""
    return {}


def no_functions(_context: Context[Any]) -> Mapping[str, FeelFunction]:
    """Lend no functions."""
    return {}


def let_pass(_context: Context[Any], _task: UserTask, _person: Actor, /, *, step: TaskStep) -> None:
    """Ask no more than what is drawn."""


def find_no_fault(_context: Context[Any], _task: UserTask, _values: JsonObject, /) -> Sequence[FieldError]:
    """Ask no more than what the form asks."""
    return ()


def let_end(_context: Context[Any], _instance: ProcessInstance, _task_ids: Sequence[UUID]) -> None:
    """Have nothing that goes with a task."""


def let_be(_context: Context[Any], _instance: ProcessInstance) -> None:
    """Have nothing that waits for an instance."""


def no_form_texts(_form_id: str) -> Mapping[str, str]:
    """Know no form in English."""
    return {}


def anywhere(_region: str) -> bool:
    """Know every region."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Host(Generic[Work]):
    """All that the engine borrows from the office it runs for."""

    inside: Mapping[str, InsideHandler[Work]] = field(default_factory=dict)
    outside: Mapping[str, OutsideHandler] = field(default_factory=dict)
    roots: Roots[Work] = no_roots
    root_names: frozenset[str] = frozenset()  # of all that the roots give: no variable may be called so
    objects: Objects[Work] = no_objects
    functions: Functions[Work] = no_functions
    guard: Guard = let_pass
    examine: Examiner = find_no_fault
    tasks_over: TasksOver = let_end
    cancelled: Cancelled = let_be
    form_texts: FormTexts = no_form_texts
    duties: Sequence[Duty] = ()
    groups: frozenset[str] = frozenset()  # candidate groups somebody can belong to; empty: not known
    time_zone: str = "Asia/Shanghai"
    region: str = ""  # what the whole installation is responsible for; its administrators deploy
    is_place: Callable[[str], bool] = anywhere  # whether some unit is responsible for a region below that one

    @property
    def office(self) -> Office:
        """Return who works here, as far as a diagram can be checked against it."""
        return Office(groups=self.groups, job_types=frozenset((*self.inside, *self.outside)))

    def covers(self, region: str) -> bool:
        """Say whether a process instance may belong to a region: to all of them, or to a place somebody works for."""
        return region == self.region or (region.startswith(self.region) and self.is_place(region))

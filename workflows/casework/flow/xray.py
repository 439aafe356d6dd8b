"""One case looked through: how often each element ran, where tokens stand and for how long, what called what, and
who set which variable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.journal import JournalEntry
from engine.json_values import JsonValue
from engine.model import ActivityInstance
from engine.queries import InstanceView
from workflows.casework.flow.drawing import DrawnElement, drawn_elements, flows_into
from workflows.rules.masks import with_masked_numbers

WorkingDaysSince = Callable[[datetime], int | None]
PROCESS = "process"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedElement:
    """An element and how often tokens were there. `norm` is in working days; None: nothing is drawn."""

    definition_id: UUID
    process: str
    process_en: str  # empty where its diagram says none
    element_id: str
    name: str
    name_en: str
    tag: str
    active: int
    completed: int
    terminated: int
    norm: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingToken:
    """A token that stands somewhere; `working_days` is None where a year of the calendar is not loaded."""

    key: int
    scope_key: int
    definition_id: UUID
    element_id: str
    name: str
    name_en: str
    tag: str
    since: datetime
    working_days: int | None
    norm: int | None
    due_at: datetime | None
    assignee: str | None
    incident_id: UUID | None

    SHOWN = ("is_over_norm",)

    @property
    def is_over_norm(self) -> bool:
        """Say whether it stands there longer than the norm."""
        return self.norm is not None and self.working_days is not None and self.working_days > self.norm


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedTokens:
    """Tokens that wait at a join: since when the first of them, from where they came, and from where one is missing."""

    scope_key: int
    definition_id: UUID
    element_id: str
    name: str
    name_en: str
    tokens: int
    since: datetime | None  # None where that cannot be told any more
    working_days: int | None
    came_along: Mapping[str, int]  # flow -> tokens
    missing: Sequence[str]  # flows along which none has come
    incident_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningProcess:
    """A process that ran in the instance: its own, or one that was called, `depth` calls below it."""

    key: int
    parent_key: int | None
    depth: int
    called_by: str  # the call activity; empty: the instance's own process
    called_by_en: str
    definition_id: UUID
    process_id: str
    name: str
    name_en: str  # empty where its diagram says none
    version: int
    entered_at: datetime
    left_at: datetime | None
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableChange:
    """A value a variable was given, in which run and by whom; what may not be told is None."""

    version: int
    at: datetime
    actor: str
    scope_key: int
    scope_element_id: str
    name: str
    value_shown: bool
    value: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceXray:
    """One instance looked through."""

    process_instance_id: UUID
    business_key: str
    version: int  # counts the changes of the instance
    elements: Sequence[PassedElement]
    tokens: Sequence[StandingToken]
    joined: Sequence[JoinedTokens]
    processes: Sequence[RunningProcess]
    changes: Sequence[VariableChange]


def passed_elements(view: InstanceView) -> Iterator[PassedElement]:
    """Yield the elements that tokens came to, process by process, in the order they were first entered."""
    for state in view.diagrams:
        drawn = drawn_elements(state.xml)
        here = [one for one in view.activities if one.definition_id == state.definition.id]
        terminated = Counter(one.element_id for one in here if one.outcome == "terminated")
        for element_id in dict.fromkeys(one.element_id for one in here if one.tag != PROCESS):
            node = drawn.get(element_id)
            if node is None:
                continue
            yield PassedElement(
                definition_id=state.definition.id,
                process=state.definition.name,
                process_en=state.definition.name_en,
                element_id=element_id,
                name=node.name,
                name_en=node.name_en,
                tag=node.tag,
                active=state.active.get(element_id, 0),
                completed=state.completed.get(element_id, 0),
                terminated=terminated[element_id],
                norm=node.norm,
            )


def standing_tokens(view: InstanceView, days_since: WorkingDaysSince) -> list[StandingToken]:
    """Return where tokens stand: what lives and holds nothing that lives; the longest there first."""
    drawings = {state.definition.id: drawn_elements(state.xml) for state in view.diagrams}
    tasks = {task.key: task for task in view.tasks if task.state.value == "open"}
    stuck = {one.key: one.id for one in view.incidents if one.resolved_at is None}
    found = [
        StandingToken(
            key=one.key,
            scope_key=one.scope_key,
            definition_id=one.definition_id,
            element_id=one.element_id,
            name=one.name or one.element_id,
            name_en=node.name_en if node else one.name or one.element_id,
            tag=one.tag,
            since=one.entered_at,
            working_days=days_since(one.entered_at),
            norm=node.norm if node else None,
            due_at=task.due_at if task else None,
            assignee=(task.assignee_name or task.assignee) if task else None,
            incident_id=stuck.get(one.key),
        )
        for one in _leaves(view.activities)
        for node in (drawings.get(one.definition_id, {}).get(one.element_id),)
        for task in (tasks.get(one.key),)
    ]
    return sorted(found, key=lambda one: (one.since, one.key))


def joined_tokens(view: InstanceView, days_since: WorkingDaysSince) -> list[JoinedTokens]:
    """Return the tokens that wait at joins, where no element lives; the longest there first."""
    drawings = {state.definition.id: (drawn_elements(state.xml), flows_into(state.xml)) for state in view.diagrams}
    stuck = {(one.key, one.element_id): one.id for one in view.incidents if one.resolved_at is None}
    found = []
    for one in view.waiting:
        drawn, flows = drawings.get(one.definition_id, ({}, {}))
        node, into = drawn.get(one.element_id), flows.get(one.element_id, {})
        came = [moment for flow in one.flows if (moment := _last_left(view, one.scope_key, into.get(flow))) is not None]
        since = min(came, default=None)
        found.append(
            JoinedTokens(
                scope_key=one.scope_key,
                definition_id=one.definition_id,
                element_id=one.element_id,
                name=node.name if node else one.element_id,
                name_en=node.name_en if node else one.element_id,
                tokens=one.number,
                since=since,
                working_days=None if since is None else days_since(since),
                came_along=one.flows,
                missing=[flow for flow in into if flow not in one.flows],
                incident_id=stuck.get((one.scope_key, one.element_id)),
            )
        )
    return sorted(found, key=lambda one: (one.since is None, one.since, one.scope_key, one.element_id))


def _last_left(view: InstanceView, scope_key: int, element_id: str | None) -> datetime | None:
    """Return when an element of a scope was left last: then its token went on."""
    left = (one.left_at for one in view.activities if (one.scope_key, one.element_id) == (scope_key, element_id))
    return max((moment for moment in left if moment is not None), default=None)


def _english_name(caller: ActivityInstance, drawings: Mapping[UUID, Mapping[str, DrawnElement]]) -> str:
    node = drawings.get(caller.definition_id, {}).get(caller.element_id)
    return node.name_en if node else caller.name or caller.element_id


def running_processes(view: InstanceView) -> list[RunningProcess]:
    """Return the tree of processes, each followed by those it called."""
    rows = {one.key: one for one in view.activities}
    definitions = {state.definition.id: state.definition for state in view.diagrams}
    drawings = {state.definition.id: drawn_elements(state.xml) for state in view.diagrams}
    bodies = [one for one in view.activities if one.tag == PROCESS and one.definition_id in definitions]
    tokens = Counter(_process_around(one, rows) for one in _leaves(view.activities))
    called: dict[int | None, list[ActivityInstance]] = {}
    for body in bodies:
        caller = rows.get(body.scope_key)
        called.setdefault(None if caller is None else _process_around(caller, rows), []).append(body)

    found: list[RunningProcess] = []
    waiting: list[tuple[ActivityInstance, int | None, int]] = [
        (body, None, 0) for body in reversed(called.get(None, ()))
    ]
    while waiting:  # by no recursion of Python's: a runaway calls itself thousands of times
        body, parent, depth = waiting.pop()
        definition, caller = definitions[body.definition_id], rows.get(body.scope_key)
        process = RunningProcess(
            key=body.key,
            parent_key=parent,
            depth=depth,
            called_by="" if caller is None else caller.name or caller.element_id,
            called_by_en="" if caller is None else _english_name(caller, drawings),
            definition_id=definition.id,
            process_id=definition.key,
            name=definition.name,
            name_en=definition.name_en,
            version=definition.version,
            entered_at=body.entered_at,
            left_at=body.left_at,
            tokens=tokens[body.key],
        )
        found.append(process)
        waiting += [(inner, body.key, depth + 1) for inner in reversed(called.get(body.key, ()))]
    return found


def variable_changes(
    entries: Iterable[JournalEntry], activities: Iterable[ActivityInstance], *, values_shown: bool
) -> list[VariableChange]:
    """Return every value that was set, newest first; numbers of persons are masked."""
    elements = {one.key: one.element_id for one in activities}
    found = [
        VariableChange(
            version=entry.version,
            at=entry.at,
            actor=entry.actor,
            scope_key=line.key,
            scope_element_id=elements.get(line.key, line.element),
            name=str(line.more.get("name", "")),
            value_shown=values_shown,
            value=with_masked_numbers(line.more.get("value")) if values_shown else None,
        )
        for entry in entries
        for line in entry.lines
        if line.kind == "variable-set"
    ]
    return found[::-1]


def _leaves(activities: Sequence[ActivityInstance]) -> Iterator[ActivityInstance]:
    living = [one for one in activities if one.left_at is None]
    holding = {one.scope_key for one in living}
    return (one for one in living if one.key not in holding and one.tag != PROCESS)


def _process_around(one: ActivityInstance, rows: Mapping[int, ActivityInstance]) -> int | None:
    found: ActivityInstance | None = one
    while found is not None and found.tag != PROCESS:
        found = rows.get(found.scope_key)
    return None if found is None else found.key

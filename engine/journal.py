"""The journal of a process instance: one entry a run, holding what happened in it, in order, small and exact.

What stands in rows of its own for good (the attributes of a user task, the record of a decision) is not repeated.
Replaying the entries from the first gives what is open; the values of variables stand nowhere else once they changed.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.core import model as core
from engine.core.listener_facts import TransitionBegun, TransitionDenied, TransitionEnded
from engine.json_values import JsonObject, dump_json, load_json

FORMAT = 1
_LEVEL = 3  # of zlib: hardly larger than the best, in half the time


class JournalUnreadable(ValueError):
    """The bytes are no entry of a format this version knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """One thing that happened: `kind` names it, `more` holds what its kind says beside the element."""

    kind: str
    key: int
    definition: str
    element: str
    more: JsonObject


Telling = Callable[[Any], list[Any]]


def _subscribed(fact: core.Subscribed | core.SubscriptionMoved) -> list[Any]:
    one = fact.subscription
    repeat = None if one.repeat is None else [one.repeat.left, one.repeat.interval]
    due = None if one.due is None else one.due.isoformat()
    return [one.key, one.kind, one.element, one.name, one.correlation_key, due, repeat]


_SUBSCRIPTION = ("subscription", "kind", "catcher", "name", "correlation_key", "due", "repeat")
KINDS: Mapping[type[core.Fact], tuple[str, tuple[str, ...], Telling | None]] = {
    core.Entered: ("entered", ("scope", "loop_counter"), lambda fact: [fact.scope, fact.loop_counter]),
    core.Left: ("left", (), None),
    core.Terminated: ("terminated", (), None),
    core.Moved: ("moved", ("scope",), lambda fact: [fact.scope]),
    core.FlowTaken: ("flow-taken", (), None),
    core.UserTaskOpened: ("user-task-opened", (), None),
    core.JobOpened: ("job-opened", ("type",), lambda fact: [fact.type]),
    core.WorkClosed: ("work-closed", ("completed",), lambda fact: [fact.completed]),
    TransitionBegun: ("transition-begun", ("event",), lambda fact: [fact.event]),
    TransitionEnded: ("transition-ended", ("event", "action"), lambda fact: [fact.event, fact.action]),
    TransitionDenied: (
        "transition-denied",
        ("event", "action", "reason"),
        lambda fact: [fact.event, fact.action, fact.reason],
    ),
    core.Subscribed: ("subscribed", _SUBSCRIPTION, _subscribed),
    core.Unsubscribed: ("unsubscribed", ("subscription",), lambda fact: [fact.subscription]),
    core.SubscriptionMoved: ("subscription-moved", _SUBSCRIPTION, _subscribed),
    core.VariableSet: ("variable-set", ("name", "value"), lambda fact: [fact.name, fact.value]),
    core.MessageSent: ("message-sent", ("name", "correlation_key"), lambda fact: [fact.name, fact.correlation_key]),
    core.SignalSent: ("signal-sent", ("name",), lambda fact: [fact.name]),
    core.IncidentRaised: ("incident-raised", ("kind", "reason"), lambda fact: [fact.kind, fact.reason]),
    core.IncidentResolved: ("incident-resolved", (), None),
    core.DecisionMade: ("decision-made", ("decision_id",), lambda fact: [fact.decision_id]),
    core.InstanceEnded: ("ended", ("cancelled", "variables"), lambda fact: [fact.cancelled, fact.variables]),
}
"""Fact -> its name in the journal, the names of what it tells, and how. A name once written keeps its meaning."""

_FIELDS = {name: fields for name, fields, _ in KINDS.values()}


def write_entry(facts: Iterable[core.Fact]) -> bytes:
    """Return the stored form of the facts of one run."""
    definitions: dict[str, int] = {}
    lines = []
    for fact in facts:
        name, _, told = KINDS[type(fact)]
        place = definitions.setdefault(fact.definition, len(definitions))
        line = [name, fact.key, place, fact.element]
        lines.append(line if told is None else line + told(fact))
    return zlib.compress(dump_json([FORMAT, list(definitions), lines]).encode(), _LEVEL)


def read_entry(stored: bytes) -> Sequence[JournalLine]:
    """Read what one run did.

    Raises:
        JournalUnreadable: the bytes are damaged, or of another format.
    """
    try:
        document = load_json(zlib.decompress(stored))
    except (zlib.error, ValueError) as failure:
        raise JournalUnreadable(f"the {len(stored)} stored bytes are damaged: restore them from a backup") from failure
    if not isinstance(document, list) or not document or document[0] != FORMAT:
        raise JournalUnreadable(f"the entry is not of format {FORMAT}: use the version that wrote it")
    _, definitions, lines = document
    return [_line(definitions, *line) for line in lines]


def _line(definitions: list[str], kind: str, key: int, place: int, element: str, *told: Any) -> JournalLine:
    more = dict(zip(_FIELDS.get(kind, ()), told, strict=False))  # a later version may tell more
    return JournalLine(kind=kind, key=key, definition=definitions[place], element=element, more=more)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One run of a process instance: after it the instance has this version."""

    version: int
    at: datetime
    actor: str
    lines: Sequence[JournalLine]

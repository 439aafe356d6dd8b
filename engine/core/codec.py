"""The stored form of a snapshot: compact JSON, compressed, with a format number in front of everything.

The number is that of the highest feature the snapshot uses, and what is not known is refused: a version that would
lose something of a snapshot does not read it, and reads every other one. A new key, stage, kind of subscription or
shape begins a new format: see `_first_to_know`.
"""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.core import listener_codec, model
from engine.json_values import dump_json, load_json

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST, SECOND = 1, 2  # 1: release 0.1.0
FORMATS = (FIRST, SECOND)
_KEYS = {
    FIRST: frozenset(("loop", "body", "tokens", "undo", "waits", "incident", "stage")),
    SECOND: frozenset(
        (
            "at_once", "begun", "ending", "event", "fulfilled", "given", "handed", "job", "listens", "task",
            "unseen",
        )
    ),
}  # fmt: skip
_ALL_KEYS = frozenset().union(*_KEYS.values())
_FIRST_KINDS = frozenset(("message", "signal", "timer", "error", "escalation"))
_FIRST_STAGES = frozenset((model.Stage.ENTERING.value, model.Stage.ACTIVE.value, model.Stage.LEAVING.value))
_LEVEL = 3  # of zlib: some hundred bytes more of a long case, in half the time


class SnapshotUnreadable(ValueError):
    """The bytes are no snapshot of a format this version knows."""


def encode(snapshot: model.Snapshot) -> bytes:
    """Write a snapshot as bytes."""
    return packed(written(snapshot))


def written(snapshot: model.Snapshot) -> str:
    """Write a snapshot as a document, which shows how long it is."""
    elements = [_element(each) for each in snapshot.instances]
    number = SECOND if any(_first_to_know(rest) == SECOND for *_, rest in elements) else FIRST
    return dump_json([number, snapshot.next_key, elements])


def packed(document: str) -> bytes:
    """Return the bytes that are stored of a document."""
    return zlib.compress(document.encode(), _LEVEL)


def decode(stored: bytes) -> model.Snapshot:
    """Read a snapshot back; equal to what was encoded.

    Raises:
        SnapshotUnreadable: the bytes are damaged, or of another format.
    """
    try:
        document = load_json(zlib.decompress(stored))
    except (zlib.error, ValueError) as failure:
        raise SnapshotUnreadable(f"the {len(stored)} stored bytes are damaged: restore them from a backup") from failure
    if not isinstance(document, list) or not document or document[0] is True or document[0] not in FORMATS:
        found = document[0] if isinstance(document, list) and document else "none"
        raise SnapshotUnreadable(
            f"the snapshot has format {found}, this version reads {FIRST} to {SECOND}: use the version that wrote it"
        )
    try:
        _, next_key, instances = document
        return model.Snapshot(next_key=next_key, instances=tuple(_read_element(each) for each in instances))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as failure:
        raise SnapshotUnreadable(
            f"the {len(stored)} stored bytes hold what this version does not know ({failure}): "
            "use the version that wrote them, or restore them from a backup"
        ) from failure


def _element(element: model.ElementInstance) -> list[Any]:
    rest: dict[str, Any] = {}
    if element.loop_counter is not None:
        rest["loop"] = element.loop_counter
    if element.body is not None:
        rest["body"] = [element.body.items, element.body.next_index, element.body.finished]
    if element.tokens:
        rest["tokens"] = element.tokens
    if element.compensable:
        rest["undo"] = [_compensable(each) for each in element.compensable]
    if element.subscriptions:
        rest["waits"] = [_subscription(each) for each in element.subscriptions]
        if at_once := {str(each.key): each.at_once for each in element.subscriptions if each.at_once}:
            rest["at_once"] = at_once
    if element.incident is not None:
        rest["incident"] = element.incident
    if element.is_activation:
        rest["begun"] = True
    if element.is_fulfilled:
        rest["fulfilled"] = True
    if element.job is not None:
        rest["job"] = element.job
    if element.unseen:
        rest["unseen"] = list(element.unseen)
    rest.update(_progress(element))
    rest.update(listener_codec.written(element))
    return [element.key, element.definition, element.element, element.scope, element.variables, rest]


def _first_to_know(rest: dict[str, Any]) -> int:
    """Return the first format whose readers know all of what an element adds, and lose nothing of it."""
    is_first = (
        rest.keys() <= _KEYS[FIRST]
        and rest.get("stage", model.Stage.ACTIVE.value) in _FIRST_STAGES
        and all(len(undo) == 3 and undo[1] is not None for undo in rest.get("undo", ()))
        and all(waits[1] in _FIRST_KINDS and _is_plain(waits[-1]) for waits in rest.get("waits", ()))
    )
    return FIRST if is_first else SECOND


def _is_plain(repeat: list[Any] | None) -> bool:
    """Say whether a cycle repeats by a duration alone: no cron expression, no months counted from a day."""
    return repeat is None or repeat[1].startswith("P")


def _compensable(undo: model.Compensable) -> list[Any]:
    inner = [[_compensable(each) for each in undo.inner]] if undo.inner else []
    return [undo.activity, undo.handler, undo.variables, *inner]


def _progress(element: model.ElementInstance) -> dict[str, Any]:
    """Return how far entering or leaving has come."""
    rest: dict[str, Any] = {}
    if element.stage is not model.Stage.ACTIVE:
        rest["stage"] = element.stage.value
    if element.event is not None:
        rest["event"] = element.event
    if element.given is not None:
        rest["given"] = element.given
    if element.has_handed_over:
        rest["handed"] = True
    return rest


def _subscription(waiting: model.Subscription) -> list[Any]:
    due = None if waiting.due is None else waiting.due.isoformat()
    repeat = None if waiting.repeat is None else [waiting.repeat.left, waiting.repeat.interval]
    return [waiting.key, waiting.kind, waiting.element, waiting.name, waiting.correlation_key, due, repeat]


def _read_element(stored: list[Any]) -> model.ElementInstance:
    key, definition, element, scope, variables, rest = stored
    if unknown := rest.keys() - _ALL_KEYS:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    body = rest.get("body")
    return model.ElementInstance(
        key=key,
        definition=definition,
        element=element,
        scope=scope,
        variables=variables,
        loop_counter=rest.get("loop"),
        body=None if body is None else _read_body(*body),
        tokens=rest.get("tokens", {}),
        event=rest.get("event"),
        compensable=tuple(_read_compensable(*each) for each in rest.get("undo", ())),
        subscriptions=tuple(
            _read_subscription(*each, at_once=rest.get("at_once", {})) for each in rest.get("waits", ())
        ),
        incident=rest.get("incident"),
        stage=model.Stage(rest.get("stage", model.Stage.ACTIVE)),
        given=rest.get("given"),
        has_handed_over=rest.get("handed", False),
        is_activation=rest.get("begun", False),
        is_fulfilled=rest.get("fulfilled", False),
        job=rest.get("job"),
        listening=listener_codec.read_listening(rest.get("listens")),
        ending=listener_codec.read_ending(rest.get("ending")),
        task=listener_codec.read_task(rest.get("task")),
        unseen=tuple(rest.get("unseen", ())),
    )


def _read_body(items: list[Any], next_index: int, finished: int) -> model.MultiInstance:
    return model.MultiInstance(items=tuple(items), next_index=next_index, finished=finished)


def _read_compensable(
    activity: str, handler: str | None, variables: dict[str, Any], inner: Sequence[list[Any]] = ()
) -> model.Compensable:
    within = tuple(_read_compensable(*each) for each in inner)
    return model.Compensable(activity=activity, handler=handler, variables=variables, inner=within)


def _read_subscription(*stored: Any, at_once: dict[str, int]) -> model.Subscription:
    key, kind, element, name, correlation_key, due, repeat = stored
    return model.Subscription(
        key=key,
        kind=kind,
        element=element,
        name=name,
        correlation_key=correlation_key,
        due=None if due is None else datetime.fromisoformat(due),
        repeat=None if repeat is None else model.Repeat(left=repeat[0], interval=repeat[1]),
        at_once=at_once.get(str(key), 0),
    )

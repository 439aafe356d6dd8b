"""Start events that wait for something: what for is worked out when a version is deployed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from engine import dmn
from engine.bindings import NotBound
from engine.core import model as core
from engine.core import timers
from engine.core.graph import Node, Process
from engine.core.model import Repeat
from engine.execution import environment_settings
from engine.expressions import FeelEvaluator
from engine.findings import Finding
from engine.host import Context, Work
from engine.json_values import JsonValue
from engine.model import StartKind, StartSubscription


class StartEvents:
    """Reads the start events of the processes of one deployment."""

    def __init__(self, context: Context[Work]) -> None:
        settings = environment_settings(context)
        self._now = settings.now
        self._opened_at = context.now()
        self._evaluator = FeelEvaluator(settings=settings, roots={}, decisions=_no_decisions)

    def findings(self, process: Process, resource: str) -> Iterator[Finding]:
        """Yield an error for every start event whose name or time cannot be worked out, or stands there twice."""
        seen: dict[tuple[str, str], str] = {}
        for node in _catching(process):
            try:
                subscription = self._subscription(process, node, UUID(int=0))
            except (core.ExpressionFailed, timers.TimerUnreadable) as failure:
                yield _not_evaluated(resource, node, str(failure))
                continue
            condition = None if node.event is None else node.event.condition
            awaited = subscription.name or condition
            if awaited is not None:
                other = seen.setdefault((subscription.kind, awaited), node.id)
                if other != node.id:
                    yield _twice(resource, node, other, awaited)

    def subscriptions(self, process: Process, definition_id: UUID) -> list[StartSubscription]:
        """Return what the start events of a version wait for; it has no findings."""
        return [self._subscription(process, node, definition_id) for node in _catching(process)]

    def _subscription(self, process: Process, node: Node, definition_id: UUID) -> StartSubscription:
        event = node.event
        if event is None:
            raise TypeError(f"{node.id} waits for nothing")
        if event.kind == "timer":
            due, repeat = self._due(self._text(event.date or event.cycle or ""), is_date=event.date is not None)
            return StartSubscription(
                definition_id=definition_id,
                element_id=node.id,
                process_id=process.id,
                kind="timer",
                name=None,
                opened_at=self._opened_at,
                due_at=due,
                repeat_left=None if repeat is None else repeat.left,
                repeat_interval=None if repeat is None else repeat.interval,
            )
        kinds: dict[str, StartKind] = {"message": "message", "signal": "signal", "conditional": "conditional"}
        return StartSubscription(
            definition_id=definition_id,
            element_id=node.id,
            process_id=process.id,
            kind=kinds[event.kind],
            name=None if event.kind == "conditional" else self._text(event.name or ""),
            opened_at=self._opened_at,
        )

    def _text(self, drawn: str) -> str:
        value: JsonValue = self._evaluator.evaluate(drawn, {})
        if not isinstance(value, str) or not value:
            raise core.ExpressionFailed(f"{drawn}：需要文本 / a text is needed")
        return value

    def _due(self, text: str, *, is_date: bool) -> tuple[datetime, Repeat | None]:
        if is_date:
            return timers.parse_moment(text, self._now), None
        return timers.parse_cycle(text, self._now)


def _no_decisions(decision_id: str, *_: object) -> tuple[UUID, dmn.Model]:
    raise NotBound(f"no decision can be made here: {decision_id}")


def _catching(process: Process) -> Iterator[Node]:
    for start in process.nodes[process.id].start_events:
        node = process.nodes[start]
        if node.event is not None and node.event.kind in ("message", "signal", "timer", "conditional"):
            yield node


def _not_evaluated(resource: str, node: Node, reason: str) -> Finding:
    return Finding(
        severity="error",
        code="start-event-not-evaluated",
        resource=resource,
        element_id=node.id,
        element_name=node.name or None,
        line=None,
        message_zh=f"部署时无法确定开始事件“{node.id}”等待的名称或时间：{reason}",
        message_en=f"What the start event {node.id!r} waits for cannot be worked out when it is deployed: {reason}",
        advice_zh="部署时还没有流程变量；请填写固定值，或只用函数与常量的表达式。",
        advice_en="No process variables exist yet: use a fixed value, or an expression of functions and constants.",
    )


def _twice(resource: str, node: Node, other: str, name: str) -> Finding:
    return Finding(
        severity="error",
        code="start-event-twice",
        resource=resource,
        element_id=node.id,
        element_name=node.name or None,
        line=None,
        message_zh=f"开始事件“{node.id}”和“{other}”等待同一个名称或条件“{name}”。",
        message_en=f"The start events {node.id!r} and {other!r} wait for the same name or condition {name!r}.",
        advice_zh="一个流程的每个消息、信号或条件开始事件须有各自的名称或条件。",
        advice_en="Give each message, signal or conditional start event of a process a name or condition of its own.",
    )

"""What the last evaluations of a decision come to on a draft, as pages and programs are told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.json_values import JsonValue
from web.authentication import current_actor
from web.decision_examples import FiredLine
from web.labels import in_language
from web.services import services
from workflows.playing.replays import DecisionReplay, RecordedHits, ReplayedEvaluation, Verdict
from workflows.playing.tables import FiredRule, TableCount


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayLine:
    """An evaluation that came out otherwise or cannot be recomputed; without a number where the case is not seen."""

    case_number: str | None
    decided_at: datetime
    version: int
    verdict: Literal["changed", "unknown"]
    before: JsonValue
    after: JsonValue
    fired_before: Sequence[FiredLine]
    fired_after: Sequence[FiredLine]
    told: str  # why the draft comes to nothing

    @classmethod
    def of(cls, one: ReplayedEvaluation, *, is_seen: bool) -> ReplayLine:
        """Show it in the reader's language."""
        failure = one.failure
        return cls(
            case_number=one.case_number if is_seen else None,
            decided_at=one.decided_at,
            version=one.version,
            verdict="changed" if one.verdict is Verdict.CHANGED else "unknown",
            before=one.before,
            after=one.after,
            fired_before=_fired(one.fired_before),
            fired_after=_fired(one.fired_after),
            told="" if failure is None else in_language(failure.text("zh"), failure.text("en")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHits:
    """A rule of the draft or version: in how many evaluations it counted in cases, and when they were run on it."""

    id: str
    index: int
    conditions: Sequence[str]
    conclusions: Sequence[str]
    annotation: str
    recorded: int
    replayed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TableHits:
    """A table that the decision asks, with its rules."""

    id: str
    decision_id: str
    name: str
    hit_policy: str
    inputs: Sequence[str]
    outputs: Sequence[str]
    rules: Sequence[RuleHits]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionReplayAnswer:
    """The last evaluations of a decision run on a draft or version, with what changed and how often rules counted."""

    decision_id: str
    counted: int
    since: datetime | None
    replayed: int
    same: int
    changed: int
    unknown: int
    listed: Sequence[ReplayLine]
    tables: Sequence[TableHits]

    @classmethod
    def of(cls, replay: DecisionReplay) -> DecisionReplayAnswer:
        """Show a replay; the numbers of the cases that its reader sees."""
        numbers = [one.case_number for one in replay.listed]
        seen = services().casework.summaries(numbers, current_actor())
        recorded = replay.recorded
        return cls(
            decision_id=recorded.decision_id,
            counted=recorded.counted,
            since=recorded.since,
            replayed=replay.replayed,
            same=replay.counts.get(Verdict.SAME, 0),
            changed=replay.counts.get(Verdict.CHANGED, 0),
            unknown=replay.counts.get(Verdict.UNKNOWN, 0),
            listed=[ReplayLine.of(one, is_seen=one.case_number in seen) for one in replay.listed],
            tables=table_hits(recorded, replay.tables),
        )


def table_hits(recorded: RecordedHits, tables: Sequence[TableCount]) -> list[TableHits]:
    """Return tables with both counts of each rule."""
    return [
        TableHits(
            id=table.id,
            decision_id=table.decision_id,
            name=table.name,
            hit_policy=table.hit_policy,
            inputs=table.inputs,
            outputs=table.outputs,
            rules=[
                RuleHits(
                    id=rule.id,
                    index=rule.index,
                    conditions=rule.conditions,
                    conclusions=rule.conclusions,
                    annotation=rule.annotation,
                    recorded=recorded.hits.get((table.id, rule.id), 0),
                    replayed=rule.fired,
                )
                for rule in table.rules
            ],
        )
        for table in tables
    ]


def _fired(rules: Sequence[FiredRule]) -> list[FiredLine]:
    return [FiredLine(table_id=one.table_id, rule=one.index) for one in rules]

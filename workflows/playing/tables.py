"""The tables of a decision file that somebody works on or looks at, with how often each rule fired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from engine import dmn
from engine.core.model import Obstacle
from engine.dmn.logic import BoxedContext, DecisionTable, Logic
from engine.errors import NotFound
from workflows.playing.errors import NotPlayable
from workflows.playing.lending import Playing
from workflows.playing.model import PlaySource


@dataclass(frozen=True, slots=True, kw_only=True)
class FiredRule:
    """A rule that counted, by its number in its table."""

    table_id: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """A rule of a table, and how often it fired."""

    id: str
    index: int
    conditions: Sequence[str]
    conclusions: Sequence[str]
    annotation: str
    fired: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCount:
    """A table that a decision asks, with its rules."""

    id: str
    decision_id: str
    name: str
    hit_policy: str
    inputs: Sequence[str]
    outputs: Sequence[str]
    rules: Sequence[RuleCount]


def decision_model(context: Playing, source: PlaySource) -> tuple[str, dmn.Model]:
    """Return the file of a draft or version by its name, and the decisions it holds.

    Raises:
        NotFound: there is no such draft or version.
        NotPlayable: it has errors.
    """
    if source.draft_id is not None:
        draft = context.unit_of_work.definition_drafts.get(source.draft_id)
        if draft is None:
            raise NotFound("definition draft", source.draft_id)
        name, kind, content = draft.file_name, draft.kind, draft.content
    else:
        found = source.definition_id and context.unit_of_work.definitions.get(source.definition_id)
        if not found:
            raise NotFound("decision", source.definition_id)
        name, kind, content = found.resource_name, found.kind, context.unit_of_work.definitions.content(found.id)
    if kind != "decision":
        raise NotPlayable(name, Obstacle("it is no decision", "不是决策"))
    try:
        return name, _parsed(content)
    except dmn.DmnError as refused:
        first = next(iter(refused.findings), None)
        told = Obstacle(first.message_en, first.message_zh) if first else Obstacle(str(refused), str(refused))
        raise NotPlayable(name, told) from refused


@lru_cache(maxsize=64)
def _parsed(content: bytes) -> dmn.Model:
    return dmn.parse(content)


def fired_rules(trace: dmn.Trace) -> list[FiredRule]:
    """Return the rules that counted, in the order they did."""
    return [
        FiredRule(table_id=table.table_id, index=rule.index)
        for made in trace.decisions
        for table in made.tables
        for rule in table.matched
        if rule.fired
    ]


def counted_tables(model: dmn.Model, decision_id: str, fired: Mapping[FiredRule, int]) -> Iterator[TableCount]:
    """Yield the table of a decision and those of what it requires, the asked one first."""
    waiting, seen = [decision_id], set[str]()
    while waiting:
        decision = model.decisions.get(waiting.pop(0))
        if decision is None or decision.id in seen:
            continue
        seen.add(decision.id)
        waiting += [one.id for one in decision.information]
        yield from (_table(decision, table, fired) for table in _tables_in(decision.logic))


def _tables_in(logic: Logic) -> Iterator[DecisionTable]:
    if isinstance(logic, DecisionTable):
        yield logic
    elif isinstance(logic, BoxedContext):
        for entry in logic.entries:
            yield from _tables_in(entry.logic)


def _table(decision: dmn.Decision, table: DecisionTable, fired: Mapping[FiredRule, int]) -> TableCount:
    table_id = table.place.element_id
    return TableCount(
        id=table_id,
        decision_id=decision.id,
        name=decision.name,
        hit_policy=table.hit_policy,
        inputs=[one.feel.text for one in table.inputs],
        outputs=[one.name or decision.name for one in table.outputs],
        rules=[
            RuleCount(
                id=rule.place.element_id,
                index=rule.index,
                conditions=[one.text or "-" for one in rule.conditions],
                conclusions=[one.text for one in rule.conclusions],
                annotation=rule.annotation,
                fired=fired.get(FiredRule(table_id=table_id, index=rule.index), 0),
            )
            for rule in table.rules
        ],
    )

"""Why a decision came out as it did: kept with the case, shown in letters, recomputed years later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.dmn.logic import Place
from engine.feel import FeelLimitError, FeelTypeError, FeelValue, to_json
from engine.feel.builtins.conversion import to_text
from engine.feel.errors import NullResult
from engine.feel.messages import Message
from engine.feel.values import kind_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionWarning:
    """A null and its reason: in which element, at which offset of its text, and why."""

    place: Place
    text: str
    position: int
    message: Message

    @property
    def code(self) -> str:
        """The stable code of the reason."""
        return self.message.code

    @property
    def reason(self) -> str:
        """Why, in English."""
        return self.message.text("en")

    @property
    def reason_zh(self) -> str:
        """Why, in Chinese."""
        return self.message.text("zh")

    def to_json(self) -> dict[str, Any]:
        """The null as JSON, told in both languages."""
        return {
            "element": self.place.element_id,
            "where": self.place.text("en"),
            "where_zh": self.place.text("zh"),
            "text": self.text,
            "position": self.position,
            "code": self.code,
            "reason": self.reason,
            "reason_zh": self.reason_zh,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class InputTrace:
    """What one column of conditions looked at."""

    input_id: str
    label: str
    expression: str
    value: FeelValue


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTrace:
    """A rule whose conditions held; `fired` tells whether the hit policy let it count."""

    rule_id: str
    index: int
    annotation: str
    fired: bool
    outputs: Mapping[str, FeelValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableTrace:
    """One run of a decision table; outputs are its columns of conclusions by id and name."""

    table_id: str
    hit_policy: str
    aggregation: str | None
    inputs: tuple[InputTrace, ...]
    outputs: tuple[tuple[str, str], ...]
    matched: tuple[RuleTrace, ...]
    used_default: bool
    output: FeelValue


@dataclass(slots=True, kw_only=True)
class DecisionTrace:
    """One decision that was made on the way, with its tables in the order they ran."""

    decision_id: str
    name: str
    namespace: str
    value: FeelValue = None
    tables: list[TableTrace] = field(default_factory=list)
    warnings: list[DecisionWarning] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Trace:
    """Everything that was looked at, decided and left null, in the order it happened."""

    model_id: str
    model_name: str
    decision: str
    inputs: dict[str, FeelValue] = field(default_factory=dict)
    decisions: list[DecisionTrace] = field(default_factory=list)

    @property
    def warnings(self) -> tuple[DecisionWarning, ...]:
        """Every null with its reason, over all decisions."""
        return tuple(warning for decision in self.decisions for warning in decision.warnings)

    def to_json(self) -> dict[str, Any]:
        """The record as JSON; values without JSON form appear as FEEL text."""
        return {
            "model": {"id": self.model_id, "name": self.model_name},
            "decision": self.decision,
            "inputs": {name: _json(value) for name, value in self.inputs.items()},
            "decisions": [_decision_json(decision) for decision in self.decisions],
        }


def _decision_json(trace: DecisionTrace) -> dict[str, Any]:
    return {
        "id": trace.decision_id,
        "name": trace.name,
        "value": _json(trace.value),
        "tables": [_table_json(table) for table in trace.tables],
        "nulls": [warning.to_json() for warning in trace.warnings],
    }


def _table_json(trace: TableTrace) -> dict[str, Any]:
    return {
        "id": trace.table_id,
        "hitPolicy": trace.hit_policy,
        "aggregation": trace.aggregation,
        "inputs": [
            {"id": i.input_id, "label": i.label, "expression": i.expression, "value": _json(i.value)}
            for i in trace.inputs
        ],
        "outputs": [{"id": output_id, "name": name} for output_id, name in trace.outputs],
        "matched": [
            {
                "id": rule.rule_id,
                "index": rule.index,
                "annotation": rule.annotation,
                "fired": rule.fired,
                "outputs": {name: _json(value) for name, value in rule.outputs.items()},
            }
            for rule in trace.matched
        ],
        "usedDefault": trace.used_default,
        "output": _json(trace.output),
    }


def _json(value: FeelValue) -> Any:
    try:
        return to_json(value)
    except FeelLimitError:
        return f"<{kind_of(value)}>"
    except FeelTypeError:
        return _text(value)


def _text(value: FeelValue) -> str:
    try:
        return to_text(value)
    except NullResult:
        return f"<{kind_of(value)}>"

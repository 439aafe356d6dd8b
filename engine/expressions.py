"""FEEL and DMN as the core sees them: variables first, then the office's objects; a null by an error is an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from engine import dmn, feel
from engine.core.model import Decided, ExpressionFailed
from engine.json_values import JsonObject, JsonValue

DecisionSource = Callable[[str], "tuple[UUID, dmn.Model] | None"]


class LayeredScope(Mapping[str, Any]):
    """Variables in scope over the host's objects; nothing is read before an expression names it."""

    def __init__(self, variables: Mapping[str, Any], roots: Mapping[str, Any]) -> None:
        self._variables = variables
        self._roots = roots

    def __getitem__(self, name: str) -> Any:
        """Return the nearest value of a name."""
        if name in self._variables:
            return self._variables[name]
        return self._roots[name]

    def __contains__(self, name: object) -> bool:
        """Say whether the name is known without reading its value."""
        return name in self._variables or name in self._roots

    def __iter__(self) -> Iterator[str]:
        """Go through all names once."""
        yield from self._variables
        yield from (name for name in self._roots if name not in self._variables)

    def __len__(self) -> int:
        """Count the names."""
        return sum(1 for _ in self)


class FeelEvaluator:
    """The core's evaluator for one run."""

    def __init__(self, *, settings: feel.Settings, roots: Mapping[str, JsonValue], decisions: DecisionSource) -> None:
        self._settings = settings
        self._roots = roots
        self._decisions = decisions
        self._names = frozenset(settings.functions)

    def evaluate(self, text: str, scope: Mapping[str, JsonValue]) -> JsonValue:
        """Return what the text says: itself when literal, else the value of the expression behind '='.

        Raises:
            ExpressionFailed: it is not FEEL, ran out of its limits, or came to null by an error.
        """
        if not text.startswith("="):
            return text
        expression = text[1:]
        try:
            compiled = feel.compile_expression(expression, names=self._names)
            evaluation = compiled.evaluate(LayeredScope(scope, self._roots), self._settings)
            if evaluation.value is None and evaluation.warnings:
                raise ExpressionFailed(f"{expression.strip()} is null: {_reasons(evaluation.warnings)}")
            return feel.to_json(evaluation.value)
        except (feel.FeelSyntaxError, feel.FeelLimitError, feel.FeelTypeError) as error:
            raise ExpressionFailed(f"{expression.strip()}: {error}") from error

    def decide(self, decision_id: str, scope: Mapping[str, JsonValue]) -> Decided:
        """Evaluate the newest version of a decision and keep how it came about.

        Raises:
            ExpressionFailed: not deployed, failed, or no rule gave a result.
        """
        found = self._decisions(decision_id)
        if found is None:
            raise ExpressionFailed(f"the decision {decision_id!r} is not deployed; deploy it and retry")
        definition_id, model = found
        try:
            outcome = dmn.decide(model, decision_id, LayeredScope(scope, self._roots), self._settings)
            value = feel.to_json(outcome.value)
        except (
            dmn.DmnError,
            dmn.UnknownDecisionError,
            feel.FeelSyntaxError,
            feel.FeelLimitError,
            feel.FeelTypeError,
        ) as error:
            raise ExpressionFailed(f"the decision {decision_id!r} failed: {error}") from error
        if value is None:
            raise ExpressionFailed(f"the decision {decision_id!r} gave no result: {_reasons(outcome.warnings)}")
        return Decided(value=value, record=self._record(outcome.trace, scope, definition_id))

    def _record(self, trace: dmn.Trace, scope: Mapping[str, JsonValue], definition_id: UUID) -> JsonObject:
        """Return how it came about: the variables and table inputs that were read, not the office's objects whole."""
        record = trace.to_json()
        inputs = {name: value for name, value in record["inputs"].items() if name in scope or name not in self._roots}
        return {**record, "inputs": inputs, "definition_id": str(definition_id)}


def _reasons(warnings: Sequence[feel.FeelWarning | dmn.DecisionWarning]) -> str:
    return "; ".join(f"{warning.reason} (at {warning.position})" for warning in warnings) or "no rule matched"

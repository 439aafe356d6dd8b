"""FEEL and DMN as the core sees them: the office's objects, then variables; a null by an error is an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from engine import dmn, feel
from engine.bindings import NotBound
from engine.core.model import Decided, ExpressionFailed
from engine.core.texts import both
from engine.feel.messages import Telling, Words
from engine.json_values import JsonObject, JsonValue

MOST_REASONS = 5  # of an incident's text; the first ones are the cause, the others mostly follow from them
DecisionSource = Callable[[str, str, str, str | None], "tuple[UUID, dmn.Model]"]
"""From a decision id, the calling definition, binding and version tag to a version; raises NotBound."""


class LayeredScope(Mapping[str, Any]):
    """The host's objects over the variables in scope; nothing is read before an expression names it.

    No variable may be called like an object. Where one is all the same, kept from before, it is not seen.
    """

    def __init__(self, variables: Mapping[str, Any], roots: Mapping[str, Any]) -> None:
        self._variables = variables
        self._roots = roots

    def __getitem__(self, name: str) -> Any:
        """Return the object of a name, else the nearest variable."""
        if name in self._roots:
            return self._roots[name]
        return self._variables[name]

    def __contains__(self, name: object) -> bool:
        """Say whether the name is known without reading its value."""
        return name in self._variables or name in self._roots

    def __iter__(self) -> Iterator[str]:
        """Go through all names once."""
        yield from self._roots
        yield from (name for name in self._variables if name not in self._roots)

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
                raise _failed("结果为空值：", "the value is null: ", _null_reasons(evaluation.warnings))
            return feel.to_json(evaluation.value)
        except (feel.FeelSyntaxError, feel.FeelLimitError, feel.FeelTypeError) as error:
            raise _failed("", "", error) from error

    def decide(
        self, decision_id: str, scope: Mapping[str, JsonValue], *, caller: str, binding: str, version_tag: str | None
    ) -> Decided:
        """Evaluate the version of a decision that the binding names and keep how it came about.

        Raises:
            ExpressionFailed: not deployed, failed, or no rule gave a result.
        """
        try:
            definition_id, model = self._decisions(decision_id, caller, binding, version_tag)
        except NotBound as missing:
            raise ExpressionFailed(str(missing)) from missing
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
            raise _failed("决策失败：", "the decision failed: ", error) from error
        if value is None:
            raise _failed("决策没有结果：", "the decision gave no result: ", _decision_reasons(outcome.warnings))
        return Decided(value=value, record=self._record(outcome.trace, scope, definition_id))

    def _record(self, trace: dmn.Trace, scope: Mapping[str, JsonValue], definition_id: UUID) -> JsonObject:
        """Return how it came about: the variables and table inputs that were read, not the office's objects whole."""
        record = trace.to_json()
        inputs = {name: value for name, value in record["inputs"].items() if name not in self._roots}
        return {**record, "inputs": inputs, "definition_id": str(definition_id)}


def _failed(zh: str, en: str, reason: Telling) -> ExpressionFailed:
    """The failure in both languages: an incident keeps one text, and clerks and analysts read it."""
    return ExpressionFailed(both(f"{zh}{reason.text('zh')}", f"{en}{reason.text('en')}"))


def _null_reasons(warnings: Sequence[feel.FeelWarning]) -> Words:
    first = warnings[:MOST_REASONS]
    return Words(
        zh="；".join(f"{warning.reason_zh}（第 {warning.position + 1} 个字符）" for warning in first),
        en="; ".join(f"{warning.reason} (character {warning.position + 1})" for warning in first),
    )


def _decision_reasons(warnings: Sequence[dmn.DecisionWarning]) -> Words:
    first = warnings[:MOST_REASONS]
    return Words(
        zh="；".join(f"{warning.place.text('zh')}：{warning.reason_zh}" for warning in first) or "没有规则给出值",
        en="; ".join(f"{warning.place.text('en')}: {warning.reason}" for warning in first) or "no rule gave a value",
    )

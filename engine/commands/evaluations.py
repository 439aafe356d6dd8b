"""Evaluating an expression or a decision on its own: nothing is started and nothing kept."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine import dmn, feel
from engine.errors import EngineError, NotFound
from engine.execution import environment_settings
from engine.expressions import LayeredScope
from engine.feel.messages import Telling
from engine.host import Context, Work
from engine.json_values import JsonObject, JsonValue
from engine.model import Definition
from engine.permissions import require_role
from engine.supplied_variables import checked_variables


class EvaluationFailed(EngineError):
    """An expression or a decision cannot be read, or comes to nothing."""

    code = "evaluation-failed"
    text_zh = "无法计算：{reason_zh}"
    text_en = "It cannot be evaluated: {reason}"

    @classmethod
    def by(cls, told: Telling) -> EvaluationFailed:
        """Return the failure for what FEEL or DMN said."""
        return cls(reason=told.text("en"), reason_zh=told.text("zh"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why a part of an expression came to null."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """What an expression came to."""

    value: JsonValue
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateExpression:
    """Evaluate a FEEL expression on variables alone, with the office's functions.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        EvaluationFailed: it is no FEEL, or ran out of its limits.
        InvalidVariables
    """

    expression: str
    variables: JsonObject

    def execute(self, context: Context[Work]) -> Evaluated:
        """Evaluate it."""
        require_role(context, "administrator", context.host.region, action="计算表达式")
        settings = environment_settings(context)
        scope = LayeredScope(checked_variables(context, self.variables), {})
        try:
            compiled = feel.compile_expression(self.expression.removeprefix("="), names=frozenset(settings.functions))
            evaluation = compiled.evaluate(scope, settings)
            value = feel.to_json(evaluation.value)
        except (feel.FeelSyntaxError, feel.FeelLimitError, feel.FeelTypeError) as error:
            raise EvaluationFailed.by(error) from error
        doubts = tuple(Doubt(zh=one.reason_zh, en=one.reason) for one in evaluation.warnings)
        return Evaluated(value=value, doubts=doubts)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionOutcome:
    """What a decision came to, by which version, and how."""

    definition: Definition
    value: JsonValue
    trace: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateDecision:
    """Evaluate a deployed decision on variables alone: its newest version, or the one named.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: it is not deployed.
        EvaluationFailed: it cannot be decided on these variables.
        InvalidVariables
    """

    variables: JsonObject
    decision_id: str | None = None
    definition_id: UUID | None = None

    def execute(self, context: Context[Work]) -> DecisionOutcome:
        """Decide."""
        require_role(context, "administrator", context.host.region, action="计算决策")
        definition = self._definition(context)
        model = context.definitions.decision_model(definition.id, context.unit_of_work.definitions)
        scope = LayeredScope(checked_variables(context, self.variables), {})
        try:
            outcome = dmn.decide(model, definition.key, scope, environment_settings(context))
            value = feel.to_json(outcome.value)
        except (
            dmn.DmnError,
            dmn.UnknownDecisionError,
            feel.FeelSyntaxError,
            feel.FeelLimitError,
            feel.FeelTypeError,
        ) as error:
            raise EvaluationFailed.by(error) from error
        return DecisionOutcome(definition=definition, value=value, trace=outcome.trace.to_json())

    def _definition(self, context: Context[Work]) -> Definition:
        definitions = context.unit_of_work.definitions
        if self.definition_id is not None:
            found = definitions.get(self.definition_id)
        else:
            found = definitions.latest("decision", self.decision_id or "")
        if found is None or found.kind != "decision":
            raise NotFound("decision", self.decision_id or self.definition_id)
        return found

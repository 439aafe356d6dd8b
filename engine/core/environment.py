"""What the host lends the core for one run: the clock, expressions, decisions, handlers and definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.core.graph import Process
from engine.core.limits import MOST_STEPS
from engine.json_values import JsonObject, JsonValue


class ExpressionFailed(Exception):
    """An expression could not be evaluated to what is needed; the core makes an incident of it."""


class BpmnError(Exception):
    """An inside handler ends in a BPMN error that the diagram may catch."""

    def __init__(self, code: str, message: str = "", variables: JsonObject | None = None) -> None:
        self.code, self.message, self.variables = code, message, variables or {}
        super().__init__(f"{code}: {message}")


class HandlerFailed(Exception):
    """An inside handler failed and its writes are undone; the core makes an incident of it."""


class CallFailed(Exception):
    """A called process or a bound form cannot be found; the core makes an incident of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a decision gave: its value and how it came about (inputs, rules that fired, nulls and why)."""

    value: JsonValue
    record: JsonObject


class Evaluator(Protocol):
    """FEEL and DMN as the core sees them. Texts are as drawn: '=' begins an expression, anything else is literal."""

    def evaluate(self, text: str, scope: Mapping[str, JsonValue]) -> JsonValue:
        """Return a JSON value (temporal values as ISO strings).

        Raises:
            ExpressionFailed: the text is not FEEL, or the value cannot be stored as JSON.
        """
        ...

    def decide(
        self, decision_id: str, scope: Mapping[str, JsonValue], *, caller: str, binding: str, version_tag: str | None
    ) -> Decided:
        """Evaluate a decision with the variables in scope; `caller` and binding say which version, as for processes.

        Raises:
            ExpressionFailed: no such decision, or it failed.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerCall:
    """What an inside handler is told."""

    key: int
    definition: str
    element: str
    type: str
    headers: Mapping[str, str]
    variables: JsonObject  # local input mappings, or all visible variables when there are none


class Handlers(Protocol):
    """Service tasks that run inside the transaction; all other types become jobs."""

    def runs_inside(self, job_type: str) -> bool:
        """Say whether this type is served inside the transaction."""
        ...

    def call(self, call: HandlerCall) -> JsonObject:
        """Run the handler and return its result variables.

        Raises:
            BpmnError: the diagram may catch it.
            HandlerFailed: becomes an incident.
        """
        ...


class Definitions(Protocol):
    """The compiled process definitions the instance needs."""

    def get(self, definition: str) -> Process:
        """Return the compiled process of a definition id."""
        ...

    def called(self, process_id: str, *, caller: str, binding: str, version_tag: str | None) -> str:
        """Return the definition id a call activity starts; binding is latest, deployment or versionTag.

        Raises:
            CallFailed: there is none.
        """
        ...

    def form(self, form_id: str, *, caller: str, binding: str, version_tag: str | None) -> str:
        """Return the definition id of the form version a user task is bound to; binding is deployment or versionTag.

        Raises:
            CallFailed: there is none.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """All that one run may use besides its own state."""

    now: datetime  # aware
    definitions: Definitions
    evaluator: Evaluator
    handlers: Handlers
    step_limit: int = MOST_STEPS
    is_resting: bool = False  # the instance is suspended: conditions are looked at when it is resumed

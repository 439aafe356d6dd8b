"""Asking a decision table from a command or a handler: what a rule decides is written once, in the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import dmn, feel
from engine.errors import NotFound
from engine.execution import environment_settings
from engine.host import Context
from engine.json_values import JsonObject, JsonValue
from workflows.casework.days import local_day
from workflows.casework.ports import CaseworkUnitOfWork


def decided(context: Context[CaseworkUnitOfWork], decision: str, variables: Mapping[str, JsonValue]) -> Any:
    """Return what the newest version of a decision says, in JSON.

    Raises:
        NotFound: no such decision is deployed.
    """
    definitions = context.unit_of_work.definitions
    found = definitions.latest("decision", decision)
    if found is None:
        raise NotFound("decision", decision)
    model = context.definitions.decision_model(found.id, definitions)
    values = {name: feel.from_json(value) for name, value in variables.items()}
    return feel.to_json(dmn.decide(model, decision, values, environment_settings(context)).value)


def standard_today(context: Context[CaseworkUnitOfWork]) -> JsonObject:
    """Return the figures of policy in force today, as decisions see them."""
    return dict(context.unit_of_work.policy.parameters_on(local_day(context.now())))

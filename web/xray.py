"""One instance looked through, for its page and the API alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from engine.model import Actor
from engine.operation_queries import OperatedInstance
from web.services import services
from web.terms import Terms
from workflows.casework.flow.xray import (
    InstanceXray,
    joined_tokens,
    passed_elements,
    running_processes,
    standing_tokens,
    variable_changes,
)
from workflows.rules.masks import with_masked_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An instance as operators see it, with numbers of persons masked, and what looking through it shows."""

    found: OperatedInstance
    xray: InstanceXray
    masked: frozenset[tuple[int, str]]  # the variables, by scope and name, that hold such numbers


def examined(instance_id: UUID, actor: Actor) -> Examined:
    """Look through an instance.

    Raises:
        NotFound: unknown, or of a region the actor does not operate.
    """
    found = services().operations.instance(instance_id, actor)
    journal = services().operations.journal(instance_id, actor)
    view = found.view
    xray = InstanceXray(
        process_instance_id=view.instance.id,
        business_key=view.instance.business_key,
        version=view.instance.version,
        elements=list(passed_elements(view)),
        tokens=standing_tokens(view, Terms().days_since),
        joined=joined_tokens(view, Terms().days_since),
        processes=running_processes(view),
        changes=variable_changes(journal.entries, view.activities, values_shown=journal.values_shown),
    )
    masked = [replace(one, value=with_masked_numbers(one.value)) for one in found.variables]
    pairs = zip(found.variables, masked, strict=True)
    changed = {(one.scope_key, one.name) for one, shown in pairs if one.value != shown.value}
    return Examined(found=replace(found, variables=masked), xray=xray, masked=frozenset(changed))

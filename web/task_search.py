"""Why a search of the work list found a task: by the case it belongs to, when the text names that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.model import Actor, UserTask
from web.services import services
from workflows.casework.queries import CaseMatch


def matches_of(text: str | None, tasks: Sequence[UserTask], actor: Actor) -> Mapping[str, CaseMatch]:
    """Return by what a text names the cases of the tasks of a page, by number."""
    numbers = sorted({task.business_key for task in tasks})
    return services().casework.matches(text, numbers, actor) if text and numbers else {}

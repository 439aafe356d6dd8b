"""Commands beside the flows: repair by hand, another version of the diagram, activities of ad-hoc sub-processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.core.listener_model import TaskAttributes
from engine.json_values import JsonObject

if TYPE_CHECKING:
    from engine.core.model import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """Begin this element in a living scope, with these variables set in exactly that scope first.

    Where it is drawn in sub-processes within that scope they are begun anew around it, and the variables are set in
    the innermost of them.
    """

    scope: int
    element: str
    variables: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Modify:
    """Repair by hand: begin elements, then end element instances; scopes left empty complete afterwards."""

    activate: tuple[Activation, ...] = ()
    terminate: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrate:
    """Go on by another version of the diagram; `mapping` names elements that have another id there.

    `tasks` are open user tasks by key as their rows say: needed where they get listeners by it.
    """

    source: str
    target: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    tasks: Mapping[int, TaskAttributes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """Undo a migration: stand again as in a snapshot that was taken before it, nothing having happened since."""

    snapshot: Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Go on after a rest: look at every condition whose variables changed while the host let the instance rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdHocActivity:
    """An element to begin in an ad-hoc sub-process, with variables that it and what follows it see alone."""

    element: str
    variables: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivateAdHoc:
    """Begin further elements in a running ad-hoc sub-process; first end those that still run when that is asked."""

    scope: int
    elements: tuple[AdHocActivity, ...]
    cancel_remaining: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AdHocResult:
    """What the worker of an ad-hoc sub-process decides: what is to begin, whether it is over, what still runs.

    `is_fulfilled`: over now, or when what still runs is. `cancel_remaining` ends that first.
    """

    elements: tuple[AdHocActivity, ...] = ()
    is_fulfilled: bool = False
    cancel_remaining: bool = False

"""What listeners add to the wall: the stage an element is in while it waits for one, and what a listener may answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from engine.json_values import JsonObject

START, END = "start", "end"
CREATING, ASSIGNING, UPDATING, COMPLETING, CANCELING = "creating", "assigning", "updating", "completing", "canceling"
EXECUTION_EVENTS = (START, END)
TASK_EVENTS = (CREATING, ASSIGNING, UPDATING, COMPLETING, CANCELING)
DENIABLE_EVENTS = (ASSIGNING, UPDATING, COMPLETING)

SERVICE, EXECUTION_LISTENER, TASK_LISTENER = "service", "executionListener", "taskListener"
AD_HOC_SUB_PROCESS = "adHocSubProcess"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who asked for a transition; a listener's worker finishes it in this person's name."""

    id: str
    name: str
    acts_for: str | None = None  # in whose name this person acts


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAttributes:
    """What people and listeners may change of an open user task."""

    assignee: str | None = None
    assignee_name: str | None = None
    candidate_groups: tuple[str, ...] = ()
    candidate_users: tuple[str, ...] = ()
    due: datetime | None = None
    follow_up: datetime | None = None
    priority: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """An element waits for its listeners of one event; what was asked is kept until the last of them is done."""

    event: str
    index: int = 0  # of the listener whose turn it is, in drawn order
    job: int | None = None  # key of that listener's job, kept over a retry
    variables: JsonObject = field(default_factory=dict)  # results or new values, set when the listeners are done
    is_local: bool = False  # the new values are for exactly this scope
    start_event: str | None = None  # by which an event sub-process was entered
    task: TaskAttributes | None = None  # the user task as it will be after the transition
    action: str = ""  # what was asked of the user task: claim, assign, complete ...
    by: Person | None = None
    is_open: bool = False  # people see the user task meanwhile
    denied: str = ""  # why a listener denied it
    given_reason: str = ""  # of whoever asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What happens when the last canceling listener within an element is done and the element can end."""

    kind: str  # boundary, event-sub-process, loop, cancelled
    element: str = ""  # the event that interrupted
    variables: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerResult:
    """What a task listener answers: it lets the transition pass, corrects the task, or denies it with a reason."""

    is_denied: bool = False
    reason: str = ""
    corrections: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTask:
    """Somebody assigns, releases or updates an open user task that has listeners drawn."""

    key: int
    event: str  # assigning or updating
    action: str
    before: TaskAttributes
    after: TaskAttributes
    by: Person | None = None
    given_reason: str = ""


class InTransition(Exception):
    """The user task waits for its listeners; nothing else can be asked of it meanwhile."""

    def __init__(self, key: int, event: str) -> None:
        self.key, self.event = key, event
        super().__init__(f"the user task {key} waits for its {event} listeners; wait until they are done")


class ResultRefused(Exception):
    """The result of a job is not allowed for it; `code` names the rule, `found` what broke it."""

    def __init__(self, code: str, found: str) -> None:
        self.code, self.found = code, found
        super().__init__(f"{code}: {found}")

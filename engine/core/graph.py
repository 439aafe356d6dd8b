"""The compiled diagram: what the interpreter walks on. Built by engine.bpmn, immutable, shared between threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.json_values import JsonValue

ACTIVATION = "adHocActivation"
"""The tag of what one element begun in an ad-hoc sub-process, and its flow, live under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A sequence flow as drawn."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDefinition:
    """What an event catches or throws. Names, keys and times are texts as drawn: '=' begins an expression."""

    kind: str  # message, signal, timer, conditional, error, escalation, compensate, terminate, link
    name: str | None = None  # of the message, signal or link
    code: str | None = None  # of the error or escalation; None catches every code
    correlation_key: str | None = None
    message_id: str | None = None
    time_to_live: str | None = None
    date: str | None = None
    duration: str | None = None
    cycle: str | None = None
    activity: str | None = None  # the one activity a compensation event undoes; None: all of its scope
    condition: str | None = None  # of a conditional event
    watched_names: tuple[str, ...] = ()  # variables whose change lets the condition be looked at again; (): every one
    watched_changes: tuple[str, ...] = ()  # create, update; (): both


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopCharacteristics:
    """How a multi-instance activity is repeated."""

    input_collection: str
    input_element: str | None = None
    output_collection: str | None = None
    output_element: str | None = None
    output_variable: str | None = None  # that is all the output element reads: every round has one of its own
    completion_condition: str | None = None
    is_sequential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardLoop:
    """How an activity is repeated one round after the other while a condition holds."""

    condition: str | None = None  # None: always
    maximum: int | None = None  # rounds; None: as long as the condition holds
    tests_before: bool = False  # the condition is looked at before a round, not after it
    is_sequential: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AdHoc:
    """What is begun in an ad-hoc sub-process, when it is over, and what it collects."""

    active_elements: str | None = None  # expression for the ids to begin with; None: none
    completion_condition: str | None = None  # None: over when everything that was begun is
    cancels_remaining: bool = True  # a fulfilled condition ends what still runs, else it is waited for
    output_collection: str | None = None
    output_element: str | None = None
    output_variable: str | None = None  # that is all the output element reads: what is begun has one of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableMapping:
    """An input or output mapping; a target with dots writes into a nested object."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTaskDefinition:
    """Who may do a user task, by when, with which form. None where nothing is drawn."""

    assignee: str | None = None
    candidate_groups: str | None = None
    candidate_users: str | None = None
    due_date: str | None = None
    follow_up_date: str | None = None
    priority: str | None = None
    form_id: str | None = None
    external_form: str | None = None  # of a form that another system shows
    form_binding: str = "latest"
    form_version_tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLink:
    """A form that clients show, by its id and which version of it."""

    form_id: str
    binding: str = "latest"
    version_tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDefinition:
    """The job type of a service task, with its retries."""

    type: str
    retries: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A job that an element or a user task waits for at one event of its life."""

    event: str  # start, end; creating, assigning, updating, completing, canceling
    type: str
    retries: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A FEEL expression and the variable its value goes to."""

    expression: str
    result_variable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledDecision:
    """The decision a business rule task asks, and the variable its value goes to."""

    decision_id: str
    result_variable: str
    binding: str = "latest"
    version_tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledElement:
    """The process a call activity starts."""

    process_id: str
    binding: str = "latest"
    version_tag: str | None = None
    propagates_parent_variables: bool = True
    propagates_child_variables: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One flow node, or the process itself (tag `process`)."""

    id: str
    tag: str  # BPMN local name
    name: str = ""
    scope: str = ""  # id of the enclosing process or sub-process, "" for the process
    documentation: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    incoming: tuple[Flow, ...] = ()
    outgoing: tuple[Flow, ...] = ()
    event: EventDefinition | None = None
    is_interrupting: bool = True  # boundary events and start events of event sub-processes
    is_event_sub_process: bool = False
    attached_to: str | None = None  # of a boundary event
    boundary_events: tuple[str, ...] = ()  # without compensation
    event_sub_processes: tuple[str, ...] = ()  # drawn directly in this scope
    start_events: tuple[str, ...] = ()  # drawn directly in this scope
    heads: tuple[str, ...] = ()  # of an ad-hoc sub-process: what may be chosen
    link_target: str | None = None  # of a link throw event: its catch event
    compensation_handler: str | None = None
    loop: LoopCharacteristics | StandardLoop | None = None
    inputs: tuple[VariableMapping, ...] = ()
    outputs: tuple[VariableMapping, ...] = ()
    user_task: UserTaskDefinition | None = None
    start_form: FormLink | None = None  # of a start event: what clients show to whoever begins the process
    job: TaskDefinition | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # go along with its job or user task, and its listeners
    script: Script | None = None
    decision: CalledDecision | None = None
    called: CalledElement | None = None
    ad_hoc: AdHoc | None = None
    parameters: tuple[Mapping[str, JsonValue], ...] = ()  # what it wants from a worker that begins it, by `fromAi`
    activation: Node | None = None  # of an ad-hoc sub-process: what one element begun in it, and its flow, live under
    execution_listeners: tuple[Listener, ...] = ()
    task_listeners: tuple[Listener, ...] = ()

    @property
    def is_join(self) -> bool:
        """Say whether tokens wait here for one another."""
        return self.tag in ("parallelGateway", "inclusiveGateway") and len(self.incoming) > 1

    @property
    def opens_work(self) -> bool:
        """Say whether a person or a worker has something to do that completes this; not what decides in a scope."""
        return self.user_task is not None or (self.job is not None and self.ad_hoc is None)

    def listeners(self, event: str) -> tuple[Listener, ...]:
        """Return the listeners of one event, in drawn order."""
        if not self.execution_listeners and not self.task_listeners:
            return ()
        return tuple(each for each in (*self.execution_listeners, *self.task_listeners) if each.event == event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One executable process as drawn. `nodes` also holds the process itself under its own id."""

    id: str
    name: str
    properties: Mapping[str, str] = field(default_factory=dict)
    documentation: str = ""
    version_tag: str | None = None
    nodes: Mapping[str, Node] = field(default_factory=dict)
    upstream: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    """Inclusive join -> its incoming flow -> the nodes from which a token can still come along that flow."""

    def none_start_events(self, scope: str) -> tuple[str, ...]:
        """The start events of a scope that wait for nothing."""
        return tuple(each for each in self.nodes[scope].start_events if self.nodes[each].event is None)

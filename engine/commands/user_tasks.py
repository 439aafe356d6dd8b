"""What a person may do with a user task. Every check is made here, in the transaction that changes the task."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from engine import feel, forms
from engine.commands.task_listeners import (
    ask,
    asker,
    assign,
    attributes_of,
    change_attributes,
    has_listeners,
    held_by,
    locked_open_task,
    operable_open_task,
    refuse_in_transition,
    with_attributes,
)
from engine.commands.task_rights import check_four_eyes, holding_or_supervising, no_candidate, require_fit
from engine.core import model as core
from engine.errors import (
    AlreadyClaimed,
    DraftStale,
    NotAssignee,
    NotBulkable,
    NotFound,
    PutOffWrong,
    StaleVersion,
    TaskHasDraft,
)
from engine.execution import environment_settings, record
from engine.host import Context, Work
from engine.json_values import JsonObject
from engine.model import Actor, Draft, HistoryAction, ProcessInstance, TaskState, UserTask
from engine.permissions import Acting, acting_on, checked_reason, given_reason, require_role
from engine.relay import advance_and_tell
from engine.submissions import Submitted
from engine.supplied_variables import checked_names, checked_size

LONGEST_HOLD = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimUserTask:
    """Make the actor the assignee of an open task; the first claim wins, a repeated one changes nothing.

    Somebody absent becomes the assignee where only the right of a substitute counts (`engine.permissions`).

    Raises:
        TaskNotOpen: the task is done or cancelled.
        TaskInTransition: it waits for its listeners.
        TaskActionDenied: an assigning listener denied it.
        AlreadyClaimed: somebody else holds it; the error names the holder.
        NotPermitted: the actor is no candidate.
        FourEyesViolation: the actor completed an activity this task must be distinct from, or the absent person did.
        SubstitutionOver: the actor stands in for the absent person no more.
    """

    user_task_id: UUID

    def execute(self, context: Context[Work]) -> UserTask:
        """Claim it."""
        instance, task = locked_open_task(context, self.user_task_id)
        refuse_in_transition(task)
        if task.assignee == context.actor.id:
            return task
        acting = acting_on(context, task)
        if task.assignee is not None:
            if acting is None:
                raise AlreadyClaimed(task.name, task.assignee_name or task.assignee)
            return task
        if acting is None:
            raise no_candidate(task, "签收任务")
        for person in acting.persons:
            require_fit(context, task, person)
        return _assigned(acting.context, instance, task, acting.holder, HistoryAction.CLAIMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseUserTask:
    """Give a task back to its group; the draft stays for whoever claims it next, a repeated release changes nothing.

    Raises:
        NotAssignee: the actor neither holds the task nor supervises its region.
        ReasonMissing: the reason is longer than one may be.
    """

    user_task_id: UUID
    reason: str | None = None

    def execute(self, context: Context[Work]) -> UserTask:
        """Release it."""
        instance, task = locked_open_task(context, self.user_task_id)
        refuse_in_transition(task)
        acting = holding_or_supervising(context, task)
        if task.assignee is None:
            return task
        told: JsonObject = {"from": task.assignee, **given_reason(self.reason)}
        return _assigned(acting, instance, task, None, HistoryAction.RELEASED, told=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackUserTask:
    """Take a task from who holds it, and offer it to its group again.

    The office's rules ask for it, no person does: no right is needed, no listener is asked, and an instance that is
    suspended makes no difference. Nothing happens unless this person holds the task.
    """

    user_task_id: UUID
    holder: str
    ground: str  # a code of the office

    def execute(self, context: Context[Work]) -> UserTask:
        """Take it back."""
        instance, task = operable_open_task(context, self.user_task_id)
        if task.assignee != self.holder:
            return task
        changed = with_attributes(task, held_by(attributes_of(task), None))
        context.unit_of_work.user_tasks.save(changed)
        details: JsonObject = {"task": str(task.id), "assignee": None, "from": self.holder, "ground": self.ground}
        record(context, instance, HistoryAction.RELEASED, element_id=task.element_id, details=details)
        return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignUserTask:
    """Give a task to a named person of its group; to who holds it already it changes nothing.

    Raises:
        NotPermitted: the actor does not supervise the region, or the person is no candidate.
        AlreadyClaimed: somebody else holds it, and it is not to be taken from anybody.
        FourEyesViolation: the person completed an activity this task must be distinct from.
        ReasonMissing: the reason is longer than one may be.
    """

    user_task_id: UUID
    assignee: Actor
    override: bool = True  # also when somebody holds it
    reason: str | None = None
    ground: str | None = None  # a code of the office, where a rule of its assigns and nobody else

    def execute(self, context: Context[Work]) -> UserTask:
        """Assign it."""
        instance, task = locked_open_task(context, self.user_task_id)
        refuse_in_transition(task)
        require_role(context, "supervisor", task.region, action="分派任务")
        if task.assignee == self.assignee.id:
            return task
        if task.assignee is not None and not self.override:
            raise AlreadyClaimed(task.name, task.assignee_name or task.assignee)
        if not task.is_offered_to(self.assignee):
            raise no_candidate(task, "办理该任务")
        require_fit(context, task, self.assignee)
        given = given_reason(self.reason) | ({} if self.ground is None else {"ground": self.ground})
        told: JsonObject = {"from": task.assignee, **given}
        return _assigned(context, instance, task, self.assignee, HistoryAction.ASSIGNED, told=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """Keep a half-filled form as it is, without checks; only the assignee or a substitute writes it.

    Raises:
        NotAssignee: somebody else holds the task.
        TaskNotOpen: the task is over.
        DraftStale: other answers were saved since the draft these were typed over.
    """

    user_task_id: UUID
    values: JsonObject
    based_on: str | None = None  # the version of that draft, empty where there was none; None: whatever is there

    def execute(self, context: Context[Work]) -> Draft:
        """Save it; what was typed before the instance was suspended is not lost."""
        _, task = operable_open_task(context, self.user_task_id)
        _held(context, task)
        self._refuse_stale(context, task)
        draft = Draft(
            user_task_id=task.id,
            values=checked_size(self.values),
            saved_at=context.now(),
            saved_by=context.actor.id,
        )
        context.unit_of_work.user_tasks.save_draft(draft)
        return draft

    def _refuse_stale(self, context: Context[Work], task: UserTask) -> None:
        if self.based_on is None:
            return
        held = context.unit_of_work.user_tasks.draft(task.id)
        if held is not None and held.version != self.based_on and held.values != self.values:
            raise DraftStale(task.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteUserTask:
    """Hand in the result of a task and run the process on until it waits again.

    A task with completing listeners is handed back open and in transition while it waits for them.
    `version` is the task's version the person saw; None skips that check.

    Raises:
        TaskNotOpen: done or cancelled; names who completed it.
        TaskInTransition: it waits for its listeners.
        TaskActionDenied: a completing listener denied it at once; nothing is changed.
        NotAssignee: somebody else holds it, or nobody.
        StaleVersion: the task changed since it was shown.
        FourEyesViolation: the actor completed an activity this task must be distinct from, or the absent person did.
        SubstitutionOver: the actor stands in for the absent person no more.
        FormInvalid: the values break the form's rules, or the office's records speak against them; nothing is changed.
    """

    user_task_id: UUID
    values: JsonObject
    version: int | None = None

    def execute(self, context: Context[Work]) -> UserTask:
        """Complete it."""
        instance, task, acting = _held_task(context, self.user_task_id)
        _refuse_stale(task, self.version)
        return _handed_in(acting, instance, task, self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteUserTaskInBatch:
    """Complete one of several tasks that are handed in together, where the diagram allows it.

    The values its form opens with are handed in, with `values` over them that all the tasks share.
    `version` is the task's version the person saw; None skips that check. The same handed in once more by the same
    person for that version changes nothing; other values are refused as for any task that is over.

    Raises:
        NotBulkable: the diagram does not say `bulkable` of the task.
        TaskHasDraft: somebody is still at work on it.
        FormInvalid: the form asks for more than that; nothing is changed.
    As `CompleteUserTask` for everything else.
    """

    user_task_id: UUID
    values: JsonObject = field(default_factory=dict)
    version: int | None = None

    def execute(self, context: Context[Work]) -> UserTask:
        """Complete it."""
        if self.version is None:
            return self._completed(context)
        key = f"task:{self.user_task_id}:{self.version}:{context.actor.id}"
        submitted, submissions = Submitted(key=key, asked={"values": self.values}), context.unit_of_work.submissions
        known = submissions.claim(submitted.key, submitted.digest, at=context.now())
        if known is not None and known.digest == submitted.digest:
            task = context.unit_of_work.user_tasks.get(self.user_task_id)
            if task is not None and task.state is TaskState.COMPLETED:
                return task
        completed = self._completed(context)
        if known is None:
            submissions.settle(key, completed.process_instance_id)  # the digest of answers leaves with their instance
        return completed

    def _completed(self, context: Context[Work]) -> UserTask:
        instance, task, acting = _held_task(context, self.user_task_id)
        _refuse_stale(task, self.version)
        if not task.is_bulkable:
            raise NotBulkable(task.name)
        if context.unit_of_work.user_tasks.draft(task.id) is not None:
            raise TaskHasDraft(task.name)
        form = _form_of(context, task)
        opening = {} if form is None else forms.prefill(form, task.variables)
        return _handed_in(acting, instance, task, {**opening, **self.values})


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOffUserTask:
    """Put a task one holds off until a later time, or take it up again (None); its limit runs on.

    Raises:
        NotAssignee: the actor neither holds the task nor supervises its region.
        PutOffWrong: the time is over, or more than a year away.
        ReasonMissing: it is put off without a reason.
        TaskActionDenied: an updating listener denied it.
    """

    user_task_id: UUID
    until: datetime | None
    reason: str | None = None

    def execute(self, context: Context[Work]) -> UserTask:
        """Put it off."""
        instance, task = locked_open_task(context, self.user_task_id)
        refuse_in_transition(task)
        acting = holding_or_supervising(context, task)
        if self.until == task.follow_up_at:
            return task
        after = replace(attributes_of(task), follow_up=self.until)
        return change_attributes(acting, instance, task, after, {"names": ["followUpDate"], **self._reason(context)})

    def _reason(self, context: Context[Work]) -> JsonObject:
        if self.until is None:
            return {}
        if not context.now() < self.until <= context.now() + LONGEST_HOLD:
            raise PutOffWrong(LONGEST_HOLD.days)
        return {"reason": checked_reason(self.reason or "")}


def _held_task(context: Context[Work], user_task_id: UUID) -> tuple[ProcessInstance, UserTask, Acting[Work]]:
    instance, task = locked_open_task(context, user_task_id)
    refuse_in_transition(task)
    return instance, task, _held(context, task)


def _held(context: Context[Work], task: UserTask) -> Acting[Work]:
    """Return in whose right the actor works on a task that the actor, or somebody absent, holds."""
    acting = acting_on(context, task) if task.assignee is not None else None
    if acting is None:
        raise NotAssignee(task.name, task.assignee_name)
    return acting


def _refuse_stale(task: UserTask, version: int | None) -> None:
    if version is not None and version != task.version:
        raise StaleVersion("user task", version, task.version)


def _handed_in(acting: Acting[Work], instance: ProcessInstance, task: UserTask, submitted: JsonObject) -> UserTask:
    context = acting.context
    for person in acting.persons:
        check_four_eyes(context, task, person)
        context.host.guard(context, task, person, step="complete")
    values = checked_names(context, _checked_submission(context, instance, task, checked_size(submitted)))
    faults = context.host.examine(context, task, values)
    if faults:
        raise forms.FormInvalid(tuple(faults))
    if has_listeners(context, task):
        command = core.CompleteWork(key=task.key, variables=values, task=attributes_of(task), by=asker(context))
        return ask(context, instance, task, command)
    record(context, instance, HistoryAction.COMPLETED, element_id=task.element_id, details={"task": str(task.id)})
    _, changes = advance_and_tell(context, instance, core.CompleteWork(key=task.key, variables=values))
    return changes.user_task_after(task)


def _assigned(
    context: Context[Work],
    instance: ProcessInstance,
    task: UserTask,
    person: Actor | None,
    action: HistoryAction,
    *,
    told: JsonObject | None = None,
) -> UserTask:
    if has_listeners(context, task):
        return assign(context, instance, task, person, action)
    changed = with_attributes(task, held_by(attributes_of(task), person))
    context.unit_of_work.user_tasks.save(changed)
    details: JsonObject = {"task": str(task.id), "assignee": changed.assignee, **(told or {})}
    record(context, instance, action, element_id=task.element_id, details=details)
    return changed


def _checked_submission(
    context: Context[Work], instance: ProcessInstance, task: UserTask, values: JsonObject
) -> JsonObject:
    form = _form_of(context, task)
    if form is None:
        return values
    settings: feel.Settings = environment_settings(context)
    submission = forms.validate(form, values, data=dict(task.variables), settings=settings)
    if submission.errors:
        raise forms.FormInvalid(submission.errors)
    return submission.values


def _form_of(context: Context[Work], task: UserTask) -> forms.Form | None:
    if task.form_id is None:
        return None
    definitions = context.unit_of_work.definitions
    bound = task.form_definition_id
    definition = definitions.latest("form", task.form_id) if bound is None else definitions.get(bound)
    if definition is None:
        raise NotFound("form", task.form_id)
    return context.definitions.form(definition.id, definitions, english=context.host.form_texts(task.form_id))

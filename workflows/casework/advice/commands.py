"""Asking other units for advice from a task, which stays where it is, and taking a question back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from engine.commands.process_instances import CancelProcessInstance, StartProcessInstance
from engine.commands.task_listeners import locked_open_task
from engine.errors import NotAssignee, NotFound
from engine.host import Context
from engine.model import SYSTEM, InstanceState, ProcessInstance, UserTask
from engine.permissions import acting_on, checked_reason
from workflows.casework.advice.errors import (
    AdviceKeyTaken,
    AdviceNotFound,
    AdviceOpenAlready,
    AdviceOver,
    AdviceTermWrong,
    AdviceUnitWrong,
    AdviceWithoutCase,
)
from workflows.casework.advice.model import Advice, AdviceState
from workflows.casework.advice.telling import asked, tell
from workflows.casework.county import UNIT_KIND_NAMES
from workflows.casework.days import local_day
from workflows.casework.evidence.errors import EvidenceNotFound
from workflows.casework.evidence.model import adding_unit
from workflows.casework.evidence.trail import case_held
from workflows.casework.holds.model import HoldEvent
from workflows.casework.model import Case
from workflows.casework.orders.errors import NobodyToNotify
from workflows.casework.orders.notices import NoticeCause
from workflows.casework.orders.telling import answering_group
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.guard import is_kin
from workflows.casework.sight import is_purpose_limited
from workflows.casework.standards import standards_on

ADVICE_PROCESS = "advice"
MOST_UNITS = 5
TASK_OVER = "提出征求意见的任务已结束"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAdvice:
    """Ask units a question about the case of a task one holds, or somebody absent in whose name one works.

    Each answers in a task of its own. The asking task stays claimed, and its limit runs on. A unit asked sees of the
    case what its purpose needs, and the evidence named here as long as it has to answer. The same submission key gives
    the same questions.

    Raises:
        NotFound, TaskNotOpen: there is no such task, or it is done.
        NotAssignee: the actor does not hold it.
        AdviceWithoutCase: it belongs to no case.
        AdviceUnitWrong: no unit, too many, or the own one.
        AdviceTermWrong, YearNotLoaded: the term is none, or leads into a year without calendar data.
        AdviceOpenAlready: a unit has not answered an earlier question of the task.
        EvidenceNotFound: the case has no such evidence, or it is not for the actor's eyes.
        NobodyToNotify: a unit has nobody who could answer.
        ReasonMissing: the question is empty or too long.
        AdviceKeyTaken: the key came with another question.
    """

    task_id: UUID
    unit_kinds: Sequence[str]
    question: str
    working_days: int
    submission_key: str
    evidence_ids: Sequence[UUID] = ()

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Sequence[Advice]:
        """Keep the questions, start their courses and tell the units."""
        _, task = locked_open_task(context, self.task_id)
        known = self._known(context)
        if known:
            return known
        acting = acting_on(context, task) if task.assignee is not None else None
        if acting is None:
            raise NotAssignee(task.name, task.assignee_name)
        context = replace(context, actor=replace(acting.context.actor, memberships=acting.holder.memberships))
        case = _case_of(context, task)
        question, due_on = checked_reason(self.question), self._due_on(context, local_day(context.now()))
        kinds = self._checked_kinds(context, case)
        self._check_evidence(context, case)
        return [self._ask(context, case, task, kind, question=question, due_on=due_on) for kind in kinds]

    def _known(self, context: Context[CaseworkUnitOfWork]) -> Sequence[Advice]:
        """Return what came of the same submission before."""
        found = [context.unit_of_work.advice.by_submission_key(self._key(kind)) for kind in self.unit_kinds]
        known = [one for one in found if one is not None]
        if known and len(known) < len(found):
            raise AdviceKeyTaken
        for one in known:
            due_on = self._due_on(context, local_day(one.asked_at))
            shown = context.unit_of_work.advice.shown_with(one.id)
            asked_before = (one.task_id, one.asked_by, one.question, one.due_on, shown)
            if asked_before != (self.task_id, context.actor.id, self.question.strip(), due_on, set(self.evidence_ids)):
                raise AdviceKeyTaken
        return known

    def _checked_kinds(self, context: Context[CaseworkUnitOfWork], case: Case) -> Sequence[str]:
        kinds = tuple(dict.fromkeys(self.unit_kinds))
        own = adding_unit(context.actor, case.region)
        strange = [kind for kind in kinds if kind == own or kind not in UNIT_KIND_NAMES]
        if strange or not 1 <= len(kinds) <= MOST_UNITS:
            raise AdviceUnitWrong(most=MOST_UNITS, found="、".join(strange or kinds))
        waiting = {one.unit_kind for one in context.unit_of_work.advice.open_of_tasks([self.task_id])}
        for kind in kinds:
            if kind in waiting:
                unit, unit_en = UNIT_KIND_NAMES[kind]
                raise AdviceOpenAlready(unit=unit, unit_en=unit_en)
        return kinds

    def _due_on(self, context: Context[CaseworkUnitOfWork], asked_on: date) -> date:
        calendar = context.unit_of_work.policy.calendar()
        most = standards_on(context.unit_of_work, asked_on).days("advice_days_most")
        if not 1 <= self.working_days <= most:
            raise AdviceTermWrong(most=most, found=self.working_days)
        return calendar.add_working_days(asked_on, self.working_days)

    def _check_evidence(self, context: Context[CaseworkUnitOfWork], case: Case) -> None:
        own = adding_unit(context.actor, case.region)
        is_limited = is_purpose_limited(context.actor, case.region)
        units = context.unit_of_work.evidence.units_of(case.id, self.evidence_ids)
        if units.keys() != set(self.evidence_ids) or (is_limited and set(units.values()) - {own}):
            raise EvidenceNotFound

    def _ask(
        self,
        context: Context[CaseworkUnitOfWork],
        case: Case,
        task: UserTask,
        kind: str,
        *,
        question: str,
        due_on: date,
    ) -> Advice:
        advice = Advice(
            id=uuid4(),
            case_id=case.id,
            matter=case.number,
            region=case.region,
            task_id=task.id,
            step=task.name,
            step_en=task.name_en,
            asking_unit=adding_unit(context.actor, case.region),
            unit_kind=kind,
            question=question,
            due_on=due_on,
            asked_at=context.now(),
            asked_by=context.actor.id,
        )
        if not asked(context, advice):
            raise NobodyToNotify(case.number)
        register = context.unit_of_work.advice
        shown = tuple(dict.fromkeys(self.evidence_ids))
        if not register.add(advice, submission_key=self._key(kind), evidence_ids=shown):
            raise AdviceKeyTaken
        course = _begin(context, advice)
        begun = replace(advice, process_instance_id=course.id)
        register.save(begun)
        opened = context.unit_of_work.user_tasks.open_of(course.id)
        tell(context, begun, NoticeCause.ADVICE_ASKED, asked(context, begun), task_id=opened[0].id if opened else None)
        return begun

    def _key(self, kind: str) -> str:
        return f"{self.submission_key}:{kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAdvice:
    """Take a question back that needs no answer any more; the unit's task ends.

    Raises:
        AdviceNotFound: there is no such question.
        NotAssignee: the actor neither asked it nor holds the task it came from.
        AdviceOver: it is answered, returned or taken back.
        ReasonMissing: the reason is empty or too long.
    """

    advice_id: UUID
    reason: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Advice:
        """Take it back."""
        reason = checked_reason(self.reason)
        advice = _locked_with_course(context, self.advice_id)
        if advice is None or context.unit_of_work.procedure.kin.holds(number=advice.matter, login=context.actor.id):
            raise AdviceNotFound
        task = context.unit_of_work.user_tasks.get(advice.task_id)
        is_own = context.actor.system or context.actor.id == advice.asked_by
        if not is_own and (task is None or task.assignee is None or acting_on(context, task) is None):
            raise NotAssignee(advice.step, task.assignee_name if task else None)
        if advice.state is not AdviceState.OPEN:
            raise AdviceOver
        context.unit_of_work.holds.end(advice.case_id, HoldEvent.ADVICE, task_id=advice.task_id)
        return _withdrawn(context, advice, reason)


def withdraw_for_ended_tasks(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, task_ids: Sequence[UUID]
) -> None:
    """Take back the open questions of tasks that have just ended: nobody waits for the answers any more."""
    for found in context.unit_of_work.advice.open_of_tasks(task_ids):
        advice = _locked_with_course(context, found.id)
        if advice is not None and advice.state is AdviceState.OPEN:
            _withdrawn(context, advice, TASK_OVER)


def _locked_with_course(context: Context[CaseworkUnitOfWork], advice_id: UUID) -> Advice | None:
    """Lock the course of a question first, then the question: who answers locks in this order."""
    found = context.unit_of_work.advice.get(advice_id)
    if found is None:
        return None
    if found.process_instance_id is not None:
        context.unit_of_work.process_instances.lock(found.process_instance_id)
    return context.unit_of_work.advice.lock(advice_id)


def _withdrawn(context: Context[CaseworkUnitOfWork], advice: Advice, reason: str) -> Advice:
    over = replace(
        advice, state=AdviceState.WITHDRAWN, answer=reason, closed_at=context.now(), closed_by=context.actor.id
    )
    context.unit_of_work.advice.save(over)
    if advice.process_instance_id is not None:
        course = context.unit_of_work.process_instances.lock(advice.process_instance_id)
        if course is not None and course.state in (InstanceState.ACTIVE, InstanceState.SUSPENDED):
            cancel = CancelProcessInstance(process_instance_id=course.id, reason=reason)
            cancel.execute(replace(context, actor=SYSTEM))
    tell(context, over, NoticeCause.ADVICE_WITHDRAWN, asked(context, over), task_id=None)
    return over


def _begin(context: Context[CaseworkUnitOfWork], advice: Advice) -> ProcessInstance:
    return StartProcessInstance(
        process_id=ADVICE_PROCESS,
        variables={
            "advice_id": str(advice.id),
            "answering_group": answering_group(advice.unit_kind),
            "asking_unit": UNIT_KIND_NAMES.get(advice.asking_unit, ("", ""))[0],
            "matter": advice.matter,
            "step": advice.step,
            "question": advice.question,
            "due_on": advice.due_on.isoformat(),
        },
        region=advice.region,
        business_key=advice.matter,
    ).execute(replace(context, actor=SYSTEM))


def _case_of(context: Context[CaseworkUnitOfWork], task: UserTask) -> Case:
    case = context.unit_of_work.cases.by_number(task.business_key) if task.business_key else None
    if case is None:
        raise AdviceWithoutCase
    if is_kin(context, case):
        raise NotFound("user task", task.id)
    return case_held(context, case.id, action="征求意见")

"""What supervisors do about work that does not go on: remind, and order in writing; and reading what one was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from engine.commands.process_instances import CancelProcessInstance, StartProcessInstance
from engine.errors import NotFound, NotPermitted, TaskNotOpen
from engine.host import Context
from engine.model import SYSTEM, Actor, InstanceState, TaskState, UserTask
from engine.permissions import checked_reason
from workflows.casework.county import COUNTY_REGION, TOWN_BY_REGION, UNIT_KIND_NAMES
from workflows.casework.days import local_day
from workflows.casework.errors import CaseErased, CaseNotFound, RecordNotFound
from workflows.casework.model import Case
from workflows.casework.orders.errors import (
    AddresseeOutsideUnit,
    NobodyToNotify,
    OrderDueDayWrong,
    OrderKeyTaken,
    OrderStateWrong,
    UnitNotInvolved,
)
from workflows.casework.orders.model import (
    OVER,
    BasisKind,
    OrderEvent,
    OrderState,
    OrderStep,
    SupervisionOrder,
    supervising_post,
)
from workflows.casework.orders.notices import NoticeCause, StaffNotice
from workflows.casework.orders.telling import answering_group, staff_groups, tell, unit_of
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.guard import is_kin
from workflows.casework.sight import WHOLE_REGION_KINDS
from workflows.casework.standards import standards_on

ORDER_PROCESS = "supervision_order"
LAST_LEVEL_DAYS = "order_level_3_days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a supervisor looks at: an open task, or a whole case, and the unit in charge of it."""

    region: str
    key: str
    unit_kind: str
    task: UserTask | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueSupervisionOrder:
    """Ask a unit in writing to put a case or a task right by a day; the unit must answer.

    One of `task_id` and `case_number` is given. The unit in charge of a task is that of its first candidate group; for
    a whole case `unit_kind` names it. The same submission key gives the same order.

    Raises:
        NotFound, TaskNotOpen: there is no such task, or it is done.
        CaseNotFound, CaseErased: there is no such case, or nobody knows any more who it was about.
        NotPermitted: the actor does not supervise this unit there.
        UnitNotInvolved: the unit has nothing to do in the case.
        AddresseeOutsideUnit: the person does not work there, or is kin.
        OrderDueDayWrong, YearNotLoaded: the term is none, or leads into a year without calendar data.
        ReasonMissing: demand or basis is empty or too long.
        NobodyToNotify: the unit has nobody who could answer.
        OrderKeyTaken: the key came with another order.
    """

    demand: str
    basis_kind: BasisKind
    basis: str
    working_days: int
    submission_key: str
    task_id: UUID | None = None
    case_number: str | None = None
    unit_kind: str | None = None
    addressee: str | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> SupervisionOrder:
        """Number it, keep it, start its course and tell the unit."""
        orders = context.unit_of_work.procedure.supervision.orders
        known = orders.by_submission_key(self.submission_key)
        if known is not None:
            return self._as_before(context, known)
        matter = self._matter(context)
        group, series = require_supervision(context, matter, action="下发督办单")
        _keep_from_erasure(context, matter.key)
        order = self._order(context, matter, group=group, series=series)
        self._check_addressee(context, order)
        if not orders.add(order, submission_key=self.submission_key):  # the same came twice at the same moment
            known = orders.by_submission_key(self.submission_key)
            if known is None:
                raise OrderKeyTaken
            return self._as_before(context, known)
        return begin_course(context, order)

    def _matter(self, context: Context[CaseworkUnitOfWork]) -> Matter:
        if self.task_id is not None:
            return matter_of_task(context, self.task_id)
        number = self.case_number or ""
        case = context.unit_of_work.cases.by_number(number)
        if case is None or is_kin(context, case) or not _may_know(context.actor, case.region):
            raise CaseNotFound(number)
        if supervising_post(context.actor, case.region, self.unit_kind or "") is None:
            raise NotPermitted("下发督办单", "supervisor")
        if self.unit_kind not in involved_units(context, case):
            kind, kind_en = UNIT_KIND_NAMES.get(self.unit_kind or "", ("—", "—"))
            raise UnitNotInvolved(kind=kind, kind_en=kind_en, matter=number)
        return Matter(region=case.region, key=number, unit_kind=self.unit_kind or "")

    def _order(
        self, context: Context[CaseworkUnitOfWork], matter: Matter, *, group: str, series: str
    ) -> SupervisionOrder:
        demand, basis = checked_reason(self.demand), checked_reason(self.basis)
        due_on, today = self._due_on(context), local_day(context.now())
        orders = context.unit_of_work.procedure.supervision.orders
        count = orders.next_in_series(region=series, year=today.year)
        return SupervisionOrder(
            id=uuid4(),
            number=order_number(series, today.year, count),
            region=matter.region,
            matter=matter.key,
            task_id=matter.task.id if matter.task else None,
            step=matter.task.name if matter.task else "",
            step_en=matter.task.name_en if matter.task else "",
            unit_kind=matter.unit_kind,
            addressee=self.addressee,
            demand=demand,
            basis_kind=self.basis_kind,
            basis=basis,
            due_on=due_on,
            issued_at=context.now(),
            issued_by=context.actor.id,
            issuing_group=group,
        )

    def _due_on(self, context: Context[CaseworkUnitOfWork]) -> date:
        today, calendar = local_day(context.now()), context.unit_of_work.policy.calendar()
        standards = standards_on(context.unit_of_work, today)
        most = standards.days("order_days_most")
        if not 1 <= self.working_days <= most:
            raise OrderDueDayWrong(most=most, found=self.working_days)
        due_on = calendar.add_working_days(today, self.working_days)
        require_levels(context, due_on)
        return due_on

    def _check_addressee(self, context: Context[CaseworkUnitOfWork], order: SupervisionOrder) -> None:
        notices = context.unit_of_work.procedure.supervision.notices
        groups = (answering_group(order.unit_kind),)
        able = notices.holders(groups, region=order.region, matter=order.matter)
        if not able:
            raise NobodyToNotify(order.matter)
        if order.addressee is not None and order.addressee not in able:
            raise AddresseeOutsideUnit

    def _as_before(self, context: Context[CaseworkUnitOfWork], known: SupervisionOrder) -> SupervisionOrder:
        """Return what came of the same order before; the term is compared as long as the day is that of the issue."""
        calendar = context.unit_of_work.policy.calendar()
        first_day = calendar.add_working_days(local_day(known.issued_at), self.working_days)
        is_same = (
            known.issued_by == context.actor.id
            and (known.demand, known.basis) == (self.demand.strip(), self.basis.strip())
            and (known.basis_kind, known.addressee) == (self.basis_kind, self.addressee)
            and (known.returns > 0 or known.due_on == first_day)
            and known.task_id == self.task_id
            and (self.task_id is not None or (known.matter, known.unit_kind) == (self.case_number, self.unit_kind))
        )
        if not is_same:
            raise OrderKeyTaken
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindOfTask:
    """Remind whoever holds a task, or its unit where nobody does, with words of the supervisor's own.

    Raises:
        NotFound, TaskNotOpen: there is no such task, or it is done.
        NotPermitted: the actor does not supervise this unit there.
        NobodyToNotify: the unit has nobody.
        ReasonMissing: the text is empty or too long.
        OrderKeyTaken: the key came with another reminder.
    """

    task_id: UUID
    text: str
    submission_key: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> StaffNotice:
        """Write the notice."""
        notices = context.unit_of_work.procedure.supervision.notices
        known = notices.by_submission_key(self.submission_key)
        if known is not None:
            return self._as_before(context, known)
        matter = matter_of_task(context, self.task_id)
        require_supervision(context, matter, action="催办")
        notice = StaffNotice(
            id=uuid4(),
            cause=NoticeCause.REMINDER,
            region=matter.region,
            matter=matter.key,
            step=matter.task.name if matter.task else "",
            step_en=matter.task.name_en if matter.task else "",
            task_id=self.task_id,
            order_id=None,
            text=checked_reason(self.text),
            written_at=context.now(),
            written_by=context.actor.id,
        )
        recipients = _reminded(context, matter)
        if not recipients:
            raise NobodyToNotify(matter.key)
        if not notices.add(notice, recipients, submission_key=self.submission_key):  # twice at the same moment
            known = notices.by_submission_key(self.submission_key)
            if known is None:
                raise OrderKeyTaken
            return self._as_before(context, known)
        return notice

    def _as_before(self, context: Context[CaseworkUnitOfWork], known: StaffNotice) -> StaffNotice:
        if (known.written_by, known.task_id, known.text) != (context.actor.id, self.task_id, self.text.strip()):
            raise OrderKeyTaken
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawSupervisionOrder:
    """Take an order back that was issued by mistake, or whose course was ended elsewhere; its number stays.

    Raises:
        RecordNotFound: there is no such order.
        NotPermitted: the actor does not supervise its unit there.
        OrderStateWrong: it is over already.
        ReasonMissing: the reason is empty or too long.
    """

    order_id: UUID
    reason: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> SupervisionOrder:
        """End its course, close it and tell the unit."""
        supervision = context.unit_of_work.procedure.supervision
        order = supervision.orders.lock(self.order_id)
        if order is None:
            raise RecordNotFound("supervision order", self.order_id)
        if supervising_post(context.actor, order.region, order.unit_kind) is None:
            raise NotPermitted("撤回督办单", "supervisor")
        reason = checked_reason(self.reason)
        if order.state in OVER:
            raise OrderStateWrong(number=order.number, state=order.state.value)
        withdrawn = replace(order, state=OrderState.WITHDRAWN, closed_at=context.now())
        supervision.orders.save(withdrawn)
        event = OrderEvent(
            order_id=order.id, at=context.now(), by=context.actor.id, step=OrderStep.WITHDRAWN, text=reason
        )
        supervision.orders.record(event)
        _end_course(context, order, reason)
        tell(context, order, NoticeCause.ORDER_WITHDRAWN, unit_of(context, order), reason)
        return withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkNoticesRead:
    """Keep that the actor read notices they got; None means all. What others got stays as it is."""

    notice_ids: Sequence[UUID] | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> int:
        """Return how many were unread."""
        notices = context.unit_of_work.procedure.supervision.notices
        return notices.mark_read(context.actor.id, self.notice_ids, at=context.now())


def order_number(series: str, year: int, count: int) -> str:
    """Return how an order is numbered: each region has a series, counted from 1 every year."""
    town = TOWN_BY_REGION.get(series)
    place = town.name if town else ("" if series == COUNTY_REGION else series)
    return f"溧督{place}〔{year}〕{count}号"


def involved_units(context: Context[CaseworkUnitOfWork], case: Case) -> frozenset[str]:
    """Return the kinds of units that lead a case, and those that something of it was referred to."""
    referrals = context.unit_of_work.referrals.of_case(case.id)
    return WHOLE_REGION_KINDS | {one.unit_kind for one in referrals if one.sent_at is not None}


def matter_of_task(context: Context[CaseworkUnitOfWork], task_id: UUID) -> Matter:
    """Return what an open task is about.

    Raises:
        NotFound: there is none, or the register of relatives names the actor for its case.
        TaskNotOpen: it is over.
    """
    task = context.unit_of_work.user_tasks.get(task_id)
    kin = context.unit_of_work.procedure.kin
    if task is None or kin.holds(number=task.business_key, login=context.actor.id):
        raise NotFound("user task", task_id)
    if supervising_post(context.actor, task.region, _unit_of_task(task)) is None:
        raise NotPermitted("督办任务", "supervisor")
    if task.state is not TaskState.OPEN:
        raise TaskNotOpen(task.name, task.state.value, task.completed_at, task.completed_by_name)
    return Matter(region=task.region, key=task.business_key, unit_kind=_unit_of_task(task), task=task)


def _keep_from_erasure(context: Context[CaseworkUnitOfWork], number: str) -> None:
    """Let nobody erase the case meanwhile: its main process is what erasing asks, and waits for."""
    case = context.unit_of_work.cases.by_number(number)
    if case is None:
        return
    if case.process_instance_id is not None:
        context.unit_of_work.process_instances.lock(case.process_instance_id)
        case = context.unit_of_work.cases.by_number(number) or case
    if case.erased:
        raise CaseErased(number=number, action="下发督办单")


def _unit_of_task(task: UserTask) -> str:
    return next(iter(task.candidate_groups), "").partition("/")[0]


def _may_know(actor: Actor, region: str) -> bool:
    return actor.system or any(region.startswith(one.region) for one in actor.memberships)


def require_levels(context: Context[CaseworkUnitOfWork], due_on: date) -> None:
    """Make sure that every day of the escalation after a due day can be told.

    Raises:
        YearNotLoaded: one lies in a year without calendar data.
    """
    last = standards_on(context.unit_of_work, local_day(context.now())).days(LAST_LEVEL_DAYS)
    context.unit_of_work.policy.calendar().add_working_days(due_on, last)


def _end_course(context: Context[CaseworkUnitOfWork], order: SupervisionOrder, reason: str) -> None:
    if order.process_instance_id is None:
        return
    course = context.unit_of_work.process_instances.lock(order.process_instance_id)
    if course is not None and course.state in (InstanceState.ACTIVE, InstanceState.SUSPENDED):
        CancelProcessInstance(process_instance_id=course.id, reason=reason).execute(replace(context, actor=SYSTEM))


def require_supervision(context: Context[CaseworkUnitOfWork], matter: Matter, *, action: str) -> tuple[str, str]:
    """Return group and region of the post by which the actor supervises the unit in charge of a matter.

    Raises:
        NotPermitted: the actor has no such post.
    """
    post = supervising_post(context.actor, matter.region, matter.unit_kind)
    if post is None:
        raise NotPermitted(action, "supervisor")
    return post


def begin_course(context: Context[CaseworkUnitOfWork], order: SupervisionOrder) -> SupervisionOrder:
    """Write an order down as issued, start its course, and tell the unit."""
    issued = OrderEvent(order_id=order.id, at=context.now(), by=context.actor.id, step=OrderStep.ISSUED)
    context.unit_of_work.procedure.supervision.orders.record(issued)
    course = StartProcessInstance(
        process_id=ORDER_PROCESS,
        variables={
            "order_id": str(order.id),
            "order_number": order.number,
            "answering_group": answering_group(order.unit_kind),
            "issuing_group": order.issuing_group,
            "matter": order.matter,
            "step": order.step,
            "demand": order.demand,
            "basis": order.basis,
            "due_on": order.due_on.isoformat(),
            "answer": None,
            "return_reason": None,
        },
        region=order.region,
        business_key=order.matter,
    ).execute(replace(context, actor=SYSTEM))
    begun = replace(order, process_instance_id=course.id)
    context.unit_of_work.procedure.supervision.orders.save(begun)
    tell(context, order, NoticeCause.ORDER_ISSUED, unit_of(context, order), order.demand)
    return begun


def _reminded(context: Context[CaseworkUnitOfWork], matter: Matter) -> Sequence[str]:
    task = matter.task
    if task is not None and task.assignee is not None:
        return (task.assignee,)
    groups = task.candidate_groups if task is not None else staff_groups(matter.unit_kind)
    notices = context.unit_of_work.procedure.supervision.notices
    return notices.holders(groups, region=matter.region, matter=matter.key)

"""What supervisors do about work that does not go on: remind, and order in writing; and reading what one was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from engine.commands.process_instances import StartProcessInstance
from engine.errors import NotFound, NotPermitted, TaskNotOpen
from engine.host import Context
from engine.model import SYSTEM, TaskState, UserTask
from engine.permissions import checked_reason
from workflows.casework.county import COUNTY_REGION, TOWN_BY_REGION, UNIT_KIND_NAMES
from workflows.casework.days import local_day
from workflows.casework.errors import CaseErased, CaseNotFound, IdempotencyConflict
from workflows.casework.model import Case
from workflows.casework.orders.errors import AddresseeOutsideUnit, NobodyToNotify, OrderDueDayWrong, UnitNotInvolved
from workflows.casework.orders.model import BasisKind, OrderEvent, OrderStep, SupervisionOrder, supervising_post
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
        IdempotencyConflict: the key came with another order.
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
        known = context.unit_of_work.procedure.supervision.orders.by_submission_key(self.submission_key)
        if known is not None:
            return self._as_before(context, known)
        matter = self._matter(context)
        group, series = require_supervision(context, matter, action="下发督办单")
        order = self._order(context, matter, group=group, series=series)
        self._check_addressee(context, order)
        if not context.unit_of_work.procedure.supervision.orders.add(order, submission_key=self.submission_key):
            raise IdempotencyConflict(self.submission_key)
        return _begin(context, order)

    def _matter(self, context: Context[CaseworkUnitOfWork]) -> Matter:
        if self.task_id is not None:
            return matter_of_task(context, self.task_id)
        number = self.case_number or ""
        case = context.unit_of_work.cases.by_number(number)
        if case is None or is_kin(context, case):
            raise CaseNotFound(number)
        if case.erased:
            raise CaseErased(number=number, action="下发督办单")
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
        calendar.add_working_days(due_on, standards.days(LAST_LEVEL_DAYS))
        return due_on

    def _check_addressee(self, context: Context[CaseworkUnitOfWork], order: SupervisionOrder) -> None:
        if order.addressee is None:
            return
        notices = context.unit_of_work.procedure.supervision.notices
        groups = (answering_group(order.unit_kind),)
        if order.addressee not in notices.holders(groups, region=order.region, matter=order.matter):
            raise AddresseeOutsideUnit

    def _as_before(self, context: Context[CaseworkUnitOfWork], known: SupervisionOrder) -> SupervisionOrder:
        is_same = (
            known.issued_by == context.actor.id
            and known.demand == self.demand.strip()
            and known.task_id == self.task_id
            and (self.task_id is not None or known.matter == self.case_number)
        )
        if not is_same:
            raise IdempotencyConflict(self.submission_key)
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindOfTask:
    """Remind whoever holds a task, or its unit where nobody does, with words of the supervisor's own.

    Raises:
        NotFound, TaskNotOpen: there is no such task, or it is done.
        NotPermitted: the actor does not supervise this unit there.
        NobodyToNotify: the unit has nobody.
        ReasonMissing: the text is empty or too long.
        IdempotencyConflict: the key came with another reminder.
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
        if not notices.add(notice, recipients, submission_key=self.submission_key):
            raise IdempotencyConflict(self.submission_key)
        return notice

    def _as_before(self, context: Context[CaseworkUnitOfWork], known: StaffNotice) -> StaffNotice:
        if (known.written_by, known.task_id, known.text) != (context.actor.id, self.task_id, self.text.strip()):
            raise IdempotencyConflict(self.submission_key)
        return known


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
    if task.state is not TaskState.OPEN:
        raise TaskNotOpen(task.name, task.state.value, task.completed_by_name)
    kind = next(iter(task.candidate_groups), "").partition("/")[0]
    return Matter(region=task.region, key=task.business_key, unit_kind=kind, task=task)


def require_supervision(context: Context[CaseworkUnitOfWork], matter: Matter, *, action: str) -> tuple[str, str]:
    """Return group and region of the post by which the actor supervises the unit in charge of a matter.

    Raises:
        NotPermitted: the actor has no such post.
    """
    post = supervising_post(context.actor, matter.region, matter.unit_kind)
    if post is None:
        raise NotPermitted(action, "supervisor")
    return post


def _begin(context: Context[CaseworkUnitOfWork], order: SupervisionOrder) -> SupervisionOrder:
    issued = OrderEvent(order_id=order.id, at=context.now(), by=context.actor.id, step=OrderStep.ISSUED)
    context.unit_of_work.procedure.supervision.orders.record(issued)
    course = StartProcessInstance(
        process_id=ORDER_PROCESS,
        variables={
            "order_id": str(order.id),
            "order_number": order.number,
            "answering_group": answering_group(order.unit_kind),
            "addressee": order.addressee,
            "issuing_group": order.issuing_group,
            "issuer": order.issued_by,
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

"""What the joint conference decided, on its way to its end; and the problem box."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.conference.courses import order_item as issue_order
from workflows.casework.conference.errors import ConferenceStateWrong
from workflows.casework.conference.model import (
    DecidedItem,
    Issue,
    ItemState,
    ProblemState,
    RecordEvent,
    RecordStep,
    UnitProblem,
    owner_group,
)
from workflows.casework.conference.ports import Conference
from workflows.casework.conference.telling import office_groups, tell
from workflows.casework.county import UNIT_KIND_NAMES
from workflows.casework.days import local_day
from workflows.casework.errors import RecordNotFound
from workflows.casework.orders.notices import NoticeCause
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import standards_on
from workflows.handlers.inputs import Inputs


def record_item_progress(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep how a decided item goes; where it is said to be done, what proves it, and tell the office."""
    inputs = Inputs(step=call.type, variables=call.variables)
    item, progress = _locked_item(context, inputs, ItemState.OPEN), inputs.text("progress")
    if inputs.choice("report_kind", "progress", "finished") == "finished":
        evidence = inputs.text("evidence")
        _save_item(context, replace(item, state=ItemState.REPORTED), RecordStep.REPORTED, progress, evidence)
        tell(context, item.number, NoticeCause.CONFERENCE_ITEM, office_groups(), f"申请销号：{item.text}")
    else:
        _save_item(context, item, RecordStep.PROGRESS, progress)
    return {"recorded_on": local_day(context.now()).isoformat()}


def close_item(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Close a decided item: the office accepts what proves it."""
    inputs = Inputs(step=call.type, variables=call.variables)
    item, today = _locked_item(context, inputs, ItemState.REPORTED), local_day(context.now())
    closed = replace(item, state=ItemState.CLOSED, closed_on=today)
    _save_item(context, closed, RecordStep.ACCEPTED, inputs.optional_text("note") or "")
    _tell_owners(context, item, f"已销号：{item.text}")
    return {"closed_on": today.isoformat()}


def return_item(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Give a decided item back to its owner: what was told does not prove it."""
    inputs = Inputs(step=call.type, variables=call.variables)
    item, reason = _locked_item(context, inputs, ItemState.REPORTED), inputs.text("reason")
    _save_item(context, replace(item, state=ItemState.OPEN), RecordStep.RETURNED, reason)
    _tell_owners(context, item, f"退回继续办理：{reason}")
    return {"returned": True}


def remind_of_item(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Tell the owner that a decided item is due soon."""
    item = _locked_item(context, Inputs(step=call.type, variables=call.variables), ItemState.OPEN)
    _save_item(context, item, RecordStep.DUE_SOON, "")
    _tell_owners(context, item, f"即将到期（{item.due_on}）：{item.text}")
    return {"reminded": True}


def order_item(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Issue a supervision order about an item that is long overdue, once: a returned item does not bring a second one.

    Raises:
        NobodyToNotify: its owner has nobody who could answer.
    """
    item = _locked_item(context, Inputs(step=call.type, variables=call.variables), ItemState.OPEN)
    conference = _conference(context)
    meeting = conference.meeting(item.meeting_id)
    if meeting is None:
        raise RecordNotFound("meeting", item.meeting_id)
    if item.order_id is not None:
        return {"order_number": None}
    order = issue_order(context, item, meeting)
    _save_item(context, replace(item, order_id=order.id), RecordStep.ORDERED, order.number)
    return {"order_number": order.number}


def assign_problem(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Give a problem to a unit with its day, make it an issue of the next meeting, or say why it is neither.

    Raises:
        YearNotLoaded: the day for the answer lies in a year without calendar data.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    problem, note = _locked_problem(context, inputs, ProblemState.FILED), inputs.text("note")
    match inputs.choice("decision", "assign", "agenda", "decline"):
        case "assign":
            return _assigned(context, problem, inputs.choice("unit_kind", *UNIT_KIND_NAMES), note)
        case "agenda":
            _put_on_agenda(context, problem, note)
            _end_problem(context, problem, ProblemState.ON_AGENDA, RecordStep.PUT_ON_AGENDA, note)
        case _:
            _end_problem(context, problem, ProblemState.DECLINED, RecordStep.DECLINED, note)
    return {"due_on": None, "answering_group": None}


def record_problem_answer(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep a unit's answer to a problem, and tell who filed it."""
    inputs = Inputs(step=call.type, variables=call.variables)
    problem, answer = _locked_problem(context, inputs, ProblemState.ASSIGNED), inputs.text("answer")
    _save_problem(context, replace(problem, state=ProblemState.ANSWERED, answer=answer), RecordStep.ANSWERED, answer)
    groups = (owner_group(problem.unit_kind),)
    tell(context, problem.number, NoticeCause.CONFERENCE_PROBLEM, groups, f"已答复：{answer}")
    return {"answered_on": local_day(context.now()).isoformat()}


def tell_problem_overdue(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Tell the office and the unit that a problem was not answered by its day."""
    problem = _locked_problem(context, Inputs(step=call.type, variables=call.variables), ProblemState.ASSIGNED)
    _save_problem(context, replace(problem, is_overdue_told=True), RecordStep.OVERDUE, "")
    groups = (*office_groups(), owner_group(problem.assigned_to or ""))
    tell(context, problem.number, NoticeCause.CONFERENCE_PROBLEM, groups, f"逾期未答复：{problem.title}")
    return {"told": True}


def settle_problem(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Close a problem that is settled; give one that is not back to the office."""
    inputs = Inputs(step=call.type, variables=call.variables)
    problem = _locked_problem(context, inputs, ProblemState.ANSWERED)
    if inputs.flag("is_settled"):
        _end_problem(context, problem, ProblemState.CLOSED, RecordStep.SETTLED, "")
        return {"settled": True}
    reason = inputs.text("reason")
    again = replace(problem, state=ProblemState.FILED, assigned_to=None, due_on=None, is_overdue_told=False)
    _save_problem(context, again, RecordStep.UNSETTLED, reason)
    return {"settled": False}


def _conference(context: Context[CaseworkUnitOfWork]) -> Conference:
    return context.unit_of_work.procedure.conference


def _locked_item(context: Context[CaseworkUnitOfWork], inputs: Inputs, state: ItemState) -> DecidedItem:
    item_id = inputs.id("item_id")
    item = _conference(context).item(item_id)
    if item is None:
        raise RecordNotFound("decided item", item_id)
    if item.state is not state:
        raise ConferenceStateWrong(number=item.number, state=item.state.value)
    return item


def _save_item(
    context: Context[CaseworkUnitOfWork], item: DecidedItem, step: RecordStep, text: str, evidence: str = ""
) -> None:
    conference = _conference(context)
    conference.save_item(item)
    event = RecordEvent(
        record_id=item.id, at=context.now(), by=context.actor.id, step=step, text=text, evidence=evidence
    )
    conference.record(event)


def _tell_owners(context: Context[CaseworkUnitOfWork], item: DecidedItem, text: str) -> None:
    groups = tuple(owner_group(one) for one in (item.owner, *item.co_owners))
    tell(context, item.number, NoticeCause.CONFERENCE_ITEM, groups, text)


def _locked_problem(context: Context[CaseworkUnitOfWork], inputs: Inputs, state: ProblemState) -> UnitProblem:
    problem_id = inputs.id("problem_id")
    problem = _conference(context).problem(problem_id)
    if problem is None:
        raise RecordNotFound("problem", problem_id)
    if problem.state is not state:
        raise ConferenceStateWrong(number=problem.number, state=problem.state.value)
    return problem


def _save_problem(context: Context[CaseworkUnitOfWork], problem: UnitProblem, step: RecordStep, text: str) -> None:
    conference = _conference(context)
    conference.save_problem(problem)
    event = RecordEvent(record_id=problem.id, at=context.now(), by=context.actor.id, step=step, text=text)
    conference.record(event)


def _assigned(context: Context[CaseworkUnitOfWork], problem: UnitProblem, unit_kind: str, note: str) -> JsonObject:
    today = local_day(context.now())
    days = standards_on(context.unit_of_work, today).days("conference_problem_days")
    due_on = context.unit_of_work.policy.calendar().add_working_days(today, days)
    assigned = replace(problem, state=ProblemState.ASSIGNED, assigned_to=unit_kind, due_on=due_on)
    _save_problem(context, assigned, RecordStep.ASSIGNED, f"{UNIT_KIND_NAMES[unit_kind][0]}：{note}")
    groups = (owner_group(unit_kind),)
    tell(context, problem.number, NoticeCause.CONFERENCE_PROBLEM, groups, f"请于 {due_on} 前答复：{problem.title}")
    return {"due_on": due_on.isoformat(), "answering_group": groups[0]}


def _put_on_agenda(context: Context[CaseworkUnitOfWork], problem: UnitProblem, note: str) -> None:
    issue = Issue(
        id=uuid4(),
        meeting_id=None,
        unit_kind=problem.unit_kind,
        title=problem.title,
        text=problem.text,
        filed_at=context.now(),
        filed_by=problem.filed_by,
        note=note,
        problem_id=problem.id,
    )
    _conference(context).add_issue(issue, submission_key=f"problem:{problem.id}")


def _end_problem(
    context: Context[CaseworkUnitOfWork], problem: UnitProblem, state: ProblemState, step: RecordStep, text: str
) -> None:
    ended = replace(problem, state=state, closed_on=local_day(context.now()))
    _save_problem(context, ended, step, text)
    told = {ProblemState.CLOSED: "已解决", ProblemState.ON_AGENDA: "列入联席会议议题"}.get(state, "不予协调")
    groups = (owner_group(problem.unit_kind),)
    tell(context, problem.number, NoticeCause.CONFERENCE_PROBLEM, groups, f"{told}：{text or problem.title}")

"""What a sample may be drawn from, in one statement: decided referrals or running benefits, with what risks rest on."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from engine.model import Actor, HistoryAction, TaskState
from storage.case_visibility import is_seen_whole
from storage.tables.benefits import benefit_version
from storage.tables.casework import benefit, case_file, referral
from storage.tables.engine import history_entry, process_instance, user_task
from storage.tables.procedure import kin_entry, objection, survey
from storage.tables.spot_checks import spot_check_item
from workflows.casework.benefits.transfer import RULE as TRANSFER
from workflows.casework.county import TOWNSHIP
from workflows.casework.days import COUNTY_TIME, month_of
from workflows.casework.elements import OPINIONS
from workflows.casework.model import CaseStatus
from workflows.casework.records import Outcome
from workflows.casework.spot_checks.model import OPEN_STATES, Basis, Population

ENDED = (CaseStatus.CLOSED, CaseStatus.DECLINED)
DECIDED = (Outcome.GRANTED, Outcome.REFUSED, Outcome.NOT_ELIGIBLE)
REPAIRS = (HistoryAction.MODIFIED, HistoryAction.VARIABLES_SET, HistoryAction.MIGRATED)
_DAY: ColumnElement[int] = literal_column("86400")


def candidates_of(population: Population, actor: Actor, *, today: date) -> Select[Any]:
    """Return the statement of what the actor may draw from: cases seen whole, kin's and those under review left out."""
    if population.basis is Basis.RUNNING:
        found = _with_referral(population, actor).join(benefit, benefit.c.referral_id == referral.c.id)
        rows = found.where(_in_period(benefit.c.granted_at, population), _is_paid(today)).subquery()
        return select(rows).order_by(rows.c.referral_id)
    decided = _with_referral(population, actor).where(
        referral.c.rule != TRANSFER,
        referral.c.outcome.in_(DECIDED),
        case_file.c.status.in_(ENDED),
        _in_period(referral.c.result_at, population),
    )
    if population.programme or population.unit_kind not in ("", TOWNSHIP):
        rows = decided.subquery()
    else:
        rows = union_all(decided, _not_accepted(population, actor)).subquery()
    return select(rows).order_by(rows.c.referral_id, rows.c.case_id)


def _with_referral(population: Population, actor: Actor) -> Select[Any]:
    days = cast(func.floor(func.extract("epoch", referral.c.result_at - referral.c.sent_at) / _DAY), Integer)
    statement = (
        select(
            *_of_case(),
            referral.c.id.label("referral_id"),
            referral.c.programme,
            referral.c.unit_kind,
            func.coalesce(referral.c.outcome, literal("")).label("outcome"),
            referral.c.amount,
            referral.c.amount_period,
            days.label("days_to_decide"),
        )
        .join(case_file, case_file.c.id == referral.c.case_id)
        .where(_may_be_drawn(population, actor), ~_under_review(referral.c.id))
    )
    if population.programme:
        statement = statement.where(referral.c.programme == population.programme)
    if population.unit_kind:
        statement = statement.where(referral.c.unit_kind == population.unit_kind)
    return statement


def _not_accepted(population: Population, actor: Actor) -> Select[Any]:
    """Cases that ended without anything being referred: the window turned them away."""
    nothing_sent = ~exists().where(referral.c.case_id == case_file.c.id, referral.c.sent_at.is_not(None))
    return select(
        *_of_case(),
        cast(null(), referral.c.id.type).label("referral_id"),
        literal("").label("programme"),
        literal(TOWNSHIP).label("unit_kind"),
        literal("declined").label("outcome"),
        cast(null(), referral.c.amount.type).label("amount"),
        cast(null(), Text).label("amount_period"),
        cast(null(), Integer).label("days_to_decide"),
    ).where(
        _may_be_drawn(population, actor),
        case_file.c.status == CaseStatus.DECLINED,
        _in_period(case_file.c.closed_at, population),
        nothing_sent,
        ~_under_review(None),
    )


def _of_case() -> tuple[ColumnElement[Any], ...]:
    number = case_file.c.number
    repaired = (
        exists()
        .where(
            process_instance.c.business_key == number,
            history_entry.c.process_instance_id == process_instance.c.id,
            history_entry.c.action.in_(REPAIRS),
        )
        .label("is_repaired")
    )
    objected = (
        select(func.count()).select_from(objection).where(objection.c.case_id == case_file.c.id).scalar_subquery()
    )
    same = (
        exists()
        .where(
            survey.c.case_id == case_file.c.id,
            user_task.c.business_key == number,
            user_task.c.element_id.in_(OPINIONS),
            user_task.c.state == TaskState.COMPLETED,
            or_(
                user_task.c.completed_by.in_((survey.c.first_surveyor, survey.c.second_surveyor)),
                user_task.c.completed_for.in_((survey.c.first_surveyor, survey.c.second_surveyor)),
            ),
        )
        .label("is_same_person")
    )
    kin = exists().where(kin_entry.c.case_id == case_file.c.id).label("is_kin_declared")
    return (
        case_file.c.id.label("case_id"),
        number.label("case_number"),
        case_file.c.region,
        repaired,
        objected.label("objections"),
        same,
        kin,
    )


def _may_be_drawn(population: Population, actor: Actor) -> ColumnElement[bool]:
    return and_(
        is_seen_whole(actor),
        case_file.c.region.startswith(population.region, autoescape=True),
        case_file.c.wrapped_key.is_not(None),
    )


def _under_review(referral_id: ColumnElement[Any] | None) -> ColumnElement[bool]:
    columns = spot_check_item.c
    which = columns.referral_id.is_(None) if referral_id is None else columns.referral_id == referral_id
    return exists().where(columns.case_id == case_file.c.id, which, is_under_review())


def is_under_review() -> ColumnElement[bool]:
    """Return the condition on `spot_check_item` that its review is open: an operator may have ended its instance."""
    columns, course = spot_check_item.c, process_instance.alias("course")
    runs = exists().where(course.c.id == columns.process_instance_id, course.c.ended_at.is_(None))
    return and_(columns.state.in_(OPEN_STATES), runs.correlate(spot_check_item))


def _in_period(moment: ColumnElement[Any], population: Population) -> ColumnElement[bool]:
    begin = datetime.combine(population.since, time(), COUNTY_TIME)
    end = datetime.combine(population.until + timedelta(days=1), time(), COUNTY_TIME)
    return and_(moment >= begin, moment < end)


def _is_paid(today: date) -> ColumnElement[bool]:
    """A version of the benefit that counts is not suspended, and its end is not past."""
    version, this_month = benefit_version.c, month_of(today)
    return exists().where(
        version.benefit_id == benefit.c.id,
        version.superseded_at.is_(None),
        ~version.suspended,
        version.from_month <= this_month,
        or_(version.until_month.is_(None), version.until_month >= this_month),
    )

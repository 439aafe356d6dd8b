"""Parts of the supervisors' figures: sources, procedure, urgent relief, benefits, re-checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, false, func, literal_column, or_, select, true

from storage.tables.benefits import benefit_version
from storage.tables.casework import agency_request, benefit, case_file, correction_notice, referral
from storage.tables.engine import activity_instance, process_instance
from storage.tables.procedure import kin_entry, notice_posting, objection
from storage.tables.relief import relief_claim
from storage.tables.verification import report_objection
from workflows.casework.agencies import AGENCY_BY_KEY
from workflows.casework.benefits.transfer import RULE as TRANSFER
from workflows.casework.days import COUNTY_TIME, local_day
from workflows.casework.figures.model import (
    BenefitFigures,
    ProcedureFigures,
    RecheckFigures,
    SourceFigures,
    UrgentFigures,
)
from workflows.casework.figures.ports import FigureFilter
from workflows.casework.records import AnswerStatus, Outcome
from workflows.casework.relief.model import ClaimKind
from workflows.casework.sight import sees_whole_region
from workflows.organisation.model import SUPERVISOR

HOUR = 3_600.0
RECHECKED, CUT_SHORT = "Call_BenefitChange", "Event_NoLongerPaid"  # the second is passed while the first goes on
_UNCLASSED: ColumnElement[str] = literal_column("''")
UPHELD = "upheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A period of whole days, as days and as moments, and the moment of asking."""

    since: date
    until: date
    begin: datetime
    end: datetime
    now: datetime

    @property
    def month(self) -> date:
        """Return the last month of the period."""
        return self.until.replace(day=1)

    def has(self, moment: ColumnElement[Any]) -> ColumnElement[bool]:
        """Return the condition that a moment lies in the period."""
        return and_(moment >= self.begin, moment < self.end)


def sources_of(connection: Connection, span: Span, seen: ColumnElement[bool]) -> list[SourceFigures]:
    """Count how each agency answered what it was asked in the period."""
    columns = agency_request.c
    hours = func.extract("epoch", columns.answered_at - columns.asked_at) / HOUR
    has_data = columns.status.in_((AnswerStatus.HIT, AnswerStatus.NO_HIT))
    silent = and_(columns.answered_at.is_(None), columns.due_at < span.now)
    statement = (
        select(
            columns.agency,
            func.count().label("asked"),
            func.count().filter(has_data).label("answered"),
            func.count().filter(or_(columns.status == AnswerStatus.NO_DATA, silent)).label("missing"),
            func.count().filter(or_(columns.answered_at > columns.due_at, silent)).label("late"),
            func.percentile_cont(0.5).within_group(hours).filter(has_data).label("median"),
        )
        .join(case_file, case_file.c.id == columns.case_id)
        .where(seen, span.has(columns.asked_at))
        .group_by(columns.agency)
        .order_by(columns.agency)
    )
    found = []
    for row in connection.execute(statement).mappings():
        values = {name: value for name, value in row.items() if name != "median"}
        agency = AGENCY_BY_KEY.get(row["agency"])
        hours_of = None if row["median"] is None else round(Decimal(str(row["median"])), 1)
        found.append(SourceFigures(**values, title=agency.name if agency else row["agency"], median_hours=hours_of))
    return found


def procedure_of(connection: Connection, span: Span, seen: ColumnElement[bool]) -> ProcedureFigures:
    """Count corrections, returns, notices and objections."""
    received = and_(span.has(case_file.c.received_at), case_file.c.process_instance_id.is_not(None))

    def count(table: Any, *conditions: ColumnElement[bool], distinct: bool = False) -> int:
        counted = func.count(table.c.case_id.distinct()) if distinct else func.count()
        joined = table.join(case_file, case_file.c.id == table.c.case_id)
        return int(connection.execute(select(counted).select_from(joined).where(seen, *conditions)).scalar_one())

    cases = select(func.count()).select_from(case_file).where(seen, received)
    return ProcedureFigures(
        received=int(connection.execute(cases).scalar_one()),
        corrected=count(correction_notice, received, distinct=True),
        referrals=count(referral, span.has(referral.c.sent_at), referral.c.rule != TRANSFER),
        returned=count(referral, span.has(referral.c.result_at), referral.c.outcome == Outcome.RETURNED),
        notices=count(notice_posting, notice_posting.c.posted_on.between(span.since, span.until)),
        objections=count(objection, span.has(objection.c.received_at)),
        upheld=count(objection, span.has(objection.c.received_at), objection.c.outcome == UPHELD),
        report_objections=count(report_objection, span.has(report_objection.c.filed_at)),
        reports_changed=count(
            report_objection, span.has(report_objection.c.filed_at), report_objection.c.new_version.is_not(None)
        ),
        kin_cases=count(kin_entry, span.has(kin_entry.c.registered_at), distinct=True),
    )


def urgent_of(connection: Connection, span: Span, seen: ColumnElement[bool]) -> UrgentFigures:
    """Count urgent relief: what was claimed in the period, and the files that were owed in it."""
    columns = relief_claim.c
    claimed = span.has(columns.claimed_at)
    paid = columns.paid_at.is_not(None)
    owed = columns.make_up_due_on.between(span.since, span.until)
    made_up_on = func.date(func.timezone(str(COUNTY_TIME), columns.made_up_at))
    is_due = or_(columns.made_up_at.is_not(None), columns.make_up_due_on < local_day(span.now))
    statement = (
        select(
            func.count().filter(claimed).label("claims"),
            func.count().filter(claimed, paid).label("paid"),
            func.count().filter(claimed, paid, columns.paid_at <= columns.pay_due_at).label("paid_in_time"),
            func.count().filter(owed, is_due).label("files_due"),
            func.count().filter(owed, columns.made_up_at.is_not(None)).label("files_made_up"),
            func.count().filter(owed, made_up_on <= columns.make_up_due_on).label("files_in_time"),
            func.coalesce(func.sum(columns.amount).filter(claimed, paid), 0).label("amount"),
        )
        .join(case_file, case_file.c.id == columns.case_id)
        .where(seen, columns.kind == ClaimKind.URGENT)
    )
    return UrgentFigures(**connection.execute(statement).mappings().one())


def benefits_of(connection: Connection, span: Span, seen: ColumnElement[bool]) -> list[BenefitFigures]:
    """Count what each programme pays in the last month, and what began and ended in the period."""
    version, month = benefit_version.c, span.month
    holds = and_(version.from_month <= month, or_(version.until_month.is_(None), version.until_month >= month))
    first, last = span.since.replace(day=1), month
    paid = and_(holds, ~version.suspended)
    begins = and_(benefit.c.start_month > first, benefit.c.start_month <= last, version.number == 1)
    ended = and_(version.until_month.between(first, last), ~_goes_on())
    statement = (
        select(
            benefit.c.programme,
            func.count().filter(paid).label("households"),
            func.coalesce(func.sum(func.cardinality(version.persons)).filter(paid), 0).label("persons"),
            func.coalesce(func.sum(version.base).filter(paid), 0).label("base"),
            func.coalesce(func.sum(version.add_ons).filter(paid), 0).label("add_ons"),
            func.count().filter(paid, version.add_ons > 0).label("with_add_ons"),
            func.count().filter(holds, version.suspended).label("suspended"),
            func.count(benefit.c.id.distinct()).filter(begins).label("begun"),
            func.count(benefit.c.id.distinct()).filter(ended).label("ended"),
        )
        .select_from(benefit_version.join(benefit, benefit.c.id == version.benefit_id))
        .join(case_file, case_file.c.id == benefit.c.case_id)
        .where(seen, or_(version.superseded_at.is_(None), version.number == 1))
        .group_by(benefit.c.programme)
        .order_by(benefit.c.programme)
    )
    standing = statement.where(version.superseded_at.is_(None))
    return [BenefitFigures(month=month, **row) for row in connection.execute(standing).mappings()]


def rechecks_of(connection: Connection, span: Span, seen: ColumnElement[bool]) -> list[RecheckFigures]:
    """Count the planned re-checks of running benefits, and those owed past their day, by class."""
    recheck_class = func.coalesce(benefit.c.recheck_class, _UNCLASSED)
    today = local_day(span.now)
    statement = (
        select(
            recheck_class.label("recheck_class"),
            func.count().label("planned"),
            func.count().filter(benefit.c.recheck_due_on < today).label("overdue"),
        )
        .join(case_file, case_file.c.id == benefit.c.case_id)
        .where(seen, benefit.c.recheck_due_on.is_not(None), _runs_after(today))
        .group_by(recheck_class)
        .order_by(recheck_class)
    )
    return [RecheckFigures(**row) for row in connection.execute(statement).mappings()]


def is_supervised(region: ColumnElement[str], wanted: FigureFilter) -> ColumnElement[bool]:
    """Return the condition that a region is asked for, and one the asker supervises with everything in it."""
    asked_for = region.startswith(wanted.region, autoescape=True)
    posts = (one for one in wanted.actor.memberships if one.role == SUPERVISOR and sees_whole_region(one))
    supervised = or_(false(), *(region.startswith(one.region, autoescape=True) for one in posts))
    return and_(asked_for, true() if wanted.actor.system else supervised)


def rechecks_done(connection: Connection, span: Span, wanted: FigureFilter) -> int:
    """Count the re-checks that came to their end in the period; one that was cancelled or cut short did not."""
    cut = activity_instance.alias("cut")
    is_cut_short = (
        select(cut.c.key)
        .where(
            cut.c.process_instance_id == activity_instance.c.process_instance_id,
            cut.c.element_id == CUT_SHORT,
            cut.c.key > activity_instance.c.key,
            cut.c.entered_at <= activity_instance.c.left_at,
        )
        .exists()
    )
    statement = (
        select(func.count())
        .select_from(activity_instance)
        .join(process_instance, process_instance.c.id == activity_instance.c.process_instance_id)
        .where(
            process_instance.c.process_id == "periodic_recheck",
            is_supervised(process_instance.c.region, wanted),
            activity_instance.c.element_id == RECHECKED,
            activity_instance.c.outcome == "completed",
            span.has(activity_instance.c.left_at),
            ~is_cut_short,
        )
    )
    return int(connection.execute(statement).scalar_one())


def _goes_on() -> ColumnElement[bool]:
    later = benefit_version.alias("later")
    return (
        select(later.c.number)
        .where(
            later.c.benefit_id == benefit_version.c.benefit_id,
            later.c.superseded_at.is_(None),
            later.c.from_month > benefit_version.c.until_month,
        )
        .exists()
    )


def _runs_after(day: date) -> ColumnElement[bool]:
    """Return the condition that a benefit is paid from this month on; the re-check of a suspended one waits with it."""
    version = benefit_version.alias("running")
    return (
        select(version.c.number)
        .where(
            version.c.benefit_id == benefit.c.id,
            version.c.superseded_at.is_(None),
            version.c.suspended.is_(False),
            or_(version.c.until_month.is_(None), version.c.until_month >= day.replace(day=1)),
        )
        .exists()
    )

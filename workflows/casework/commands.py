"""What can be asked of casework from outside the diagrams: take in an application, set up the county's figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from engine.errors import ConcurrentChange, NotPermitted
from engine.host import Context
from engine.model import Actor
from engine.operation_errors import IdempotencyConflict
from engine.submissions import as_given
from workflows.casework.benefits.renewal import asks_for_renewal
from workflows.casework.days import local_day
from workflows.casework.errors import ApplicationInvalid
from workflows.casework.intake import application_errors, members_of
from workflows.casework.model import Application, Case, CaseStatus, RecognisedStatus
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import Parameter
from workflows.casework.register.codes import issue_code
from workflows.casework.register.duplicates import look_for_duplicates
from workflows.casework.starting import start_process_of
from workflows.rules.calendar import CalendarDay, seed_days, year_from_notice

RELIEF_PROCESS = "relief_case"
SUBMITTING_ROLES = ("clerk", "administrator")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitApplication:
    """Take in one application for all needs and start working on it; the same submission key gives the same case.

    Raises:
        ApplicationInvalid: facts break rules of the domain; nothing is kept.
        IdempotencyConflict: the submission key came before with another application.
        NotPermitted: the actor is no clerk or administrator for the application's region.
    """

    application: Application

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Case:
        """Keep the case and start its process in the same transaction."""
        _require_role(context.actor, SUBMITTING_ROLES, self.application.region, action="登记救助申请")
        known = self._known(context.unit_of_work)
        if known is not None:
            return known
        now = context.now()
        errors = application_errors(self.application, today=local_day(now))
        if errors:
            raise ApplicationInvalid(errors)
        case = self._opened(context.unit_of_work, now)
        if not context.unit_of_work.cases.add(case):  # the same submission came in twice at the same moment
            known = self._known(context.unit_of_work)
            if known is None:
                raise ConcurrentChange
            return known
        if asks_for_renewal(context, case):
            case = replace(case, recognised_status=RecognisedStatus.NONE)
            context.unit_of_work.cases.save(case)
        issue_code(context, case.number, case_id=case.id)
        look_for_duplicates(context, case)
        instance = start_process_of(context, case, RELIEF_PROCESS, {})
        started = replace(
            context.unit_of_work.cases.get(case.id) or case,  # handlers may have moved it on already
            process_instance_id=instance.id,
        )
        context.unit_of_work.cases.save(started)
        return started

    def _known(self, unit_of_work: CaseworkUnitOfWork) -> Case | None:
        known = unit_of_work.cases.by_submission_key(self.application.submission_key)
        if known is not None and known.submission_digest != self.application.digest:
            raise IdempotencyConflict(as_given(self.application.submission_key))
        return known

    def _opened(self, unit_of_work: CaseworkUnitOfWork, now: datetime) -> Case:
        application = self.application
        today = local_day(now)
        return Case(
            id=uuid4(),
            number=unit_of_work.cases.next_number(region=application.region, year=today.year),
            region=application.region,
            channel=application.channel,
            status=CaseStatus.RECEIVED,
            submission_key=application.submission_key,
            submission_digest=application.digest,
            received_on=application.received_on or today,
            received_at=now,
            household=application.household,
            members=members_of(application),
            needs=application.needs,
            recognised_status=application.recognised_status,
            account=application.account,
            documents=application.documents,
            remark=application.remark,
            supporters=application.supporters,
            event=application.event,
            bills=application.bills,
            proxy=application.proxy,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SetParameters:
    """Enter figures of policy with their effective day and source; the same key and day are replaced."""

    parameters: tuple[Parameter, ...]
    region: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Keep them."""
        _require_role(context.actor, ("administrator",), self.region, action="登记政策参数")
        context.unit_of_work.policy.set_parameters(self.parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadCalendarYears:
    """Load the working days of whole years as published; years the package does not know stay unloaded."""

    first_year: int
    last_year: int
    region: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> tuple[int, ...]:
        """Return the years that are loaded now."""
        _require_role(context.actor, ("administrator",), self.region, action="导入工作日历")
        days = seed_days(self.first_year, self.last_year)
        context.unit_of_work.policy.load_calendar(days, source="chinesecalendar")
        return context.unit_of_work.policy.calendar().loaded_years


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadCalendarYear:
    """Load one year from the State Council's notice: Monday to Friday worked, except for the days it lists."""

    year: int
    exceptions: tuple[CalendarDay, ...]
    source: str
    region: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Keep the year."""
        _require_role(context.actor, ("administrator",), self.region, action="导入工作日历")
        context.unit_of_work.policy.load_calendar(year_from_notice(self.year, self.exceptions), source=self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideCalendarDay:
    """Enter a local exception: offices closed by a typhoon, or an ordered working day."""

    day: CalendarDay
    region: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Keep it."""
        _require_role(context.actor, ("administrator",), self.region, action="调整工作日历")
        context.unit_of_work.policy.override_day(self.day)


def _require_role(actor: Actor, roles: tuple[str, ...], region: str, *, action: str) -> None:
    if actor.system or any(actor.has_role(role, region) for role in roles):
        return
    raise NotPermitted(action, "、".join(roles))

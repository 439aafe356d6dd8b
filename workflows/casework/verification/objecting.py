"""Objecting to a check report: within a few working days, naming sources, with proof; nothing is refused meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from engine.core.texts import Words
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import SYSTEM
from workflows.casework.days import local_day
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import CheckReport, Notice
from workflows.casework.standards import standards_on
from workflows.casework.starting import start_process_of
from workflows.casework.verification.authorising import case_at_work
from workflows.casework.verification.errors import (
    ObjectionInvalid,
    ObjectionOpen,
    ObjectionTooLate,
    ReportMissing,
    ReportSuperseded,
)
from workflows.casework.verification.model import ReportObjection

OBJECTION_PROCESS = "report_objection"
MOST_PROOFS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A paper that supports an objection, with the hash of its file where there is one."""

    title: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectToReport:
    """Take a household's objection to items of the newest report, and begin to look into it.

    Raises:
        CaseNotFound, NotPermitted, CaseErased
        ReportMissing, ReportSuperseded: only the newest version can be objected to.
        ObjectionTooLate: the working days for it, from the day the household was told, are over.
        ObjectionOpen: another one waits for its answer.
        ObjectionInvalid: it names no source of the report, no ground or no proof.
    """

    case_id: UUID
    report_version: int
    agencies: tuple[str, ...]
    grounds: str
    evidence: tuple[Proof, ...]

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ReportObjection:
        """Keep it and start its process."""
        case = case_at_work(context, self.case_id, action="登记对核对报告的异议")
        report = self._report(context, case)
        self._check(report)
        last_day = last_day_to_object(context, report)
        if last_day is not None and local_day(context.now()) > last_day:
            raise ObjectionTooLate(last_day=last_day)
        objection = ReportObjection(
            id=uuid4(),
            case_id=case.id,
            region=case.region,
            report_id=report.id,
            report_version=report.version,
            filed_at=context.now(),
            filed_by=context.actor.id,
            agencies=self.agencies,
            grounds=self.grounds.strip(),
            evidence=tuple(_proof(one) for one in self.evidence),
        )
        if not context.unit_of_work.report_objections.add(objection):
            raise ObjectionOpen(number=case.number, action="再次提出异议")
        objected = {"objection_id": str(objection.id), "objected_report_id": str(report.id)}
        start_process_of(replace(context, actor=SYSTEM), case, OBJECTION_PROCESS, objected)
        return objection

    def _report(self, context: Context[CaseworkUnitOfWork], case: Case) -> CheckReport:
        report = context.unit_of_work.cases.check_report(case.id)
        if report is None or self.report_version > report.version:
            raise ReportMissing(number=case.number, version=self.report_version)
        if self.report_version < report.version:
            raise ReportSuperseded(version=self.report_version, latest=report.version)
        return report

    def _check(self, report: CheckReport) -> None:
        known = {str(source["agency"]) for source in report.sources}
        faults: Sequence[tuple[bool, Words]] = (
            (not self.agencies, Words("未指明有争议的信息单位", "it names no disputed source")),
            (
                not set(self.agencies) <= known or len(set(self.agencies)) < len(self.agencies),
                Words("所指信息单位不在该版报告中", "it names a source that the report does not have, or one twice"),
            ),
            (not self.grounds.strip(), Words("未写明理由", "it gives no ground")),
            (
                not 0 < len(self.evidence) <= MOST_PROOFS,
                Words(f"凭证应为 1 至 {MOST_PROOFS} 份", f"it comes with 1 to {MOST_PROOFS} proofs"),
            ),
        )
        for is_wrong, fault in faults:
            if is_wrong:
                raise ObjectionInvalid(fault)


def last_day_to_object(context: Context[CaseworkUnitOfWork], report: CheckReport) -> date | None:
    """Return the last day on which a household may object to a report; None while what it was told is not delivered.

    The days run from the day the household was told of the version; where there was nothing to tell it, from the
    day the version was compiled.
    """
    told = _told(context, report)
    if told is not None and told.sent_at is None:
        return None
    return objection_day(context, local_day(told.sent_at if told and told.sent_at else report.compiled_at))


def _told(context: Context[CaseworkUnitOfWork], report: CheckReport) -> Notice | None:
    """Return the letter about a version; the answer to an objection against it is none."""
    told = context.unit_of_work.notices.findings_since(report.case_id, report.compiled_at)
    objected = context.unit_of_work.report_objections.of_case(report.case_id)
    if told is None or any(one.report_id == report.id and one.filed_at <= told.written_at for one in objected):
        return None
    return told


def objection_day(context: Context[CaseworkUnitOfWork], told_on: date) -> date:
    """Return the last day to object for a household that was told on a day."""
    days = standards_on(context.unit_of_work, told_on).days("report_objection_days")
    return context.unit_of_work.policy.calendar().add_working_days(told_on, days)


def require_no_objection(context: Context[CaseworkUnitOfWork], case: Case, *, action: str) -> None:
    """Let nothing adverse go out while an objection to the check report is open.

    Raises:
        ObjectionOpen: one waits for its answer.
    """
    if context.unit_of_work.report_objections.has_open(case.id):
        raise ObjectionOpen(number=case.number, action=action)


def _proof(proof: Proof) -> JsonObject:
    return {"title": proof.title, "sha256": proof.sha256}

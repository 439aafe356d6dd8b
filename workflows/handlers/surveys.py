"""Visits and appraisals in diagrams: two people saw it, enough people judged it, none of them kin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.model import Appraisal, DocumentReference, SurveyKind, SurveyRecord
from workflows.casework.procedure.survey_means import counts_already, report_with_survey
from workflows.casework.records import CheckReport
from workflows.casework.standards import Standards, standards_on
from workflows.casework.verification.model import ReportTrigger
from workflows.handlers.documents import issue
from workflows.handlers.inputs import Inputs, case_of, referral_of

SURVEYOR, FIRST = "surveyor", "first"
"""Who completes a user task with the property `surveyor` = `first` is the first who saw the household."""


def record_survey(context: Context[CaseworkUnitOfWork], instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Keep a visit with both who saw it; the person who confirms is the one whose step this ends."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case, kind = case_of(context, inputs), SurveyKind(inputs.choice("kind", *SurveyKind))
    seen = Inputs(step=f"{call.type}: survey", variables=inputs.context("survey"))
    surveys = context.unit_of_work.procedure.surveys
    survey = SurveyRecord(
        id=uuid4(),
        case_id=case.id,
        round=len(surveys.of_case(case.id)) + 1,
        kind=kind,
        visited_on=seen.day("visited_on"),
        first_surveyor=surveys.who_did(instance.id, SURVEYOR, FIRST) or "",
        second_surveyor=context.actor.id,
        record={name: value for name, value in seen.variables.items() if name != "photos"},
        confirmation=inputs.context("second_survey"),
        photos=tuple(_documents(seen, "photos")),
        recorded_at=context.now(),
    )
    surveys.add(survey)
    return {"survey_id": str(survey.id)}


def count_survey(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Let what the newest visit found undeclared count in the check report, as a version of its own.

    A version that is counted anew concludes nothing yet: that is for the steps that follow.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    report = context.unit_of_work.cases.check_report(case.id)
    visits = [one for one in context.unit_of_work.procedure.surveys.of_case(case.id) if one.kind != SurveyKind.COUNTY]
    if report is None or not visits or counts_already(report, visits[-1]):
        return _counted(report, counted=False)
    raised = replace(
        report_with_survey(report, visits[-1], persons=len(case.members)),
        id=uuid4(),
        version=report.version + 1,
        compiled_at=context.now(),
        trigger=ReportTrigger.SURVEY,
        conclusion=None,
        hits=(),
        valid_until=None,
    )
    context.unit_of_work.cases.add_check_report(raised)
    return _counted(raised, counted=True)


def _counted(report: CheckReport | None, *, counted: bool) -> JsonObject:
    return {
        "report_id": str(report.id) if report else None,
        "report_version": report.version if report else None,
        "counted": counted,
    }


def record_appraisal(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Keep the minutes of an appraisal that is valid; of another say what is wrong with it."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = referral_of(context, inputs, case)
    held = Inputs(step=f"{call.type}: appraisal", variables=inputs.context("appraisal"))
    faults = tuple(_faults(context, case, held))
    if faults:
        return {
            "appraisal_valid": False,
            "appraisal_fault": "；".join(faults),
            "appraisal_id": None,
            "supported": False,
        }
    appraisal = Appraisal(
        id=uuid4(),
        case_id=case.id,
        referral_id=referral.id,
        held_on=held.day("held_on"),
        place=held.text("place"),
        participants=tuple(one.variables for one in held.contexts("participants")),
        votes_for=int(held.number("votes_for")),
        votes_against=int(held.number("votes_against")),
        votes_abstained=int(held.number("votes_abstained")),
        minutes=held.text("minutes"),
        documents=tuple(_documents(held, "documents")),
        recorded_at=context.now(),
        recorded_by=context.actor.id,
    )
    context.unit_of_work.procedure.appraisals.add(appraisal)
    issue(context, "appraisal", case, subject=appraisal.id)
    return {
        "appraisal_valid": True,
        "appraisal_fault": None,
        "appraisal_id": str(appraisal.id),
        "supported": appraisal.votes_for > appraisal.votes_against,
    }


def _faults(context: Context[CaseworkUnitOfWork], case: Case, held: Inputs) -> Iterator[str]:
    """Yield what makes an appraisal invalid, each with what to do."""
    day = held.day("held_on")
    standards, people = standards_on(context.unit_of_work, day), held.contexts("participants")
    names = [one.text("name").strip() for one in people]
    least = standards.days("appraisal_people_least")
    if len(people) < least:
        yield f"参加评议的有 {len(people)} 人，至少需要 {least} 人"
    if len(set(names)) < len(names):
        yield "同一参加人登记了两次"
    deputies = sum(one.text("role") == "deputy" for one in people)
    if people and Decimal(deputies) / len(people) < _share(standards):
        yield f"村（居）民代表 {deputies} 人，比例不足"
    votes = sum(held.number(name) for name in ("votes_for", "votes_against", "votes_abstained"))
    if votes != len(people):
        yield f"三项票数之和为 {votes}，与参加人数 {len(people)} 不符"
    kin = {one.name for one in context.unit_of_work.procedure.kin.of_case(case.id)}
    if kin & set(names):
        yield "参加人中有近亲属备案中的人员，须回避，请更换"


def _share(standards: Standards) -> Decimal:
    value = standards.values.get("appraisal_deputy_share_least", 0)
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)


def _documents(inputs: Inputs, name: str) -> Iterator[DocumentReference]:
    for one in inputs.contexts(name):
        yield DocumentReference(name=one.text("name"), sha256=one.text("sha256"))

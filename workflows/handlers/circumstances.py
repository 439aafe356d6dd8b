"""What changed in a household while it draws a benefit, what the county drew by lot, what a meeting decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.core.texts import Words
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.changed_means import income_after_change
from workflows.casework.days import local_day
from workflows.casework.decisions.model import Minutes
from workflows.casework.means import EARNINGS, OTHER
from workflows.casework.model import Case, Employment, Income, Member, Presence
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import CheckReport, Means
from workflows.casework.standards import standards_on
from workflows.casework.verification.model import CheckPurpose, ReportTrigger
from workflows.handlers.inputs import Inputs, case_of
from workflows.rules.money import round_to_fen

SAMPLE_SHARE = "county_sample_share"


def record_household_facts(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write what was verified of a household's new circumstances into its file, with a new version of the report.

    `members` are the persons that changed, each with what is so now; `assets` and `has_vehicle` stay as they were
    when null. The file holds the present, the reports and the trace of decisions hold what was before. Of each member
    what changed and what their `verified` names (wage, pension, benefits, other) counts as it is told, of all else what
    agencies found, where that is more (decision `counted_income`); the new version is relied on no longer than the
    check before. `report_id` is of a version for the next steps to conclude; none is where a check is open: it is not
    concluded past what the check is open for.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    told = {int(row.number("number")): row for row in inputs.contexts("members")}
    if any(number not in {one.number for one in case.members} for number in told):
        raise inputs.unfit("members", Words("本案成员的序号", "numbers of members of the case"))
    changed = replace(case, members=tuple(_after(one, told.get(one.number)) for one in case.members))
    work = context.unit_of_work
    work.cases.save_facts(changed)
    before = work.cases.check_report(case.id)
    report = _report(context, inputs, case, changed, before)
    work.cases.add_check_report(report)
    means = report.means
    return {
        "report_id": None if before is not None and _is_open(before) else str(report.id),
        "means": {
            "monthly_income": means.monthly_income,
            "income_per_capita": means.income_per_capita,
            "assets": means.assets,
            "has_vehicle": means.has_vehicle,
            "complete": means.complete,
        },
    }


def draw_county_sample(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Draw by lot whether the county visits the household; the lot of a case is the same however often it is drawn.

    The lot comes of the county's key: who knows the case and this code cannot tell beforehand who will be visited.
    `kin` says whether the register of relatives names somebody for the case.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    share = standards_on(context.unit_of_work, local_day(context.now())).values.get(SAMPLE_SHARE)
    procedure = context.unit_of_work.procedure
    sampled = isinstance(share, int | Decimal) and procedure.surveys.lot(case.number) < share
    return {"sampled": sampled, "kin": bool(procedure.kin.of_case(case.id))}


def record_minutes(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Keep the minutes of a collective decision: who sat, how they voted, what the leader made of it."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    decision = inputs.choice("decision", "approve", "refuse")
    minutes = Minutes(
        id=uuid4(),
        case_id=case.id,
        referral_id=inputs.optional_id("referral_id"),
        matter=inputs.text("matter"),
        held_on=inputs.optional_day("held_on") or local_day(context.now()),
        place=inputs.text("place"),
        participants=tuple({"name": one.text("name"), "role": one.text("role")} for one in inputs.contexts("present")),
        votes_for=int(inputs.number("votes_for")),
        votes_against=int(inputs.number("votes_against")),
        abstained=int(inputs.number("abstained")),
        discussion=inputs.text("discussion"),
        decision=decision,
        amount=inputs.optional_number("amount") if decision == "approve" else None,
        recorded_at=context.now(),
        recorded_by=context.actor.id,
    )
    context.unit_of_work.decisions.add_minutes(minutes)
    return {"minutes_id": str(minutes.id), "decision": decision, "amount": minutes.amount}


def _after(member: Member, row: Inputs | None) -> Member:
    if row is None:
        return member
    income, stated = member.person.income, row.variables
    person = replace(
        member.person,
        income=Income(
            net_monthly_wage=_or(row.optional_number("net_monthly_wage"), income.net_monthly_wage),
            other_monthly_income=_or(row.optional_number("other_monthly_income"), income.other_monthly_income),
            basic_pension=_or(row.optional_number("basic_pension"), income.basic_pension),
        ),
        employment=row.choice("employment", *Employment) if stated.get("employment") else member.person.employment,
        presence=row.choice("presence", *Presence) if stated.get("presence") else member.person.presence,
    )
    return replace(member, person=person)


def _or(value: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if value is None else value


def _report(
    context: Context[CaseworkUnitOfWork], inputs: Inputs, was: Case, case: Case, before: CheckReport | None
) -> CheckReport:
    counted = income_after_change(context, was, case, before, marked=_marked(inputs))
    income = counted.monthly_income
    assets, vehicle = inputs.optional_number("assets"), inputs.optional_flag("has_vehicle")
    means = Means(
        monthly_income=income,
        income_per_capita=round_to_fen(income / max(len(case.at_home), 1)),
        assets=_or(assets, before.means.assets if before else case.household.assets_declared),
        has_vehicle=vehicle if vehicle is not None else (before.means.has_vehicle if before else False),
        complete=before.means.complete if before else True,
        needs_explanation=before.means.needs_explanation if before else False,
        stale=before.means.stale if before else False,
        wages=counted.wages,
    )
    found: Mapping[str, object] = {"monthly_income": income, "assets": means.assets, "has_vehicle": means.has_vehicle}
    basis = {"monthly_income": counted.basis or None}
    return CheckReport(
        id=uuid4(),
        case_id=case.id,
        version=before.version + 1 if before else 1,
        compiled_at=context.now(),
        means=means,
        lines=tuple(
            {"source": "change", "item": item, "found": value, "remark": basis.get(item), "as_of": None}
            for item, value in found.items()
        ),
        missing=before.missing if before else (),
        survey=before.survey if before else {},
        second_survey=before.second_survey if before else {},
        supplement=inputs.optional_text("note"),
        round=before.round if before else 1,  # what agencies answered stays answered
        purpose=before.purpose if before else CheckPurpose.NEW_APPLICATION,
        explanations=before.explanations if before else (),
        trigger=before.trigger if before is not None and _is_open(before) else ReportTrigger.CHANGE,
        sources=before.sources if before else (),
        verified=counted.verified,
        valid_until=before.valid_until if before else None,
    )


def _marked(inputs: Inputs) -> set[tuple[int, str]]:
    """Return what the rows say was verified, changed or not."""
    marked = {
        (int(row.number("number")), item)
        for row in inputs.contexts("members")
        if row.variables.get("verified") is not None
        for item in row.texts("verified")
    }
    known = (*EARNINGS, OTHER)
    if any(item not in known for _number, item in marked):
        names = ", ".join(known)
        raise inputs.unfit("members", Words(f"verified 只含 {names}", f"in `verified` only {names}"))
    return marked


def _is_open(report: CheckReport) -> bool:
    """Say whether a check is open: nobody has concluded its newest version, and that is no change alone.

    A change that an earlier release recorded says `check` and has no conclusion either.
    """
    of_change = any(line["source"] == "change" for line in report.lines)
    alone = of_change and report.trigger in (ReportTrigger.CHANGE, ReportTrigger.CHECK)
    return report.conclusion is None and not alone

"""The case file as expressions see it under the name `case`: routing facts, no names, no numbers of persons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date

from engine.json_values import JsonObject
from workflows.casework.circumstances import Supporter
from workflows.casework.days import local_day
from workflows.casework.model import Case, Member
from workflows.casework.records import CheckReport, Referral, unanswered_of
from workflows.rules.identity import age_on


def case_file(
    case: Case,
    report: CheckReport | None,
    *,
    today: date,
    referrals: Sequence[Referral] = (),
    unauthorised: Collection[int] = (),
) -> JsonObject:
    """Return the case as a FEEL context; ages are those of the given day.

    `unauthorised` are the members whose consent does not stand on that day: who signed once may have withdrawn it.
    """
    household = case.household
    return {
        "number": case.number,
        "region": case.region,
        "channel": case.channel,
        "received_on": case.received_on.isoformat(),
        "accepted_on": case.accepted_on.isoformat() if case.accepted_on else None,
        "due_on": case.due_on.isoformat() if case.due_on else None,
        "recognised_status": case.recognised_status,
        "needs": list(case.needs),
        "documents": list(case.documents),
        "household": {
            "size": len(case.at_home),
            "tenure": household.tenure,
            "own_area": household.own_area,
            "settlement": household.settlement,
            "dangerous_dwelling": household.dangerous_dwelling,
            "monthly_rent": household.monthly_rent,
            "assets_declared": household.assets_declared,
            "has_vehicle": household.has_vehicle,
            "yearly_spending": asdict(household.yearly_spending),
        },
        "members": [
            _member(member, today, is_authorised=member.authorised and member.number not in unauthorised)
            for member in case.members
        ],
        "supporters": [_supporter(one) for one in case.supporters],
        "event": _event(case),
        "bills": [asdict(one) for one in case.bills],
        "means": _means(report),
        "referrals": _referrals(referrals),
    }


def _referrals(referrals: Sequence[Referral]) -> list[JsonObject]:
    unanswered = {one.id for one in unanswered_of(referrals)}
    return [_referral(one, with_unit=one.id in unanswered) for one in referrals]


def _referral(referral: Referral, *, with_unit: bool) -> JsonObject:
    return {
        "number": referral.number,
        "need": referral.need,
        "programme": referral.programme,
        "state": referral.state.value,
        "outcome": referral.outcome,
        "with_unit": with_unit,
        "result_due_on": local_day(referral.result_due_at).isoformat() if referral.result_due_at else None,
    }


def _member(member: Member, today: date, *, is_authorised: bool) -> JsonObject:
    person = member.person
    return {
        "number": member.number,
        "relation": person.relation,
        "age": age_on(member.birth_date, today),
        "sex": member.sex,
        "labour_capacity": person.labour_capacity,
        "employment": person.employment,
        "net_monthly_wage": person.income.net_monthly_wage,
        "other_monthly_income": person.income.other_monthly_income,
        "basic_pension": person.income.basic_pension,
        "school_stage": person.school_stage,
        "grade": person.grade,
        "disability_kind": person.health.disability_kind,
        "disability_level": person.health.disability_level,
        "serious_illness": person.health.serious_illness,
        "presence": person.presence,
        "card_expires_on": person.card.expires_on.isoformat() if person.card else None,
        "failed_self_care": list(person.failed_self_care),
        "authorised": is_authorised,
    }


def _supporter(supporter: Supporter) -> JsonObject:
    return {
        "relation": supporter.relation,
        "age": supporter.age,
        "recognised_status": supporter.recognised_status,
        "condition": supporter.condition,
        "low_means": supporter.low_means,
        "consented": supporter.consented,
    }


def _event(case: Case) -> JsonObject | None:
    event = case.event
    if event is None:
        return None
    return {
        "kind": event.kind,
        "happened_on": event.happened_on.isoformat(),
        "place": event.place,
        "region": event.region or case.region,
        "reference": event.reference,
    }


def _means(report: CheckReport | None) -> JsonObject | None:
    if report is None:
        return None
    means = report.means
    return {
        "monthly_income": means.monthly_income,
        "income_per_capita": means.income_per_capita,
        "assets": means.assets,
        "has_vehicle": means.has_vehicle,
        "complete": means.complete,
        "needs_explanation": means.needs_explanation,
        "stale": means.stale,
        "wages": [asdict(one) for one in means.wages],
        "version": report.version,
        "conclusion": report.conclusion,
        "valid_until": report.valid_until.isoformat() if report.valid_until else None,
    }

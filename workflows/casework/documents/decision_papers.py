"""The papers of decisions: the decision itself, the hearing before an adverse one, change and stop, referral slips."""

from __future__ import annotations

from decimal import Decimal

from workflows.casework.county import CIVIL_AFFAIRS, COUNTY_NAME, UNITS
from workflows.casework.days import months_later
from workflows.casework.decisions.letter import VERBS, status_name
from workflows.casework.decisions.model import Decision, DecisionKind, Remedy, RemedyKind
from workflows.casework.documents import words
from workflows.casework.documents.gathering import Asked, Gathered
from workflows.casework.documents.persons import BUREAU
from workflows.casework.letters import OUTCOMES, PERIODS, programme_name
from workflows.casework.records import NoticeKind, Referral
from workflows.printing.fields import Value
from workflows.rules.money import format_whole_yuan

REMEDY_ACTS = {RemedyKind.REVIEW: "向{authority}申请行政复议", RemedyKind.SUIT: "向{authority}提起行政诉讼"}
CHANGES = (DecisionKind.CHANGE, DecisionKind.SUSPEND, DecisionKind.RESUME, DecisionKind.STOP)
HEARING_BASIS = "社会救助法（2026）第四十八条"


def decision(asked: Asked) -> Gathered:
    """Fill a decision; its number is the decision's own."""
    found = asked.newest(_decisions(asked), "决定", keys=lambda one: (one.id, one.number))
    return Gathered(
        subject=str(found.id),
        number=found.number,
        unit=_authority(asked, found),
        day=words.day(found.decided_at),
        values={
            **_without_phone(asked),
            "programme": status_name(found.programme),
            "outcome": f"{VERBS[found.kind]}{status_name(found.programme)}",
            "amount": "" if found.kind is DecisionKind.REFUSE else _sum(found.amount, found.amount_period),
            "start_month": words.month(found.start_month),
            "validity": f"{words.day(found.valid_from)}至{words.day(found.valid_until)}" if found.valid_until else "",
            "calculation": found.calculation,
            "reasons": found.reasons.rstrip("。"),
            "articles": list(found.articles),
            "remedies": words.sections(_remedy(one) for one in found.remedies),
            "served": f"{words.day(found.served_on)}，{found.served_how or ''}".rstrip("，") if found.served_on else "",
        },
    )


def change_notice(asked: Asked) -> Gathered:
    """Fill the notice that a running benefit is changed, suspended, resumed or stopped: both sums, and why."""
    changed = [one for one in _decisions(asked) if one.kind in CHANGES]
    found = asked.newest(changed, "变更、暂停、恢复或停发决定", keys=lambda one: (one.id, one.number))
    before, after = _sums(asked, found)
    return Gathered(
        subject=str(found.id),
        unit=_authority(asked, found),
        day=words.day(found.decided_at),
        values={
            **_without_phone(asked),
            "programme": status_name(found.programme),
            "outcome": f"{VERBS[found.kind]}{status_name(found.programme)}",
            "decision_number": found.number,
            "before": before,
            "after": after,
            "start_month": words.month(found.start_month),
            "reasons": found.reasons.rstrip("。"),
            "calculation": found.calculation,
            "articles": list(found.articles),
            "remedies": words.sections(_remedy(one) for one in found.remedies),
        },
    )


def hearing(asked: Asked) -> Gathered:
    """Fill the letter before an adverse decision: what is meant and why is given, the limit is policy.

    A letter that is named by its notice brings its own programme and law; else it is about the newest benefit.
    """
    calendar = asked.unit_of_work.policy.calendar()
    days = asked.standards.days("hearing_days")
    until = calendar.add_working_days(asked.standards.day, days)
    benefits = asked.unit_of_work.benefits.of_case(asked.case.id)
    if asked.subject is None and not benefits:
        raise asked.missing("在享待遇")
    about = asked.about
    common: dict[str, Value] = (
        {}
        if asked.subject
        else {
            "programme": programme_name(benefits[-1].programme),
            "legal_base": HEARING_BASIS,
        }
    )
    return Gathered(
        subject=asked.subject or NoticeKind.HEARING.value,
        unit=BUREAU,
        values={
            **{key: about[key] for key in ("applicant", "address", "complaint_phone")},
            **common,
            "until": words.day(until),
        },
    )


def referral(asked: Asked) -> Gathered:
    """Fill the slip that goes with a need to the unit responsible, and what came back."""
    found: Referral = asked.newest(
        asked.unit_of_work.referrals.of_case(asked.case.id), "转办单", keys=lambda one: (one.id, one.number)
    )
    about = asked.about
    answer = "" if found.outcome is None else OUTCOMES.get(found.outcome, found.outcome)
    parts = (answer, _sum(found.amount, found.amount_period), found.outcome_reason or "")
    return Gathered(
        subject=found.number,
        unit=asked.town_office,
        day=words.day(found.sent_at) or None,
        values={
            **{key: about[key] for key in ("applicant", "address")},
            "referral_number": found.number,
            "programme": programme_name(found.programme),
            "to_unit": _unit_name(found.unit_kind, found.region),
            "reason": found.reason,
            "legal_basis": found.legal_basis or "",
            "sent_on": words.day(found.sent_at),
            "acknowledge_due": words.day(found.acknowledge_due_at),
            "result_due": words.day(found.result_due_at),
            "state": words.word(words.STATES, found.state.value),
            "result": "，".join(one for one in parts if one),
        },
    )


def _decisions(asked: Asked) -> list[Decision]:
    return list(asked.unit_of_work.decisions.of_case(asked.case.id))


def _without_phone(asked: Asked) -> dict[str, Value]:
    about = asked.about
    return {key: about[key] for key in ("applicant", "address")}


def _authority(asked: Asked, found: Decision) -> str:
    referral_found = asked.unit_of_work.referrals.get(found.referral_id) if found.referral_id else None
    if referral_found is None or referral_found.unit_kind == CIVIL_AFFAIRS:
        return BUREAU
    if referral_found.unit_kind == "township":
        return asked.town_office
    return _unit_name(referral_found.unit_kind, asked.case.region)


def _unit_name(kind: str, region: str) -> str:
    fitting = [unit for unit in UNITS if unit.kind == kind and region.startswith(unit.region)]
    return fitting[0].name if fitting else COUNTY_NAME


def _sum(amount: Decimal | None, period: str | None) -> str:
    return "" if amount is None else f"{PERIODS.get(period or '', '')}{format_whole_yuan(amount)}元"


def _sums(asked: Asked, found: Decision) -> tuple[str, str]:
    """Return what was paid in the month before and what is paid in the month of the decision."""
    benefit = next(
        (one for one in asked.unit_of_work.benefits.of_case(asked.case.id) if one.id == found.benefit_id), None
    )
    if benefit is None or found.start_month is None:
        return "", _sum(found.amount, found.amount_period)
    period = benefit.amount_period
    before = benefit.amount_in(months_later(found.start_month, -1))
    return _sum(before, period), _sum(benefit.amount_in(found.start_month), period)


def _remedy(remedy: Remedy) -> str:
    act = REMEDY_ACTS[remedy.kind].format(authority=remedy.authority)
    if remedy.until is not None:
        return f"{act}（截至{words.day(remedy.until)}）"
    return f"{act}（{remedy.year_not_loaded}年工作日历尚未导入，截止日请向窗口查询）"

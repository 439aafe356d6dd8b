"""The papers of examination: visit, appraisal, check report, public notice, approval form."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from engine.json_values import JsonObject
from workflows.casework.agencies import AGENCY_BY_KEY
from workflows.casework.days import local_day
from workflows.casework.documents import words
from workflows.casework.documents.gathering import Asked, Gathered
from workflows.casework.documents.persons import CENTRE, member_line, town
from workflows.casework.letters import ADULT_AGE, OUTCOMES, PERIODS, programme_name, report_summary
from workflows.casework.model import Case
from workflows.casework.procedure.model import NoticePosting, NoticeState
from workflows.casework.records import CheckReport, Referral
from workflows.rules.identity import age_on
from workflows.rules.masks import masked_name
from workflows.rules.money import format_whole_yuan

NOTICE_STATES = {
    NoticeState.PREPARED: "尚未张贴",
    NoticeState.POSTED: "公示中",
    NoticeState.LOCKED: "有异议，正在处理",
    NoticeState.OVER: "公示期满无异议",
    NoticeState.WITHDRAWN: "异议成立，公示撤回",
}
SOURCES = {"declaration": "申报", "survey": "入户调查", "total": "合计"}


def survey(asked: Asked) -> Gathered:
    """Fill the record of a visit with what the two saw."""
    visits = asked.unit_of_work.procedure.surveys.of_case(asked.case.id)
    visit = asked.newest(visits, "入户调查记录", keys=lambda one: (one.id, one.round))
    seen, confirmed = visit.record, visit.confirmation
    extra = (
        f"，多出 {words.money(_number(seen, 'extra_monthly_income'))} 元"
        if _number(seen, "extra_monthly_income")
        else ""
    )
    return Gathered(
        subject=str(visit.id),
        unit=asked.town_office,
        day=words.day(visit.visited_on),
        values={
            **asked.about,
            "visited_on": words.day(visit.visited_on),
            "surveyors": asked.people(visit.first_surveyor, visit.second_surveyor),
            "present": str(seen.get("persons_met") or ""),
            "dwelling": words.word(words.DWELLINGS, seen.get("dwelling")),
            "income_seen": words.word(words.COMPARISONS, seen.get("income_seen")) + extra,
            "difference": _differences(seen),
            "photos": [f"{one.name}（{one.sha256[:12]}）" for one in visit.photos],
            "opinion": str(seen.get("findings") or ""),
            "confirmation": "与所见一致"
            if confirmed.get("agrees") in ("yes", True)
            else str(confirmed.get("second_note") or ""),
        },
    )


def appraisal(asked: Asked) -> Gathered:
    """Fill the minutes of an appraisal."""
    held = asked.unit_of_work.procedure.appraisals.of_case(asked.case.id)
    one = asked.newest(held, "民主评议记录", keys=lambda found: (found.id, found.referral_id))
    return Gathered(
        subject=str(one.id),
        unit=asked.town_office,
        day=words.day(one.held_on),
        values={
            **asked.about,
            "held_on": words.day(one.held_on),
            "place": one.place,
            "participants": [{"name": str(who["name"]), "role": str(who["role"])} for who in one.participants],
            "votes_for": str(one.votes_for),
            "votes_against": str(one.votes_against),
            "votes_abstained": str(one.votes_abstained),
            "views": one.minutes,
        },
    )


def check_report(asked: Asked) -> Gathered:
    """Fill the newest version of the check report, source by source."""
    report = asked.unit_of_work.cases.check_report(asked.case.id)
    if report is None:
        raise asked.missing("核对报告")
    means = report.means
    return Gathered(
        subject=f"v{report.version}",
        unit=CENTRE,
        day=words.day(report.compiled_at),
        values={
            **asked.about,
            "report_version": f"第{report.version}版",
            "compiled_on": words.day(report.compiled_at),
            "purpose": words.word(words.PURPOSES, report.purpose),
            "income": words.money(means.monthly_income),
            "per_capita": words.money(means.income_per_capita),
            "assets": words.money(means.assets),
            "vehicle": "有" if means.has_vehicle else "无",
            "sources": [_source(one) for one in report.sources],
            "lines": [_line(one, asked.case) for one in report.lines],
            "findings": [part.strip() for part in report_summary(report).split("；") if part.strip()],
            "conclusion": words.word(words.CONCLUSIONS, report.conclusion),
            "valid_until": words.day(report.valid_until),
        },
    )


def public_notice(asked: Asked) -> Gathered:
    """Fill what hangs on the board: no identity number, no illness, no child's name; its number is the notice's.

    What is proposed is given, as the notice is drawn up before there is a decision.
    """
    case = asked.case
    board = asked.unit_of_work.procedure.notice_board.of_case(case.id)
    posting: NoticePosting = asked.newest(board, "公示", keys=lambda one: (one.notice_id, one.number, one.referral_id))
    head, today = case.applicant, local_day(asked.context.now())
    name = head.person.name if age_on(head.birth_date, today) >= ADULT_AGE else masked_name(head.person.name)
    until = "" if posting.posted_on is None else f"{words.day(posting.posted_on)}至{words.day(posting.ends_on)}"
    days = asked.figure("public_notice_days")
    return Gathered(
        subject=posting.number,
        number=posting.number,
        unit=asked.town_office,
        day=words.day(posting.posted_on) or None,
        values={
            "head": name,
            "village": town(case),
            "size": str(len(case.members)),
            "programme": programme_name(posting.programme),
            "period": f"{until}（{days}日，张贴当日不计）" if until else f"自张贴次日起{days}日",
            "place": posting.place or "",
            "complaint_phone": asked.figure("complaint_phone"),
            "box": f"{town(case)}社会救助窗口",
        },
    )


def approval_form(asked: Asked) -> Gathered:
    """Fill the form that goes from the first opinion to the decision, as far as the case has come."""
    case, unit_of_work = asked.case, asked.unit_of_work
    referrals = unit_of_work.referrals.of_case(case.id)
    referral: Referral = asked.newest(referrals, "转办事项", keys=lambda one: (one.id, one.number))
    report = unit_of_work.cases.check_report(case.id)
    visits = unit_of_work.procedure.surveys.of_case(case.id)
    board = [one for one in unit_of_work.procedure.notice_board.of_case(case.id) if one.referral_id == referral.id]
    decisions = [one for one in unit_of_work.decisions.of_case(case.id) if one.referral_id == referral.id]
    about = {key: value for key, value in asked.about.items() if key != "complaint_phone"}
    return Gathered(
        subject=referral.number,
        unit=asked.town_office,
        values={
            **about,
            "size": str(len(case.members)),
            "programme": programme_name(referral.programme),
            "members": [_brief(member_line(one)) for one in case.members],
            "per_capita": words.money(report.means.income_per_capita) if report else "",
            "survey": str(visits[-1].record.get("findings") or "") if visits else "",
            "check": _checked(report),
            "notice": NOTICE_STATES[board[-1].state] if board else "",
            "decision": _decided(referral),
            "calculation": decisions[-1].calculation if decisions else "",
        },
    )


def _brief(line: Mapping[str, str]) -> dict[str, str]:
    return {key: line[key] for key in ("name", "relation", "identity", "health")}


def _checked(report: CheckReport | None) -> str:
    if report is None:
        return ""
    return f"{words.word(words.CONCLUSIONS, report.conclusion)}；{report_summary(report)}"


def _decided(referral: Referral) -> str:
    if referral.outcome is None:
        return ""
    reason = f"（{referral.outcome_reason}）" if referral.outcome_reason else ""
    return "，".join(one for one in (OUTCOMES.get(referral.outcome, referral.outcome), _sum(referral)) if one) + reason


def _sum(referral: Referral) -> str:
    if referral.amount is None:
        return ""
    return f"{PERIODS.get(referral.amount_period or '', '')}{format_whole_yuan(referral.amount)}元"


def _source(one: JsonObject) -> dict[str, str]:
    known = AGENCY_BY_KEY.get(str(one.get("agency")))
    return {
        "agency": known.name if known else str(one.get("agency") or ""),
        "status": words.word(words.ANSWERS, one.get("status")),
        "as_of": str(one.get("as_of") or ""),
    }


def _line(one: JsonObject, case: Case) -> dict[str, str]:
    number = one.get("member")
    names = {member.number: member.person.name for member in case.members}
    source = str(one.get("source") or "")
    return {
        "member": names.get(int(str(number)), str(number)) if number else words.word(SOURCES, source),
        "item": words.word(words.ITEMS, one.get("item")),
        "declared": _figure(one.get("declared")),
        "found": _figure(one.get("found")),
        "remark": str(one.get("remark") or one.get("as_of") or ""),
    }


def _figure(value: object) -> str:
    if isinstance(value, bool):
        return "有" if value else "无"
    return words.money(value) if isinstance(value, int | Decimal) else str(value or "")


def _differences(seen: JsonObject) -> str:
    found = []
    if seen.get("income_seen") in ("more", "less"):
        found.append(f"收入{words.word(words.COMPARISONS, seen['income_seen'])}")
    if seen.get("assets_seen") == "more":
        found.append(f"财产高于申报 {words.money(_number(seen, 'extra_assets'))} 元")
    return "；".join(found) or "无"


def _number(seen: JsonObject, name: str) -> Decimal:
    value = seen.get(name)
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else Decimal(0)

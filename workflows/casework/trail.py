"""The dated events of a case, told from its records: what happened when, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from workflows.casework.agencies import AGENCY_BY_KEY
from workflows.casework.benefits.model import Benefit
from workflows.casework.benefits.recognition import LinkedCase, Recognition
from workflows.casework.county import PROGRAMME_NAMES, UNIT_KIND_NAMES
from workflows.casework.decisions.model import Decision, DecisionKind
from workflows.casework.model import Case
from workflows.casework.queries import TrailEntry
from workflows.casework.records import (
    AgencyRequest,
    CheckReport,
    CorrectionNotice,
    Notice,
    NoticeKind,
    PublicNotice,
    Referral,
    Survey,
)
from workflows.rules.money import format_whole_yuan

KIND_NAMES = {
    DecisionKind.GRANT: ("决定给予", "Granted by decision"),
    DecisionKind.REFUSE: ("决定不予", "Refused by decision"),
    DecisionKind.RECOGNISE: ("决定认定", "Status recognised by decision"),
    DecisionKind.CHANGE: ("决定变更待遇", "Benefit changed by decision"),
    DecisionKind.SUSPEND: ("决定暂停发放", "Benefit suspended by decision"),
    DecisionKind.RESUME: ("决定恢复发放", "Benefit resumed by decision"),
    DecisionKind.STOP: ("决定停发", "Benefit stopped by decision"),
    DecisionKind.RECOVER: ("决定追回", "Recovery decided"),
}
NOTICE_NAMES = {
    "correction": ("补正通知", "the correction notice"),
    "receipt": ("受理通知", "the receipt"),
    "declined": ("不予受理或终止告知", "the letter of non-acceptance or closing"),
    "result": ("结果告知", "the result"),
    "decision": ("决定书", "the decision"),
    "hearing": ("陈述申辩告知", "the letter before a cut or stop"),
    "expiry": ("认定到期提醒", "that a status is about to end"),
    "findings": ("核对结果告知", "what the check found"),
    "withdrawal": ("撤回授权通知", "that a consent was withdrawn"),
}
OUTCOME_NAMES = {
    "granted": ("批准", "granted"),
    "refused": ("未批准", "refused"),
    "not_eligible": ("不符合条件", "not eligible"),
    "returned": ("退回", "returned"),
    "cancelled": ("撤销", "cancelled"),
    "declined": ("不予受理", "declined"),
    "withdrawn": ("申请人撤回", "withdrawn"),
    "no_referral": ("无转办事项", "no referral"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What gathered in a case file."""

    case: Case
    correction: CorrectionNotice | None
    agency_requests: Sequence[AgencyRequest]
    surveys: Sequence[Survey]
    check_report: CheckReport | None
    referrals: Sequence[Referral]
    notices: Sequence[Notice]
    public_notices: Sequence[PublicNotice]
    benefits: Sequence[Benefit]
    recognitions: Sequence[Recognition] = ()
    decisions: Sequence[Decision] = ()
    linked_cases: Sequence[LinkedCase] = ()


def trail(records: Records) -> tuple[TrailEntry, ...]:
    """Return every dated event, oldest first."""
    entries = (
        *_case_events(records),
        *_check_events(records),
        *(entry for referral in records.referrals for entry in _referral_events(referral)),
        *_letters(records),
        *_decisions(records),
    )
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _case_events(records: Records) -> Iterator[TrailEntry]:
    case = records.case
    yield _entry(case.received_at, "received", "收到申请", "Application received")
    if records.correction:
        count = len(records.correction.missing)
        yield _entry(
            records.correction.issued_at, "correction", f"一次性告知补正 {count} 项", f"missing papers named: {count}"
        )
        if records.correction.received_at:
            yield _entry(records.correction.received_at, "corrected", "补正齐全", "Everything corrected")
    for receipt in (notice for notice in records.notices if notice.kind == NoticeKind.RECEIPT):
        yield _entry(receipt.written_at, "accepted", "受理申请", "Application accepted")
    if case.closed_at:
        zh, en = OUTCOME_NAMES.get(case.outcome or "", ("", ""))
        yield _entry(case.closed_at, "closed", f"办结：{zh}", f"Closed: {en}")


def _check_events(records: Records) -> Iterator[TrailEntry]:
    if records.agency_requests:
        asked_at = min(request.asked_at for request in records.agency_requests)
        count = len(records.agency_requests)
        yield _entry(asked_at, "check-started", f"向 {count} 个单位发起核对", f"agencies asked: {count}")
    for request in records.agency_requests:
        if request.answered_at:
            agency = AGENCY_BY_KEY[request.agency]
            zh = "人工登记" if request.entered_by else "答复"
            en = "entered by hand" if request.entered_by else "answered"
            yield _entry(request.answered_at, "agency-answered", f"{agency.name}{zh}", f"{agency.name_en} {en}")
    for survey in records.surveys:
        zh, en = ("第二调查员核签", "Survey confirmed") if survey.confirmed else ("入户调查", "Household visited")
        yield _entry(survey.recorded_at, "surveyed", zh, en)
    if records.check_report:
        version = records.check_report.version
        yield _entry(
            records.check_report.compiled_at,
            "check-report",
            f"核对报告第 {version} 版",
            f"Check report version {version}",
        )


def _referral_events(referral: Referral) -> Iterator[TrailEntry]:
    zh, en = PROGRAMME_NAMES.get(referral.programme, (referral.programme, referral.programme))
    unit_zh, unit_en = UNIT_KIND_NAMES.get(referral.unit_kind, (referral.unit_kind, referral.unit_kind))
    if referral.sent_at:
        yield _entry(referral.sent_at, "referral-sent", f"{zh}转办{unit_zh}", f"{en} referred to {unit_en}")
    if referral.acknowledged_at:
        yield _entry(referral.acknowledged_at, "referral-acknowledged", f"{unit_zh}接收{zh}", f"{unit_en} took on {en}")
    if referral.result_at:
        outcome_zh, outcome_en = OUTCOME_NAMES.get(referral.outcome or "", ("", ""))
        yield _entry(referral.result_at, "referral-result", f"{zh}结果：{outcome_zh}", f"{en}: {outcome_en}")


def _letters(records: Records) -> Iterable[TrailEntry]:
    for notice in records.notices:
        zh, en = NOTICE_NAMES[notice.kind]
        if notice.sent_at:
            yield _entry(notice.sent_at, "notice-sent", f"{zh}已送达", f"Household was told: {en}")
        else:
            yield _entry(notice.written_at, "notice-written", f"出具{zh}", f"Written: {en}")
    for posted in records.public_notices:
        yield _entry(posted.prepared_at, "public-notice", "拟定公示", "Public notice prepared")
    for benefit in records.benefits:
        amount = format_whole_yuan(benefit.amount)
        month = f"{benefit.start_month:%Y-%m}"
        yield _entry(
            benefit.granted_at,
            "benefit",
            f"确认待遇每月 {amount} 元，自 {month} 起",
            f"Benefit of {amount} yuan a month from {month}",
        )


def _decisions(records: Records) -> Iterator[TrailEntry]:
    for decision in records.decisions:
        zh, en = KIND_NAMES[decision.kind]
        yield _entry(decision.decided_at, "decision", f"{zh}：{decision.number}", f"{en}: {decision.number}")


def _entry(at: datetime, kind: str, zh: str, en: str) -> TrailEntry:
    return TrailEntry(at=at, kind=kind, zh=zh, en=en)

"""How an application stands, in plain words for the household: what was done, what comes, what is missing, whom to ask.

Nothing personal is in it: no names, numbers, incomes, addresses or sums; results are told by letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.host import Context
from workflows.casework.county import PROGRAMME_NAMES, TOWN_BY_REGION, UNIT_KIND_NAMES
from workflows.casework.days import local_day
from workflows.casework.model import Case, CaseStatus
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import Referral, ReferralState
from workflows.casework.register.model import OnlineEntry, OnlineState

DONE, NOW, NEXT = "done", "now", "next"

STEPS = (
    ("received", "收到申请", "Application received"),
    ("papers", "核对材料", "Papers looked through"),
    ("accepted", "正式受理", "Accepted"),
    ("checking", "核对家庭情况、上门调查", "Means checked, home visited"),
    ("deciding", "公示和审批", "Public notice and decision"),
    ("finished", "办结", "Finished"),
)
_AT = {
    CaseStatus.RECEIVED: "papers",
    CaseStatus.CORRECTING: "papers",
    CaseStatus.ACCEPTED: "checking",
    CaseStatus.CHECKING: "checking",
    CaseStatus.REFERRED: "deciding",
    CaseStatus.CLOSED: "finished",
    CaseStatus.DECLINED: "finished",
}
_WORDS = {
    CaseStatus.RECEIVED: (
        "我们已收到您的申请，正在核对材料。材料齐全后当天受理。",
        "We have your application and are looking through the papers. When they are complete, it is accepted that day.",
    ),
    CaseStatus.CORRECTING: (
        "还缺下面列出的材料。请在截止日期前补齐，补齐后立即受理。",
        "The papers listed below are missing. Bring them by the day named; the application is then accepted at once.",
    ),
    CaseStatus.ACCEPTED: (
        "申请已受理。我们会核对家庭情况，并有两名工作人员上门了解，请保持电话畅通。",
        "Your application is accepted. Your means will be checked and two of our staff will visit you; be reachable.",
    ),
    CaseStatus.CHECKING: (
        "正在核对家庭情况和上门调查，暂时不需要您做什么。",
        "Means are being checked and your home will be visited. There is nothing you need to do now.",
    ),
    CaseStatus.REFERRED: (
        "核对已完成，各项救助正在由负责的单位办理，进度见下。",
        "The check is done. The units responsible are working on each kind of help, as listed below.",
    ),
    CaseStatus.CLOSED: (
        "已办结。各项结果已书面告知；如有疑问请致电窗口。",
        "Finished. You were told each result in writing; call the window with any question.",
    ),
    CaseStatus.DECLINED: (
        "申请未受理，原因已书面告知。补齐材料后可以重新申请；不服的可以依法申请行政复议。",
        "The application was not accepted; you were told why in writing. You may apply again, or ask for a review.",
    ),
}
_WITHDRAWN = ("已按您的意愿撤回。需要时可以随时重新申请。", "Withdrawn as you wished. You may apply again at any time.")
_ENTRY_WORDS = {
    OnlineState.WAITING: (
        "网上申请已提交，等待窗口与您联系确认。确认之前还不算正式申请。",
        "Your entry has arrived. The window will call you to confirm it; until then it is no application yet.",
    ),
    OnlineState.REFUSED: (
        "窗口未确认这份网上申请。请致电窗口了解原因，也可以重新填报或到窗口办理。",
        "The window did not confirm this entry. Call to hear why; you may enter it again, or come to the window.",
    ),
}
_STATES = {
    ReferralState.SENT: ("已转交，等待接收", "Handed over, not taken up yet"),
    ReferralState.ACKNOWLEDGED: ("已接收，正在办理", "Taken up, in work"),
    ReferralState.IN_WORK: ("正在办理", "In work"),
    ReferralState.NEED_INFO: ("需要您补充情况，请致电窗口", "More is needed from you: call the window"),
}
_OUTCOMES = {
    "granted": ("已批准，详见书面告知", "Granted; see the letter"),
    "refused": ("未批准，原因和救济途径见书面告知", "Not granted; see the letter for reasons and remedies"),
    "not_eligible": ("不符合条件，原因和救济途径见书面告知", "Not eligible; see the letter for reasons and remedies"),
    "cancelled": ("已终止", "Ended"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the way: done, the one at work now, or one to come."""

    key: str
    state: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPaper:
    """A paper the household still has to bring, and why."""

    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One kind of help, the unit that works on it, and how it stands."""

    programme: str
    programme_en: str
    unit: str
    unit_en: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How an application stands, in both languages."""

    number: str
    step: str
    zh: str
    en: str
    steps: Sequence[Step]
    missing: Sequence[MissingPaper]
    missing_until: date | None
    matters: Sequence[Matter]
    received_on: date
    accepted_on: date | None
    due_on: date | None
    account_changed_on: date | None
    window: str
    window_en: str
    phone: str
    complaint_phone: str


def progress_of(context: Context[CaseworkUnitOfWork], case: Case) -> Progress:
    """Return how a case stands."""
    correction = context.unit_of_work.notices.correction(case.id) if case.status is CaseStatus.CORRECTING else None
    step = _AT[case.status]
    zh, en = _WITHDRAWN if case.outcome == "withdrawn" else _WORDS[case.status]
    referrals = context.unit_of_work.referrals.of_case(case.id)
    missing = correction.missing if correction else ()
    return Progress(
        number=case.number,
        step=step,
        zh=zh,
        en=en,
        steps=steps_at(case.status),
        missing=[MissingPaper(title=str(one["title"]), reason=str(one["reason"])) for one in missing],
        missing_until=correction.due_on if correction else None,
        matters=[found for one in referrals if (found := _matter(one)) is not None],
        received_on=case.received_on,
        accepted_on=case.accepted_on,
        due_on=case.due_on if case.closed_at is None else None,
        account_changed_on=local_day(case.account_changed_at) if case.account_changed_at else None,
        **_whom_to_call(context, case.region),
    )


def progress_of_entry(context: Context[CaseworkUnitOfWork], entry: OnlineEntry) -> Progress:
    """Return how an entry stands that is no case, or not yet."""
    zh, en = _ENTRY_WORDS[OnlineState.REFUSED if entry.state is OnlineState.REFUSED else OnlineState.WAITING]
    is_over = entry.state is OnlineState.REFUSED
    return Progress(
        number=entry.number,
        step="refused" if is_over else "confirming",
        zh=zh,
        en=en,
        steps=(
            Step(key="entered", state=DONE, zh="网上填报", en="Entered on line"),
            Step(key="confirming", state=DONE if is_over else NOW, zh="窗口确认", en="Confirmed by the window"),
            *(() if is_over else (Step(key=key, state=NEXT, zh=zh, en=en) for key, zh, en in STEPS[1:])),
        ),
        missing=(),
        missing_until=None,
        matters=(),
        received_on=local_day(entry.received_at),
        accepted_on=None,
        due_on=None,
        account_changed_on=None,
        **_whom_to_call(context, entry.region),
    )


def steps_at(status: CaseStatus) -> tuple[Step, ...]:
    """Return the steps of the way of a case that stands at a status."""
    at = _AT[status]
    return _steps(at, is_over=at == "finished")


def _steps(at: str, *, is_over: bool) -> tuple[Step, ...]:
    place = [key for key, _, _ in STEPS].index(at)
    return tuple(
        Step(key=key, state=DONE if index < place or is_over else NOW if index == place else NEXT, zh=zh, en=en)
        for index, (key, zh, en) in enumerate(STEPS)
    )


def _matter(referral: Referral) -> Matter | None:
    if referral.state in (ReferralState.DRAFT, ReferralState.RETURNED):
        return None
    zh, en = _OUTCOMES.get(referral.outcome or "cancelled", _OUTCOMES["cancelled"])
    if referral.is_open:
        zh, en = _STATES[referral.state]
    programme, programme_en = PROGRAMME_NAMES.get(referral.programme, (referral.programme, referral.programme))
    unit, unit_en = UNIT_KIND_NAMES.get(referral.unit_kind, (referral.unit_kind, referral.unit_kind))
    return Matter(programme=programme, programme_en=programme_en, unit=unit, unit_en=unit_en, zh=zh, en=en)


def _whom_to_call(context: Context[CaseworkUnitOfWork], region: str) -> dict[str, str]:
    figures = context.unit_of_work.policy.parameters_on(local_day(context.now()))
    town = TOWN_BY_REGION.get(region)
    return {
        "window": f"{town.name}社会救助窗口" if town else region,
        "window_en": f"{town.name_en} relief window" if town else region,
        "phone": str(figures.get("service_phone", "")),
        "complaint_phone": str(figures.get("complaint_phone", "")),
    }

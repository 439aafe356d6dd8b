"""What hangs on the board: head of household, size, sum and town; no identity number, no illness, no child's name."""

from __future__ import annotations

from datetime import date

from workflows.casework.county import COUNTY_NAME, TOWN_BY_REGION
from workflows.casework.letters import ADULT_AGE, PERIODS, programme_name
from workflows.casework.model import Case
from workflows.casework.procedure.model import NoticeFacts
from workflows.rules.identity import age_on
from workflows.rules.masks import masked_name
from workflows.rules.money import format_whole_yuan


def notice_text(case: Case, facts: NoticeFacts, *, number: str, days: int, phone: str, today: date) -> str:
    """Return the text to post; the head of household is masked while a minor."""
    head = case.applicant
    name = head.person.name if age_on(head.birth_date, today) >= ADULT_AGE else masked_name(head.person.name)
    found = TOWN_BY_REGION.get(case.region)
    town = found.name if found else case.region
    return (
        f"【公示 {number}】{programme_name(facts.programme)}拟{proposal(facts)}对象：户主{name}，{town}，"
        f"家庭人口 {len(case.members)} 人{_sum(facts)}。公示期 {days} 日，自张贴次日起算。"
        f"任何人对此有异议，可凭公示编号向{town}社会救助窗口或{COUNTY_NAME}民政局（电话 {phone}）提出；"
        "异议人的身份予以保密。"
    )


def proposal(facts: NoticeFacts) -> str:
    """Return what is meant to be decided."""
    if facts.opinion == "refuse":
        return "不予救助"
    return "给予救助" if facts.amount is not None else "认定"


def _sum(facts: NoticeFacts) -> str:
    if facts.amount is None:
        return ""
    return f"，拟{PERIODS.get(facts.amount_period or '', '')}救助 {format_whole_yuan(facts.amount)} 元"


def proposed_sum(facts: NoticeFacts) -> str:
    """Return the sum that is meant to be paid; nothing for none."""
    if facts.amount is None:
        return ""
    return f"{PERIODS.get(facts.amount_period or '', '')}{format_whole_yuan(facts.amount)}元"

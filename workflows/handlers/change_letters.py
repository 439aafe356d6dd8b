"""The decision and letter each household gets when a new standard changes what it draws."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from engine.host import Context
from workflows.casework.county import CIVIL_AFFAIRS
from workflows.casework.days import local_day
from workflows.casework.decisions.letter import decision_letter
from workflows.casework.decisions.model import Decision, DecisionKind
from workflows.casework.decisions.numbers import series_of
from workflows.casework.decisions.remedies import remedies_from
from workflows.casework.errors import ParameterMissing
from workflows.casework.model import Case
from workflows.casework.payments.standards import ChangeLine, StandardChange
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import Notice, NoticeKind
from workflows.casework.standards import Standards, standards_on
from workflows.casework.starting import start_process_of
from workflows.rules.money import format_whole_yuan

LETTER_PROCESS = "change_letter"
LAW = "law_standard"


def decide_new_amount(
    context: Context[CaseworkUnitOfWork], change: StandardChange, line: ChangeLine
) -> Decision | None:
    """Record what a household draws by the new standard as a decision of its own; None for one that was erased."""
    work, now = context.unit_of_work, context.now()
    case = work.cases.get(line.case_id)
    if case is None or case.erased:
        return None
    today = local_day(now)
    standards = standards_on(work, today)
    decision = Decision(
        id=uuid4(),
        number=work.decisions.next_number(series=series_of(CIVIL_AFFAIRS), year=today.year),
        case_id=case.id,
        region=case.region,
        programme=line.programme,
        kind=DecisionKind.CHANGE,
        decided_at=now,
        signer=change.decided_by or context.actor.id,
        reasons=f"标准调整（{change.document}）",
        benefit_id=line.benefit_id,
        amount=line.new_amount,
        amount_period="month",
        start_month=line.from_month,
        calculation=_calculation(change, line),
        articles=_articles(standards),
        remedies=remedies_from(today, standards, work.policy.calendar()),
    )
    work.decisions.add(decision)
    return decision


def send_new_amount(context: Context[CaseworkUnitOfWork], decision: Decision, line: ChangeLine) -> None:
    """Write the letter of the decision and start what sends it: one letter that cannot be sent holds up no other."""
    case: Case | None = context.unit_of_work.cases.get(line.case_id)
    if case is None:
        return
    text = decision_letter(case, decision)
    if line.back_pay:
        text += f"已按原标准发放的月份补发差额共 {format_whole_yuan(line.back_pay)} 元，随下次发放到账。"
    notice = Notice(id=uuid4(), case_id=case.id, kind=NoticeKind.DECISION, text=text, written_at=context.now())
    context.unit_of_work.notices.add(notice)
    start_process_of(context, case, LETTER_PROCESS, {"notice_id": str(notice.id)})


def _calculation(change: StandardChange, line: ChangeLine) -> str:
    new_base, new_add_ons = line.new_base or Decimal(0), line.new_add_ons or Decimal(0)
    return (
        f"标准由{_plain(change.old_value)}调整为{_plain(change.new_value)}；"
        f"原每月{_sum(line.old_base, line.old_add_ons)}，现每月{_sum(new_base, new_add_ons)}"
    )


def _sum(base: Decimal, add_ons: Decimal) -> str:
    parts = f"（基本{format_whole_yuan(base)}＋增发{format_whole_yuan(add_ons)}）" if add_ons else ""
    return f"{format_whole_yuan(base + add_ons)}元{parts}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _articles(standards: Standards) -> tuple[str, ...]:
    found = standards.values.get(LAW)
    if not isinstance(found, list | tuple):
        raise ParameterMissing(key=LAW, day=standards.day)
    return tuple(str(one) for one in found)

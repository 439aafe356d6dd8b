"""A new standard: what each benefit would be, the households at a border, and the change once it is decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.benefits.model import Act, Benefit, BenefitState, BenefitVersion, Terms
from workflows.casework.days import local_day, months_later
from workflows.casework.errors import RecordNotFound
from workflows.casework.model import ZERO
from workflows.casework.payments.model import Payment, PaymentKind, PaymentState
from workflows.casework.payments.standards import ChangeLine, ChangeState, StandardChange
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import Parameter
from workflows.casework.standards import standards_on
from workflows.handlers.change_letters import decide_new_amount, send_new_amount
from workflows.handlers.inputs import Inputs

PAGE = "standard_page"
DIBAO_STANDARD = "dibao_standard"
EDGE_FACTOR = "edge_factor"


def list_standard_lines(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """List every version of a monthly benefit that stands from the effective month on, and who is at a border."""
    inputs = Inputs(step=call.type, variables=call.variables)
    change = _change(context, inputs)
    lines = [*_benefit_lines(context, change), *_border_lines(context, change)]
    changes = context.unit_of_work.money.standard_changes
    changes.clear(change.id)
    changes.put_lines(change.id, [replace(one, number=number) for number, one in enumerate(lines, start=1)])
    return {"line_count": len(lines), "after": 0}


def next_standard_lines(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Return the next lines to be computed, as many as a page has."""
    inputs = Inputs(step=call.type, variables=call.variables)
    change = _change(context, inputs)
    page = _page(context, change, inputs)
    return {
        "lines": [
            {
                "number": one.number,
                "programme": one.programme,
                "persons": one.persons,
                "base": one.old_base,
                "add_ons": one.old_add_ons,
                "key": change.key,
                "old_value": change.old_value,
                "new_value": change.new_value,
            }
            for one in page
            if one.benefit_id is not None
        ],
        "page_end": page[-1].number if page else int(inputs.number("after")),
    }


def keep_standard_preview(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep what the rules computed for a page of lines; tell how many are left and what it all comes to so far."""
    inputs = Inputs(step=call.type, variables=call.variables)
    change = _change(context, inputs)
    changes = context.unit_of_work.money.standard_changes
    computed = {int(row.number("number")): row for row in inputs.contexts("computed")}
    known = changes.lines(change.id)
    told = [
        replace(one, new_base=computed[one.number].number("base"), new_add_ons=computed[one.number].number("add_ons"))
        for one in known
        if one.number in computed
    ]
    changes.put_lines(change.id, told)
    end = int(inputs.number("page_end"))
    return {"after": end, "left": sum(1 for one in known if one.number > end), "preview": _preview(context, change)}


def decide_standard(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Adopt a new standard as a dated figure of policy, or refuse it; who completed the step before decided."""
    inputs = Inputs(step=call.type, variables=call.variables)
    change = _change(context, inputs)
    adopted = inputs.choice("decision", "adopt", "refuse") == "adopt"
    decided = replace(
        change,
        state=ChangeState.APPROVED if adopted else ChangeState.REFUSED,
        decided_by=context.actor.id,
        decided_at=context.now(),
    )
    context.unit_of_work.money.standard_changes.save(decided)
    if adopted:
        value = change.new_value
        figure = Parameter(
            key=change.key,
            value=int(value) if value == int(value) else value,
            effective_from=change.effective_from,
            source=change.document,
        )
        context.unit_of_work.policy.set_parameters((figure,))
    return {"change_state": decided.state.value, "after": 0}


def apply_standard_lines(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Change a page of benefits to the new standard, each from its month on; months paid already get a back payment.

    Every household gets a decision and a letter of its own, with both sums, the calculation and the law.
    A benefit that ended, or was changed otherwise after the preview, is left as it is and told by number.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    change = _change(context, inputs)
    page = _page(context, change, inputs)
    work = context.unit_of_work
    skipped: list[str] = []
    for line in page:
        if line.benefit_id is None or line.new_amount in (None, line.old_amount) or line.applied_at is not None:
            continue
        done = _applied(context, change, line)
        if done is None:
            skipped.append(line.case_number)
        else:
            work.money.standard_changes.put_lines(change.id, [done])
    end = page[-1].number if page else int(inputs.number("after"))
    left = len(work.money.standard_changes.lines(change.id, after=end, limit=1))
    if not left:
        work.money.standard_changes.save(replace(_change(context, inputs), state=ChangeState.APPLIED))
    return {"after": end, "left": left, "skipped": skipped}


def _benefit_lines(context: Context[CaseworkUnitOfWork], change: StandardChange) -> Iterator[ChangeLine]:
    work = context.unit_of_work
    found: dict[object, Benefit] = {}
    this_month = local_day(context.now()).replace(day=1)
    months = max(change.effective_from, this_month).toordinal()
    month = change.effective_from
    while month.toordinal() <= months:
        found.update({one.id: one for one in work.benefits.active_on(month) if one.amount_period == "month"})
        month = months_later(month, 1)
    for benefit in found.values():
        case = work.cases.get(benefit.case_id)
        if case is None:
            continue
        for version in benefit.current:
            if version.until_month is not None and version.until_month < change.effective_from:
                continue
            yield ChangeLine(
                number=0,
                case_id=case.id,
                case_number=case.number,
                region=case.region,
                programme=benefit.programme,
                benefit_id=benefit.id,
                from_month=max(version.from_month, change.effective_from),
                persons=len(version.persons),
                old_base=version.base,
                old_add_ons=version.add_ons,
            )


def _border_lines(context: Context[CaseworkUnitOfWork], change: StandardChange) -> Iterator[ChangeLine]:
    """Yield recognised families whose income a head is on the other side of a line under the new standard."""
    if change.key != DIBAO_STANDARD:
        return
    work = context.unit_of_work
    factor = standards_on(work, change.effective_from).values.get(EDGE_FACTOR)
    if not isinstance(factor, int | Decimal):
        return
    for held in work.recognitions.valid_on(max(change.effective_from, local_day(context.now()))):
        report, case = work.cases.check_report(held.case_id), work.cases.get(held.case_id)
        if report is None or case is None or held.status == "dibao":
            continue
        before = _standing(report.means.income_per_capita, change.old_value, Decimal(factor))
        after = _standing(report.means.income_per_capita, change.new_value, Decimal(factor))
        if before != after:
            yield ChangeLine(
                number=0,
                case_id=case.id,
                case_number=case.number,
                region=case.region,
                programme=held.status,
                persons=len(held.persons),
                flag=f"{before}->{after}",
            )


def _standing(per_capita: Decimal, standard: Decimal, factor: Decimal) -> str:
    if per_capita < standard:
        return "dibao"
    return "edge" if per_capita < standard * factor else "over"


def _applied(context: Context[CaseworkUnitOfWork], change: StandardChange, line: ChangeLine) -> ChangeLine | None:
    """Return the line with what was changed; None where the benefit is not any more what the preview saw."""
    benefits = context.unit_of_work.benefits
    benefit = benefits.lock(line.benefit_id) if line.benefit_id else None
    if benefit is None or line.from_month is None or line.new_base is None or line.new_add_ons is None:
        return None
    version = benefit.version_in(line.from_month)
    if version is None or (version.base, version.add_ons) != (line.old_base, line.old_add_ons):
        return None
    decision = decide_new_amount(context, change, line)
    reason = f"标准调整：{change.document}"
    act = Act(reason=reason, at=context.now(), decision_id=decision.id if decision else None)
    terms = Terms(base=line.new_base, add_ons=line.new_add_ons, persons=version.persons)
    changed = _with_terms(benefit, version, line.from_month, terms, act)
    benefits.save(changed)
    difference = Terms(
        base=terms.base - line.old_base, add_ons=terms.add_ons - line.old_add_ons, persons=version.persons
    )
    back = _owe_back_pay(context, change, line, difference, version.until_month)
    applied = replace(line, applied_at=context.now(), back_pay=back)
    if decision is not None:
        send_new_amount(context, decision, applied)
    return applied


def _with_terms(benefit: Benefit, version: BenefitVersion, month: date, terms: Terms, act: Act) -> Benefit:
    """Return the benefit with other sums in one version; the versions after it stand again as they were."""
    later = [one for one in benefit.current if one.from_month > month]
    changed = benefit.changed(month, terms, act)
    for one in later:
        again = Terms(base=one.base, add_ons=one.add_ons, persons=one.persons)
        if changed.state_in(one.from_month) == BenefitState.SUSPENDED:
            changed = changed.resumed(one.from_month, act)
        changed = changed.changed(one.from_month, again, replace(act, reason=one.reason, decision_id=one.decision_id))
        if one.suspended:
            changed = changed.suspended(one.from_month, act)
    return changed


def _owe_back_pay(
    context: Context[CaseworkUnitOfWork],
    change: StandardChange,
    line: ChangeLine,
    difference: Terms,
    until: date | None,
) -> Decimal:
    """Owe the difference for every month of the line that went to the bank by the old standard.

    What was paid under a higher standard is not asked back.
    """
    payments = context.unit_of_work.money.payments
    owed = ZERO
    if line.benefit_id is None or line.from_month is None or difference.base + difference.add_ons <= 0:
        return owed
    for paid in payments.of_basis(line.benefit_id):
        of_line = line.from_month <= paid.month and (until is None or paid.month <= until)
        went = paid.is_out or paid.state == PaymentState.FAILED
        if paid.kind == PaymentKind.ENTITLEMENT and of_line and went:
            back = _back_payment(paid, change, difference, context.now())
            owed += back.amount if payments.add(back) else ZERO
    return owed


def _back_payment(paid: Payment, change: StandardChange, difference: Terms, now: datetime) -> Payment:
    return Payment(
        id=uuid4(),
        basis_id=paid.basis_id,
        month=paid.month,
        kind=PaymentKind.BACK_PAY,
        case_id=paid.case_id,
        case_number=paid.case_number,
        region=paid.region,
        programme=paid.programme,
        persons=paid.persons,
        base=difference.base,
        add_ons=difference.add_ons,
        price_subsidy=ZERO,
        created_at=now,
        cause_id=change.id,
    )


def _preview(context: Context[CaseworkUnitOfWork], change: StandardChange) -> JsonObject:
    lines = context.unit_of_work.money.standard_changes.lines(change.id)
    own = [one for one in lines if one.benefit_id is not None]
    flagged = [one for one in lines if one.flag]
    return {
        "key": change.key,
        "old_value": change.old_value,
        "new_value": change.new_value,
        "effective_from": change.effective_from.isoformat(),
        "document": change.document,
        "benefits": len(own),
        "old_total": sum((one.old_amount for one in own), ZERO),
        "new_total": sum((one.new_amount or one.old_amount for one in own), ZERO),
        "flagged": "、".join(f"{one.case_number}（{one.flag}）" for one in flagged),
    }


def _page(context: Context[CaseworkUnitOfWork], change: StandardChange, inputs: Inputs) -> Sequence[ChangeLine]:
    size = standards_on(context.unit_of_work, local_day(context.now())).days(PAGE)
    after = int(inputs.number("after"))
    return context.unit_of_work.money.standard_changes.lines(change.id, after=after, limit=size)


def _change(context: Context[CaseworkUnitOfWork], inputs: Inputs) -> StandardChange:
    change_id = inputs.id("change_id")
    change = context.unit_of_work.money.standard_changes.get(change_id)
    if change is None:
        raise RecordNotFound("new standard", change_id)
    return change

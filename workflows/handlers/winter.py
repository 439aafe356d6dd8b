"""Winter and spring relief: the towns' registers, the plan by the figures of policy, what is granted and published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from uuid import UUID, uuid4

from engine.commands.messages import CorrelateMessage
from engine.commands.process_instances import StartProcessInstance
from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import SYSTEM, ProcessInstance
from workflows.casework.benefits.standing import status_now
from workflows.casework.case_file import case_file
from workflows.casework.county import TOWN_BY_REGION, TOWNSHIP
from workflows.casework.days import local_day, month_of
from workflows.casework.deciding import decided, standard_today
from workflows.casework.errors import RecordNotFound
from workflows.casework.model import ZERO
from workflows.casework.orders.notices import NoticeCause, StaffNotice
from workflows.casework.payments.model import Payment, PaymentKind
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.winter.commands import town_of
from workflows.casework.winter.model import (
    WINTER_PROGRAMME,
    TownState,
    WinterNeed,
    WinterRegister,
    WinterState,
    WinterTown,
)
from workflows.casework.winter.queries import applicant_of
from workflows.handlers.inputs import Inputs

WINTER_TOWN = "winter_town"
GRANT = "winter_grant"
READY, SETTLED = "WinterTownsReady", "WinterPlanSettled"
OVER = (TownState.CONFIRMED, TownState.NO_NEED)
WARNED = tuple(f"{TOWNSHIP}/{role}" for role in ("clerk", "reviewer", "leader"))


def start_winter_towns(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Begin the course of every town of a register: survey, review, publication in its villages."""
    register = _register(context, Inputs(step=call.type, variables=call.variables))
    towns = context.unit_of_work.winter.towns(register.id)
    for one in towns:
        StartProcessInstance(
            process_id=WINTER_TOWN,
            variables={
                "register_id": str(register.id),
                "town_key": one.number,
                "region": one.region,
                "town_name": TOWN_BY_REGION[one.region].name,
                "season": register.season,
                "warns_on": register.warns_on.isoformat(),
                "report_on": register.report_on.isoformat(),
                "freezes_on": register.freezes_on.isoformat(),
                "return_note": None,
            },
            region=one.region,
            business_key=one.number,
        ).execute(replace(context, actor=SYSTEM))
    return {"towns": len(towns)}


def warn_winter_town(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Tell a town that did not hand its register in when it will be frozen."""
    register, town, needs = _part(context, Inputs(step=call.type, variables=call.variables))
    notices = context.unit_of_work.procedure.supervision.notices
    recipients = notices.holders(WARNED, region=town.region, matter=town.number)
    if recipients:
        day, count = register.freezes_on, len(needs)
        notice = StaffNotice(
            id=uuid4(),
            cause=NoticeCause.WINTER_REGISTER,
            region=town.region,
            matter=town.number,
            step=f"登记册 {day} 截止，已登记 {count} 户，尚未上报",
            step_en=f"The register is frozen on {day}; households entered: {count}; not handed in yet",
            task_id=None,
            order_id=None,
            text="",
            written_at=context.now(),
            written_by=context.actor.id,
        )
        notices.add(notice, recipients)
    return {"warned": len(recipients)}


def report_winter_town(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Close the register of a town for its review; one without a household is done with that."""
    register, town, needs = _part(context, Inputs(step=call.type, variables=call.variables))
    state = TownState.REPORTED if needs else TownState.NO_NEED
    context.unit_of_work.winter.save_town(replace(town, state=state, reported_at=context.now()))
    _tell_ready(context, register)
    return {"town_needs": _sums(needs)}


def return_winter_town(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Open the register of a town again, as its reviewer asked."""
    _, town, _ = _part(context, Inputs(step=call.type, variables=call.variables))
    context.unit_of_work.winter.save_town(replace(town, state=TownState.SURVEY, reported_at=None))
    return {"town_state": TownState.SURVEY.value}


def confirm_winter_town(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Fix the register of a town; with the last one the county goes on."""
    register, town, _ = _part(context, Inputs(step=call.type, variables=call.variables))
    confirmed = replace(town, state=TownState.CONFIRMED, confirmed_by=context.actor.id, confirmed_at=context.now())
    context.unit_of_work.winter.save_town(confirmed)
    _tell_ready(context, register)
    return {"town_state": confirmed.state.value}


def draw_winter_plan(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Compute what each household gets, by its status today and the figures in force; drawn again it is anew."""
    register = _register(context, Inputs(step=call.type, variables=call.variables))
    winter = context.unit_of_work.winter
    planned = [_planned(context, one) for one in winter.needs(register.id)]
    winter.save_needs(planned)
    winter.save(replace(register, state=WinterState.PLANNED))
    return {"plan": {**_sums(planned), "lines": _lines(planned)}}


def grant_winter_relief(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Owe each household what the approved plan grants it; it is paid with the next roster, and once."""
    inputs = Inputs(step=call.type, variables=call.variables)
    register, work = _register(context, inputs), context.unit_of_work
    needs = work.winter.needs(register.id)
    for one in needs:
        if one.granted > 0:
            work.money.payments.add(_payment(context, register, one))
    work.winter.save(
        replace(
            register,
            state=WinterState.APPROVED,
            approval_number=inputs.text("approval_number"),
            approved_on=inputs.day("approved_on"),
            recorded_by=context.actor.id,
        )
    )
    _tell_towns(context, register, granted=True)
    return {"granted": _sums(needs)}


def drop_winter_plan(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Close a register of which nothing is granted: nobody is in need, or the government refused the plan."""
    inputs = Inputs(step=call.type, variables=call.variables)
    register, winter = _register(context, inputs), context.unit_of_work.winter
    outcome = WinterState(inputs.choice("outcome", WinterState.NO_NEED, WinterState.REFUSED))
    winter.save_needs([replace(one, granted=ZERO) for one in winter.needs(register.id)])
    winter.save(replace(register, state=outcome))
    _tell_towns(context, register, granted=False)
    return {"winter_outcome": outcome.value}


def list_winter_town(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Write the list of a town for its villages: who gets what, names hidden in part."""
    _, _, needs = _part(context, Inputs(step=call.type, variables=call.variables))
    lines = []
    for village, households in groupby(needs, key=lambda one: one.village):
        lines.append(f"{village}：")
        lines.extend(f"  {_shown(context, one)}" for one in households)
    return {"town_list": "\n".join(lines)}


def record_winter_town_notice(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write down where and when a town published the list in its villages."""
    inputs = Inputs(step=call.type, variables=call.variables)
    _, town, _ = _part(context, inputs)
    published = replace(
        town,
        state=TownState.PUBLISHED,
        published_on=inputs.day("published_on"),
        published_at=inputs.text("published_at"),
    )
    context.unit_of_work.winter.save_town(published)
    return {"town_state": published.state.value}


def record_winter_publication(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write down that the plan was filed above, and that money and goods were published in the county."""
    inputs = Inputs(step=call.type, variables=call.variables)
    published = replace(
        _register(context, inputs),
        state=WinterState.PUBLISHED,
        filing_number=inputs.text("filing_number"),
        filed_on=inputs.day("filed_on"),
        published_on=inputs.day("published_on"),
        published_at=inputs.text("published_at"),
    )
    context.unit_of_work.winter.save(published)
    return {"winter_outcome": published.state.value}


def _planned(context: Context[CaseworkUnitOfWork], need: WinterNeed) -> WinterNeed:
    work, today = context.unit_of_work, local_day(context.now())
    case = work.cases.get(need.case_id)
    if case is None or case.erased:
        return replace(need, status=None, granted=ZERO, calculation=None)
    report, referrals = work.cases.check_report(case.id), work.referrals.of_case(case.id)
    status = status_now(context, case, case_file(case, report, today=today, referrals=referrals))
    given: JsonObject = {
        "household_status": status,
        "persons": need.persons,
        "need_amount": need.amount,
        "standard": standard_today(context),
    }
    grant = decided(context, GRANT, given)
    return replace(need, status=status, granted=grant["amount"], calculation=grant["calculation"])


def _payment(context: Context[CaseworkUnitOfWork], register: WinterRegister, need: WinterNeed) -> Payment:
    return Payment(
        id=uuid4(),
        basis_id=need.id,
        month=month_of(local_day(context.now())),
        kind=PaymentKind.WINTER_RELIEF,
        case_id=need.case_id,
        case_number=need.case_number,
        region=need.region,
        programme=WINTER_PROGRAMME,
        persons=need.persons,
        base=need.granted,
        add_ons=ZERO,
        price_subsidy=ZERO,
        created_at=context.now(),
        cause_id=register.id,
    )


def _shown(context: Context[CaseworkUnitOfWork], need: WinterNeed) -> str:
    money = f"{need.granted:f} 元" if need.granted > 0 else ""
    aid = "，".join(part for part in (money, need.goods) if part)
    return f"{applicant_of(context, need)}，{need.persons} 人，{aid or '—'}"


def _sums(needs: Sequence[WinterNeed]) -> JsonObject:
    return {
        "households": len(needs),
        "persons": sum(one.persons for one in needs),
        "amount": sum((one.amount for one in needs), ZERO),
        "granted": sum((one.granted for one in needs), ZERO),
    }


def _lines(needs: Sequence[WinterNeed]) -> str:
    """Return what each town comes to, a line each."""
    told = []
    for region, own in groupby(needs, key=lambda one: one.region):
        sums = _sums(list(own))
        town = TOWN_BY_REGION[region].name
        told.append(f"{town}：{sums['households']} 户 {sums['persons']} 人，{sums['granted']:f} 元")
    return "\n".join(told)


def _tell_ready(context: Context[CaseworkUnitOfWork], register: WinterRegister) -> None:
    """Let the county go on once every town is ready; the register is locked, so that one of them is the last."""
    if all(one.state in OVER for one in context.unit_of_work.winter.towns(register.id)):
        _tell(context, READY, register.number, {})


def _tell_towns(context: Context[CaseworkUnitOfWork], register: WinterRegister, *, granted: bool) -> None:
    for one in context.unit_of_work.winter.towns(register.id):
        if one.state is TownState.CONFIRMED:
            _tell(context, SETTLED, one.number, {"granted": granted})


def _tell(context: Context[CaseworkUnitOfWork], message: str, key: str, variables: JsonObject) -> None:
    told = CorrelateMessage(name=message, correlation_key=key, variables=variables)
    told.execute(replace(context, actor=SYSTEM))


def _part(
    context: Context[CaseworkUnitOfWork], inputs: Inputs
) -> tuple[WinterRegister, WinterTown, Sequence[WinterNeed]]:
    """Return a register, held, with the part of a town and its households."""
    register, region = _register(context, inputs), inputs.text("region")
    return register, town_of(context, register, region), context.unit_of_work.winter.needs(register.id, region)


def _register(context: Context[CaseworkUnitOfWork], inputs: Inputs) -> WinterRegister:
    register_id: UUID = inputs.id("register_id")
    register = context.unit_of_work.winter.lock(register_id)
    if register is None:
        raise RecordNotFound("winter register", register_id)
    return register

"""The price link: the figure of a month, whom it reaches, what each of them is owed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from engine.core.model import HandlerCall
from engine.core.texts import Words
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.days import local_day, months_later
from workflows.casework.errors import RecordNotFound
from workflows.casework.model import ZERO
from workflows.casework.payments.errors import PriceMonthKnown
from workflows.casework.payments.model import Payment, PaymentKind
from workflows.casework.payments.standards import PriceLink
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import standards_on
from workflows.handlers.inputs import Inputs

LISTS = "price_link_lists"
GRANTED, DROPPED, NONE = "granted", "dropped", "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A household a price subsidy reaches by one of the lists, and how many of its persons."""

    basis_id: UUID
    case_id: UUID
    case_number: str
    region: str
    programme: str
    persons: int


def record_price_index(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep the price figure of a month with its source; a figure that led to nothing may be entered anew.

    Raises:
        PriceMonthKnown: the month's subsidy was granted already.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    month = inputs.month("month")
    links = context.unit_of_work.money.price_links
    known = links.of_month(month)
    if known is not None and known.state == GRANTED:
        raise PriceMonthKnown(month)
    index = inputs.variables.get("price_index")
    if isinstance(index, bool) or not isinstance(index, int | Decimal):
        raise inputs.unfit("price_index", Words("数字", "a number"))
    link = PriceLink(
        id=known.id if known else uuid4(),
        month=month,
        index=Decimal(index),
        source=inputs.text("index_source"),
        entered_by=context.actor.id,
        entered_at=context.now(),
    )
    if not links.add(link):
        links.save(link)
    return {"link_id": str(link.id)}


def list_price_persons(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Count whom the lists of policy reach in a month without an application: a person on two lists counts once."""
    inputs = Inputs(step=call.type, variables=call.variables)
    link = _link(context, inputs)
    per_person = inputs.number("per_person")
    reached, doubles = _reached(context, link.month)
    persons = sum(one.persons for one in reached)
    counted = replace(
        link,
        link_class=inputs.text("link_class"),
        per_person=per_person,
        persons=persons,
        total=per_person * persons,
    )
    context.unit_of_work.money.price_links.save(counted)
    return {
        "reached": {
            "households": len({one.case_id for one in reached}),
            "persons": persons,
            "doubles": doubles,
            "total": counted.total,
        }
    }


def grant_price_subsidy(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Owe each household the subsidy of the month; it is paid with the next roster, and once."""
    inputs = Inputs(step=call.type, variables=call.variables)
    link = _link(context, inputs)
    reached, _ = _reached(context, link.month)
    granted = 0
    for one in reached:
        payment = Payment(
            id=uuid4(),
            basis_id=one.basis_id,
            month=link.month,
            kind=PaymentKind.PRICE_SUBSIDY,
            case_id=one.case_id,
            case_number=one.case_number,
            region=one.region,
            programme=one.programme,
            persons=one.persons,
            base=ZERO,
            add_ons=ZERO,
            price_subsidy=link.per_person * one.persons,
            created_at=context.now(),
            cause_id=link.id,
        )
        granted += context.unit_of_work.money.payments.add(payment)
    persons = sum(one.persons for one in reached)
    final = replace(link, state=GRANTED, persons=persons, total=link.per_person * persons)
    context.unit_of_work.money.price_links.save(final)
    return {"granted": granted}


def close_price_link(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Write down that a figure leads to nothing: below the line (none), or not confirmed (dropped)."""
    inputs = Inputs(step=call.type, variables=call.variables)
    link = _link(context, inputs)
    closed = replace(link, state=inputs.choice("outcome", NONE, DROPPED), link_class=inputs.optional_text("link_class"))
    context.unit_of_work.money.price_links.save(closed)
    return {"price_outcome": closed.state}


def _reached(context: Context[CaseworkUnitOfWork], month: date) -> tuple[list[Reached], int]:
    """Return the households of all lists with the persons that no earlier list had, and how often somebody had one."""
    work = context.unit_of_work
    standards = standards_on(work, local_day(context.now()))
    named = standards.values.get(LISTS)
    lists = [str(one) for one in named] if isinstance(named, list | tuple) else []
    seen: set[str] = set()
    reached: list[Reached] = []
    doubles = 0
    for one, persons in _listed(work, month, lists):
        identities = work.money.payments.identities(one.case_id)
        keys = [identities.get(number) or f"{one.case_id}:{number}" for number in persons]
        fresh = {key for key in keys if key not in seen}
        doubles += len(keys) - len(fresh)
        seen |= fresh
        if fresh:
            reached.append(replace(one, persons=len(fresh)))
    return reached, doubles


def _listed(work: CaseworkUnitOfWork, month: date, lists: list[str]) -> list[tuple[Reached, tuple[int, ...]]]:
    order = {name: place for place, name in enumerate(lists)}
    found: list[tuple[int, Reached, tuple[int, ...]]] = []
    for owed in work.benefits.payable_in(month):
        if owed.programme in order:
            one = Reached(
                basis_id=owed.benefit_id,
                case_id=owed.case_id,
                case_number=owed.case_number,
                region=owed.region,
                programme=owed.programme,
                persons=0,
            )
            found.append((order[owed.programme], one, owed.persons))
    last_day = date.fromordinal(months_later(month, 1).toordinal() - 1)
    for held in work.recognitions.valid_on(last_day):
        case = work.cases.get(held.case_id) if held.status in order else None
        if case is not None:
            one = Reached(
                basis_id=held.id,
                case_id=held.case_id,
                case_number=case.number,
                region=case.region,
                programme=held.status,
                persons=0,
            )
            found.append((len(lists) + order[held.status], one, held.persons))
    found.sort(key=lambda row: (row[0], row[1].region, row[1].case_number))
    return [(one, persons) for _, one, persons in found]


def _link(context: Context[CaseworkUnitOfWork], inputs: Inputs) -> PriceLink:
    link_id = inputs.id("link_id")
    link = context.unit_of_work.money.price_links.get(link_id)
    if link is None:
        raise RecordNotFound("price figure", link_id)
    return link

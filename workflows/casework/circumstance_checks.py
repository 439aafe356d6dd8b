"""What makes the circumstances of an application acceptable: supporters, event, bills, disability cards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from workflows.casework.circumstances import (
    Bill,
    BillKind,
    Event,
    EventKind,
    SelfCareItem,
    Supporter,
    SupporterCondition,
    SupporterRelation,
)
from workflows.casework.county import TOWN_BY_REGION
from workflows.casework.errors import ApplicationError
from workflows.casework.faults import amount_out_of_range, fault, refused, unknown_choice, unknown_choices
from workflows.casework.model import Application, Person, RecognisedStatus
from workflows.rules.disability_card import card_number
from workflows.rules.errors import RuleError
from workflows.rules.identity import identity_number

LARGEST_BILL = Decimal("1e9")
OLDEST = 130
OLDEST_EVENT = timedelta(days=366)  # what lies further back is no reason to help before all checks


def circumstance_errors(application: Application, today: date) -> Iterator[ApplicationError]:
    """Return everything that is wrong with what was told of the household's circumstances."""
    for index, supporter in enumerate(application.supporters):
        yield from _supporter_errors(supporter, f"supporters[{index}]")
    if application.event is not None:
        yield from _event_errors(application.event, today)
    for index, bill in enumerate(application.bills):
        yield from _bill_errors(bill, f"bills[{index}]")
    for index, person in enumerate(application.members):
        yield from unknown_choices(f"members[{index}].failed_self_care", person.failed_self_care, SelfCareItem)
        yield from _card_errors(person, f"members[{index}].card.number")


def _supporter_errors(supporter: Supporter, path: str) -> Iterator[ApplicationError]:
    if not supporter.name.strip():
        yield fault(f"{path}.name", "name-malformed", "请填写赡（抚、扶）养义务人姓名", "Enter the supporter's name")
    yield from unknown_choice(f"{path}.relation", supporter.relation, SupporterRelation)
    yield from unknown_choice(f"{path}.recognised_status", supporter.recognised_status, RecognisedStatus)
    yield from unknown_choice(f"{path}.condition", supporter.condition, SupporterCondition)
    if not 0 <= supporter.age <= OLDEST:
        yield fault(f"{path}.age", "age-out-of-range", f"年龄应为0至{OLDEST}", f"An age from 0 to {OLDEST} is needed")
    if supporter.identity_number:
        yield from refused(f"{path}.identity_number", lambda: identity_number(supporter.identity_number))


def _event_errors(event: Event, today: date) -> Iterator[ApplicationError]:
    yield from unknown_choice("event.kind", event.kind, EventKind)
    if event.happened_on > today:
        yield fault(
            "event.happened_on", "date-in-future", "发生日期不能晚于今天", "The day of the event cannot lie after today"
        )
    if event.happened_on < today - OLDEST_EVENT:
        yield fault(
            "event.happened_on",
            "date-too-old",
            "发生日期不能早于一年前",
            "The day of the event cannot lie more than a year back",
        )
    if event.region and event.region not in TOWN_BY_REGION:
        yield fault(
            "event.region",
            "region-unknown",
            "应为本市街道或镇的9位区划代码",
            "A nine-digit code of one of the county's towns is needed",
        )


def _bill_errors(bill: Bill, path: str) -> Iterator[ApplicationError]:
    yield from unknown_choice(f"{path}.kind", bill.kind, BillKind)
    yield from amount_out_of_range(f"{path}.amount", bill.amount, LARGEST_BILL)
    yield from amount_out_of_range(f"{path}.reimbursed", bill.reimbursed, LARGEST_BILL)
    if bill.reimbursed.is_finite() and bill.amount.is_finite() and bill.reimbursed > bill.amount >= 0:
        yield fault(
            f"{path}.reimbursed",
            "reimbursed-too-much",
            "已报销金额不能超过账单金额",
            "What was reimbursed cannot exceed the bill",
        )


def _card_errors(person: Person, path: str) -> Iterator[ApplicationError]:
    card = person.card
    if card is None:
        return
    try:
        identity = identity_number(person.identity_number).text
    except RuleError:
        return  # told at the identity number
    health = person.health
    yield from refused(
        path,
        lambda: card_number(card.number, identity=identity, kind=health.disability_kind, level=health.disability_level),
    )

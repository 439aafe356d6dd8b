"""How the register is fed: an accepted application confirms its persons and their household, in its transaction.

The case keeps what was declared in it; the register takes it over as the newest confirmed and keeps what stood before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from engine.host import Context
from workflows.casework.days import local_day
from workflows.casework.model import Case, Member, Presence
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.register.duplicates import households_overlap
from workflows.casework.register.history import household_facts, note, person_facts
from workflows.casework.register.model import (
    Address,
    EntryAction,
    Membership,
    PaymentAccount,
    RegisteredHousehold,
    RegisteredPerson,
)
from workflows.rules.identity import account_number

A_DAY = timedelta(days=1)


def enter_in_register(context: Context[CaseworkUnitOfWork], case: Case) -> None:
    """Enter an accepted case once: its persons, and the household they are from today on."""
    register = context.unit_of_work.register
    if register.households.of_case(case.id) is not None:
        return
    in_order = sorted(case.members, key=lambda one: one.person.identity_number)  # so that two never wait for each other
    people = {member.number: _entered(context, case, member) for member in in_order}
    household = _household(context, case, people)
    register.households.enter_case(case.id, household.id, context.now())
    households_overlap(context, case, household, people)


def _entered(context: Context[CaseworkUnitOfWork], case: Case, member: Member) -> RegisteredPerson:
    people = context.unit_of_work.register.people
    declared = member.person
    known = people.by_identity(declared.identity_number)
    if known is None:
        person = RegisteredPerson(
            id=uuid4(),
            identity_number=declared.identity_number,
            name=declared.name,
            birth_date=member.birth_date,
            sex=member.sex,
            phone=declared.phone,
            confirmed_at=context.now(),
            source_case_id=case.id,
        )
        people.add(person)
        note(context, person.id, EntryAction.REGISTERED, case.id, {}, of_person=True)
        return person
    confirmed = replace(
        known,
        name=declared.name,
        phone=declared.phone or known.phone,
        confirmed_at=context.now(),
        source_case_id=case.id,
    )
    if (confirmed.name, confirmed.phone) != (known.name, known.phone):
        confirmed = replace(confirmed, version=known.version + 1)
        note(context, known.id, EntryAction.CONFIRMED, case.id, person_facts(known), of_person=True)
    people.save(confirmed)
    return confirmed


def _household(
    context: Context[CaseworkUnitOfWork], case: Case, people: Mapping[int, RegisteredPerson]
) -> RegisteredHousehold:
    """Return the household of the case: that of the applicant whose head is among the members, else a new one."""
    households = context.unit_of_work.register.households
    applicant = people[case.applicant.number]
    at_home = {people[one.number].id for one in case.at_home}
    known = next((one for one in households.of_person(applicant.id) if one.head_id in at_home), None)
    today = local_day(context.now())
    if known is None:
        new = RegisteredHousehold(
            id=uuid4(),
            region=case.region,
            head_id=applicant.id,
            confirmed_at=context.now(),
            source_case_id=case.id,
        )
        household = _as_declared(new, case, people, today)
        households.add(household)
        note(context, household.id, EntryAction.REGISTERED, case.id, {}, of_person=False)
        return household
    household = _as_declared(
        replace(known, region=case.region, confirmed_at=context.now(), source_case_id=case.id), case, people, today
    )
    if _content(household) != _content(known):
        household = replace(household, version=known.version + 1)
        note(context, known.id, EntryAction.CONFIRMED, case.id, household_facts(known, today), of_person=False)
    households.save(household)
    return household


def _as_declared(
    household: RegisteredHousehold, case: Case, people: Mapping[int, RegisteredPerson], today: date
) -> RegisteredHousehold:
    present = {people[one.number].id: one for one in case.members if one.person.presence == Presence.HOME}
    for one in household.members_on(today):
        if one.person_id not in present:
            household = household.without(one.person_id, after=today - A_DAY)
    active = {one.person_id for one in household.memberships if one.until_on is None}
    joined = tuple(
        Membership(id=uuid4(), person_id=person_id, relation=one.person.relation, from_on=today, source_case_id=case.id)
        for person_id, one in present.items()
        if person_id not in active
    )
    household = replace(household, memberships=(*household.memberships, *joined))
    dwelling = case.household
    household = moved(household, text=dwelling.address, division=dwelling.division, on=today, source=case.id)
    if case.account is None:
        return household
    account = case.account
    return paid_to(household, bank=account.bank, holder=account.holder, number=account.number, on=today, source=case.id)


def moved(
    household: RegisteredHousehold, *, text: str, division: str, on: date, source: UUID | None
) -> RegisteredHousehold:
    """Return the household as it lives somewhere from a day on; where it lives there already, nothing changes."""
    now = household.address_on(on)
    division = division or (now.division if now is not None and now.text == text else "")
    if now is not None and (now.text, now.division) == (text, division):
        return household
    new = Address(id=uuid4(), text=text, division=division, from_on=on, source_case_id=source)
    older = tuple(
        replace(one, until_on=_before(one.from_on, on)) if one.until_on is None else one for one in household.addresses
    )
    return replace(household, addresses=(*older, new))


def paid_to(
    household: RegisteredHousehold, *, bank: str, holder: str, number: str, on: date, source: UUID | None
) -> RegisteredHousehold:
    """Return the household as it is paid to an account from a day on."""
    read, now = account_number(number), household.account_on(on)
    if now is not None and (now.bank, now.holder, now.number) == (bank, holder, read.text):
        return household
    new = PaymentAccount(
        id=uuid4(),
        bank=bank,
        holder=holder,
        number=read.text,
        is_card_number=read.is_card_number,
        from_on=on,
        source_case_id=source,
    )
    older = tuple(
        replace(one, until_on=_before(one.from_on, on)) if one.until_on is None else one for one in household.accounts
    )
    return replace(household, accounts=(*older, new))


def _before(first: date, day: date) -> date:
    """Return the last day of what another one takes the place of; on its first day it never held beyond it."""
    return max(first, day - A_DAY)


def _content(household: RegisteredHousehold) -> tuple[object, ...]:
    return household.memberships, household.addresses, household.accounts, household.region

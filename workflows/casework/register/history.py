"""What an entry of the register was before it changed, sealed with it."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from engine.host import Context
from engine.json_values import JsonObject
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.register.model import EntryAction, RegisteredHousehold, RegisteredPerson, RegisterEntry


def note(
    context: Context[CaseworkUnitOfWork],
    subject_id: UUID,
    action: EntryAction,
    source_id: UUID | None,
    content: JsonObject,
    *,
    of_person: bool,
) -> None:
    """Write a line of an entry's history: what stood before."""
    entry = RegisterEntry(
        id=uuid4(),
        subject_id=subject_id,
        at=context.now(),
        actor=context.actor.id,
        action=action,
        source_id=source_id,
        content=content,
    )
    context.unit_of_work.register.history.add(entry, of_person=of_person)


def person_facts(person: RegisteredPerson) -> JsonObject:
    """Return what stands of a person, for the history."""
    return {"name": person.name, "identity_number": person.identity_number, "phone": person.phone}


def household_facts(household: RegisteredHousehold, day: date) -> JsonObject:
    """Return what stands of a household on a day, for the history."""
    address, account = household.address_on(day), household.account_on(day)
    return {
        "members": [str(one.person_id) for one in household.members_on(day)],
        "address": address.text if address else None,
        "division": address.division if address else None,
        "account": {"bank": account.bank, "holder": account.holder, "number": account.number} if account else None,
    }

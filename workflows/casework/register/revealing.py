"""Showing the numbers of a registered person in full: for a purpose, and written down with the newest case."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.host import Context
from engine.model import HistoryEntry
from workflows.casework.days import local_day
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.privacy import PersonalFacts, Purpose
from workflows.casework.register.errors import PersonNotRegistered
from workflows.casework.register.history import note
from workflows.casework.register.model import EntryAction


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealRegisteredPerson:
    """Show a person's numbers in full; the look stands in the history of the person and of the case named.

    Raises:
        PersonNotRegistered: there is nobody, or nobody any more.
    """

    person_id: UUID
    case_number: str | None
    purpose: Purpose

    def execute(self, context: Context[CaseworkUnitOfWork]) -> PersonalFacts:
        """Write down the look, then show."""
        work = context.unit_of_work
        person = work.register.people.get(self.person_id)
        if person is None or person.forgotten:
            raise PersonNotRegistered(self.person_id)
        note(context, person.id, EntryAction.REVEALED, None, {"purpose": self.purpose.value}, of_person=True)
        case = work.cases.by_number(self.case_number) if self.case_number else None
        if case is not None and case.process_instance_id is not None:
            work.history.add(
                HistoryEntry(
                    process_instance_id=case.process_instance_id,
                    at=context.now(),
                    actor=context.actor.id,
                    action="revealed",
                    details={"purpose": self.purpose.value, "register": True},
                )
            )
        today = local_day(context.now())
        accounts = (one.account_on(today) for one in work.register.households.of_person(person.id))
        own = next((one for one in accounts if one is not None and one.holder == person.name), None)
        return PersonalFacts(
            identity_number=person.identity_number,
            phone=person.phone,
            account_number=own.number if own else None,
        )

"""Suspected duplicates: found when an application comes in or is accepted, decided by somebody with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from engine.errors import NotPermitted
from engine.host import Context
from engine.permissions import checked_reason
from workflows.casework.days import local_day
from workflows.casework.errors import CaseErased
from workflows.casework.model import Case, Member
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.register.errors import DuplicateDecided, DuplicateNotFound, DuplicateNotMergeable
from workflows.casework.register.history import household_facts, note, person_facts
from workflows.casework.register.model import (
    Duplicate,
    DuplicateDecision,
    DuplicateKind,
    EntryAction,
    RegisteredHousehold,
    RegisteredPerson,
)
from workflows.casework.register.sight import DECIDING, may_decide

MERGING_PERSONS = (DuplicateKind.NAME_AND_BIRTH, DuplicateKind.PHONE, DuplicateKind.ACCOUNT)


def look_for_duplicates(context: Context[CaseworkUnitOfWork], case: Case) -> None:
    """Keep what the members of a new case look like in other cases."""
    duplicates = context.unit_of_work.register.duplicates
    duplicates.add(duplicates.look_for(case, context.now()))


def note_same_event(context: Context[CaseworkUnitOfWork], case_id: UUID, other_case_id: UUID) -> None:
    """Keep that two cases seem to claim relief for one event; the case that claimed later is the newer one."""
    case, other = (context.unit_of_work.cases.get(one) for one in (case_id, other_case_id))
    if case is None or other is None or case.erased or other.erased:
        return
    newer, older = (case, other) if case.received_at >= other.received_at else (other, case)
    pairs = ((one, _member(older, one.person.identity_number)) for one in newer.members)
    shared = next(((one.number, there.number) for one, there in pairs if there is not None), None)
    if shared is not None:
        one = _found(context, DuplicateKind.SAME_EVENT, newer.id, shared[0], older.id, shared[1])
        context.unit_of_work.register.duplicates.add([one])


def households_overlap(
    context: Context[CaseworkUnitOfWork],
    case: Case,
    household: RegisteredHousehold,
    people: Mapping[int, RegisteredPerson],
) -> None:
    """Keep which members of a case belong to another household of the register as well."""
    register = context.unit_of_work.register
    found = []
    for member in case.at_home:
        others = (one for one in register.households.of_person(people[member.number].id) if one.id != household.id)
        for other in others:
            for other_case in map(context.unit_of_work.cases.get, register.households.cases_of(other.id)):
                there = None if other_case is None else _member(other_case, member.person.identity_number)
                if other_case is not None and there is not None:
                    found.append(
                        _found(
                            context, DuplicateKind.TWO_HOUSEHOLDS, case.id, member.number, other_case.id, there.number
                        )
                    )
                    break
    register.duplicates.add(found)


def _member(case: Case, identity_number: str) -> Member | None:
    return next((one for one in case.members if one.person.identity_number == identity_number), None)


def _found(
    context: Context[CaseworkUnitOfWork],
    kind: DuplicateKind,
    case_id: UUID,
    member: int,
    other_case_id: UUID,
    other_member: int,
) -> Duplicate:
    return Duplicate(
        id=uuid4(),
        kind=kind,
        case_id=case_id,
        member=member,
        other_case_id=other_case_id,
        other_member=other_member,
        found_at=context.now(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideDuplicate:
    """Decide whether two are one; to merge makes one entry of two, or ends a person's time in the older household.

    `keeps_older` is which identity number is the right one when persons are merged: that of the older case.

    Raises:
        DuplicateNotFound: there is no such finding.
        DuplicateDecided: somebody decided before.
        DuplicateNotMergeable: there are no two entries to make one of.
        NotPermitted: the actor leads or reviews nothing where both cases are.
        ReasonMissing: nobody would know why.
    """

    duplicate_id: UUID
    decision: DuplicateDecision
    reason: str
    keeps_older: bool = False

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Duplicate:
        """Decide it and do what follows."""
        duplicates = context.unit_of_work.register.duplicates
        found = duplicates.lock(self.duplicate_id)
        if found is None:
            raise DuplicateNotFound
        case, other = self._cases(context, found)
        if not all(may_decide(context.actor, one.region) for one in (case, other)):
            raise NotPermitted("认定疑似重复", "、".join(DECIDING))
        if found.decision is not None:
            raise DuplicateDecided
        reason = checked_reason(self.reason)
        if self.decision is DuplicateDecision.MERGE:
            self._merge(context, found, case, other)
        decided = replace(
            found,
            decision=self.decision,
            reason=reason,
            decided_by=context.actor.id,
            decided_at=context.now(),
        )
        duplicates.save(decided)
        return decided

    def _cases(self, context: Context[CaseworkUnitOfWork], found: Duplicate) -> tuple[Case, Case]:
        cases = [context.unit_of_work.cases.get(one) for one in (found.case_id, found.other_case_id)]
        case, other = cases
        if case is None or other is None:
            raise DuplicateNotFound
        for one in (case, other):
            if one.erased:
                raise CaseErased(number=one.number, action="认定疑似重复")
        return case, other

    def _merge(self, context: Context[CaseworkUnitOfWork], found: Duplicate, case: Case, other: Case) -> None:
        people = context.unit_of_work.register.people
        numbers = (_identity(case, found.member), _identity(other, found.other_member))
        entered = {one: people.by_identity(one) for one in sorted(numbers)}  # so that two never wait for each other
        newer, older = (entered[one] for one in numbers)
        if newer is None or older is None:
            raise DuplicateNotMergeable
        if found.kind is DuplicateKind.TWO_HOUSEHOLDS:
            self._leave_older(context, newer, case, other, found.id)
        elif found.kind in MERGING_PERSONS and newer.id != older.id:
            kept, gone = (older, newer) if self.keeps_older else (newer, older)
            merge_people(context, kept, gone, found.id)
        else:
            raise DuplicateNotMergeable

    def _leave_older(
        self, context: Context[CaseworkUnitOfWork], person: RegisteredPerson, case: Case, other: Case, source: UUID
    ) -> None:
        households = context.unit_of_work.register.households
        here, there = households.of_case(case.id), households.of_case(other.id)
        if here is None or there is None or here.id == there.id:
            raise DuplicateNotMergeable
        held = households.lock(there.id) or there
        left = held.without(person.id, after=local_day(context.now()))
        before = household_facts(held, local_day(context.now()))
        note(context, held.id, EntryAction.MERGED, source, before, of_person=False)
        households.save(replace(left, version=held.version + 1))


def _identity(case: Case, number: int) -> str:
    return next(one.person.identity_number for one in case.members if one.number == number)


def merge_people(
    context: Context[CaseworkUnitOfWork], kept: RegisteredPerson, gone: RegisteredPerson, source: UUID
) -> None:
    """Let one entry stand for two; the memberships of the other go over to it."""
    register = context.unit_of_work.register
    for household in register.households.of_person(gone.id):
        held = any(one.person_id == kept.id and one.until_on is None for one in household.memberships)
        moved = (
            household.without(gone.id, after=local_day(context.now()))
            if held
            else replace(
                household,
                memberships=tuple(
                    replace(one, person_id=kept.id) if one.person_id == gone.id and one.until_on is None else one
                    for one in household.memberships
                ),
            )
        )
        head = kept.id if household.head_id == gone.id else household.head_id
        before = household_facts(household, local_day(context.now()))
        note(context, household.id, EntryAction.MERGED, source, before, of_person=False)
        register.households.save(replace(moved, head_id=head, version=household.version + 1))
    note(context, gone.id, EntryAction.MERGED, source, person_facts(gone), of_person=True)
    register.people.save(replace(gone, merged_into=kept.id, version=gone.version + 1))
    register.people.save(replace(kept, version=kept.version + 1))

"""Change requests to the register: asked for by one person, decided by another, what stood before is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from engine.errors import NotPermitted
from engine.host import Context
from engine.json_values import JsonObject
from engine.permissions import checked_reason
from workflows.casework.days import local_day
from workflows.casework.errors import ApplicationError, CaseErased, CaseNotFound, SubmissionKeyTaken
from workflows.casework.faults import fault, refused
from workflows.casework.intake import is_name
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.errors import OwnRequest
from workflows.casework.register.accounts import (
    account_errors,
    account_facts,
    holders_of,
    lock_cases,
    pay_case_to,
    pay_cases_to,
)
from workflows.casework.register.divisions import division_state, plain_division
from workflows.casework.register.errors import (
    CorrectionDecided,
    CorrectionInvalid,
    CorrectionOutdated,
    IdentityKnown,
    PersonNotRegistered,
)
from workflows.casework.register.feeding import moved, paid_to
from workflows.casework.register.history import household_facts, note, person_facts
from workflows.casework.register.model import (
    Correction,
    CorrectionState,
    EntryAction,
    RegisteredHousehold,
    RegisteredPerson,
)
from workflows.casework.register.sight import ASKING, DECIDING, may_ask, may_decide
from workflows.rules.identity import identity_number, mobile_number

NO_VERSION = 0
"""Of a case: what stood before says whether a request is still about what stands."""
Subject = RegisteredPerson | RegisteredHousehold | Case


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCorrection:
    """Ask for a change of a person (name, phone, identity_number), a household (address, division, account, left) or
    where a case is paid to (account).

    `left` is who is no member any more: {person_id, on}. The same `correction_id` asks once.

    Raises:
        PersonNotRegistered: there is no such entry.
        CaseNotFound, CaseErased: there is no such case, or nobody is left to be paid.
        CorrectionInvalid: values break rules; each is named.
        NotPermitted: the actor works nowhere in the region.
        SubmissionKeyTaken: the id is that of another request.
    """

    region: str
    person_id: UUID | None = None
    household_id: UUID | None = None
    case_id: UUID | None = None
    changes: JsonObject
    reason: str
    evidence: str = ""
    correction_id: UUID | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Correction:
        """Check and keep it."""
        if not may_ask(context.actor, self.region):
            raise NotPermitted("申请更正登记", "、".join(ASKING))
        subject = _subject(context, self)
        known = self._known(context)
        if known is not None:
            return known
        errors = tuple(_errors(context, subject, self.changes))
        if errors:
            raise CorrectionInvalid(errors)
        correction = Correction(
            id=self.correction_id or uuid4(),
            person_id=self.person_id,
            household_id=self.household_id,
            case_id=self.case_id,
            region=self.region,
            subject_version=NO_VERSION if isinstance(subject, Case) else subject.version,
            before=account_facts(subject) if isinstance(subject, Case) else {},
            changes=self.changes,
            reason=checked_reason(self.reason),
            evidence=self.evidence.strip(),
            requested_by=context.actor.id,
            requested_at=context.now(),
        )
        context.unit_of_work.register.corrections.add(correction)
        return correction

    def _known(self, context: Context[CaseworkUnitOfWork]) -> Correction | None:
        """Return the request of this id, if it asks for the same; whom it is about is held already."""
        if self.correction_id is None:
            return None
        known = context.unit_of_work.register.corrections.lock(self.correction_id)
        if known is None:
            return None
        before = (known.person_id, known.household_id, known.case_id, known.changes, known.reason, known.evidence)
        subject = (self.person_id, self.household_id, self.case_id)
        asked = (*subject, self.changes, self.reason.strip(), self.evidence.strip())
        if known.requested_by != context.actor.id or before != asked:
            raise SubmissionKeyTaken
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideCorrection:
    """Approve a change, which is made at once, or refuse it; who asked for it may not decide it.

    Raises:
        PersonNotRegistered: there is no such request, or nobody left it is about.
        NotPermitted: the actor reviews or leads nothing in the region.
        OwnRequest: the actor asked for it.
        CorrectionDecided: somebody decided before.
        CorrectionOutdated: the entry has changed since.
        CorrectionInvalid: the account's holder is no member of the case any more.
        IdentityKnown: another person has the identity number.
    """

    correction_id: UUID
    approve: bool
    note: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Correction:
        """Decide it; whom it is about is held before the request, as who asks for one does."""
        corrections = context.unit_of_work.register.corrections
        found = corrections.get(self.correction_id)
        if found is None:
            raise PersonNotRegistered(self.correction_id)
        if not may_decide(context.actor, found.region):
            raise NotPermitted("审批登记更正", "、".join(DECIDING))
        if found.requested_by == context.actor.id:
            raise OwnRequest("更正登记")
        subject = _subject(context, found) if self.approve and found.state is CorrectionState.REQUESTED else None
        held = corrections.lock(found.id)
        if held is None or held.state is not CorrectionState.REQUESTED:
            raise CorrectionDecided
        decided = replace(
            held,
            state=CorrectionState.APPROVED if self.approve else CorrectionState.REFUSED,
            decided_by=context.actor.id,
            decided_at=context.now(),
            note=checked_reason(self.note),
        )
        if subject is not None:
            self._apply(context, subject, held)
        corrections.save(decided)
        return decided

    def _apply(self, context: Context[CaseworkUnitOfWork], subject: Subject, found: Correction) -> None:
        if isinstance(subject, Case):
            if account_facts(subject) != found.before:
                raise CorrectionOutdated
            errors = tuple(_case_errors(found.changes, subject))  # who was a member then may be none today
            if errors:
                raise CorrectionInvalid(errors)
            pay_case_to(context, subject, found.changes["account"], found.id)
            return
        if subject.version != found.subject_version:
            raise CorrectionOutdated
        if isinstance(subject, RegisteredPerson):
            _correct_person(context, subject, found)
        else:
            _correct_household(context, subject, found)


def _subject(context: Context[CaseworkUnitOfWork], about: RequestCorrection | Correction) -> Subject:
    """Return who or what a request is about, and keep others away."""
    if about.case_id is not None:
        case = context.unit_of_work.cases.lock(about.case_id)
        if case is None:
            raise CaseNotFound(about.case_id)
        if case.erased:
            raise CaseErased(number=case.number, action="更正收款账户")
        return case
    register = context.unit_of_work.register
    person = register.people.lock(about.person_id) if about.person_id else None
    if about.household_id is not None and "account" in about.changes:
        lock_cases(context, about.household_id)
    found = person or (register.households.lock(about.household_id) if about.household_id else None)
    if found is None or found.forgotten:
        raise PersonNotRegistered(about.person_id or about.household_id)
    return found


def _errors(context: Context[CaseworkUnitOfWork], subject: Subject, changes: JsonObject) -> Iterator[ApplicationError]:
    if isinstance(subject, RegisteredPerson):
        return _person_errors(changes)
    if isinstance(subject, Case):
        return _case_errors(changes, subject)
    return _household_errors(changes, subject, _names(context, subject), local_day(context.now()))


def _names(context: Context[CaseworkUnitOfWork], household: RegisteredHousehold) -> frozenset[str]:
    people = context.unit_of_work.register.people
    members = (people.get(one.person_id) for one in household.members_on(local_day(context.now())))
    return frozenset(one.name for one in members if one is not None)


def _correct_person(context: Context[CaseworkUnitOfWork], person: RegisteredPerson, correction: Correction) -> None:
    people, changes = context.unit_of_work.register.people, correction.changes
    changed = replace(person, version=person.version + 1, confirmed_at=context.now())
    if "name" in changes:
        changed = replace(changed, name=changes["name"].strip())
    if "phone" in changes:
        changed = replace(changed, phone=mobile_number(changes["phone"]))
    if "identity_number" in changes:
        read = identity_number(changes["identity_number"])
        other = people.by_identity(read.text)
        if other is not None and other.id != person.id:
            raise IdentityKnown
        changed = replace(changed, identity_number=read.text, birth_date=read.birth_date, sex=read.sex)
    note(context, person.id, EntryAction.CORRECTED, correction.id, person_facts(person), of_person=True)
    people.save(changed)


def _correct_household(
    context: Context[CaseworkUnitOfWork], household: RegisteredHousehold, correction: Correction
) -> None:
    changes, today = correction.changes, local_day(context.now())
    changed = replace(household, version=household.version + 1, confirmed_at=context.now())
    if "address" in changes or "division" in changes:
        now = household.address_on(today)
        changed = moved(
            changed,
            text=changes.get("address", now.text if now else ""),
            division=plain_division(changes.get("division", now.division if now else "")),
            on=today,
            source=None,
        )
    if "account" in changes:
        changed = paid_to(changed, **changes["account"], on=today, source=None)
        pay_cases_to(context, household.id, changes["account"])
    for one in changes.get("left", ()):
        changed = changed.without(UUID(one["person_id"]), after=date.fromisoformat(one["on"]))
    note(
        context, household.id, EntryAction.CORRECTED, correction.id, household_facts(household, today), of_person=False
    )
    context.unit_of_work.register.households.save(changed)


def _person_errors(changes: JsonObject) -> Iterator[ApplicationError]:
    yield from _unknown(changes, ("name", "phone", "identity_number"))
    if "name" in changes and not is_name(changes["name"]):
        yield fault("changes.name", "name-malformed", "姓名应为2至50个字", "A name of 2 to 50 characters is needed")
    if "phone" in changes:
        yield from refused("changes.phone", lambda: mobile_number(changes["phone"]))
    if "identity_number" in changes:
        yield from refused("changes.identity_number", lambda: identity_number(changes["identity_number"]))


def _case_errors(changes: JsonObject, case: Case) -> Iterator[ApplicationError]:
    yield from _unknown(changes, ("account",))
    if "account" in changes:
        yield from account_errors(changes["account"], holders_of(case))


def _household_errors(
    changes: JsonObject, household: RegisteredHousehold, names: frozenset[str], today: date
) -> Iterator[ApplicationError]:
    yield from _unknown(changes, ("address", "division", "account", "left"))
    if "address" in changes and not changes["address"].strip():
        yield fault("changes.address", "address-missing", "请填写居住地址", "Enter the address")
    if changes.get("division"):
        yield from refused("changes.division", lambda: division_state(plain_division(changes["division"])))
    if "account" in changes:
        yield from account_errors(changes["account"], names)
    members = {str(one.person_id): one for one in household.members_on(today)}
    for index, one in enumerate(changes.get("left", ())):
        path, member = f"changes.left[{index}]", members.get(one["person_id"])
        if member is None:
            yield fault(f"{path}.person_id", "not-a-member", "此人现不是该户成员", "This person is no member now")
        elif not member.from_on <= date.fromisoformat(one["on"]) <= today:
            yield fault(
                f"{path}.on", "day-out-of-range", "日期应在入户之后、今天之前", "A day since the joining, up to today"
            )


def _unknown(changes: JsonObject, known: tuple[str, ...]) -> Iterator[ApplicationError]:
    if not changes:
        yield fault("changes", "changes-missing", "请填写要更正的内容", "Say what is to be changed")
    for name in changes:
        if name not in known:
            choices = "、".join(known)
            yield fault(
                f"changes.{name}",
                "choice-unknown",
                f"应为下列之一：{choices}",
                f"One of these is needed: {', '.join(known)}",
            )

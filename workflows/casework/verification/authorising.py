"""Consents to the check: taking them on, withdrawing them, and supporters outside the home who need their own.

While one member's consent is missing nobody is asked about anybody. A withdrawn consent stops the case: its process
rests, the household is reminded in writing, and it goes on when the person signs anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from engine.commands.messages import PublishMessage
from engine.commands.operations import ResumeProcessInstance, SuspendProcessInstance
from engine.core.texts import Words
from engine.errors import NotPermitted
from engine.host import Context
from engine.model import SYSTEM, InstanceState
from workflows.casework.agencies import ALL_CLASSES
from workflows.casework.days import local_day
from workflows.casework.errors import CaseErased, CaseNotFound, RecordNotFound
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.clock_commands import locked_case
from workflows.casework.procedure.guard import is_kin
from workflows.casework.procedure.messages import tell_waiting
from workflows.casework.sight import is_purpose_limited
from workflows.casework.starting import start_process_of
from workflows.casework.verification.errors import AuthorisationInvalid, NoAuthorisation
from workflows.casework.verification.model import (
    ALL_COPIES,
    FIRST_SUPPORTER,
    Authorisation,
    CopyHolder,
    SignedBy,
    SigningMethod,
    Supporter,
)
from workflows.rules.errors import RuleError
from workflows.rules.identity import identity_number

CLERKS = ("clerk", "checker", "reviewer")
APPLICANT = 1  # the one member of a case of their own
WITHDRAWN_PROCESS = "withdrawn_authorisation"
RESTORED = "authorisation_restored"
RESTING_REASON = "成员撤回核对授权，案件不得继续办理"
RESUMING_REASON = "授权已补齐"
LONGEST_PAUSE = timedelta(days=1)  # until the reminder, whose letter may still be on its way, waits for the message


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A signed consent as the window enters it."""

    person: int
    signed_on: date | None = None  # None: today
    signed_by: str = SignedBy.SELF
    guardian: str | None = None
    method: str = SigningMethod.PAPER
    agency_classes: tuple[str, ...] = ALL_CLASSES
    valid_to: date | None = None
    copies: tuple[str, ...] = ALL_COPIES


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSupporter:
    """Enter somebody outside the home with a duty to support a member.

    Raises:
        CaseNotFound, NotPermitted, CaseErased
        RecordNotFound: the case has no such member.
        AuthorisationInvalid: name or identity number are wrong, or the person is of the household.
    """

    case_id: UUID
    name: str
    identity_number: str
    relation: str
    supports: int

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Supporter:
        """Keep the supporter under the next number."""
        case = _held(context, case_at_work(context, self.case_id, action="登记家庭以外的赡养抚养人"))
        if all(member.number != self.supports for member in case.members):
            raise RecordNotFound("member", self.supports)
        try:
            number = identity_number(self.identity_number).text
        except RuleError as wrong:
            raise AuthorisationInvalid(Words(wrong.text("zh").rstrip("。"), wrong.text("en").rstrip("."))) from wrong
        known = context.unit_of_work.supporters.of_case(case.id)
        taken = {*(one.identity_number for one in known), *(one.person.identity_number for one in case.members)}
        if number in taken:
            raise AuthorisationInvalid(Words("此人已在案件中", "this person is in the case already"))
        supporter = Supporter(
            number=FIRST_SUPPORTER + len(known),
            case_id=case.id,
            name=self.name.strip(),
            identity_number=number,
            relation=self.relation,
            supports=self.supports,
            recorded_at=context.now(),
        )
        context.unit_of_work.supporters.add(supporter)
        return supporter


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAuthorisation:
    """Take on a signed consent of a member or of a supporter; a case that rested for it goes on.

    Raises:
        CaseNotFound, NotPermitted, CaseErased
        RecordNotFound: the case has no such person.
        AuthorisationInvalid: the consent cannot stand as stated.
    """

    case_id: UUID
    consent: Consent

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Authorisation:
        """Keep it in place of an earlier one."""
        case = _held(context, case_at_work(context, self.case_id, action="登记核对授权"))
        kept = keep_consent(context, case, self.consent)
        changed = context.unit_of_work.cases.get(case.id) or case
        if not unauthorised_members(context, changed):
            _go_on(context, changed)
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAuthorisation:
    """Withdraw a person's consent: no further query is sent; a member's withdrawal makes the case rest.

    Raises:
        CaseNotFound, NotPermitted, CaseErased
        NoAuthorisation: this person has none.
    """

    case_id: UUID
    person: int
    reason: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Authorisation:
        """Write it down and stop what depends on it."""
        case = _held(context, case_at_work(context, self.case_id, action="登记撤回授权"))
        withdrawn = replace(
            self._standing(context, case), withdrawn_at=context.now(), withdrawal_reason=self.reason.strip() or None
        )
        context.unit_of_work.authorisations.save(withdrawn)
        if self.person < FIRST_SUPPORTER:
            members = tuple(
                replace(one, authorised_on=None, authorised_by=None) if one.number == self.person else one
                for one in case.members
            )
            context.unit_of_work.cases.save(replace(case, members=members))
            _rest(context, case, self.person)
        return withdrawn

    def _standing(self, context: Context[CaseworkUnitOfWork], case: Case) -> Authorisation:
        kept = context.unit_of_work.authorisations.of_case(case.id)
        latest = next((one for one in kept if one.person == self.person and one.replaced_at is None), None)
        if latest is not None and latest.withdrawn_at is None:
            return latest
        member = next((one for one in case.members if one.number == self.person and one.authorised_on), None)
        if member is None or member.authorised_on is None:
            raise NoAuthorisation(number=case.number, person=self.person)
        earlier = Consent(
            person=self.person, signed_on=member.authorised_on, signed_by=member.authorised_by or SignedBy.SELF
        )
        return keep_consent(context, case, earlier)


def keep_consent(context: Context[CaseworkUnitOfWork], case: Case, consent: Consent) -> Authorisation:
    """Keep a consent of a person of the case in place of an earlier one.

    Raises:
        AuthorisationInvalid: signed tomorrow or before the one that is over, ended before it begins, or naming no
            agency.
    """
    now, today = context.now(), local_day(context.now())
    _check(context, case, consent, today)
    for earlier in context.unit_of_work.authorisations.of_case(case.id):
        if earlier.person == consent.person and earlier.replaced_at is None:
            context.unit_of_work.authorisations.save(replace(earlier, replaced_at=now))
    signed_on = consent.signed_on or today
    authorisation = Authorisation(
        id=uuid4(),
        case_id=case.id,
        person=consent.person,
        signed_on=signed_on,
        signed_by=consent.signed_by,
        guardian=consent.guardian,
        method=consent.method,
        agency_classes=consent.agency_classes,
        valid_from=signed_on,
        valid_to=consent.valid_to,
        copies=consent.copies,
        recorded_at=now,
        recorded_by=context.actor.id,
    )
    context.unit_of_work.authorisations.add(authorisation)
    if any(member.number == consent.person for member in case.members):
        members = tuple(
            replace(one, authorised_on=signed_on, authorised_by=consent.signed_by)
            if one.number == consent.person
            else one
            for one in case.members
        )
        context.unit_of_work.cases.save(replace(case, members=members))
    return authorisation


def standing_authorisations(context: Context[CaseworkUnitOfWork], case: Case) -> dict[int, Authorisation]:
    """Return the consents that hold today, by person."""
    return standing_of(context.unit_of_work.authorisations.of_case(case.id), local_day(context.now()))


def standing_of(found: Sequence[Authorisation], today: date) -> dict[int, Authorisation]:
    """Return those of a case's consents that hold on a day, by person."""
    return {one.person: one for one in found if one.holds_on(today)}


def unauthorised_members(context: Context[CaseworkUnitOfWork], case: Case) -> list[int]:
    """Return the members whose consent is missing, withdrawn or over; all must have signed before anybody is asked."""
    return unauthorised_of(case, context.unit_of_work.authorisations.of_case(case.id), local_day(context.now()))


def unauthorised_of(case: Case, found: Sequence[Authorisation], today: date) -> list[int]:
    """Return the members who did not consent, by the consents of their case on a day."""
    latest = {one.person: one for one in found if one.replaced_at is None}
    return [
        member.number
        for member in case.members
        if not member.authorised or (member.number in latest and not latest[member.number].holds_on(today))
    ]


def consents_on_file(context: Context[CaseworkUnitOfWork], case: Case) -> Sequence[Authorisation]:
    """Return the consents of a case, and of who has a case of their own those that the family's keeps of them.

    One that was withdrawn there, or is over, comes back to life in no other case.
    """
    own = context.unit_of_work.authorisations.of_case(case.id)
    of_family = (
        replace(one, person=APPLICANT)
        for link in context.unit_of_work.case_links.of_case(case.id)
        if link.linked_case_id == case.id
        for one in context.unit_of_work.authorisations.of_case(link.case_id)
        if one.person == link.member
    )
    return [*own, *of_family]


def fault_of_day(signed_on: date, *, person: int, kept: Sequence[Authorisation], today: date) -> Words | None:
    """Return why a consent cannot have been signed on a day; `kept` are those on file.

    After a withdrawal, or once a consent is over, another paper is needed: the old one comes back to life by no date.
    """
    if signed_on > today:
        return Words("签署日期晚于今天", "it is signed after today")
    before = next((one for one in kept if one.person == person and one.replaced_at is None), None)
    if before is None or before.holds_on(today):
        return None
    if before.withdrawn_at is not None and signed_on < local_day(before.withdrawn_at):
        return Words("签署日期早于撤回授权之日", "it is signed before the consent was withdrawn")
    if before.withdrawn_at is None and signed_on <= before.signed_on:
        return Words(
            "签署日期不晚于已到期的授权书，应填写新授权书的日期",
            "it is signed no later than the consent that is over; give the day of the new one",
        )
    return None


def case_at_work(context: Context[CaseworkUnitOfWork], case_id: UUID, *, action: str) -> Case:
    """Return a case that the actor handles as staff of its region.

    Raises:
        CaseNotFound, NotPermitted, CaseErased
    """
    case = context.unit_of_work.cases.get(case_id)
    if case is None or is_purpose_limited(context.actor, case.region) or is_kin(context, case):
        raise CaseNotFound(case_id)
    actor = context.actor
    if not actor.system and not any(actor.has_role(role, case.region) for role in (*CLERKS, "administrator")):
        raise NotPermitted(action, "、".join(CLERKS))
    if case.erased:
        raise CaseErased(number=case.number, action=action)
    return case


def _held(context: Context[CaseworkUnitOfWork], case: Case) -> Case:
    """Return the case as it is once no other command works on its process: what is written back undoes nothing."""
    return locked_case(context, case.id)


def _check(context: Context[CaseworkUnitOfWork], case: Case, consent: Consent, today: date) -> None:
    member = next((one for one in case.members if one.number == consent.person), None)
    supporters = {one.number for one in context.unit_of_work.supporters.of_case(case.id)}
    if member is None and consent.person not in supporters:
        raise RecordNotFound("member", consent.person)
    signed_on = consent.signed_on or today
    kept = consents_on_file(context, case)
    day_fault = fault_of_day(signed_on, person=consent.person, kept=kept, today=today)
    faults: Sequence[tuple[bool, Words | None]] = (
        (day_fault is not None, day_fault),
        (
            consent.valid_to is not None and consent.valid_to < signed_on,
            Words("有效期早于签署日期", "it ends before it is signed"),
        ),
        (
            not consent.agency_classes or not set(consent.agency_classes) <= set(ALL_CLASSES),
            Words("未写明信息单位类别", "it names no known class of agencies"),
        ),
        (
            not set(consent.copies) <= {one.value for one in CopyHolder},
            Words("三份的去向不明", "a copy is kept by nobody known"),
        ),
        (
            consent.signed_by == SignedBy.SELF and bool(consent.guardian),
            Words("本人签署的不填写监护人", "who signs for oneself names no guardian"),
        ),
    )
    for is_wrong, fault in faults:
        if is_wrong and fault is not None:
            raise AuthorisationInvalid(fault)


def _rest(context: Context[CaseworkUnitOfWork], case: Case, person: int) -> None:
    """Let the case's process rest, and begin what reminds the household and decides in the end."""
    as_system = replace(context, actor=SYSTEM)
    instance = _instance(context, case)
    if instance == InstanceState.ACTIVE and case.process_instance_id is not None:
        SuspendProcessInstance(process_instance_id=case.process_instance_id, reason=RESTING_REASON).execute(as_system)
        start_process_of(as_system, case, WITHDRAWN_PROCESS, {"person": person})


def _go_on(context: Context[CaseworkUnitOfWork], case: Case) -> None:
    """Let a case go on that rested because a consent was withdrawn; the reminder hears of it, even a moment later.

    A check that waits for a consent which was refused goes on, too.
    """
    consents = context.unit_of_work.authorisations.of_case(case.id)
    was_withdrawn = any(one.withdrawn_at for one in consents)
    if case.process_instance_id is None or not was_withdrawn or _instance(context, case) != InstanceState.SUSPENDED:
        tell_waiting(context, case, name=RESTORED, key=case.number)
        return
    as_system = replace(context, actor=SYSTEM)
    restored = PublishMessage(name=RESTORED, correlation_key=case.number, variables={}, time_to_live=LONGEST_PAUSE)
    restored.execute(as_system)
    ResumeProcessInstance(process_instance_id=case.process_instance_id, reason=RESUMING_REASON).execute(as_system)


def _instance(context: Context[CaseworkUnitOfWork], case: Case) -> InstanceState | None:
    if case.process_instance_id is None:
        return None
    instance = context.unit_of_work.process_instances.lock(case.process_instance_id)
    return instance.state if instance else None

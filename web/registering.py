"""What pages and API do alike with the register: nobody acts on an entry that they were not shown."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from engine.json_values import JsonObject
from engine.model import Actor
from web.authentication import current_actor
from web.services import services
from web.submissions import submission_id
from workflows.casework.days import local_day
from workflows.casework.privacy import PersonalFacts, Purpose
from workflows.casework.queries import CaseSummary
from workflows.casework.register.corrections import DecideCorrection, RequestCorrection
from workflows.casework.register.duplicates import DecideDuplicate
from workflows.casework.register.model import Correction, Duplicate
from workflows.casework.register.queries import PersonView
from workflows.casework.register.revealing import RevealRegisteredPerson


def shown_numbers(person_id: UUID, purpose: Purpose) -> PersonalFacts:
    """Show a person's numbers in full; the look is written down with the newest case in sight."""
    actor = current_actor()
    seen = services().register.person(person_id, actor)
    number = seen.cases[0].number if seen.cases else None
    command = RevealRegisteredPerson(person_id=person_id, case_number=number, purpose=purpose)
    facts: PersonalFacts = services().engine.execute(command, actor=actor)
    return facts


def change_of_person(
    person_id: UUID, changes: JsonObject, *, reason: str, evidence: str, key: str | None
) -> Correction:
    """Ask for a change of a person, where the household of the person is."""
    actor = current_actor()
    seen = services().register.person(person_id, actor)
    command = RequestCorrection(
        region=region_of(seen, actor),
        person_id=person_id,
        changes=changes,
        reason=reason,
        evidence=evidence,
        correction_id=submission_id("correction", key),
    )
    kept: Correction = services().engine.execute(command, actor=actor)
    return kept


def region_of(seen: PersonView, actor: Actor) -> str:
    """Return where a change of a person is asked for and decided."""
    return seen.households[-1].region if seen.households else actor.memberships[0].region


def change_of_household(
    household_id: UUID, changes: JsonObject, *, reason: str, evidence: str, key: str | None
) -> Correction:
    """Ask for a change of a household; its account and those who left come as a schema read them."""
    actor = current_actor()
    if "account" in changes:
        changes = changes | {"account": asdict(changes["account"])}
    if "left" in changes:
        left = [{"person_id": str(one["person_id"]), "on": one["on"].isoformat()} for one in changes["left"]]
        changes = changes | {"left": left}
    seen = services().register.household(household_id, local_day(services().now()), actor)
    command = RequestCorrection(
        region=seen.region,
        household_id=household_id,
        changes=changes,
        reason=reason,
        evidence=evidence,
        correction_id=submission_id("correction", key),
    )
    kept: Correction = services().engine.execute(command, actor=actor)
    return kept


def change_of_account(case: CaseSummary, account: JsonObject, *, key: str | None) -> Correction:
    """Ask to pay a case to another account; reason and evidence stand beside it, as a schema read them."""
    command = RequestCorrection(
        region=case.region,
        case_id=case.id,
        changes={"account": {name: account[name] for name in ("bank", "holder", "number")}},
        reason=account["reason"],
        evidence=account["evidence"],
        correction_id=submission_id("correction", key),
    )
    kept: Correction = services().engine.execute(command, actor=current_actor())
    return kept


def decided_change(command: DecideCorrection) -> Correction:
    """Decide a change request."""
    actor = current_actor()
    services().register.correction(command.correction_id, actor)
    kept: Correction = services().engine.execute(command, actor=actor)
    return kept


def decided_duplicate(command: DecideDuplicate) -> Duplicate:
    """Decide whether two are one."""
    actor = current_actor()
    services().register.duplicate(command.duplicate_id, actor)
    kept: Duplicate = services().engine.execute(command, actor=actor)
    return kept

"""The register of persons and households: looking, change requests, suspected duplicates."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import url_for

from api.operations import Created, Operation, operation
from api.resources.addresses import without_numbers
from api.resources.applications import IDEMPOTENCY_KEY, given_key
from api.resources.blueprint import api
from api.schemas.answers import PersonalFactsSchema
from api.schemas.register import (
    CorrectionAnswer,
    CorrectionAnswerSchema,
    CorrectionListSchema,
    CorrectionPageSchema,
    CorrectionViewSchema,
    DaySchema,
    DuplicateListSchema,
    DuplicatePageSchema,
    DuplicateSchema,
    DuplicateViewSchema,
    HouseholdOnDaySchema,
    PersonListSchema,
    PersonPageSchema,
    PersonViewSchema,
)
from api.schemas.requests import RevealSchema
from api.services import current
from engine.json_values import JsonObject
from web.authentication import current_actor
from web.registering import (
    change_of_household,
    change_of_person,
    decided_change,
    decided_duplicate,
    shown_numbers,
)
from web.schemas.register import (
    CorrectionDecisionSchema,
    DuplicateDecisionSchema,
    HouseholdCorrectionSchema,
    PersonCorrectionSchema,
)
from workflows.casework.days import local_day
from workflows.casework.privacy import PersonalFacts
from workflows.casework.register.corrections import DecideCorrection
from workflows.casework.register.duplicates import DecideDuplicate
from workflows.casework.register.model import Correction, Duplicate, DuplicateDecision
from workflows.casework.register.queries import (
    CorrectionFilter,
    CorrectionPage,
    CorrectionView,
    DuplicateFilter,
    DuplicatePage,
    DuplicateView,
    HouseholdOnDay,
    PersonFilter,
    PersonPage,
    PersonView,
)
from workflows.organisation.rights import Right


@api.get("/register/persons")
@operation(
    Operation(
        summary="Persons of the register by name; by a whole identity or phone number with POST …/search",
        right=Right.WORK,
        query=PersonListSchema,
        answer=PersonPageSchema,
    )
)
def list_registered_persons(query: dict[str, Any]) -> PersonPage:
    """List persons."""
    wanted = without_numbers(query, twin="api.search_registered_persons")
    return current().register.persons(PersonFilter(actor=current_actor(), **wanted))


@api.post("/register/persons/search")
@operation(
    Operation(
        summary="The same as a list of persons, by a body: an identity number or telephone stands in no address",
        right=Right.WORK,
        body=PersonListSchema,
        answer=PersonPageSchema,
    )
)
def search_registered_persons(body: dict[str, Any]) -> PersonPage:
    """Search persons."""
    return current().register.persons(PersonFilter(actor=current_actor(), **body))


@api.get("/register/persons/<uuid:person_id>")
@operation(
    Operation(
        summary="A person with households, cases, change requests and history; numbers are masked",
        right=Right.WORK,
        answer=PersonViewSchema,
    )
)
def get_registered_person(person_id: UUID) -> PersonView:
    """Show a person."""
    return current().register.person(person_id, current_actor())


@api.post("/register/persons/<uuid:person_id>/numbers")
@operation(
    Operation(
        summary="Show the numbers of a person in full; the look and its purpose are written down",
        right=Right.WORK,
        body=RevealSchema,
        answer=PersonalFactsSchema,
    )
)
def reveal_registered_person(person_id: UUID, body: JsonObject) -> PersonalFacts:
    """Show what is masked."""
    return shown_numbers(person_id, body["purpose"])


@api.get("/register/households/<uuid:household_id>")
@operation(
    Operation(
        summary="A household as of a day: members, address, account, cases, change requests and history",
        right=Right.WORK,
        query=DaySchema,
        answer=HouseholdOnDaySchema,
    )
)
def get_registered_household(household_id: UUID, query: dict[str, Any]) -> HouseholdOnDay:
    """Show a household."""
    day = query["on"] or local_day(current().now())
    return current().register.household(household_id, day, current_actor())


@api.post("/register/persons/<uuid:person_id>/corrections")
@operation(
    Operation(
        summary="Ask for a change of a person's name, phone or identity number; somebody else decides. "
        "The same Idempotency-Key asks once",
        right=Right.WORK,
        body=PersonCorrectionSchema,
        answer=CorrectionAnswerSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def correct_person(person_id: UUID, body: dict[str, Any]) -> Created:
    """Ask for a change."""
    return _asked(change_of_person(person_id, **body, key=given_key()))


@api.post("/register/households/<uuid:household_id>/corrections")
@operation(
    Operation(
        summary="Ask for a change of a household's address, account or members; somebody else decides. "
        "The same Idempotency-Key asks once",
        right=Right.WORK,
        body=HouseholdCorrectionSchema,
        answer=CorrectionAnswerSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def correct_household(household_id: UUID, body: dict[str, Any]) -> Created:
    """Ask for a change."""
    return _asked(change_of_household(household_id, **body, key=given_key()))


@api.get("/register/corrections")
@operation(
    Operation(
        summary="Change requests, the newest first",
        right=Right.WORK,
        query=CorrectionListSchema,
        answer=CorrectionPageSchema,
    )
)
def list_corrections(query: dict[str, Any]) -> CorrectionPage:
    """List change requests."""
    return current().register.corrections(CorrectionFilter(actor=current_actor(), **query))


@api.get("/register/corrections/<uuid:correction_id>")
@operation(
    Operation(
        summary="A change request with what it changes; numbers are masked",
        right=Right.WORK,
        answer=CorrectionViewSchema,
    )
)
def get_correction(correction_id: UUID) -> CorrectionView:
    """Show a change request."""
    return current().register.correction(correction_id, current_actor())


@api.post("/register/corrections/<uuid:correction_id>/decision")
@operation(
    Operation(
        summary="Approve a change, which is made at once, or refuse it; never by who asked for it",
        right=Right.WORK,
        body=CorrectionDecisionSchema,
        answer=CorrectionAnswerSchema,
    )
)
def decide_correction(correction_id: UUID, body: dict[str, Any]) -> CorrectionAnswer:
    """Decide a change."""
    return CorrectionAnswer.of(decided_change(DecideCorrection(correction_id=correction_id, **body)))


@api.get("/register/duplicates")
@operation(
    Operation(
        summary="Suspected duplicates of the cases one may see: persons, households, events, look-alikes",
        right=Right.WORK,
        query=DuplicateListSchema,
        answer=DuplicatePageSchema,
    )
)
def list_duplicates(query: dict[str, Any]) -> DuplicatePage:
    """List suspected duplicates."""
    return current().register.duplicates(DuplicateFilter(actor=current_actor(), **query))


@api.get("/register/duplicates/<uuid:duplicate_id>")
@operation(
    Operation(
        summary="Two who may be one, side by side, with the facts that agree",
        right=Right.WORK,
        answer=DuplicateViewSchema,
    )
)
def get_duplicate(duplicate_id: UUID) -> DuplicateView:
    """Show both sides."""
    return current().register.duplicate(duplicate_id, current_actor())


@api.post("/register/duplicates/<uuid:duplicate_id>/decision")
@operation(
    Operation(
        summary="Decide whether two are one: the same, different, or merged into one entry",
        right=Right.WORK,
        body=DuplicateDecisionSchema,
        answer=DuplicateSchema,
    )
)
def decide_duplicate(duplicate_id: UUID, body: dict[str, Any]) -> Duplicate:
    """Decide a suspicion."""
    command = DecideDuplicate(
        duplicate_id=duplicate_id,
        decision=DuplicateDecision(body["decision"]),
        reason=body["reason"],
        keeps_older=body["keeps_older"],
    )
    return decided_duplicate(command)


def _asked(kept: Correction) -> Created:
    return Created(value=CorrectionAnswer.of(kept), location=url_for("api.get_correction", correction_id=kept.id))

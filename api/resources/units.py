"""The county-wide work of units: medical bills and status, the queue for public rental, school terms."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from api.operations import Operation, operation
from api.resources.blueprint import api
from api.schemas.programmes import (
    ClaimsAnswer,
    ClaimsAnswerSchema,
    HospitalBillSchema,
    MonthSchema,
    PlaceAnswerSchema,
    QueryLogAnswer,
    QueryLogAnswerSchema,
    QueryLogSchema,
    QueueAnswer,
    QueueAnswerSchema,
    SettledAnswer,
    SettledAnswerSchema,
    StatusAnswerSchema,
    StatusQuerySchema,
    TermAnswer,
    TermAnswerSchema,
    TermSchema,
)
from api.services import current
from engine.errors import NotPermitted
from engine.json_values import JsonObject
from web.authentication import current_actor
from web.schemas.housing import PlaceSchema
from workflows.casework.county import CIVIL_AFFAIRS, COUNTY_REGION, MEDICAL
from workflows.casework.programmes.commands import BeginSchoolTerm, QueryMedicalStatus, SettleBill, SettlePlace
from workflows.casework.programmes.model import HousingPlace
from workflows.casework.programmes.queries import StatusAnswer
from workflows.casework.sight import unit_kinds
from workflows.organisation.rights import Right


@api.post("/medical/bills")
@operation(
    Operation(
        summary="Split a bill between insurance, critical-illness insurance, aid and patient, to the fen",
        right=Right.WORK,
        body=HospitalBillSchema,
        answer=SettledAnswerSchema,
        status=HTTPStatus.CREATED,
    )
)
def settle_bill(body: JsonObject) -> SettledAnswer:
    """Settle a bill."""
    command = SettleBill(**{**body, "identity_number": body["identity_number"].upper()})
    return SettledAnswer(bill=current().engine.execute(command, actor=current_actor()))


@api.post("/medical/status-queries")
@operation(
    Operation(
        summary="The status of a person on a day, as a hospital asks at admission and discharge",
        right=Right.WORK,
        body=StatusQuerySchema,
        answer=StatusAnswerSchema,
    )
)
def query_medical_status(body: JsonObject) -> StatusAnswer:
    """Answer a hospital; the question is kept."""
    command = QueryMedicalStatus(**{**body, "identity_number": body["identity_number"].upper()})
    return current().engine.execute(command, actor=current_actor())


@api.get("/medical/status-queries")
@operation(
    Operation(
        summary="Who looked up whose medical status, from a day to a day; persons are named by their case alone",
        right=Right.SUPERVISE,
        query=QueryLogSchema,
        answer=QueryLogAnswerSchema,
    )
)
def list_status_queries(query: dict[str, Any]) -> QueryLogAnswer:
    """Show the record."""
    _require(MEDICAL, CIVIL_AFFAIRS, action="查看身份查询记录")
    return QueryLogAnswer(queries=current().programmes.status_queries(**query, actor=current_actor()))


@api.get("/medical/claims")
@operation(
    Operation(
        summary="What hospitals paid ahead in a month", right=Right.WORK, query=MonthSchema, answer=ClaimsAnswerSchema
    )
)
def list_claims(query: dict[str, Any]) -> ClaimsAnswer:
    """Show the claims of a month."""
    _require(MEDICAL, CIVIL_AFFAIRS, "finance", action="查看医疗救助月度清单")
    month: date = query["month"]
    return ClaimsAnswer(hospitals=current().programmes.claims(month))


@api.get("/housing/queue")
@operation(Operation(summary="The queue for public rental", right=Right.WORK, answer=QueueAnswerSchema))
def list_housing_queue() -> QueueAnswer:
    """Show the queue."""
    return QueueAnswer(places=current().programmes.housing_queue(current_actor()))


@api.post("/housing/queue/<uuid:place_id>/settlement")
@operation(
    Operation(
        summary="Give the household first in the queue a dwelling, or let one leave",
        right=Right.WORK,
        body=PlaceSchema,
        answer=PlaceAnswerSchema,
    )
)
def settle_place(place_id: UUID, body: JsonObject) -> HousingPlace:
    """Settle a place."""
    return current().engine.execute(SettlePlace(place_id=place_id, **body), actor=current_actor())


@api.get("/education/terms/<term>")
@operation(Operation(summary="The grants of a school term", right=Right.WORK, answer=TermAnswerSchema))
def show_term(term: str) -> TermAnswer:
    """Show a term."""
    _require("education", CIVIL_AFFAIRS, action="查看学期资助")
    return TermAnswer(grants=current().programmes.term(term, current_actor()))


@api.post("/education/terms")
@operation(Operation(summary="Begin matching and paying a school term", right=Right.WORK, body=TermSchema))
def begin_term(body: JsonObject) -> None:
    """Begin a term."""
    current().engine.execute(BeginSchoolTerm(term=body["term"]), actor=current_actor())


def _require(*kinds: str, action: str) -> None:
    if not unit_kinds(current_actor(), COUNTY_REGION) & set(kinds):
        raise NotPermitted(action, "、".join(f"{kind}/clerk" for kind in kinds))

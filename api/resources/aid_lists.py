"""Lists of aid that partner units hand in each month, and who is late with them."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from flask import request

from api.operations import Operation, operation
from api.resources.blueprint import api
from api.schemas.programmes import (
    AidListAnswerSchema,
    AidListSchema,
    MonthSchema,
    StandingsAnswer,
    StandingsAnswerSchema,
)
from api.services import current
from web.authentication import accepts_body_up_to, current_actor
from web.spreadsheets import uploaded_table
from web.uploads import MAX_UPLOAD
from workflows.casework.county import CIVIL_AFFAIRS, COUNTY_REGION
from workflows.casework.days import local_day
from workflows.casework.parameters import parameters_on
from workflows.casework.programmes.aid_lists import COLUMNS, HandInAidList, standings
from workflows.casework.programmes.model import AidList
from workflows.casework.sight import unit_kinds
from workflows.casework.standards import Standards
from workflows.organisation.rights import Right


@api.post("/aid-lists")
@accepts_body_up_to(MAX_UPLOAD)
@operation(
    Operation(
        summary="Hand in a unit's list of a month as CSV or .xlsx: kept as a whole or refused with every error",
        right=Right.WORK,
        query=AidListSchema,
        answer=AidListAnswerSchema,
        status=HTTPStatus.CREATED,
        files=True,
    )
)
def hand_in_aid_list(query: dict[str, Any]) -> AidList:
    """Take in a list."""
    name, rows = uploaded_table(request, columns=COLUMNS)
    command = HandInAidList(unit_kind=query["unit_kind"], month=query["month"], file_name=name, rows=rows)
    return current().engine.execute(command, actor=current_actor())


@api.get("/aid-lists")
@operation(
    Operation(
        summary="Which units handed in their list of a month and which are late; other units see their own line",
        right=Right.WORK,
        query=MonthSchema,
        answer=StandingsAnswerSchema,
    )
)
def list_aid_lists(query: dict[str, Any]) -> StandingsAnswer:
    """Show who is late."""
    month: date = query["month"]
    kinds = unit_kinds(current_actor(), COUNTY_REGION)
    today = local_day(current().now())
    in_force = Standards(day=today, values=parameters_on(today, current().casework.parameters()))
    found = standings(
        month,
        current().programmes.aid_lists(month),
        due_day=in_force.days("aid_list_due_day"),
        today=today,
    )
    return StandingsAnswer(units=[one for one in found if CIVIL_AFFAIRS in kinds or one.unit_kind in kinds])

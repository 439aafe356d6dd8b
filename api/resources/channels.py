"""How applications come in beside the window, and how households ask: on line, spreadsheets, number and code."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import request, url_for

from api.operations import Created, Operation, operation
from api.resources.blueprint import api
from api.resources.clock import seen_case
from api.schemas.register import (
    EnteredAnswer,
    EnteredAnswerSchema,
    EntryConfirmed,
    EntryConfirmedSchema,
    EntryListSchema,
    EntryPageSchema,
    EntryRefusalSchema,
    EntryViewSchema,
    ImportResultSchema,
    ImportSchema,
    ProgressSchema,
    QueryCodeAnswer,
    QueryCodeAnswerSchema,
    StatusQuestionSchema,
)
from api.services import current
from web.authentication import accepts_body_up_to, current_actor
from web.public import ask_status, enter_online
from web.schemas.application import ApplicationSchema
from web.spreadsheets import uploaded_table
from web.uploads import MAX_UPLOAD
from workflows.casework.model import Application
from workflows.casework.register.codes import IssueQueryCode
from workflows.casework.register.imports import COLUMNS, ImportApplications, ImportResult
from workflows.casework.register.online import ConfirmOnlineEntry, RefuseOnlineEntry
from workflows.casework.register.progress import Progress
from workflows.casework.register.queries import EntryFilter, EntryPage, EntryView
from workflows.organisation.rights import Right


@api.post("/status")
@operation(
    Operation(
        summary="How an application stands, for whoever has its number and query code; few tries",
        right=Right.PUBLIC,
        body=StatusQuestionSchema,
        answer=ProgressSchema,
    )
)
def get_status(body: dict[str, Any]) -> Progress:
    """Tell how it stands."""
    return ask_status(number=body["number"], code=body["code"])


@api.post("/online-entries")
@operation(
    Operation(
        summary="Enter an application on line; it counts once the window has confirmed it",
        right=Right.PUBLIC,
        body=ApplicationSchema,
        answer=EnteredAnswerSchema,
        status=HTTPStatus.CREATED,
    )
)
def create_online_entry(body: Application) -> Created:
    """Keep an entry."""
    code = enter_online(body)
    return Created(value=EnteredAnswer(number=code.number, query_code=code.code), location=url_for("api.get_status"))


@api.get("/online-entries")
@operation(
    Operation(
        summary="Entries on line that wait for the window, or were dealt with",
        right=Right.INTAKE,
        query=EntryListSchema,
        answer=EntryPageSchema,
    )
)
def list_online_entries(query: dict[str, Any]) -> EntryPage:
    """List entries."""
    return current().register.entries(EntryFilter(actor=current_actor(), **query))


@api.get("/online-entries/<number>")
@operation(Operation(summary="An entry on line with all that was entered", right=Right.INTAKE, answer=EntryViewSchema))
def get_online_entry(number: str) -> EntryView:
    """Show an entry."""
    return current().register.entry(number, current_actor())


@api.post("/online-entries/<number>/confirmation")
@operation(
    Operation(
        summary="Take an entry in as an application, as of the day it was entered",
        right=Right.INTAKE,
        answer=EntryConfirmedSchema,
        status=HTTPStatus.CREATED,
    )
)
def confirm_online_entry(number: str) -> Created:
    """Confirm an entry."""
    case = current().engine.execute(ConfirmOnlineEntry(number=number), actor=current_actor())
    return Created(
        value=EntryConfirmed(entry=number, case_number=case.number, received_on=case.received_on),
        location=url_for("api.get_case", key=case.number),
    )


@api.post("/online-entries/<number>/refusal")
@operation(
    Operation(
        summary="Refuse an entry nobody stands behind; what was entered is destroyed",
        right=Right.INTAKE,
        body=EntryRefusalSchema,
    )
)
def refuse_online_entry(number: str, body: dict[str, Any]) -> None:
    """Refuse an entry."""
    current().engine.execute(RefuseOnlineEntry(number=number, reason=body["reason"]), actor=current_actor())


@api.post("/application-imports")
@accepts_body_up_to(MAX_UPLOAD)
@operation(
    Operation(
        summary="Take in applications from CSV or .xlsx: all or nothing, or the good ones; each key once",
        right=Right.INTAKE,
        query=ImportSchema,
        answer=ImportResultSchema,
        status=HTTPStatus.CREATED,
        files=True,
    )
)
def import_applications(query: dict[str, Any]) -> ImportResult:
    """Take in a spreadsheet."""
    _, rows = uploaded_table(request, columns=COLUMNS)
    command = ImportApplications(rows=rows, good_rows_only=query["mode"] == "good")
    return current().engine.execute(command, actor=current_actor())


@api.post("/cases/<key>/query-code")
@operation(
    Operation(
        summary="Give a case a new query code, for a slip that was lost; the one before opens nothing any more",
        right=Right.WORK,
        answer=QueryCodeAnswerSchema,
        status=HTTPStatus.CREATED,
    )
)
def issue_query_code(key: str) -> Created:
    """Issue a code."""
    case = seen_case(key)
    code = current().engine.execute(IssueQueryCode(case_id=case.summary.id), actor=current_actor())
    value = QueryCodeAnswer(number=code.number, query_code=code.code, issued_at=code.issued_at)
    return Created(value=value, location=url_for("api.get_receipt", key=case.summary.number))

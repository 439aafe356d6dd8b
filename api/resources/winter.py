"""Winter and spring relief: the register of a season, households entered and taken out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import url_for

from api.operations import Created, Operation, operation
from api.resources.applications import IDEMPOTENCY_KEY, given_key
from api.resources.asking import done
from api.resources.blueprint import api
from api.schemas.winter import (
    WinterNeedAnswerSchema,
    WinterRegisterList,
    WinterRegisterListSchema,
    WinterRegisterSchema,
    WinterViewSchema,
)
from web.schemas.winter import WinterNeedSchema, WinterSeasonSchema
from web.submissions import submission_id
from workflows.casework.winter.commands import EnterWinterNeed, OpenWinterRegister, RemoveWinterNeed
from workflows.casework.winter.model import WinterNeed
from workflows.casework.winter.queries import ReadWinterRegister, ReadWinterRegisters, WinterView
from workflows.organisation.rights import Right


@api.get("/winter-registers")
@operation(
    Operation(
        summary="The registers of winter and spring relief, the newest season first",
        right=Right.WORK,
        answer=WinterRegisterListSchema,
    )
)
def list_winter_registers() -> WinterRegisterList:
    """List them."""
    return WinterRegisterList(registers=done(ReadWinterRegisters()))


@api.post("/winter-registers")
@operation(
    Operation(
        summary="Open the register of a season: every town surveys who is in need",
        right=Right.WORK,
        body=WinterSeasonSchema,
        answer=WinterRegisterSchema,
        status=HTTPStatus.CREATED,
    )
)
def open_winter_register(body: dict[str, Any]) -> Created:
    """Open it."""
    register = done(OpenWinterRegister(**body))
    return Created(value=register, location=url_for("api.get_winter_register", season=register.season))


@api.get("/winter-registers/<int:season>")
@operation(
    Operation(
        summary="The register of a season with its towns and households; a town sees its own part",
        right=Right.WORK,
        answer=WinterViewSchema,
    )
)
def get_winter_register(season: int) -> WinterView:
    """Show it."""
    return done(ReadWinterRegister(season=season))


@api.post("/winter-registers/<int:season>/needs")
@operation(
    Operation(
        summary="Enter a household in need; the same Idempotency-Key enters it once",
        right=Right.WORK,
        body=WinterNeedSchema,
        answer=WinterNeedAnswerSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def enter_winter_need(season: int, body: dict[str, Any]) -> Created:
    """Enter it."""
    need = done(EnterWinterNeed(season=season, need_id=submission_id("winter-need", given_key()), **body))
    return Created(value=need, location=url_for("api.get_winter_register", season=season))


@api.post("/winter-registers/<int:season>/needs/<uuid:need_id>/removal")
@operation(
    Operation(
        summary="Take a household out, until its town has confirmed its register",
        right=Right.WORK,
        answer=WinterNeedAnswerSchema,
    )
)
def remove_winter_need(season: int, need_id: UUID) -> WinterNeed:
    """Take it out."""
    return done(RemoveWinterNeed(season=season, need_id=need_id))

"""The queue for public rental: who waits before whom, giving the first a dwelling, letting one leave."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.core.texts import Words
from engine.errors import EngineError
from engine.json_values import JsonObject
from web.authentication import current_actor, permits
from web.errors import BadRequest
from web.lists import PAGE_SIZE, page_count, page_number
from web.plain_forms import loaded
from web.refusals import Refusal, refusal
from web.schemas.housing import PlaceSchema
from web.services import services
from workflows.casework.programmes.commands import SettlePlace, may_settle_places
from workflows.organisation.rights import Right

blueprint = Blueprint("housing", __name__)


@blueprint.get("/housing/queue")
@permits(Right.WORK)
def queue() -> str:
    """Show who waits, of the cases in sight."""
    return _page()


@blueprint.post("/housing/queue/<uuid:place_id>/settlement")
@permits(Right.WORK)
def settle(place_id: UUID) -> AnyResponse | tuple[str, int]:
    """Give a household a dwelling by its contract, or let it leave the queue."""
    outcome = request.form.get("outcome")
    if outcome not in ("contract", "leave"):
        raise BadRequest(Words("没有选择配租或退出", "outcome"))
    number = request.form.get("contract_number", "").strip() if outcome == "contract" else None
    values: JsonObject = {"contract_number": number}
    try:
        command = SettlePlace(place_id=place_id, **loaded(PlaceSchema(), values))
        services().engine.execute(command, actor=current_actor())
    except EngineError as error:
        return _page((place_id, refusal(error))), 422
    flash(_("已登记配租。") if outcome == "contract" else _("已登记退出轮候。"), "success")
    return redirect(url_for("housing.queue"), 303)


def _page(refused: tuple[UUID, Refusal] | None = None) -> str:
    actor, page = current_actor(), page_number(request.args.get("page"))
    places = services().programmes.housing_queue(actor)
    return render_template(
        "housing_queue.html",
        places=places[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        total=len(places),
        page=page,
        pages=page_count(len(places)),
        page_url=lambda number: url_for("housing.queue", page=number),
        may_settle=may_settle_places(actor),
        refused=refused,
        given=request.form,
    )

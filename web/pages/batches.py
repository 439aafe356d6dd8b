"""Operations on many cases: what was made by whom, how far it is, what became of each, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.batches import BatchKind, BatchState, ItemState
from engine.commands.batches import CancelBatch, ResumeBatch, RetryBatchItems, SuspendBatch
from engine.errors import EngineError
from engine.operation_queries import BatchLine
from web.authentication import asked_by_itself, current_actor, may, permits
from web.batches import about
from web.lists import PAGE_SIZE, page_count, page_number
from web.refusals import refusal
from web.services import services
from workflows.organisation.rights import Right

blueprint = Blueprint("batches", __name__)

AT_WORK = (BatchState.CREATED, BatchState.RUNNING)
STEPS: dict[str, Callable[..., Any]] = {
    "cancellation": CancelBatch,
    "suspension": SuspendBatch,
    "resumption": ResumeBatch,
    "retry": RetryBatchItems,
}


@blueprint.get("/batches")
@permits(Right.OPERATE)
def batch_list() -> str:
    """Show the batches one made, to operators of the whole county all of them."""
    page, actor = page_number(request.args.get("page")), current_actor()
    total = services().operations.batch_count(actor)
    return render_template(
        "batches.html",
        lines=services().operations.batches(actor, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE),
        page=page,
        pages=page_count(total),
        total=total,
        page_url=lambda number: url_for("batches.batch_list", page=number),
    )


@blueprint.get("/batches/<uuid:batch_id>")
@permits(Right.OPERATE)
def batch_page(batch_id: UUID) -> str:
    """Show one batch with what became of each item."""
    line = services().operations.batch(batch_id, current_actor())
    return render_template(
        "batch.html",
        **_progress(line),
        about=about(line.batch),
        can_revert=line.batch.kind is BatchKind.MIGRATE and bool(line.counts.get("done")) and may(Right.ADMINISTER),
        can_retry=line.batch.state is BatchState.COMPLETED
        and any(line.counts.get(state) for state in ("failed", "not-tried")),
    )


@blueprint.get("/batches/<uuid:batch_id>/progress")
@asked_by_itself
@permits(Right.OPERATE)
def progress(batch_id: UUID) -> Response:
    """Return how far a batch is, for its open page; once it stands otherwise the page is loaded anew."""
    line = services().operations.batch(batch_id, current_actor())
    if line.batch.state not in AT_WORK:
        response = make_response("", 200)
        response.headers["HX-Refresh"] = "true"
        return response
    return make_response(render_template("_batch_progress.html", **_progress(line)))


@blueprint.post(f"/batches/<uuid:batch_id>/<any({', '.join(STEPS)}):step>")
@permits(Right.OPERATE)
def change(batch_id: UUID, step: str) -> AnyResponse:
    """Stop a batch, let it rest or go on, or do again what failed."""
    given = {"reason": request.form.get("reason") or None} if step == "cancellation" else {}
    try:
        services().engine.execute(STEPS[step](batch_id=batch_id, **given), actor=current_actor())
    except EngineError as refused:
        flash(refusal(refused).text, "danger")
    else:
        flash(_("批量操作已更新。"), "success")
    return redirect(url_for("batches.batch_page", batch_id=batch_id), 303)


def _progress(line: BatchLine) -> dict[str, Any]:
    """Return what the part of the page is made of that is asked for again and again."""
    wanted, page = request.args.get("state"), page_number(request.args.get("page"))
    state = next((one for one in ItemState if one.value == wanted), None)
    actor, batch = current_actor(), line.batch
    goes_on = batch.state in (*AT_WORK, BatchState.SUSPENDED)
    total = line.counts.get(state.value, 0) if state else line.total
    found = services().operations.batch_items(
        batch.id, actor, state=state, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE
    )
    return {
        "line": line,
        "batch": batch,
        "is_at_work": batch.state in AT_WORK,
        "goes_on": goes_on,
        "over": line.total - line.counts.get("waiting", 0),
        "items": found,
        "states": [(one, count) for one in ItemState if (count := line.counts.get(one.value, 0)) or goes_on],
        "state": state,
        "page": page,
        "pages": page_count(total),
        "total": total,
        "page_url": lambda number: url_for(
            "batches.batch_page", batch_id=batch.id, state=state.value if state else None, page=number
        ),
    }

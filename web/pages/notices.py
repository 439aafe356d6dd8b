"""What a person was told inside the system: reminders, orders, escalations."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from web.authentication import current_actor, permits
from web.lists import PAGE_SIZE, page_count, page_number
from web.services import services
from workflows.casework.orders.commands import MarkNoticesRead
from workflows.organisation.rights import Right

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices")
@permits(Right.SIGNED_IN)
def notice_list() -> str:
    """Show one's own notices, the unread ones unless all are asked for."""
    actor, page = current_actor(), page_number(request.args.get("page"))
    unread_only = request.args.get("all") != "1"
    found = services().supervision.notices(
        actor, unread_only=unread_only, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE
    )
    numbers = sorted({line.notice.matter for line in found.notices})
    return render_template(
        "notices.html",
        lines=found.notices,
        total=found.total,
        unread=found.unread,
        unread_only=unread_only,
        cases=services().casework.summaries(numbers, actor) if numbers else {},
        page=page,
        pages=page_count(found.total),
        page_url=lambda number: url_for("notices.notice_list", all=None if unread_only else "1", page=number),
    )


@blueprint.post("/notices/read")
@permits(Right.SIGNED_IN)
def mark_read() -> AnyResponse:
    """Keep that the person read one of their notices, or all."""
    named = request.form.get("notice")
    ids = None if named is None else _ids(named)
    marked = services().engine.execute(MarkNoticesRead(notice_ids=ids), actor=current_actor())
    flash(ngettext("%(num)s 条通知已标为已读。", "%(num)s 条通知已标为已读。", marked), "success")
    return redirect(url_for("notices.notice_list"), 303)


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []

"""Applications entered on line, for the window: call the household, then take them in or refuse them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from web.authentication import current_actor, permits
from web.lists import PAGE_SIZE, page_count, page_number
from web.services import services
from workflows.casework.register.online import ConfirmOnlineEntry, RefuseOnlineEntry
from workflows.casework.register.queries import EntryFilter
from workflows.organisation.rights import Right

blueprint = Blueprint("online_entries", __name__)


@blueprint.get("/online-entries")
@permits(Right.INTAKE)
def entry_list() -> str:
    """List what waits."""
    number = page_number(request.args.get("page"))
    wanted = EntryFilter(actor=current_actor(), offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    page = services().register.entries(wanted)
    return render_template(
        "online_entries.html",
        page=page,
        number=number,
        pages=page_count(page.total),
        page_url=lambda other: url_for("online_entries.entry_list", page=other),
    )


@blueprint.get("/online-entries/<number>")
@permits(Right.INTAKE)
def entry_page(number: str) -> str:
    """Show an entry with what was entered."""
    return render_template("online_entry.html", view=services().register.entry(number, current_actor()))


@blueprint.post("/online-entries/<number>/confirm")
@permits(Right.INTAKE)
def confirm(number: str) -> AnyResponse:
    """Take it in."""
    case = services().engine.execute(ConfirmOnlineEntry(number=number), actor=current_actor())
    flash(_("已确认并登记，案件编号 %(number)s。", number=case.number), "success")
    return redirect(url_for("cases.case_page", key=case.number), 303)


@blueprint.post("/online-entries/<number>/refuse")
@permits(Right.INTAKE)
def refuse(number: str) -> AnyResponse:
    """Refuse it, with a reason."""
    command = RefuseOnlineEntry(number=number, reason=request.form.get("reason", ""))
    services().engine.execute(command, actor=current_actor())
    flash(_("已登记为不予确认，填报内容已销毁。"), "success")
    return redirect(url_for("online_entries.entry_list"), 303)

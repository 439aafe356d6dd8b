"""The register of relatives, for supervisors: whose kin applied, and whether the link was told."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for

from web.authentication import current_actor, permits
from web.days import day_of
from web.i18n import COUNTY_TIME
from web.lists import PAGE_SIZE, page_number
from web.services import services
from web.staff_names import staff_names
from web.terms import Terms
from workflows.casework.procedure.queries import KinRegisterFilter
from workflows.organisation.rights import Right

blueprint = Blueprint("kin", __name__)


@blueprint.get("/kin-register")
@permits(Right.SUPERVISE)
def kin_list() -> str:
    """Show the register of the cases in sight."""
    today, page = Terms().today, page_number(request.args.get("page"))
    since = day_of(request.args.get("since"), today.replace(month=1, day=1))
    until = day_of(request.args.get("until"), today)
    concealed = request.args.get("concealed") == "1"
    wanted = KinRegisterFilter(
        since=datetime.combine(since, time.min, COUNTY_TIME),
        until=datetime.combine(until, time.min, COUNTY_TIME) + timedelta(days=1, microseconds=-1),
        concealed_only=concealed,
        offset=(page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE + 1,  # one more tells whether there is another page
    )
    lines = services().procedure.kin_register(wanted, current_actor())
    kept: dict[str, Any] = {"since": since.isoformat(), "until": until.isoformat()}
    kept |= {"concealed": "1"} if concealed else {}
    return render_template(
        "kin_register.html",
        lines=lines[:PAGE_SIZE],
        page=page,
        has_more=len(lines) > PAGE_SIZE,
        page_url=lambda number: url_for("kin.kin_list", page=number, **kept),
        since=since,
        until=until,
        concealed=concealed,
        names=staff_names([one.registered_by for one in lines]),
    )

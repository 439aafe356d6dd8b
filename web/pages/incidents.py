"""What is stuck: the list of those who operate processes, and trying again."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.commands.incidents import ResolveIncident
from engine.errors import EngineError
from engine.queries import IncidentFilter
from web import i18n
from web.authentication import current_actor, permits
from web.labels import in_language
from web.lists import PAGE_SIZE, page_count, page_number
from web.services import services
from web.supervision import named_office, narrowed_incidents, office_name
from web.unread_filters import tell_unread
from workflows.organisation.rights import Right

blueprint = Blueprint("incidents", __name__)


@blueprint.get("/incidents")
@permits(Right.OPERATE)
def incident_list() -> str:
    """Show what is stuck in the person's region; a line leads to its case, or where there is none to its instance."""
    tell_unread(unit=named_office)
    unit, page = named_office(request.args.get("unit")), page_number(request.args.get("page"))
    offset = (page - 1) * PAGE_SIZE
    wanted = IncidentFilter(actor=current_actor(), offset=offset, limit=PAGE_SIZE, **narrowed_incidents(unit))
    total = sum(services().queries.incident_counts(wanted).values())
    lines = services().queries.incidents(wanted)
    return render_template(
        "incidents.html",
        lines=lines,
        cases=services().casework.summaries([line.business_key for line in lines], wanted.actor),
        total=total,
        page=page,
        pages=page_count(total),
        page_url=lambda number: url_for("incidents.incident_list", unit=str(unit) if unit else None, page=number),
        unit_name=in_language(*office_name(unit)) if unit else None,
    )


@blueprint.post("/incidents/<uuid:incident_id>/resolve")
@permits(Right.OPERATE)
def resolve_incident(incident_id: UUID) -> AnyResponse:
    """Do again what failed, and show the case or list it was asked from."""
    case = request.form.get("case", "")[:60]
    back = url_for("cases.case_page", key=case) if case else url_for("incidents.incident_list")
    try:
        services().engine.execute(ResolveIncident(incident_id=incident_id), actor=current_actor())
    except EngineError as refused:
        flash(i18n.refusal_text(refused), "danger")
    else:
        flash(_("已重试。若问题仍在，下方会出现新的故障。"), "success")
    return redirect(back, 303)

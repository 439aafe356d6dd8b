"""Letters on paper that nobody delivered yet, for supervisors: whose, since when, and who holds the task."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from engine.queries import TaskTab, UserTaskFilter
from web.authentication import current_actor, permits
from web.labels import town
from web.lists import PAGE_SIZE, page_count, page_number
from web.services import services
from web.terms import Terms
from workflows.casework.correspondence import LETTER_TASK
from workflows.organisation.rights import Right

blueprint = Blueprint("letters", __name__)


@blueprint.get("/supervision/letters")
@permits(Right.SUPERVISE)
def letter_list() -> str:
    """Show the open tasks that deliver a letter, those due first first; overdue ones alone where that is asked."""
    actor, page = current_actor(), page_number(request.args.get("page"))
    overdue = request.args.get("overdue") == "1"
    wanted = UserTaskFilter(
        actor=actor,
        tab=TaskTab.UNIT,
        element_id=LETTER_TASK,
        overdue_at=services().now() if overdue else None,
        offset=(page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )
    found = services().queries.user_tasks(wanted)
    return render_template(
        "letters.html",
        tasks=found.tasks,
        cases=services().casework.summaries([one.business_key for one in found.tasks], actor),
        total=found.total,
        page=page,
        pages=page_count(found.total),
        page_url=lambda number: url_for("letters.letter_list", overdue="1" if overdue else None, page=number),
        overdue=overdue,
        terms=Terms(),
        town=town,
    )

"""The supervisors' board."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from engine.queries import TaskTab
from web.authentication import current_actor, permits
from web.supervision import board
from workflows.casework.supervision import Situation
from workflows.organisation.rights import Right

blueprint = Blueprint("supervision", __name__)


@blueprint.get("/supervision")
@permits(Right.SUPERVISE)
def board_page() -> str:
    """Show how the work of every unit in sight stands."""
    return render_template(
        "supervision.html",
        board=board(current_actor()),
        tasks_url=_tasks_url,
        incidents_url=_incidents_url,
        situations=Situation,
    )


def _tasks_url(unit: str | None, situation: Situation | None = None, *, overdue: bool = False) -> str:
    """Return the address of the list that a number counts."""
    return url_for(
        "tasks.work_list",
        tab=TaskTab.UNIT.value,
        overdue="1" if overdue else None,
        situation=situation.value if situation else None,
        unit=unit,
    )


def _incidents_url(unit: str | None) -> str:
    return url_for("incidents.incident_list", unit=unit)

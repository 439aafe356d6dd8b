"""How work lies on people: for supervisors."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request, url_for

from engine.queries import TaskTab
from web.authentication import current_actor, permits
from web.distribution import rule_book
from web.load import load
from web.rule_panel import rule_panel
from web.supervision import NOBODY
from workflows.casework.load import OfficeLoad, PersonLoad
from workflows.casework.supervision import Situation
from workflows.organisation.rights import Right

blueprint = Blueprint("load", __name__)


@blueprint.get("/load")
@permits(Right.SUPERVISE)
def load_page() -> str:
    """Show the load of each unit in sight, and of its people: of the one that is opened all, of others who has any."""
    return shown_load(request.args.get("unit"))


def shown_load(opened: str | None, *, refused: str = "") -> str:
    """Return the page; what was refused of a rule is said beside what was typed."""
    actor = current_actor()
    found = load(actor)
    return render_template(
        "load.html",
        load=found,
        people={one.unit: _shown(one, all_of_it=one.unit == opened) for one in found.offices},
        methods={one.unit: one for one in rule_book(actor, None).rules if not one.process_id},
        rules=rule_panel(actor, opened, refused=refused),
        tasks_url=_tasks_url,
        nobody=NOBODY,
        situations=Situation,
    )


def _shown(office: OfficeLoad, *, all_of_it: bool) -> Sequence[PersonLoad]:
    return [one for one in office.people if all_of_it or not one.is_idle]


def _tasks_url(
    unit: str, holder: str | None = None, situation: Situation | None = None, *, overdue: bool = False
) -> str:
    """Return the address of the list that a number counts."""
    return url_for(
        "tasks.work_list",
        tab=TaskTab.UNIT.value,
        unit=unit,
        holder=holder,
        overdue="1" if overdue else None,
        situation=situation.value if situation else None,
    )

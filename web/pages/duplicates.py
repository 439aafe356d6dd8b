"""Suspected duplicates: the list, both sides beside each other, and the decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError
from engine.model import Actor
from web.authentication import current_actor, permits
from web.lists import PAGE_SIZE, page_count, page_number, search_text
from web.plain_forms import loaded, typed
from web.refusals import Refusal, refusal
from web.registering import decided_duplicate
from web.schemas.register import DuplicateDecisionSchema
from web.services import services
from web.staff_names import staff_names
from web.unread_filters import is_search, tell_unread
from workflows.casework.register.duplicates import MERGING_PERSONS, DecideDuplicate
from workflows.casework.register.model import DuplicateDecision, DuplicateKind
from workflows.casework.register.queries import DuplicateFilter, DuplicateView
from workflows.casework.register.sight import may_decide
from workflows.organisation.rights import Right

blueprint = Blueprint("duplicates", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """What the list shows, as its address says."""

    open_only: bool
    kind: DuplicateKind | None
    case: str
    page: int

    @classmethod
    def from_arguments(cls, arguments: MultiDict[str, str]) -> ListState:
        """Read an address; without a word about it what is not decided is shown."""
        return cls(
            open_only=arguments.get("shown", "open") != "all",
            kind=next((one for one in DuplicateKind if one.value == arguments.get("kind")), None),
            case=search_text(arguments.get("case")),
            page=page_number(arguments.get("page")),
        )

    def url(self, **changes: Any) -> str:
        """Return the address of this list with some things changed; the first page unless told."""
        shown = replace(self, **({"page": 1} | changes))
        return url_for(
            "duplicates.duplicate_list",
            shown=None if shown.open_only else "all",
            kind=shown.kind.value if shown.kind else None,
            case=shown.case or None,
            page=shown.page if shown.page > 1 else None,
        )

    def page_url(self, number: int) -> str:
        """Return the address of another page of this list."""
        return self.url(page=number)


@blueprint.get("/duplicates")
@permits(Right.WORK)
def duplicate_list() -> str:
    """Show the findings of the cases in sight."""
    tell_unread(shown=("open", "all"), kind=DuplicateKind, case=is_search)
    state = ListState.from_arguments(request.args)
    found = services().register.duplicates(
        DuplicateFilter(
            actor=current_actor(),
            case=state.case or None,
            kind=state.kind,
            open_only=state.open_only,
            offset=(state.page - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
        )
    )
    return render_template(
        "duplicates.html",
        state=state,
        views=found.duplicates,
        total=found.total,
        pages=page_count(found.total),
    )


@blueprint.get("/duplicates/<uuid:duplicate_id>")
@permits(Right.WORK)
def duplicate_page(duplicate_id: UUID) -> str:
    """Show both sides."""
    return _page(duplicate_id)


@blueprint.post("/duplicates/<uuid:duplicate_id>/decision")
@permits(Right.WORK)
def decide(duplicate_id: UUID) -> AnyResponse | tuple[str, int]:
    """Decide whether two are one."""
    values = typed(request.form, only=("decision", "reason"))
    try:
        said = loaded(DuplicateDecisionSchema(), values | {"keeps_older": request.form.get("keeps") == "older"})
        command = DecideDuplicate(
            duplicate_id=duplicate_id,
            decision=DuplicateDecision(said["decision"]),
            reason=said["reason"],
            keeps_older=said["keeps_older"],
        )
        decided_duplicate(command)
    except EngineError as error:
        return _page(duplicate_id, refusal(error)), 422
    flash(_("认定结论已登记。"), "success")
    return redirect(url_for("duplicates.duplicate_page", duplicate_id=duplicate_id), 303)


def _page(duplicate_id: UUID, refused: Refusal | None = None) -> str:
    actor = current_actor()
    view = services().register.duplicate(duplicate_id, actor)
    can_merge = view.duplicate.kind in (*MERGING_PERSONS, DuplicateKind.TWO_HOUSEHOLDS)
    return render_template(
        "duplicate.html",
        view=view,
        may_decide=view.duplicate.decision is None and _may_decide(view, actor),
        decisions=[one for one in DuplicateDecision if one is not DuplicateDecision.MERGE or can_merge],
        merges_persons=view.duplicate.kind in MERGING_PERSONS,
        names=staff_names([view.duplicate.decided_by]),
        refused=refused,
        given=request.form,
    )


def _may_decide(view: DuplicateView, actor: Actor) -> bool:
    """Say whether the actor reviews or leads where both cases are."""
    numbers = (view.case.case_number, view.other.case_number)
    seen = services().casework.summaries(numbers, actor)
    return all(number in seen and may_decide(actor, seen[number].region) for number in numbers)

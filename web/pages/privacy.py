"""Looking at the numbers that every other page masks: for a purpose, and written down."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from engine.core.texts import Words
from web.authentication import current_actor, permits
from web.errors import BadRequest
from web.services import services
from workflows.casework.errors import CaseNotFound
from workflows.casework.privacy import PersonalFacts, Purpose, RevealPersonalFacts
from workflows.organisation.rights import Right

blueprint = Blueprint("privacy", __name__)

PATH = "/cases/<key>/members/<int:member>/numbers"


@blueprint.get(PATH)
@permits(Right.WORK)
def reveal_page(key: str, member: int) -> AnyResponse:
    """Ask for the purpose."""
    return _page(key, member, None)


@blueprint.post(PATH)
@permits(Right.WORK)
def reveal(key: str, member: int) -> AnyResponse:
    """Show the numbers once; who looked and why stands in the history of the case."""
    purpose = next((one for one in Purpose if one.value == request.form.get("purpose")), None)
    if purpose is None:
        raise BadRequest(Words("没有选择用途", "purpose"))
    case = services().casework.case(key, current_actor())
    command = RevealPersonalFacts(case_id=case.summary.id, member_number=member, purpose=purpose)
    return _page(key, member, services().engine.execute(command, actor=current_actor()))


def _page(key: str, number: int, facts: PersonalFacts | None) -> AnyResponse:
    case = services().casework.case(key, current_actor())
    member = next((one for one in case.members if one.number == number), None)
    if member is None or case.purpose_limited:
        raise CaseNotFound(key)
    return make_response(render_template("reveal.html", case=case, member=member, facts=facts))

"""The evidence of a case: its list, handing in, looking at it, taking it away, and the QR code for a phone."""

from __future__ import annotations

import base64
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError
from engine.operation_errors import ReasonMissing
from web import i18n
from web.authentication import accepts_body_up_to, asked_by_itself, current_actor, permits
from web.evidence import (
    MOST_AT_ONCE,
    PREVIEW_POLICY,
    add_file,
    copy_name,
    evidence_panel,
    marked_copy,
    original,
    photo_address,
    preview,
    uploaded_files,
)
from web.pages.session import safe_target
from web.services import services
from web.work_list import mark_of
from workflows.casework.evidence.commands import RemoveEvidence
from workflows.casework.evidence.file_kinds import MEDIA_TYPES
from workflows.casework.evidence.photo_links import OpenPhotoLink
from workflows.casework.queries import CaseView
from workflows.organisation.rights import Right
from workflows.printing.qr import qr_picture

blueprint = Blueprint("evidence", __name__)


@blueprint.get("/cases/<key>/evidence")
@permits(Right.WORK)
def evidence_list(key: str) -> str:
    """Show the evidence of a case by itself."""
    case = _case(key)
    panel = evidence_panel(case, current_actor(), back=url_for("evidence.evidence_list", key=key))
    return render_template("evidence.html", case=case, evidence=panel)


@blueprint.get("/cases/<key>/evidence/changes")
@asked_by_itself
@permits(Right.WORK)
def changes(key: str) -> AnyResponse:
    """Say which evidence a case has now; 304 while it is as it was when its mark was made."""
    found = services().evidence.of_case(_case(key).summary.id, current_actor())
    ids = [str(line.evidence.id) for line in found]
    response = jsonify(evidence=ids)
    response.set_etag(mark_of(ids))
    return response.make_conditional(request)


@blueprint.post("/cases/<key>/evidence")
@accepts_body_up_to(MOST_AT_ONCE)
@permits(Right.WORK)
def add(key: str) -> AnyResponse:
    """Keep what was handed in, each file by itself, and go back to where it was handed in."""
    case, refused, added = _case(key), [], 0
    for upload in uploaded_files(request):
        try:
            add_file(case, upload, current_actor())
            added += 1
        except EngineError as error:
            refused.append(f"{upload.name}: {i18n.refusal_text(error)}")
    if added:
        flash(ngettext("已保存 %(num)s 份佐证材料。", "已保存 %(num)s 份佐证材料。", added), "success")
    for text in refused:
        flash(text, "danger")
    return redirect(_back(case), 303)


@blueprint.get("/evidence/<uuid:evidence_id>/preview")
@permits(Right.WORK)
def show(evidence_id: UUID) -> Response:
    """Show a picture or PDF with a watermark; the look is written down."""
    shown = preview(evidence_id, current_actor())
    answer = _file(shown.content, shown.media_type, shown.evidence.name, how="inline")
    answer.headers["Content-Security-Policy"] = PREVIEW_POLICY[shown.media_type]
    return answer


@blueprint.get("/evidence/<uuid:evidence_id>/file")
@permits(Right.WORK)
def download(evidence_id: UUID) -> Response:
    """Hand out a copy with a watermark; that is written down."""
    copy = marked_copy(evidence_id, current_actor())
    return _file(copy.content, copy.media_type, copy_name(copy.evidence.name), how="attachment")


@blueprint.post("/evidence/<uuid:evidence_id>/original")
@permits(Right.WORK)
def take_original(evidence_id: UUID) -> AnyResponse:
    """Hand out a file as it is kept; what for is written down."""
    actor = current_actor()
    try:
        taken = original(evidence_id, request.form.get("reason", ""), actor)
    except ReasonMissing as refused:
        flash(i18n.refusal_text(refused), "danger")
        return redirect(_back(_case(services().evidence.one(evidence_id, actor).case_number)), 303)
    evidence = taken.evidence
    return _file(taken.content, MEDIA_TYPES[evidence.kind], evidence.name, how="attachment")


@blueprint.post("/evidence/<uuid:evidence_id>/removal")
@permits(Right.WORK)
def remove(evidence_id: UUID) -> AnyResponse:
    """Destroy a file that does not belong there."""
    actor = current_actor()
    line = services().evidence.one(evidence_id, actor)
    case = _case(line.case_number)
    try:
        command = RemoveEvidence(evidence_id=evidence_id, reason=request.form.get("reason", ""))
        services().engine.execute(command, actor=actor)
        flash(_("佐证材料已移除。"), "success")
    except EngineError as refused:
        flash(i18n.refusal_text(refused), "danger")
    return redirect(_back(case), 303)


@blueprint.post("/cases/<key>/photo-links")
@permits(Right.WORK)
def open_photo_link(key: str) -> Response:
    """Show a QR code by which a phone hands in photos for some minutes, and what has come."""
    case, actor = _case(key), current_actor()
    opened = services().engine.execute(OpenPhotoLink(case_id=case.summary.id), actor=actor)
    address = photo_address(opened.token)
    page = render_template(
        "photo_link.html",
        case=case,
        link=opened.link,
        address=address,
        qr_code="data:image/png;base64," + base64.b64encode(qr_picture(address)).decode(),
        evidence=evidence_panel(case, actor, back=_back(case)),
    )
    return Response(page, status=201)


def _case(key: str) -> CaseView:
    try:
        return services().casework.case(UUID(key), current_actor())
    except ValueError:
        return services().casework.case(key, current_actor())


def _back(case: CaseView) -> str:
    wanted = request.form.get("back")
    return safe_target(wanted) if wanted else url_for("cases.case_page", key=case.summary.number, _anchor="evidence")


def _file(content: bytes, media_type: str, name: str, *, how: str) -> Response:
    answer = Response(content, content_type=media_type)
    answer.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name)}"
    answer.headers["Cache-Control"] = "no-store"
    return answer

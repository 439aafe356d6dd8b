"""Where a phone without an account hands in photos by the link of a QR code; it learns nothing about anybody."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from engine.errors import EngineError
from web import i18n
from web.authentication import accepts_body_up_to, permits
from web.evidence import MOST_AT_ONCE, accepted_photos, evidence_rules, uploaded_files
from web.public import SOMEBODY, require_photo_link
from web.services import services
from workflows.casework.evidence.errors import PhotoLinkOver
from workflows.casework.evidence.photo_links import AddPhoto
from workflows.organisation.rights import Right

blueprint = Blueprint("photos", __name__)

MOST_TOKEN = 100


@blueprint.get("/photos/<token>")
@permits(Right.PUBLIC)
def photo_page(token: str) -> Response:
    """Ask for photos while the link works."""
    return _page(token)


@blueprint.post("/photos/<token>")
@accepts_body_up_to(MOST_AT_ONCE, after=require_photo_link)
@permits(Right.PUBLIC)
def add_photos(token: str) -> Response:
    """Keep photos, each by itself, and say how many came."""
    added, refused = 0, []
    for number, upload in enumerate(uploaded_files(request), start=1):
        try:
            services().engine.execute(AddPhoto(token=token, content=upload.content), actor=SOMEBODY)
            added += 1
        except PhotoLinkOver as over:
            refused.append(i18n.refusal_text(over))
            break
        except EngineError as error:
            refused.append(_("第 %(number)s 张：%(reason)s", number=number, reason=i18n.refusal_text(error)))
    said = [ngettext("已收到 %(num)s 张照片。", "已收到 %(num)s 张照片。", added)] if added else []
    return _page(token, said=said, refused=refused)


def _page(token: str, *, said: list[str] | None = None, refused: list[str] | None = None) -> Response:
    link = services().evidence.photo_link(token[:MOST_TOKEN])
    is_open = link is not None and services().now() < link.expires_at
    page = render_template(
        "photos.html",
        token=token,
        link=link,
        is_open=is_open,
        accept=accepted_photos(evidence_rules()) if is_open else "",
        said=said or [],
        refused=refused or [],
    )
    answer = Response(page, status=(422 if refused else 200) if is_open else 404)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer

"""The pages of the monthly circulars: the list, and one with its figures, its words and its files."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError
from web import i18n
from web.authentication import current_actor, permits
from web.circulars import circular_month, draft_file, figures_of, published, require_issuer
from web.figures.tables import percent
from web.labels import unit_kind
from web.services import services
from web.terms import Terms
from workflows.casework.circulars.commands import SaveCircular
from workflows.casework.circulars.model import LONGEST_CIRCULAR
from workflows.casework.days import months_later
from workflows.casework.documents.printing import MEDIA_TYPES, FileForm
from workflows.organisation.rights import Right

blueprint = Blueprint("circulars", __name__)

MONTHS_OFFERED = 12


@blueprint.get("/circulars")
@permits(Right.SUPERVISE)
def circular_list() -> str:
    """Show the circulars, and the months one can be written for."""
    require_issuer(current_actor())
    today = Terms().today
    months = [f"{months_later(today, -back):%Y-%m}" for back in range(MONTHS_OFFERED)]
    return render_template(
        "circulars.html", lines=services().circulars.circulars(), months=[(one, one) for one in months]
    )


@blueprint.get("/circulars/one")
@permits(Right.SUPERVISE)
def open_circular() -> AnyResponse:
    """Lead to the month that was chosen."""
    return redirect(url_for("circulars.circular_page", month=request.args.get("month", "")[:7] or "0000-00"), 303)


@blueprint.get("/circulars/<month>")
@permits(Right.SUPERVISE)
def circular_page(month: str) -> str:
    """Show a month's circular."""
    require_issuer(current_actor())
    return _page(month)


@blueprint.post("/circulars/<month>")
@permits(Right.SUPERVISE)
def save(month: str) -> AnyResponse | tuple[str, int]:
    """Keep the words; where somebody else saved meanwhile, show both."""
    wanted, text = circular_month(month), request.form.get("text", "")
    try:
        command = SaveCircular(month=wanted, text=text, version=_version())
        services().engine.execute(command, actor=current_actor())
    except EngineError as refused:
        require_issuer(current_actor())
        return _page(month, typed=text, error=i18n.refusal_text(refused)), 422
    flash(_("通报文字已保存。"), "success")
    return redirect(url_for("circulars.circular_page", month=month), 303)


@blueprint.post("/circulars/<month>/publications")
@permits(Right.SUPERVISE)
def publish(month: str) -> AnyResponse:
    """Publish it with a number."""
    try:
        issued = published(circular_month(month), _version(), current_actor())
        flash(_("已发布：%(number)s号，第 %(version)s 版。", number=issued.number, version=issued.version), "success")
    except EngineError as refused:
        require_issuer(current_actor())
        flash(i18n.refusal_text(refused), "danger")
    return redirect(url_for("circulars.circular_page", month=month), 303)


@blueprint.get("/circulars/<month>/draft.<any(pdf, docx):form>")
@permits(Right.SUPERVISE)
def draft(month: str, form: str) -> Response:
    """Give the draft as a file."""
    require_issuer(current_actor())
    kind = FileForm(form)
    circular = services().circulars.circular(circular_month(month)).circular
    answer = Response(draft_file(circular, current_actor(), kind), mimetype=MEDIA_TYPES[kind])
    name = quote(f"月度通报 {month}（草稿）.{form}")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _version() -> int:
    given = request.form.get("version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else -1


def _page(month: str, *, typed: str | None = None, error: str = "") -> str:
    wanted = circular_month(month)
    return render_template(
        "circular.html",
        month=f"{wanted:%Y-%m}",
        line=services().circulars.circular(wanted),
        figures=figures_of(wanted),
        percent=percent,
        unit_kind=unit_kind,
        typed=typed,
        error=error,
        most=LONGEST_CIRCULAR,
    )

"""What one is told by mail: of which notices, at which address, how often, and at what hours not."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError
from web import i18n
from web.authentication import current_actor, permits
from web.services import services
from workflows.casework.mail.commands import ChooseMail, StopMail
from workflows.casework.mail.model import HOURS, LONGEST_ADDRESS, PAUSES, MailChoice
from workflows.casework.orders.notices import NoticeCause
from workflows.organisation.rights import Right

blueprint = Blueprint("mail", __name__)

USUAL_PAUSE, USUAL_QUIET = 4, (19, 7)
NONE = -1


@blueprint.get("/profile/mail")
@permits(Right.SIGNED_IN)
def mail_page() -> str:
    """Show what was chosen and what became of the newest mail."""
    return _page("")


@blueprint.post("/profile/mail")
@permits(Right.SIGNED_IN)
def choose() -> AnyResponse | tuple[str, int]:
    """Keep what was chosen; what is wrong is said beside what was typed."""
    form = request.form
    causes = frozenset(one for one in NoticeCause if one.value in form.getlist("causes"))
    command = ChooseMail(
        address=form.get("address", ""),
        causes=causes,
        pause_hours=_number("pause_hours"),
        quiet_from=_number("quiet_from"),
        quiet_until=_number("quiet_until"),
    )
    try:
        services().engine.execute(command, actor=current_actor())
    except EngineError as refused:
        return _page(i18n.refusal_text(refused)), 422
    flash(_("邮件提醒已保存。"), "success")
    return redirect(url_for("mail.mail_page"), 303)


@blueprint.post("/profile/mail/stop")
@permits(Right.SIGNED_IN)
def stop() -> AnyResponse:
    """Send the person nothing any more."""
    if services().engine.execute(StopMail(), actor=current_actor()):
        flash(_("邮件提醒已停止，尚未发出的邮件不再发送。"), "success")
    return redirect(url_for("mail.mail_page"), 303)


def _page(error: str) -> str:
    state = services().mail.state(current_actor())
    return render_template(
        "mail.html",
        chosen=_typed() if error else _shown(state.choice),
        is_on=state.choice is not None,
        newest=state.newest,
        can_mail=services().can_mail,
        causes=NoticeCause,
        pauses=PAUSES,
        hours=HOURS,
        longest=LONGEST_ADDRESS,
        error=error,
    )


def _shown(choice: MailChoice | None) -> dict[str, object]:
    if choice is None:
        quiet_from, quiet_until = USUAL_QUIET
        return {
            "address": "",
            "causes": frozenset(one.value for one in NoticeCause),
            "pause_hours": USUAL_PAUSE,
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
        }
    return {
        "address": choice.address,
        "causes": frozenset(one.value for one in choice.causes),
        "pause_hours": choice.pause_hours,
        "quiet_from": choice.quiet_from,
        "quiet_until": choice.quiet_until,
    }


def _typed() -> dict[str, object]:
    numbers = {name: _number(name) for name in ("pause_hours", "quiet_from", "quiet_until")}
    return {"address": request.form.get("address", ""), "causes": frozenset(request.form.getlist("causes")), **numbers}


def _number(name: str) -> int:
    given = request.form.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 4 else NONE

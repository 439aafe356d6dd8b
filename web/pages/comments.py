"""The comments on a case: reading all of them, writing one, correcting and withdrawing one's own."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError
from web import i18n
from web.authentication import current_actor, permits
from web.comments import Attempt, comment_panel
from web.lists import PAGE_SIZE, page_count, page_number
from web.pages.cases import case_key
from web.pages.session import safe_target
from web.services import services
from workflows.casework.comments.commands import CorrectComment, MarkCommentsRead, WithdrawComment, WriteComment
from workflows.casework.comments.queries import CommentedCase, CommentFilter
from workflows.casework.errors import CaseNotFound
from workflows.organisation.rights import Right

blueprint = Blueprint("comments", __name__)

BETWEEN_NAMES = re.compile(r"[,，、;；\n]+")
LARGEST_NUMBER = 2**53


@blueprint.get("/cases/<key>/comments")
@permits(Right.WORK)
def comment_page(key: str) -> str:
    """Show the comments on a case, the newest last, a page at a time."""
    return _page(_case(key))


@blueprint.post("/cases/<key>/comments")
@permits(Right.WORK)
def write(key: str) -> AnyResponse | tuple[str, int]:
    """Write a comment, and go back to where it was written."""
    case, form, task_id = _case(key), request.form, _task_id()
    given = form.get("submission_key", "")[:64] or uuid4().hex
    command = WriteComment(
        case_id=case.id,
        text=form.get("text", ""),
        mentions=_names(),
        task_id=task_id,
        submission_key=f"{current_actor().id}:{given}",
    )
    if task_id is not None:
        services().queries.user_task(task_id, current_actor())
    refused = _refusal(command)
    if refused is not None:
        attempt = Attempt(text=form.get("text", ""), mention=form.get("mention", ""), error=refused)
        return _page(case, attempt, task_id=task_id), 422
    flash(_("留言已保存。"), "success")
    return redirect(_back(case), 303)


@blueprint.post("/cases/<key>/comments/<uuid:comment_id>/correction")
@permits(Right.WORK)
def correct(key: str, comment_id: UUID) -> AnyResponse | tuple[str, int]:
    """Correct one's own comment."""
    case, text, version = _case(key), request.form.get("text", ""), _number("version")
    refused = _refusal(CorrectComment(comment_id=comment_id, text=text, version=version))
    if refused is not None:
        return _page(case, Attempt(text=text, error=refused, comment_id=comment_id)), 422
    flash(_("留言已更正，原内容保留。"), "success")
    return redirect(_back(case), 303)


@blueprint.post("/cases/<key>/comments/<uuid:comment_id>/withdrawal")
@permits(Right.WORK)
def withdraw(key: str, comment_id: UUID) -> AnyResponse:
    """Withdraw one's own comment."""
    case = _case(key)
    refused = _refusal(WithdrawComment(comment_id=comment_id))
    flash(refused or _("留言已撤回，撤回标记保留。"), "danger" if refused else "success")
    return redirect(_back(case), 303)


@blueprint.post("/cases/<key>/comments/read")
@permits(Right.WORK)
def mark_read(key: str) -> AnyResponse:
    """Keep that the person has read the comments up to one."""
    case = _case(key)
    services().engine.execute(MarkCommentsRead(case_id=case.id, up_to=_number("up_to")), actor=current_actor())
    return redirect(_back(case), 303)


def _page(case: CommentedCase, attempt: Attempt | None = None, *, task_id: UUID | None = None) -> str:
    number = page_number(request.args.get("page"))
    wanted = CommentFilter(key=case.id, actor=current_actor(), offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    back = request.form.get("back") or url_for("comments.comment_page", key=case.number)
    panel = comment_panel(wanted, back=back, task_id=task_id, attempt=attempt)
    return render_template(
        "comments.html",
        panel=panel,
        now=services().now(),
        page=number,
        pages=page_count(panel.page.total),
        page_url=lambda one: url_for("comments.comment_page", key=case.number, page=one),
    )


def _case(key: str) -> CommentedCase:
    return services().comments.case_of(case_key(key), current_actor())


def _refusal(command: Any) -> str | None:  # any command about a comment
    """Carry out a command; return why it was refused."""
    try:
        services().engine.execute(command, actor=current_actor())
    except CaseNotFound:
        raise
    except EngineError as refused:
        return i18n.refusal_text(refused)
    return None


def _back(case: CommentedCase) -> str:
    wanted = request.form.get("back") or url_for("comments.comment_page", key=case.number)
    return safe_target(wanted.partition("#")[0]) + "#comments"


def _names() -> list[str]:
    given = request.form.get("mention", "")[:500]
    return [one.strip() for one in BETWEEN_NAMES.split(given) if one.strip()]


def _task_id() -> UUID | None:
    try:
        return UUID(request.form.get("task", ""))
    except ValueError:
        return None


def _number(name: str) -> int:
    """Return a number of the form; what is none is zero, which no version and no comment has."""
    text = request.form.get(name, "")
    return min(int(text), LARGEST_NUMBER) if text.isascii() and text.isdecimal() and len(text) < 20 else 0

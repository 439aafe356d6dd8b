"""What anybody may ask and enter without signing in, for pages and API alike: counted by where it comes from."""

from __future__ import annotations

from flask import request, url_for

from engine.model import Actor
from web.services import services
from workflows.casework.evidence.errors import PhotoLinkOver
from workflows.casework.evidence.photo_links import TryPhotoLink
from workflows.casework.model import Application
from workflows.casework.procedure.objections import ANONYMOUS
from workflows.casework.register.codes import AskStatus, Unanswered
from workflows.casework.register.errors import StatusUnknown, TooManyTries
from workflows.casework.register.model import QueryCode
from workflows.casework.register.online import EnterOnline
from workflows.casework.register.progress import Progress

SOMEBODY = Actor(id=ANONYMOUS, name="公众")


def ask_status(*, number: str, code: str) -> Progress:
    """Return how an application stands.

    Raises:
        StatusUnknown: number and code do not belong together.
        TooManyTries: for this number, or from this caller.
    """
    answer = services().engine.execute(AskStatus(number=number, code=code, caller=_caller()), actor=SOMEBODY)
    if isinstance(answer, Unanswered):
        raise TooManyTries(answer.wait) if answer.wait else StatusUnknown
    found: Progress = answer
    return found


def enter_online(application: Application) -> QueryCode:
    """Keep an application entered on line and return what to ask by.

    Raises:
        ApplicationInvalid: facts break rules of the domain.
        TooManyTries: too much came from this caller.
    """
    command = EnterOnline(application=application, caller=_caller())
    code: QueryCode = services().engine.execute(command, actor=SOMEBODY)
    return code


def require_photo_link(token: str) -> None:
    """Refuse what comes by a link that does not work, before it is read.

    Raises:
        PhotoLinkOver: there is no such link, or it has expired.
        TooManyTries: too many such links came from this caller.
    """
    answer = services().engine.execute(TryPhotoLink(token=token, caller=_caller()), actor=SOMEBODY)
    if isinstance(answer, Unanswered):
        raise TooManyTries(answer.wait) if answer.wait else PhotoLinkOver


def verify_url() -> str:
    """Return where anybody can verify a paper; it stands on it."""
    base = services().public_url or request.host_url
    return base.rstrip("/") + url_for("verification.verify_page")


def _caller() -> str:
    return request.remote_addr or "-"

"""Who asks: session cookies for people, HTTP Basic for programs, a right on every route, a token on every change.

A session ends after eight hours without use, after sixteen in any case, and at once when the account's session epoch
moves on. Nothing is trusted from the cookie but the login and the epoch: posts are read anew for every request.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, session

from engine.errors import EngineError
from engine.model import SYSTEM, Actor
from web.errors import (
    AccountLocked,
    CsrfFailed,
    ForeignSite,
    NotSignedIn,
    PasswordMustChange,
    RightMissing,
    SignInFailed,
)
from web.requests import require_plain_address, require_plain_form
from web.services import services
from workflows.organisation.commands import ChangePassword, SignedIn, SignIn, SignInRefused, SignOut
from workflows.organisation.errors import PasswordRefused
from workflows.organisation.model import Account, actor_of
from workflows.organisation.rights import Right, holds

IDLE = timedelta(hours=8)
LONGEST = timedelta(hours=16)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({"none", "same-origin"})
API_PREFIXES = ("/api/", "/v2/")  # what programs use; people never meet an address below them
MOST_TOKEN = 200  # signs of a masked token
BASIC_CACHE = "reliefdesk.basic"
BASIC_LASTS = timedelta(minutes=5)

View = TypeVar("View", bound=Callable[..., object])


def permits(right: Right) -> Callable[[View], View]:
    """Declare which right a route needs; a route without a declaration is refused to everybody."""

    def declare(view: View) -> View:
        setattr(view, "required_right", right)  # noqa: B010  (a function takes attributes; its type does not say so)
        return view

    return declare


def still_open_before_password_change(view: View) -> View:
    """Let a person who must change the first password use this route."""
    setattr(view, "before_password_change", True)  # noqa: B010  (as above)
    return view


def asked_by_itself(view: View) -> View:
    """Mark a route that open pages ask now and then without their reader: that is no use of the session."""
    setattr(view, "is_asked_by_itself", True)  # noqa: B010  (as above)
    return view


def out_of_logs(view: View) -> View:
    """Mark a route that programs ask every few seconds: it is counted, and no line of the log tells of it."""
    setattr(view, "is_out_of_logs", True)  # noqa: B010  (as above)
    return view


def accepts_body_up_to(size: int, *, after: Callable[..., object] | None = None) -> Callable[[View], View]:
    """Let a route take a larger body than others, in bytes; what `after` refuses by its address is never read."""

    def declare(view: View) -> View:
        setattr(view, "max_body", size)  # noqa: B010  (as above)
        setattr(view, "before_body", after)  # noqa: B010  (as above)
        return view

    return declare


def required_right(app: Flask, endpoint: str) -> Right | None:
    """Return the right a route declares."""
    if endpoint == "static":
        return Right.PUBLIC
    found = getattr(app.view_functions[endpoint], "required_right", None)
    return found if isinstance(found, Right) else None


def init_app(app: Flask) -> None:
    """Ask every request who it is before any view runs."""
    app.extensions[BASIC_CACHE] = VerifiedCredentials()
    app.before_request(_guard)
    app.after_request(_keep_private)


def current_account() -> Account | None:
    """Return who is signed in."""
    found = g.get("account")
    return found if isinstance(found, Account) else None


def recognise_reader() -> None:
    """Find out who reads a page of an error that came before any route asked, as at an address that leads nowhere."""
    if "account" in g:
        return
    try:
        g.account = _session_account()
    except ConnectionError:  # the page is shown all the same, without a name in its bar
        g.account = None


def current_actor() -> Actor:
    """Return the signed-in account as the engine's actor; only in routes that need one."""
    account = current_account()
    if account is None:
        raise NotSignedIn
    return actor_of(account)


def may(right: Right) -> bool:
    """Say whether whoever is signed in holds a right."""
    return holds(current_actor(), right, county=services().region)


def sign_in(login: str, password: str) -> Account:
    """Check the password and start a new session.

    Raises:
        SignInFailed: login or password is wrong.
        AccountLocked: too many wrong passwords.
    """
    account = _verify(login, password)
    start_session(account)
    return account


def start_session(account: Account) -> None:
    """Begin a session of this account, with nothing left of an earlier one."""
    now = int(services().now().timestamp())
    session.clear()
    session.update(
        login=account.login, epoch=account.session_epoch, started=now, seen=now, csrf=secrets.token_urlsafe(24)
    )
    g.account = account


def change_password(current_password: str, new_password: str) -> Account:
    """Give the own account a new password, end all of its sessions and start a new one here.

    Raises:
        PasswordRefused: the current password is wrong, or the new one is weak or the same.
        AccountLocked: too many wrong passwords.
    """
    command = ChangePassword(current_password=current_password, new_password=new_password)
    result = services().engine.execute(command, actor=current_actor())
    if isinstance(result, SignedIn):
        start_session(result.account)
        return result.account
    raise _refusal(result, PasswordRefused.because_current_is_wrong())


def sign_out() -> None:
    """End every session of the account: a copy of this browser's cookie is worth nothing afterwards."""
    services().engine.execute(SignOut(), actor=current_actor())
    session.clear()
    g.account = None


def csrf_token() -> str:
    """Return the token that changes from this browser must carry."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def masked_csrf_token() -> str:
    """Return the token in another guise each time: what a page packs beside it tells nothing of it by its size."""
    plain = csrf_token().encode()
    pad = secrets.token_bytes(len(plain))
    return base64.urlsafe_b64encode(pad + _either(pad, plain)).decode()


class VerifiedCredentials:
    """Remembers for a few minutes which Basic credentials were right, as argon2 is slow on purpose.

    Only keyed digests are kept, and they cover the stored hash: a changed password is forgotten at once.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._until: dict[bytes, datetime] = {}

    def knows(self, account: Account, password: str, now: datetime) -> bool:
        """Say whether these credentials were right a short time ago."""
        until = self._until.get(self._digest(account, password))
        return until is not None and now < until

    def remember(self, account: Account, password: str, now: datetime) -> None:
        """Keep credentials that are right, and drop what is over."""
        self._until = {digest: until for digest, until in self._until.items() if now < until}
        self._until[self._digest(account, password)] = now + BASIC_LASTS

    def _digest(self, account: Account, password: str) -> bytes:
        text = "\0".join((account.login, account.password_hash, password))
        return hmac.new(self._key, text.encode(), hashlib.sha256).digest()


def _guard() -> None:
    if request.endpoint is None or request.endpoint == "static":
        return
    require_plain_address(request)
    right = required_right(current_app, request.endpoint)
    if right is None:
        raise LookupError(f"route {request.endpoint} declares no right")
    g.account = _authenticate(right)
    _require(right)
    _open_body(current_app.view_functions[request.endpoint])
    if request.method in SAFE_METHODS:
        return
    if _is_basic():
        _require_own_site()
    else:
        _require_token(right)


def _open_body(view: Callable[..., object]) -> None:
    """Let as much of the body in as the route takes, now that it is known who sends it; before, none is read."""
    check = getattr(view, "before_body", None)
    if check is not None:
        check(**(request.view_args or {}))
    request.max_content_length = getattr(view, "max_body", current_app.config["MAX_CONTENT_LENGTH"])
    require_plain_form(request)


def _keep_private(response: Response) -> Response:
    """Let no browser or proxy keep what was shown: the next person at the desk presses Back."""
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _authenticate(right: Right) -> Account | None:
    if _is_basic() and right is not Right.PUBLIC:
        return _basic_account()
    return _session_account()


def _require(right: Right) -> None:
    if right is Right.PUBLIC:
        return
    is_allowed = may(right)
    account = current_account()
    view = current_app.view_functions[str(request.endpoint)]
    if account and account.must_change_password and not getattr(view, "before_password_change", False):
        raise PasswordMustChange
    if not is_allowed:
        raise RightMissing(right)


def _require_token(right: Right) -> None:
    if right is Right.PUBLIC and is_for_programs():
        return  # JSON from another site needs a preflight, which no route answers
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    expected = session.get("csrf")
    if not isinstance(expected, str) or not _is_token(given, expected.encode()):
        raise CsrfFailed


def _is_token(given: str, expected: bytes) -> bool:
    """Say whether a token is the one of the session, plain or masked."""
    return hmac.compare_digest(given.encode(), expected) or hmac.compare_digest(_unmasked(given), expected)


def _unmasked(given: str) -> bytes:
    try:
        both = base64.urlsafe_b64decode(given[:MOST_TOKEN])
    except ValueError:
        return b""
    return _either(both[: len(both) // 2], both[len(both) // 2 :])


def _either(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=False))


def _require_own_site() -> None:
    """Programs name no site; a browser that remembers credentials says which page sends the request."""
    origin = request.headers.get("Origin")
    is_foreign = origin is not None and urlsplit(origin).netloc != request.host
    if is_foreign or request.headers.get("Sec-Fetch-Site", "none") not in OWN_SITES:
        raise ForeignSite


def is_for_programs() -> bool:
    """Say whether the request is one to an API, which answers problems and takes HTTP Basic."""
    return request.path.startswith(API_PREFIXES)


def _is_basic() -> bool:
    """Programs identify themselves on the API alone, so that a page can never be driven by remembered credentials."""
    authorization = request.authorization
    return is_for_programs() and authorization is not None and authorization.type == "basic"


def _basic_account() -> Account:
    authorization = request.authorization
    login = (authorization.username if authorization else None) or ""
    password = (authorization.password if authorization else None) or ""
    cache: VerifiedCredentials = current_app.extensions[BASIC_CACHE]
    now = services().now()
    account = services().organisation.account(login) if _is_sane(login, password) else None
    if account and not account.is_locked(now) and cache.knows(account, password, now):
        return account
    account = _verify(login, password)
    cache.remember(account, password, now)
    return account


def _verify(login: str, password: str) -> Account:
    if not _is_sane(login, password):
        raise SignInFailed
    result = services().engine.execute(SignIn(login=login, password=password), actor=SYSTEM)
    if isinstance(result, SignedIn):
        return result.account
    raise _refusal(result, SignInFailed())


def _refusal(refused: SignInRefused, wrong: EngineError) -> EngineError:
    if refused.locked_until is None:
        return wrong
    return AccountLocked(until=refused.locked_until, now=services().now())


def _is_sane(login: str, password: str) -> bool:
    return "\0" not in login and login.isascii() and len(login) <= 64 and len(password) <= 1024


def _session_account() -> Account | None:
    login, epoch, started, seen = (session.get(name) for name in ("login", "epoch", "started", "seen"))
    if not isinstance(login, str) or not isinstance(started, int) or not isinstance(seen, int):
        return None
    now = int(services().now().timestamp())
    account = services().organisation.account(login)
    over = now - seen > IDLE.total_seconds() or now - started > LONGEST.total_seconds()
    if over or account is None or account.session_epoch != epoch:
        session.clear()
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    if now - seen > 60 and not getattr(view, "is_asked_by_itself", False):
        session["seen"] = now
    return account

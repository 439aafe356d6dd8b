"""Sessions in signed cookies, as Flask keeps them; what a cookie says is read once, not for every request."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

MOST_KNOWN = 2_000  # cookies, some 300 bytes each
_PLAIN = (str, int, type(None))  # values that nobody changes in place


class RememberedSessions(SecureCookieSessionInterface):
    """Knows again the cookies whose signature it has checked: a person at work sends the same one for a minute.

    What was known goes with the process, and with it the secret it was signed by.
    """

    def __init__(self) -> None:
        self._serializer: URLSafeTimedSerializer | None = None
        self._known: dict[str, tuple[dict[str, Any], float]] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs cookies, made once."""
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what a request's cookie says; a forged one, or one too old, says nothing."""
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        longest = app.permanent_session_lifetime.total_seconds()
        found = self._known.get(cookie)
        if found is None:
            found = self._read(serializer, cookie, longest)
        said, signed_at = found
        return self.session_class(said if time.time() - signed_at <= longest else None)

    def _read(self, serializer: URLSafeTimedSerializer, cookie: str, longest: float) -> tuple[dict[str, Any], float]:
        try:
            said, signed_at = serializer.loads(cookie, max_age=int(longest), return_timestamp=True)
        except BadSignature:
            return {}, 0.0
        found = said, signed_at.timestamp()
        if all(isinstance(one, _PLAIN) for one in said.values()):
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[cookie] = found
        return found

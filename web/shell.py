"""The frame around every page: who is signed in, where one can go, and the headers that keep browsers careful."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, Response, request

from web import assets, formats, i18n

if TYPE_CHECKING:
    from collections.abc import Callable

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the diagram and form tools position what they draw by style attributes
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationItem:
    """One entry of the top bar; its label is in the reader's language, its tone (danger, warn) colours the count."""

    label: str
    url: str
    count: int | None = None
    tone: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Entries that fold out of the top bar below one word."""

    label: str
    entries: tuple[NavigationItem, ...]

    @property
    def is_current(self) -> bool:
        """Say whether the page is one of the entries."""
        return any(one.is_current for one in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The person who is signed in, as the top bar shows them, and what folds out below the name."""

    name: str
    unit: str
    entries: tuple[NavigationItem, ...] = ()

    @property
    def is_current(self) -> bool:
        """Say whether the page is one of the entries."""
        return any(one.is_current for one in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What the frame of a page shows, worked out anew for every request; the menus fold out beside the navigation.

    `standing` says on every page who stands in for whom, with the page where it can be ended.
    """

    csrf_token: str = ""
    county: str = ""
    account: Account | None = None
    navigation: tuple[NavigationItem, ...] = ()
    menus: tuple[Menu, ...] = ()
    notices: NavigationItem | None = None
    standing: tuple[NavigationItem, ...] = ()
    sign_out_url: str = ""
    version: str = ""


def init_app(app: Flask, provide: Callable[[], Shell]) -> None:
    """Give an application the frame: languages, formats, `asset_url`, the variable `shell` and the headers.

    The application must serve `web.assets.STATIC` below `web.assets.STATIC_URL`.
    """
    i18n.init_app(app)
    formats.init_app(app)
    app.jinja_env.globals["asset_url"] = assets.asset_url
    app.context_processor(lambda: {"shell": provide()})
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith(f"{assets.STATIC_URL}/") and "v" in request.args and response.status_code == 200:
        response.headers["Cache-Control"] = FOR_EVER
    return response

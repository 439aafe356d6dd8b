"""Walking through all pages by their links."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.browser.conftest import CONTEXT

LANGUAGES = ("en", "zh")
VIEWS = ("tab", "action")
"""Arguments that make another page of the same address."""
SEEN_APART = frozenset({"tasks.task_page", "cases.case_page"})
"""Pages that look otherwise by the list one comes from: held by oneself, by nobody, done."""
LINKS = "[...document.links].filter((link) => link.origin === location.origin).map((link) => link.href)"
LINK = re.compile(r'<a [^>]*?href="(/[^"]*)"')
NOT_DRAWN = ", ".join(
    f"{one}:not([data-ready='true'])" for one in ("[data-form]", "figure[data-diagram]", "[data-editor]")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A page as one sort of person meets it: the same address in other states is another view."""

    endpoint: str
    state: tuple[tuple[str, str], ...]
    came_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The application that is walked through: where it is, and what of it is a page."""

    app: Flask
    url: str
    is_page: Callable[[str], bool]


class Visitor(Protocol):
    """Who looks at the pages that a walk comes to."""

    def wants(self, view: View, rights: frozenset[str]) -> bool:
        """Say whether this visitor looks at a view as somebody of these rights sees it."""

    def look(self, page: Page, address: str, view: View) -> None:
        """Look at a page."""


@dataclass(slots=True, kw_only=True)
class Walk:
    """Ways of several people through the pages: everybody goes everywhere they are led.

    `dead_ends` are links that lead nowhere, or to a page that its reader may not see.
    """

    house: House
    visitor: Visitor
    met: set[View] = field(default_factory=set)
    dead_ends: list[str] = field(default_factory=list)

    def through(
        self,
        browser: Browser,
        starts: Sequence[str],
        *,
        cookies: Mapping[str, str] | None = None,
        rights: frozenset[str] = frozenset(),
    ) -> None:
        """Go from some addresses along every link that leads to a view this person did not meet yet."""
        context = browser.new_context(**CONTEXT)
        context.set_default_timeout(60_000)
        for name, value in (cookies or {}).items():
            context.add_cookies([{"name": name, "value": value, "url": self.house.url}])
        try:
            self._walk(context.new_page(), starts, rights)
        finally:
            context.close()

    def endpoints(self) -> set[str]:
        """Return which pages were met."""
        return {view.endpoint for view in self.met}

    def _walk(self, page: Page, starts: Sequence[str], rights: frozenset[str]) -> None:
        met: set[View] = set()
        ways = deque((_plain(start), "") for start in starts)
        while ways:
            address, came_by = ways.popleft()
            view = self._view(address, came_by)
            if view is None or view in met:
                continue
            met.add(view)
            ways.extend((link, _tab(view)) for link in self._visited(page, address, view, rights))
        self.met |= met

    def _visited(self, page: Page, address: str, view: View, rights: frozenset[str]) -> list[str]:
        """Have a page looked at, if that is wanted, and return its links."""
        answer = page.request.get(self.house.url + address)
        if answer.status != 200:
            self.dead_ends.append(f"{address}: {answer.status}")
            return []
        if not self.visitor.wants(view, rights):
            return [_plain(unescape(link)) for link in LINK.findall(answer.text())]
        self.visitor.look(page, address, view)
        return [_plain(link) for link in page.evaluate(LINKS)]

    def _view(self, address: str, came_by: str) -> View | None:
        """Return which view an address leads to; none where it leads to no page."""
        parts = urlsplit(address)
        try:
            endpoint, _values = self.house.app.url_map.bind("").match(parts.path)
        except (HTTPException, RequestRedirect):
            self.dead_ends.append(f"{address}: leads nowhere")
            return None
        if not self.house.is_page(endpoint):
            return None
        state = tuple((name, value) for name, value in parse_qsl(parts.query) if name in VIEWS)
        return View(endpoint=endpoint, state=state, came_by=came_by if endpoint in SEEN_APART else "")


def opened(page: Page, url: str, address: str, language: str) -> int | None:
    """Open a page in a language, wait until all of it is drawn, and return its status."""
    answer = page.goto(f"{url}{address}{'&' if '?' in address else '?'}lang={language}")
    expect(page.locator(NOT_DRAWN)).to_have_count(0, timeout=60_000)
    return answer.status if answer else None


def _tab(view: View) -> str:
    """Return the tab of a list, by which the pages it leads to look otherwise."""
    return dict(view.state).get("tab", "")


def _plain(address: str) -> str:
    """Return the path and query of an address, without its language."""
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "lang"]
    return parts.path + (f"?{urlencode(query)}" if query else "")

"""A real Chromium, and the sample pages on a server of their own."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright
from werkzeug.serving import make_server

from tests.browser.sample.app import Received, create_app
from web import assets

ARGUMENTS = ["--no-sandbox", "--disable-gpu"]
CONTEXT: dict[str, Any] = {
    "viewport": {"width": 1366, "height": 768},
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Sample:
    """The running sample application."""

    url: str
    received: Received = field(default_factory=Received)


def browser_path() -> str:
    """Where the browser is: what RELIEF_CHROMIUM names, else the first Chromium on the path."""
    found = os.environ.get("RELIEF_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None or shutil.which(found) is None:
        asked = (
            f"RELIEF_CHROMIUM names {found}, which cannot be run" if found else f"none of {', '.join(NAMES)} is here"
        )
        pytest.fail(
            f"The browser tests need Chromium: {asked}. Run `make browser`, or install it with a Chinese font "
            "(apt-get install chromium fonts-noto-cjk), or set RELIEF_CHROMIUM=/path/to/chromium.",
            pytrace=False,
        )
    return found


@pytest.fixture(scope="session")
def bundles() -> None:
    """The browser bundles, built if they are not there."""
    assets.ensure(ROOT)


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker, to be run inside a page."""
    return (assets.install(ROOT) / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of the machine; one for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile in Chinese on a small office screen."""
    context = chromium.new_context(**CONTEXT)
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def sample(bundles: None) -> Iterator[Sample]:
    """The sample application, on a free port."""
    received = Received()
    server = make_server("127.0.0.1", 0, create_app(received), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Sample(url=f"http://127.0.0.1:{server.server_port}", received=received)
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Watch:
    """What went wrong on a page: script errors, console errors, requests to other hosts."""

    errors: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console.append(message.text)

    def on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob"):
            self.hosts.add(address.netloc)

    def listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self.on_console)
        page.on("request", self.on_request)


@pytest.fixture
def watch(context: BrowserContext) -> Watch:
    """Listens to every page of the context from its first moment."""
    watch = Watch()
    context.on("page", watch.listen)
    return watch


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    """A watched page."""
    return context.new_page()

"""A real Chromium, and the sample pages on a server of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright
from werkzeug.serving import make_server

from tests.browser.sample.app import Received, create_app
from web import assets

ARGUMENTS = ["--no-sandbox", "--disable-gpu"]
CHROMIUM = "/usr/bin/chromium"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Sample:
    """The running sample application."""

    url: str
    received: Received = field(default_factory=Received)


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
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile in Chinese on a small office screen."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai")
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

"""A real Chromium, and the sample pages on a server of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from tests.browser.sample.app import Received, create_app
from web import assets

ARGUMENTS = ["--no-sandbox", "--disable-gpu"]
CHROMIUM = "/usr/bin/chromium"


@dataclass(frozen=True)
class Sample:
    """The running sample application."""

    url: str
    received: Received = field(default_factory=Received)


@pytest.fixture(scope="session")
def bundles() -> None:
    """The browser bundles, built if they are not there."""
    assets.ensure(Path(__file__).resolve().parents[2])


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

    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)


@pytest.fixture
def watch(context: BrowserContext) -> Watch:
    """Listens to every page of the context from its first moment."""
    watch = Watch()

    def listen(page: Page) -> None:
        page.on("pageerror", lambda error: watch.complaints.append(str(error)))
        page.on("console", lambda message: message.type == "error" and watch.complaints.append(message.text))
        page.on("request", lambda request: watch.hosts.add(request.url.split("/")[2] if "://" in request.url else ""))

    context.on("page", listen)
    return watch


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    """A watched page."""
    return context.new_page()

"""`python -m tests.browser.pictures`: take docs/images/pages and docs/pages.md anew, every page in both languages.

The county is synthetic and the same every time. Pages are found by their links, as by the test that walks through
them: a new page is in the docs once this was run.
"""

from __future__ import annotations

import base64
import logging
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from api.scenario.county import quiet
from tests.browser.busy_county import begin_to_draw, busy_county
from tests.browser.conftest import ARGUMENTS, ROOT, browser_path
from tests.browser.test_every_page import FOR_STRANGERS, LED_BY_FORMS, in_order, is_page
from tests.browser.walk import LANGUAGES, House, View, Walk, opened
from web import assets

CASES = 9
SEED = 11
FOLDER = ROOT / "docs" / "images" / "pages"
LISTING = ROOT / "docs" / "pages.md"
QUALITY = 40
MOST = 4_000_000  # bytes of all pictures together
HEADING = "h => h ? h.innerText.replace(/\\s+/g, ' ').trim() : ''"
INTRODUCTION = """# 页面一览 Pages
每个页面的中文和英文画面，取自一个合成县：人员、号码和金额都是虚构的。
Every page in Chinese and in English, of a synthetic county: no person, number or amount is real.

`uv run python -m tests.browser.pictures` 重新生成本页和全部画面 takes this page and all pictures anew.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page that was pictured: its address without what tells one from another, and its headings."""

    name: str
    address: str
    login: str
    headings: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Camera:
    """Takes a picture of every page the first time a walk comes to it, as `login` sees it."""

    house: House
    login: str = ""
    pictures: dict[str, Picture] = field(default_factory=dict)
    bytes: int = 0

    def wants(self, view: View, _rights: frozenset[str]) -> bool:
        """Want one picture of each page."""
        return _name(view) not in self.pictures

    def look(self, page: Page, address: str, view: View) -> None:
        """Take a page's pictures."""
        name, headings = _name(view), {}
        for language in LANGUAGES:
            opened(page, self.house.url, address, language)
            headings[language] = page.locator("h1").first.evaluate(HEADING) if page.locator("h1").count() else ""
            self._write(page, FOLDER / f"{name}.{language}.webp")
        self.pictures[name] = Picture(name=name, address=self._shown(view), login=self.login, headings=headings)

    def _shown(self, view: View) -> str:
        rule = next(one for one in self.house.app.url_map.iter_rules() if one.endpoint == view.endpoint)
        query = "&".join(f"{name}={value}" for name, value in view.state)
        return re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", rule.rule) + (f"?{query}" if query else "")

    def _write(self, page: Page, file: Path) -> None:
        line = page.context.new_cdp_session(page)
        taken = line.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
        line.detach()
        content = base64.b64decode(taken["data"])
        file.write_bytes(content)
        self.bytes += len(content)


def main() -> int:
    """Write the pictures and the page that shows them; fail if they weigh too much."""
    assets.ensure(ROOT)
    quiet()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with busy_county(cases=CASES, seed=SEED) as busy, sync_playwright() as playwright:
        begin_to_draw(busy.county)
        chromium = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        house = House(app=busy.county.app, url=busy.url, is_page=is_page)
        camera = Camera(house=house)
        walk = Walk(house=house, visitor=camera)
        for login in sorted(in_order(busy), key=lambda login: login != busy.people["clerk"]):
            camera.login = login
            starts = ["/tasks", *LED_BY_FORMS.get(login, [])]
            walk.through(chromium, starts, cookies=busy.county.begin_session(login))
        camera.login = ""
        walk.through(chromium, FOR_STRANGERS)
        chromium.close()
    LISTING.write_text(
        "\n".join([INTRODUCTION, *map(_entry, sorted(camera.pictures.values(), key=_place))]), encoding="utf-8"
    )
    sys.stdout.write(f"{len(camera.pictures)} pages, {camera.bytes / 1000:.0f} kB\n")
    return int(camera.bytes > MOST)


def _name(view: View) -> str:
    return "-".join([view.endpoint.replace(".", "-"), *(value for _argument, value in view.state)])


def _place(picture: Picture) -> tuple[bool, str]:
    return (not picture.login, picture.address)


def _entry(picture: Picture) -> str:
    seen_by = f"`{picture.login}`" if picture.login else "任何人 anybody"
    images = " ".join(
        f"![{picture.headings[language] or picture.name}](images/pages/{picture.name}.{language}.webp)"
        for language in ("zh", "en")
    )
    title = " · ".join(dict.fromkeys(filter(None, (picture.headings["zh"], picture.headings["en"])))) or picture.name
    return f"## {title}\n`{picture.address}` · {seen_by}\n\n{images}\n"


if __name__ == "__main__":
    sys.exit(main())

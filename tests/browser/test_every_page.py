"""Every page the application has, met by its links as each sort of person meets it, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.busy_county import SUPERVISOR, BusyCounty, busy_county
from tests.browser.conftest import CONTEXT
from tests.browser.inspection import Inspection
from tests.browser.walk import LANGUAGES, House, Walk
from web.label_texts import LABELS

pytestmark = pytest.mark.browser

CASES = 6
SEED = 11
API = ("api.", "camunda.", "static", "openapi")
NOT_PAGES = {
    "batches.progress": "a part of the page of a batch",
    "circulars.draft": "a file, PDF or DOCX",
    "circulars.open_circular": "leads on to the month that was chosen",
    "conference.download": "a file as it was handed in",
    "conference.record_page": "leads on to the page of what a task is about",
    "documents.read_document": "a file, PDF or DOCX",
    "evidence.evidence_list": "a part of the page of a case or task",
    "evidence.changes": "JSON that an open panel asks for",
    "evidence.download": "a PDF with a watermark",
    "evidence.show": "a picture or PDF",
    "packages.export": "a file, ZIP",
    "templates.preview": "a file, PDF",
    "templates.take": "a file, DOCX",
    "pulse.pulse": "a number that an open list asks for",
    "tasks.changes": "JSON that an open list asks for",
    "tasks.home": "leads on to the work list or the profile",
}
"""Addresses one can GET that show no page of their own."""
WITHOUT_MATTER = {
    "batches.batch_page": "nobody did anything to many cases in this county",
    "bulk_completion.completion_page": "a form leads there with tasks that are ticked",
    "conference.item_page": "no meeting of the conference has been held in this county yet",
    "duplicates.duplicate_page": "nobody is suspected to be somebody else in this county",
    "migrations.reversal_page": "nobody migrated anything in this county",
    "payments.batch_page": "nothing is paid in its first month",
    "playing.play_page": "nobody plays in this county",
    "scenarios.scenario_page": "nobody plays in this county",
    "workbench.check_page": "nobody draws in this county",
    "workbench.editor": "nobody draws in this county",
    "photos.photo_page": "a code leads a phone there, for some minutes",
}
"""Pages that stand for something this county has none of; tests of their own show them."""
LED_BY_FORMS = {SUPERVISOR: ["/circulars/2026-10"]}
"""Where people begin beside their list: what a form leads to is no link."""
FOR_STRANGERS = ["/sign-in", "/status", "/apply", "/verify"]
"""Where people without an account begin: a slip, a notice board or a paper names these addresses."""
NAMES = (
    r"溧\w{0,6}?\d{9}-\d{4}-\d{6}(-SL)?",  # numbers of cases, and of their acceptance
    r"溧\w{1,4}〔\d{4}〕\d+号?",  # numbers of documents
    "|".join(name for name, _english in LABELS["agency"].values()),  # handed to a form as data by what was asked
    "救助通办|ReliefDesk",
    r"WS\d{9}-\d{4}-\d{6}",  # numbers of entries on line
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",  # an instance that has no number
    r"\b[A-Z][a-z]+_[A-Za-z]+\b",  # elements without a name, by their ids in the diagram
    r"\.(bpmn|dmn|form|docx)\b",  # endings of files
    r"\b[0-9a-f]{16}([0-9a-f]{48})?\b",  # digests and seeds
    'JSON|true|false|null|"granted"',  # as a value is typed
    "中文|English",  # languages are called as they call themselves
    "PDF|Word|WPS|Excel|DOCX|JavaScript|BPMN|DMN|XLSX|CSV|JPEG|PNG|WebP",  # formats and programs
    "KB|MB|SHA-256|P-TEST",  # units, methods, and the mark of figures that are nobody's policy
    "Powered by bpmn.io",  # said by the library that draws; its licence forbids to change it
)


SCREENS = {1366: 1, 1280: 1, 1024: 1, 720: 3}
"""Widths of screens, and on how many lines the bar may stand there."""
BAR = """() => {
  const bar = document.querySelector('.topbar');
  const isInSight = (one) => {
    const box = one.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    return box.left >= 0 && box.right <= innerWidth && one.contains(document.elementFromPoint(x, y));
  };
  const outside = [...bar.querySelectorAll('a, summary, button')]
    .filter((one) => !one.closest('ul') && !isInSight(one));
  const menus = [...bar.querySelectorAll('details')];
  for (const menu of menus) {
    menu.open = true;
    outside.push(...[...menu.querySelectorAll('a')].filter((one) => !isInSight(one)));
    menu.open = false;
  }
  const lines = Math.round(bar.getBoundingClientRect().height / 47);
  return {lines, menus: menus.length, outside: outside.map((one) => one.textContent.trim())};
}"""


@pytest.fixture(scope="module")
def busy(bundles: None) -> Iterator[BusyCounty]:
    with busy_county(cases=CASES, seed=SEED) as county:
        yield county


@pytest.mark.timeout(900)
def test_every_page_can_be_reached_read_and_operated_by_everybody_in_both_languages(
    busy: BusyCounty, chromium: Browser, axe: str
) -> None:
    house = House(app=busy.county.app, url=busy.url, is_page=is_page)
    inspection = Inspection(url=busy.url, axe=axe, without_data=without(busy.entered))
    walk = Walk(house=house, visitor=inspection)
    walk.through(chromium, FOR_STRANGERS)
    for login in in_order(busy):
        walk.through(
            chromium,
            ["/tasks", *LED_BY_FORMS.get(login, [])],
            cookies=busy.county.begin_session(login),
            rights=busy.rights(login),
        )

    pages = {one.endpoint for one in house.app.url_map.iter_rules() if "GET" in (one.methods or ())}
    unmet = {one for one in pages if is_page(one)} - walk.endpoints() - WITHOUT_MATTER.keys()
    wrong = [f"{what} at {', '.join(where[:3])}" for what, where in inspection.objections.items()]
    wrong += [f"dead end: {one}" for one in walk.dead_ends] + [f"no link leads to {one}" for one in sorted(unmet)]
    assert not wrong, "\n".join(wrong)


def test_every_entry_of_the_bar_is_in_sight_for_every_role(busy: BusyCounty, chromium: Browser) -> None:
    cut_off = []
    for login in in_order(busy):
        context = chromium.new_context(**CONTEXT)
        context.set_default_timeout(60_000)
        for name, value in busy.county.begin_session(login).items():
            context.add_cookies([{"name": name, "value": value, "url": busy.url}])
        page = context.new_page()
        for language in LANGUAGES:
            page.goto(f"{busy.url}/profile?lang={language}")
            for width, lines in SCREENS.items():
                page.set_viewport_size({"width": width, "height": 768})
                bar = page.evaluate(BAR)
                cut_off += [f"{login} {language} {width}: {one}" for one in bar["outside"]]
                assert bar["menus"] >= 2
                if bar["lines"] > lines:
                    cut_off.append(f"{login} {language} {width}: {bar['lines']} lines")
        context.close()

    assert not cut_off, "\n".join(cut_off)


def is_page(endpoint: str) -> bool:
    return not endpoint.startswith(API) and endpoint not in NOT_PAGES


def without(entered: frozenset[str]) -> Callable[[str], str]:
    """Return what takes out of a text whatever people entered, and the names that are the same in both languages."""
    words = sorted((word for word in entered if len(word) > 1), key=len, reverse=True)
    known = re.compile("|".join([*NAMES, *map(_alone, words)]))
    return lambda text: known.sub("", text)


def in_order(busy: BusyCounty) -> list[str]:
    """Return one of each role, those with most rights first."""
    return sorted(busy.people.values(), key=lambda login: len(busy.rights(login)), reverse=True)


def _alone(word: str) -> str:
    """Return the pattern of something entered; of letters only as a word of its own."""
    escaped = re.escape(word)
    return rf"(?<![A-Za-z_.]){escaped}(?![A-Za-z_])" if word.isascii() else escaped

"""What is asked of every page: rules of accessibility, both languages, keys, width, a silent console."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.browser.conftest import Watch
from tests.browser.walk import LANGUAGES, View, opened

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
VIOLATIONS = f"""async () => (await axe.run(document, {{ resultTypes: ['violations'], runOnly: {RULES} }})).violations
  .map((rule) => rule.id + ': ' + rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | '))"""
FITS = "document.documentElement.scrollWidth <= innerWidth"
TEXTS = """(other) => {
  const found = [document.title];
  const isMarked = (element) => Boolean(element.closest(`script, style, noscript, code, kbd, [lang|=${other}]`));
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!isMarked(walker.currentNode.parentElement)) found.push(walker.currentNode.data);
  for (const name of ['title', 'placeholder', 'aria-label', 'alt'])
    for (const element of document.querySelectorAll(`[${name}]`))
      if (!isMarked(element)) found.push(element.getAttribute(name));
  return found;
}"""
# Before the first press of Tab; WANTED says what can be operated, MISSED what of it the focus never came to.
UNFOLD = """document.querySelectorAll('details').forEach((details) => {
  for (const name of ['data-menu', 'name']) details.removeAttribute(name);  // or it would fold when the focus leaves it
  details.open = true;
})"""
LISTEN = "() => { window.met = new Set(); document.addEventListener('focusin', (event) => met.add(event.target)); }"
WANTED = """[...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=link], [tabindex="0"]')]
  .filter((one) => !one.disabled && one.getClientRects().length && getComputedStyle(one).visibility === 'visible'
    && !one.matches('.visually-hidden[tabindex="-1"]'))"""
COUNT = f"{WANTED}.length"
MISSED = f"""(() => {{
  const groups = new Set([...met].filter((one) => one.type === 'radio').map((one) => one.name));
  return {WANTED}.filter((one) => !met.has(one) && !(one.type === 'radio' && groups.has(one.name)))
    .map((one) => one.outerHTML.slice(0, 160));
}})()"""
FOREIGN = {"en": re.compile(r"[\u3400-\u9fff]"), "zh": re.compile(r"[A-Za-z]{2,}")}


@dataclass(slots=True, kw_only=True)
class Inspection:
    """Looks at every page; `objections` tells what was wrong, and where.

    Whether a page is drawn well and in one language is asked once for all people of the same rights, and what takes
    long, rules of accessibility and keys, of who meets a view first: let those who may most go first.
    """

    url: str
    axe: str
    without_data: Callable[[str], str]
    objections: dict[str, list[str]] = field(default_factory=dict)
    _seen: set[tuple[View, frozenset[str]]] = field(default_factory=set)
    _asked: set[View] = field(default_factory=set)
    _watches: dict[Page, Watch] = field(default_factory=dict)

    def wants(self, view: View, rights: frozenset[str]) -> bool:
        """Look at a view once for all of the same rights."""
        is_new = (view, rights) not in self._seen
        self._seen.add((view, rights))
        return is_new

    def look(self, page: Page, address: str, view: View) -> None:
        """Look at a page in both languages."""
        is_first = view not in self._asked
        self._asked.add(view)
        for language in LANGUAGES:
            self._look(page, address, language)
            if is_first:
                page.evaluate(self.axe)
                self._object(address, language, "axe", page.evaluate(VIOLATIONS))
        if is_first:
            self._object(address, "", "not reached by Tab", _missed_by_tab(page))

    def _look(self, page: Page, address: str, language: str) -> None:
        watch = self._watch(page)
        status = opened(page, self.url, address, language)
        self._object(address, language, "status", [] if status == 200 else [str(status)])
        self._object(address, language, "wider than the screen", [] if page.evaluate(FITS) else ["yes"])
        self._object(address, language, "not translated", self._foreign(page, language))
        told, watch.errors, watch.console = watch.errors + watch.console, [], []
        self._object(address, language, "console", told)

    def _watch(self, page: Page) -> Watch:
        """Return what listens to a page, from now on where nothing did."""
        if page not in self._watches:
            self._watches[page] = Watch()
            self._watches[page].listen(page)
        return self._watches[page]

    def _foreign(self, page: Page, language: str) -> list[str]:
        texts = page.evaluate(TEXTS, "en" if language == "zh" else "zh")
        left = (self.without_data(" ".join(text.split())) for text in dict.fromkeys(texts))
        return [text for text in left if FOREIGN[language].search(text)]

    def _object(self, address: str, language: str, what: str, found: Sequence[str]) -> None:
        for one in found:
            self.objections.setdefault(f"{language} {what}: {one}", []).append(address)


def _missed_by_tab(page: Page) -> list[str]:
    """Press Tab until the focus has been around, and return what it never came to."""
    page.evaluate(UNFOLD)
    page.evaluate(LISTEN)
    page.evaluate("document.activeElement.blur()")
    for _ in range(page.evaluate(COUNT) + 40):
        page.keyboard.press("Tab")
    missed: list[str] = page.evaluate(MISSED)
    return missed

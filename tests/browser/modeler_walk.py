"""A walk through the modeler: every kind of element, every group of its properties, every menu."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).with_suffix(".js")


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What was met: elements that could not be made, texts without words, and lines of the panel."""

    failed: list[str]
    untranslated: list[str]
    shown: list[str]


def walk_through(page: Page) -> Walked:
    """Make every kind of element, apply every template, open all there is of each."""
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    made = page.evaluate("modelerWalk.addEverything()")
    elements = [*made["created"], *page.evaluate("modelerWalk.applyTemplates()"), *page.evaluate("modelerWalk.flows()")]
    shown: set[str] = set()
    for element in elements:
        page.evaluate("id => modelerWalk.select(id)", element)
        page.evaluate("modelerWalk.openGroups()")
        shown |= set(page.locator("[data-panel]").inner_text().splitlines())
    untranslated = page.evaluate("[...document.querySelector('[data-editor]').untranslated].sort()")
    return Walked(failed=made["failed"], untranslated=untranslated, shown=sorted(shown))

"""The form viewer in a page of its own, to which submissions are handed by the dozen."""

from __future__ import annotations

import os
import subprocess
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from engine.json_values import JsonObject, dump_json, load_json
from tests.browser.corpus.submissions import Case
from web import assets

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
BATCH = 40

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What the viewer made of a submission: the values it hands in, what it objects to, the fields it shows."""

    values: JsonObject
    objections: dict[Place, list[str]]
    shown: frozenset[Place]
    failure: str | None


def bundle(target: Path) -> str:
    """Build the page's script from the packages of the front end, written below the target folder."""
    packages = assets.install(ROOT)
    script = target / "page.js"
    command = [
        *assets.find_toolchain().node,
        str(packages / "esbuild" / "bin" / "esbuild"),
        str(HERE / "page.js"),
        "--bundle",
        "--format=iife",
        "--charset=utf8",
        "--log-level=warning",
        f"--outfile={script}",
    ]
    environment = {**os.environ, "NODE_PATH": str(packages)}
    subprocess.run(command, check=True, env=environment, capture_output=True, text=True)
    return script.read_text(encoding="utf-8")


def play(page: Page, script: str, cases: Sequence[Case]) -> Iterator[tuple[Case, Played]]:
    """Play the cases, batch after batch, in a page that holds nothing but the script."""
    _load(page, script)
    left = deque(cases)
    while left:
        batch = list(islice(left, BATCH))
        told = [{"schema": case.schema, "data": case.opened_with, "answers": case.answers} for case in batch]
        outcomes = load_json(page.evaluate("text => window.play(text)", dump_json(told)))
        if len(outcomes) < len(batch):  # it broke down and goes on in a fresh page
            _load(page, script)
        for outcome in outcomes:
            yield left.popleft(), _played(outcome)


def _load(page: Page, script: str) -> None:
    page.goto("about:blank")
    page.set_content("<!doctype html><html lang='zh'><body hidden></body></html>")
    page.add_script_tag(content=script)


def _played(outcome: dict[str, Any]) -> Played:
    return Played(
        values=outcome["data"] or {},
        objections={tuple(error["path"]): error["messages"] for error in outcome["errors"]},
        shown=frozenset(map(tuple, outcome["shown"])),
        failure=outcome["failure"],
    )

"""A corpus of any size: python -m tests.browser.corpus --forms 1000 --submissions 10 --seed 2."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS, CONTEXT, browser_path
from tests.browser.corpus.report import report_on
from tests.browser.corpus.submissions import cases
from tests.browser.corpus.viewer import bundle


def main() -> int:
    """Play it and print the figures; 1 if a difference has no class."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.corpus", description=__doc__)
    for name, default in (("forms", 1000), ("submissions", 10), ("seed", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = bundle(Path(folder))
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        page = browser.new_context(**CONTEXT).new_page()
        page.set_default_timeout(0)
        corpus = list(cases(seed=asked.seed, forms=asked.forms, submissions=asked.submissions))
        report = report_on(page, script, corpus)
        browser.close()
    sys.stdout.write(f"{report}\n")
    return 1 if report.unknown else 0


if __name__ == "__main__":
    sys.exit(main())

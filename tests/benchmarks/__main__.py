"""`python -m tests.benchmarks [all|engine|language|pages] [--quick] [--json]`: everything that is measured, in one run.

The engine's part prints the tables of docs/performance.md; it judges nothing.
"""

from __future__ import annotations

import argparse
import json

from tests.benchmarks import language, pages
from tests.benchmarks.engine_speed import FULL, QUICK, measure, tables
from tests.browser.conftest import browser_path


def main() -> None:
    arguments = _arguments()
    if arguments.part in ("all", "engine"):
        plan = QUICK if arguments.quick else FULL
        figures = measure(plan, database_url=arguments.database_url, parked=arguments.parked)
        print(json.dumps(figures, indent=1, default=str) if arguments.json else "\n".join(tables(figures)), flush=True)
    if arguments.part == "pages":
        found = pages.measure(database_url=arguments.database_url, tasks=arguments.parked, browser=browser_path())
        print(json.dumps(found, indent=1) if arguments.json else "\n".join(pages.table(found)), flush=True)
    if arguments.part == "language" or (arguments.part == "all" and not arguments.quick):
        language.main(as_json=arguments.json)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("part", nargs="?", default="all", choices=("all", "engine", "language", "pages"))
    parser.add_argument("--quick", action="store_true", help="about two minutes: few rounds, few parked cases")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument(
        "--parked", type=int, help="how many parked cases: a million, 3000 when quick, 100000 for pages"
    )
    parser.add_argument("--database-url", help="a server other than the embedded one; may make databases")
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""One client process of several: told over stdin to prepare so many cases, and then to complete them."""

from __future__ import annotations

import json
import os
import sys
import time

from api.benchmark.case import MeasuredCases, Step
from api.bootstrap import open_house
from api.serving import settle_in
from api.settings import Settings


def main() -> None:
    order = json.loads(sys.stdin.readline())
    os.sched_setaffinity(0, order["cores"])
    environment = {"RELIEF_DATABASE_URL": order["url"], "RELIEF_DATA_FOLDER": order["folder"]}
    course = [Step(**one) for one in order["course"]]
    with open_house(Settings.from_environment(environment)) as house:
        cases = MeasuredCases(house.services.engine, house.services.queries)
        settle_in()
        for line in sys.stdin:
            instances = [cases.start(assigned=True) for _ in range(int(line))]
            print("ready", flush=True)
            sys.stdin.readline()
            started = time.perf_counter()
            for number, instance in enumerate(instances):
                for step in course:
                    cases.complete(instance, step, number)
            print(
                json.dumps({"count": len(instances) * len(course), "seconds": time.perf_counter() - started}),
                flush=True,
            )


if __name__ == "__main__":
    main()

"""One throw-away county for the room, copied for every scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from api.scenario.county import CountyMaker, county_maker
from api.scenario.course import Course
from api.scenario.model import Scenario
from api.scenario.reader import read_text, shipped_folder
from api.scenario.runner import run

Run = Callable[[Scenario], Course]


@pytest.fixture(scope="session")
def maker() -> Iterator[CountyMaker]:
    with county_maker() as made:
        yield made


@pytest.fixture
def run_scenario(maker: CountyMaker) -> Run:
    def ran(scenario: Scenario) -> Course:
        with maker.county(scenario.starts_at) as county:
            return run(scenario, county)

    return ran


def changed(name: str, *changes: tuple[str, str]) -> Scenario:
    """Return a shipped scenario with some of its text replaced."""
    text = (shipped_folder() / f"{name}.yaml").read_text(encoding="utf-8")
    for there, instead in changes:
        assert there in text, there
        text = text.replace(there, instead)
    return read_text(text, f"{name}.yaml")

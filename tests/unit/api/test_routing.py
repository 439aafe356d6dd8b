"""Routes that compile what writes their addresses late write the same addresses."""

from __future__ import annotations

import pytest
from werkzeug.routing import BuildError, Map, Rule

from api.routing import LateRule

DRAWN = {
    "/cases/<number>": {"number": "CP 1/2"},
    "/tasks/<uuid:task_id>/": {"task_id": "0b9d6a6e-0000-4000-8000-000000000000"},
    "/states/<int:version>": {"version": 7, "page": 2, "sort": "名称"},
    "/files/<path:name>": {"name": "a/b.bpmn"},
    "/": {"q": "x&y"},
}


@pytest.mark.parametrize("append_unknown", [True, False])
@pytest.mark.parametrize("path", DRAWN)
def test_addresses_are_those_of_werkzeug(path: str, append_unknown: bool) -> None:
    built = [
        Map([kind(path, endpoint="there")]).bind("relief").build("there", DRAWN[path], append_unknown=append_unknown)
        for kind in (Rule, LateRule)
    ]
    assert built[0] == built[1]


def test_a_value_that_does_not_fit_leads_nowhere() -> None:
    there = Map([LateRule("/states/<int:version>", endpoint="there")]).bind("relief")
    with pytest.raises(BuildError):
        there.build("there", {"other": 1})
    assert there.match("/states/7") == ("there", {"version": 7})

"""The stored form of what happened in one run."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.core import listener_facts
from engine.core import model as core
from engine.journal import KINDS, JournalUnreadable, read_entry, write_entry
from engine.json_values import dump_json

PLACE = {"key": 3, "definition": "d1", "element": "a"}
NOW = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)


def test_every_fact_has_a_line_of_its_own_in_the_journal() -> None:
    named = [*vars(core).values(), *vars(listener_facts).values()]
    facts = {one for one in named if isinstance(one, type) and issubclass(one, core.Fact)} - {core.Fact}

    assert set(KINDS) == facts
    assert len({name for name, _, _ in KINDS.values()}) == len(KINDS)


def test_lines_come_back_in_order_with_what_they_tell() -> None:
    waiting = core.Subscription(
        key=9, kind="timer", element="t", due=NOW, repeat=core.Repeat(left=None, interval="P1D")
    )
    facts = [
        core.Entered(**PLACE, scope=1, tag="userTask", name="A", loop_counter=2),
        core.VariableSet(key=1, definition="d2", element="P", name="amount", value=[Decimal("10.50"), None, "元"]),
        core.Subscribed(**PLACE, subscription=waiting),
        core.WorkClosed(**PLACE, kind="job", completed=True),
        core.InstanceEnded(key=1, definition="d2", element="P", cancelled=True, variables={"x": 1}),
    ]

    lines = read_entry(write_entry(facts))

    assert [(line.kind, line.key, line.definition, line.element) for line in lines] == [
        ("entered", 3, "d1", "a"),
        ("variable-set", 1, "d2", "P"),
        ("subscribed", 3, "d1", "a"),
        ("work-closed", 3, "d1", "a"),
        ("ended", 1, "d2", "P"),
    ]
    assert [line.more for line in lines] == [
        {"scope": 1, "loop_counter": 2},
        {"name": "amount", "value": [Decimal("10.50"), None, "元"]},
        {
            "subscription": 9,
            "kind": "timer",
            "catcher": "t",
            "name": None,
            "correlation_key": None,
            "due": "2026-06-15T09:00:00+00:00",
            "repeat": [None, "P1D"],
        },
        {"completed": True},
        {"cancelled": True, "variables": {"x": 1}},
    ]


def test_a_line_that_tells_more_than_this_version_knows_is_read() -> None:
    stored = zlib.compress(
        dump_json([1, ["d"], [["left", 4, 0, "b", "later"], ["something-new", 5, 0, "c", 1, 2]]]).encode()
    )

    assert [(line.kind, line.key, line.more) for line in read_entry(stored)] == [
        ("left", 4, {}),
        ("something-new", 5, {}),
    ]


@pytest.mark.parametrize(
    "stored", [b"", b"damaged", zlib.compress(b"not json"), zlib.compress(b"[2,[],[]]"), zlib.compress(b"{}")]
)
def test_what_is_no_entry_is_told_plainly(stored: bytes) -> None:
    with pytest.raises(JournalUnreadable):
        read_entry(stored)

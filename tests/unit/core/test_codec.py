from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.core.codec import SnapshotUnreadable, decode, encode
from engine.core.listener_model import Ending, Listening, TaskAttributes
from engine.core.model import Compensable, ElementInstance, MultiInstance, Repeat, Snapshot, Stage, Subscription


def full_snapshot():
    timer = Subscription(
        key=3,
        kind="timer",
        element="Timer",
        due=datetime(2026, 1, 31, 9, 0, 0, 250_000, tzinfo=UTC),
        repeat=Repeat(left=None, interval="P1M"),
    )
    message = Subscription(key=4, kind="message", element="Catch", name="材料已补正", correlation_key="A-1")
    root = ElementInstance(
        key=1,
        definition="9c1f",
        element="Process",
        scope=0,
        variables={"amount": Decimal("1234567890.10"), "name": "张三", "none": None, "list": [1, {"typename": "x"}]},
        tokens={"Join": {"flow_1": 2}},
        compensable=(
            pay := Compensable(activity="Pay", handler="Undo", variables={"sum": Decimal("0.1")}),
            Compensable(activity="Grant", handler=None, variables={}, inner=(pay,)),
        ),
        subscriptions=(timer, message),
    )
    body = ElementInstance(
        key=2,
        definition="9c1f",
        element="Task",
        scope=1,
        loop_counter=3,
        body=MultiInstance(items=(1, "b", None), next_index=2, finished=1),
        incident="expression: it failed",
        stage=Stage.LEAVING,
        has_handed_over=True,
    )
    waits = Subscription(key=6, kind="conditional", element="Guard")
    ad_hoc = ElementInstance(
        key=5, definition="9c1f", element="Choice", scope=1, is_fulfilled=True, subscriptions=(waits,)
    )
    entering = ElementInstance(
        key=8, definition="9c1f", element="Late", scope=1, stage=Stage.ENTERING, event={"x": 1}, given={"n": 1}
    )
    begun = ElementInstance(key=7, definition="9c1f", element="Choice", scope=5, is_activation=True)
    return Snapshot(next_key=9, instances=(root, body, ad_hoc, begun, entering))


def test_a_snapshot_comes_back_equal():
    snapshot = full_snapshot()
    assert decode(encode(snapshot)) == snapshot


def test_what_an_earlier_release_stored_without_what_is_within_it_is_read():
    root = [1, "9c1f", "Process", 0, {}, {"undo": [["Pay", "Undo", {"sum": 1}]]}]
    stored = zlib.compress(json.dumps([1, 2, [root]]).encode())
    assert decode(stored).instances[0].compensable == (
        Compensable(activity="Pay", handler="Undo", variables={"sum": 1}),
    )


def test_decimals_keep_every_digit():
    decoded = decode(encode(full_snapshot()))
    assert str(decoded.instances[0].variables["amount"]) == "1234567890.10"


def test_a_small_snapshot_is_small():
    instances = (
        ElementInstance(key=1, definition="4f0c2f0e-9f4e-4d53-9a25-5c1f6d2a7a11", element="Process", scope=0),
        ElementInstance(key=2, definition="4f0c2f0e-9f4e-4d53-9a25-5c1f6d2a7a11", element="Task", scope=1),
    )
    assert len(encode(Snapshot(next_key=3, instances=instances))) < 150


@pytest.mark.parametrize("stored", [b"", b"not compressed", zlib.compress(b"{not json"), zlib.compress(b"[]")])
def test_damaged_bytes_are_refused(stored):
    with pytest.raises(SnapshotUnreadable):
        decode(stored)


def test_another_format_is_refused_by_its_number():
    with pytest.raises(SnapshotUnreadable, match="format 99"):
        decode(zlib.compress(b"[99,1,[]]"))


@pytest.mark.parametrize(
    "document",
    [
        [1],
        [True, 1, []],
        [1, 5, 7],
        [1, 5, [[1, "P", "P", 0, {}]]],
        [1, 5, [[1, "P", "P", 0, {}, {"stage": "nowhere"}]]],
        [1, 5, [[1, "P", "P", 0, {}, {"waits": [[1]]}]]],
        [1, 5, [[1, "P", "P", 0, {}, {"what": "is this"}]]],
        [2, 5, [[1, "P", "P", 0, {}, {"what": "is this"}]]],
        [3, 5, [[1, "P", "P", 0, {}, {}]]],
        [1, 5, [[1, "P", "P", 0, {}, {"listens": {"event": "start", "of": "tomorrow"}}]]],
    ],
)
def test_what_a_later_version_may_have_written_is_refused(document):
    with pytest.raises(SnapshotUnreadable):
        decode(zlib.compress(json.dumps(document).encode()))


def test_an_element_of_a_snapshot_written_before_has_neither_begun_by_an_event_nor_handed_over():
    stored = zlib.compress(json.dumps([1, 5, [[1, "P", "P", 0, {"n": 1}, {"stage": "leaving"}]]]).encode())
    [element] = decode(stored).instances
    assert (element.event, element.given, element.has_handed_over) == (None, None, False)


def number_of(**element):
    here = ElementInstance(**{"key": 1, "definition": "9c1f", "element": "P", "scope": 0, **element})
    return json.loads(zlib.decompress(encode(Snapshot(next_key=9, instances=(here,)))))[0]


PLAIN = {"key": 2, "kind": "timer", "element": "T", "due": datetime(2026, 1, 31, tzinfo=UTC)}


@pytest.mark.parametrize(
    "element",
    [
        {"variables": {"a": 1}, "tokens": {"Join": {"flow": 1}}, "incident": "job: it failed"},
        {"loop_counter": 2, "body": MultiInstance(items=(1,), next_index=1, finished=0)},
        {"stage": Stage.LEAVING},
        {"stage": Stage.ENTERING},
        {"compensable": (Compensable(activity="Pay", handler="Undo", variables={}),)},
        {"subscriptions": (Subscription(key=2, kind="message", element="M", name="m", correlation_key="1"),)},
        {"subscriptions": (Subscription(**PLAIN, repeat=Repeat(left=2, interval="PT1H")),)},
    ],
)
def test_what_the_first_release_reads_is_written_in_its_format(element):
    assert number_of(**element) == 1


@pytest.mark.parametrize(
    "element",
    [
        {"stage": Stage.LEAVING, "has_handed_over": True},
        {"stage": Stage.ENTERING, "given": {"n": 1}},
        {"stage": Stage.ENTERING, "event": {"n": 1}},
        {"stage": Stage.TERMINATING, "ending": Ending(kind="cancelled")},
        {"is_activation": True},
        {"is_fulfilled": True},
        {"job": 7},
        {"unseen": (3,)},
        {"listening": Listening(event="start")},
        {"task": TaskAttributes(assignee="ann")},
        {"compensable": (Compensable(activity="Grant", handler=None, variables={}),)},
        {"subscriptions": (Subscription(key=2, kind="conditional", element="C"),)},
        {"subscriptions": (Subscription(**PLAIN, at_once=3),)},
        {"subscriptions": (Subscription(**PLAIN, repeat=Repeat(left=None, interval="2026-01-31T09:00:00Z/P1M")),)},
        {"subscriptions": (Subscription(**PLAIN, repeat=Repeat(left=None, interval="0 0 9 * * *")),)},
    ],
)
def test_what_the_first_release_would_lose_is_written_in_a_format_it_refuses(element):
    assert number_of(**element) == 2

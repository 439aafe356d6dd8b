"""What must be true after all that happened: everything acknowledged is there, nothing twice, nothing left open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from api.bootstrap import House
from tests.chaos.load import Acknowledged

COUNTS = {
    "running": "process_instance WHERE state <> 'completed' OR snapshot IS NOT NULL",
    "open tasks": "user_task WHERE state <> 'completed'",
    "jobs": "job",
    "timers": "timer",
    "subscriptions": "event_subscription",
    "deliveries": "delivery",
    "incidents": "incident",
    "unfinished activities": "activity_instance WHERE left_at IS NULL",
}
ONCE = ("begin", "fork", "decide", "tell", "wait", "hear", "close", "e")
PASSED = ("completed", "completed", "job-completed", "message", "timer")


def are_over(house: House, numbers: Sequence[str]) -> bool:
    """Say whether as many cases have ended as were begun; a database that is away says no."""
    try:
        return bool(_one(house, "SELECT count(*) FROM process_instance WHERE state = 'completed'") >= len(numbers))
    except ConnectionError:
        return False


def assert_all_happened_once(
    house: House, noted: Acknowledged, calls: Mapping[str, Sequence[Any]], *, begun: Sequence[str]
) -> None:
    """Compare the database and the receiver with what the clients know."""
    assert noted.unexpected == []
    assert {name: _one(house, f"SELECT count(*) FROM {query}") for name, query in COUNTS.items()} == dict.fromkeys(
        COUNTS, 0
    )
    cases = _all(house, "SELECT business_key FROM process_instance")
    assert Counter(row.business_key for row in cases) == Counter(dict.fromkeys(begun, 1))
    _every_step_was_gone_once(house, begun)
    _every_completion_is_there(house, noted)
    _every_job_was_told_and_completed_once(house, noted, calls, begun)
    _every_message_reached_its_case(house, begun)


def _every_step_was_gone_once(house: House, begun: Sequence[str]) -> None:
    passed = _all(
        house,
        "SELECT business_key, element_id, count(*) AS times FROM activity_instance "
        "JOIN process_instance ON process_instance.id = process_instance_id "
        "WHERE element_id NOT IN ('P', 'join') GROUP BY 1, 2",
    )
    expected = dict.fromkeys(((number, element) for number in begun for element in ONCE), 1)
    assert {(row.business_key, row.element_id): row.times for row in passed} == expected
    actions = _all(
        house,
        "SELECT business_key, array_agg(action ORDER BY action) AS actions FROM history_entry "
        "JOIN process_instance ON process_instance.id = process_instance_id "
        "WHERE action IN ('completed', 'job-completed', 'message', 'timer') GROUP BY 1",
    )
    assert {row.business_key: tuple(row.actions) for row in actions} == dict.fromkeys(begun, PASSED)


def _every_completion_is_there(house: House, noted: Acknowledged) -> None:
    assert [task for task, values in noted.completed.items() if len(values) != 1] == []
    rows = _all(house, "SELECT id, state, completed_by FROM user_task")
    kept = {str(row.id): row.completed_by for row in rows if row.state == "completed"}
    lost = {task for task, (value,) in noted.completed.items() if kept.get(task) != value.partition(":")[0]}
    assert lost == set()


def _every_job_was_told_and_completed_once(
    house: House, noted: Acknowledged, calls: Mapping[str, Sequence[Any]], begun: Sequence[str]
) -> None:
    keys_of_case: dict[str, set[str]] = {}
    decided = {task: value for task, (value,) in noted.completed.items()}
    known = {str(row.id) for row in _all(house, "SELECT id FROM user_task WHERE element_id = 'decide'")}
    for key, bodies in calls.items():
        for body in bodies:
            keys_of_case.setdefault(body["number"], set()).add(key)
            task = body["decided"].partition(":")[2]
            assert task in known
            assert decided.get(task, body["decided"]) == body["decided"]
    assert {number: len(keys) for number, keys in keys_of_case.items()} == dict.fromkeys(begun, 1)
    told = {body["decided"].partition(":")[2] for bodies in calls.values() for body in bodies}
    assert decided.keys() & known <= told


def _every_message_reached_its_case(house: House, begun: Sequence[str]) -> None:
    reached = _all(
        house,
        "SELECT name, correlation_key, count(process_id) AS times FROM message "
        "LEFT JOIN message_correlation ON message_correlation.message_id = message.id GROUP BY 1, 2",
    )
    expected = {(name, number): 1 for name in ("begin", "answer") for number in begun}
    assert {(row.name, row.correlation_key): row.times for row in reached} == expected


def _one(house: House, query: str) -> Any:
    with house.database.connect() as connection:
        return connection.execute(text(query)).scalar_one()


def _all(house: House, query: str) -> Sequence[Any]:
    with house.database.connect() as connection:
        return connection.execute(text(query)).all()

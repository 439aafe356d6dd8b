"""Drawn numbers and days that could never be read are refused; those that can, and expressions, are not."""

from __future__ import annotations

import pytest

from engine.bpmn.lint import lint
from tests.processes.diagrams import end, flows, job, one_process, start, user, zeebe

HUGE = "9" * 5000


def codes(*body: str) -> list[str]:
    found = {finding.code for finding in lint(one_process(start(), *body, end()))}
    return sorted(found & {"bad-value", "timer-not-readable"})


@pytest.mark.parametrize(
    ("tag", "attribute", "value", "expected"),
    [
        ("priorityDefinition", "priority", "500", "bad-value"),
        ("priorityDefinition", "priority", "high", "bad-value"),
        ("priorityDefinition", "priority", HUGE, "bad-value"),
        ("taskSchedule", "dueDate", "tomorrow", "timer-not-readable"),
        ("taskSchedule", "followUpDate", "2026-13-01", "timer-not-readable"),
        ("priorityDefinition", "priority", " 100 ", None),
        ("priorityDefinition", "priority", "=urgency", None),
        ("taskSchedule", "dueDate", "2026-05-01T09:00:00+08:00", None),
        ("taskSchedule", "dueDate", '=now() + duration("P3D")', None),
    ],
)
def test_a_user_task(tag: str, attribute: str, value: str, expected: str | None) -> None:
    drawn = user("u", zeebe(tag, **{attribute: value}))
    assert codes(drawn, flows("s>u>e")) == ([expected] if expected else [])


@pytest.mark.parametrize(("retries", "is_refused"), [("abc", True), ("-1", True), ("3", False), ("=retries", False)])
def test_a_service_task(retries: str, *, is_refused: bool) -> None:
    drawn = job("j").replace('type="', f'retries="{retries}" type="', 1)
    assert codes(drawn, flows("s>j>e")) == (["bad-value"] if is_refused else [])

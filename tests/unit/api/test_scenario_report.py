"""What is expected is compared with what is found, and both are said."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from api.scenario.course import Course, Failure, TrailLine
from api.scenario.reader import read_file, shipped_folder
from api.scenario.report import as_json, as_text, progress_line
from engine.json_values import dump_json, load_json
from workflows.playing.comparing import Comparison, compared

AT = datetime(2026, 9, 14, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expected", "found", "holds"),
    [
        (1964, "1964.00", True),
        (Decimal("1964.5"), "1964.50", True),
        ("closed", "closed", True),
        ("2026-04-13", "2026-04-13", True),
        (None, None, True),
        (True, True, True),
        (True, 1, False),
        (1964, None, False),
        ("closed", "open", False),
        (["a"], ["b"], False),
    ],
)
def test_numbers_are_the_same_however_they_are_written(expected: Any, found: Any, holds: bool) -> None:
    assert Comparison(what="x", expected=expected, found=found).holds is holds


def test_only_what_is_expected_of_an_object_is_compared() -> None:
    found = {"amount": "5.00", "state": "done", "rows": [{"a": 1, "b": 2}]}
    rows = list(compared("x", {"amount": 5, "rows": [{"b": 3}], "missing": "y"}, found))

    assert [(one.what, one.holds) for one in rows] == [("x amount", True), ("x rows 1 b", False), ("x missing", False)]


def test_lists_of_another_length_differ_as_a_whole() -> None:
    assert [one.holds for one in compared("x", ["a"], ["a", "b"])] == [False]
    assert [one.holds for one in compared("x", [], [])] == [True]


def course() -> Course:
    scenario = read_file(shipped_folder() / "a1.yaml")
    found = Course(scenario=scenario, office=None, at=AT)  # type: ignore[arg-type]  # nobody is asked
    found.trail.append(TrailLine(at=AT, who="kunlun.clerk", what="审核材料"))
    found.comparisons += [
        Comparison(what="status", expected="closed", found="closed", at=AT, line=60),
        Comparison(what="subsistence amount", expected=1964, found="1964.00", at=AT, line=64),
    ]
    return found


def test_what_holds_is_said_without_what_is_open() -> None:
    held = course()
    held.closing = {"cases": {}, "open_tasks": [{"element_id": "Task_Late"}], "incidents": []}
    text = "\n".join(as_text(held))

    assert "✗" not in text
    assert "Task_Late" not in text
    assert "2026-09-14 09:30  kunlun.clerk" in text
    assert progress_line(held, number=1, total=3).startswith("[1/3] ✓ A1 ")


def test_what_differs_is_said_with_its_line_the_open_tasks_and_the_incidents() -> None:
    differing = course()
    differing.comparisons.append(Comparison(what="due_on", expected="2026-10-30", found=None, at=AT, line=62))
    differing.failure = Failure(line=44, zh="没有任务。", en="No task.")
    differing.closing = {
        "cases": {},
        "open_tasks": [
            {
                "business_key": "溧民救1",
                "element_id": "Task_FirstOpinion",
                "name": "初审",
                "name_en": "First opinion",
                "candidate_groups": ["township/reviewer"],
                "assignee": None,
                "due_on": "2026-10-08",
            }
        ],
        "incidents": [
            {
                "business_key": "溧民救1",
                "element_id": "Service_Letter",
                "element_name": "写信",
                "kind": "handler",
                "reason": "KeyError: name",
                "raised_at": "2026-09-14T01:30:00+00:00",
            }
        ],
    }
    text = "\n".join(as_text(differing))

    assert "✗ due_on: 预期 expected 2026-10-30，实得 found — @ 2026-09-14 09:30 (第 62 行 line 62)" in text
    assert "a1.yaml:44: 没有任务。 No task." in text
    assert "Task_FirstOpinion 初审 / First opinion [township/reviewer]  期限 due 2026-10-08" in text
    assert "Service_Letter (写信) handler: KeyError: name" in text
    assert progress_line(differing, number=2, total=3).startswith("[2/3] ✗ A1 ")


def test_a_program_reads_the_same() -> None:
    differing = course()
    differing.failure = Failure(line=44, zh="没有任务。", en="No task.")
    differing.closing = {"cases": {}, "open_tasks": [], "incidents": []}
    read = load_json(dump_json(as_json([differing])))

    assert read["holds"] is False
    [scenario] = read["scenarios"]
    assert scenario["failure"] == {"line": 44, "zh": "没有任务。", "en": "No task."}
    assert [one["holds"] for one in scenario["compared"]] == [True, True]
    assert scenario["compared"][1]["line"] == 64
    assert scenario["trail"][0]["at"] == "2026-09-14T09:30:00+08:00"

"""How a scenario runs: time passes in order, people are who they are, and what goes wrong is said with its line."""

from __future__ import annotations

import pytest

from api.scenario.course import Course, local_day
from api.scenario.model import Scenario
from api.scenario.reader import read_text
from api.scenario.report import as_text
from engine.errors import NotFound
from tests.scenarios.conftest import Run
from workflows.host import INSIDE

HEAD = """\
id: T
title: 试
title_en: A trial
starts_at: 2026-09-14T09:00:00+08:00
application: &application
  region: '320481001'
  needs: [subsistence]
  household: {address: 燕山路, tenure: owned, own_area: 78, settlement: town}
  members:
    - name: 钱国平
      identity_number: '320499198508013019'
      relation: self
      phone: '19900003001'
      labour_capacity: full
      employment: jobless
  account: {bank: 江苏农商银行, holder: 钱国平, number: '6229990000000000012'}
  documents: [application_form, identity_papers, authorisation, truth_promise, bank_account]
"""
TAKEN_IN = "tasks: [Task_CheckCompleteness, Task_RecordAuthorisations]"


def scenario(*steps: str, head: str = HEAD, expected: str = "{incidents: 0}") -> Scenario:
    body = "".join(f"  - {{at: 2026-09-{step}}}\n" for step in steps)
    return read_text(f"{head}steps:\n{body}expected: {expected}\n", "t.yaml")


def failure(course: Course) -> tuple[int, str]:
    assert course.failure is not None, "\n".join(as_text(course))
    return course.failure.line, f"{course.failure.zh} {course.failure.en}"


def differing(course: Course) -> list[tuple[str, object, object]]:
    assert course.failure is None, course.failure
    return [(one.what, one.expected, one.found) for one in course.comparisons if not one.holds]


def test_a_timer_between_two_steps_fires_at_its_own_time(run_scenario: Run) -> None:
    silent = "14T09:10:00+08:00, do: agency_behaves, with: {agency: bank, mode: silent}"
    course = run_scenario(
        scenario(
            silent,
            f"14T09:30:00+08:00, by: kunlun.clerk, {TAKEN_IN}",
            "18T09:00:00+08:00, expect: {tasks: [Task_FirstSurveyor]}",
            "30T09:00:00+08:00, expect: {tasks: [Task_EnterAnswer, Task_FirstSurveyor], calls: {tax: 1}}",
        )
    )
    assert differing(course) == []
    [entering] = [one for one in course.closing["open_tasks"] if one["element_id"] == "Task_EnterAnswer"]
    assert local_day(entering["created_at"]) == "2026-09-20"  # a Sunday that is worked; the desk looks on the 30th


def test_a_refusal_must_come_and_be_the_expected_one(run_scenario: Run) -> None:
    first = "15T09:00:00+08:00, by: kunlun.surveyor1, tasks: [Task_FirstSurveyor]"
    same = "15T10:00:00+08:00, by: kunlun.surveyor1, tasks: [{task: Task_SecondSurveyor, refused: %s}]"
    course = run_scenario(
        scenario(
            f"14T09:30:00+08:00, by: kunlun.clerk, {TAKEN_IN}",
            first,
            same % "FOUR_EYES_VIOLATION",
            same % "not-permitted",
            "15T11:00:00+08:00, by: kunlun.surveyor2, tasks: [{task: Task_SecondSurveyor, refused: four-eyes}]",
        )
    )
    assert [(expected, found) for _, expected, found in differing(course)] == [
        ("not-permitted", "four-eyes"),
        ("four-eyes", "办成/done"),
    ]


def test_of_a_role_the_first_does_it_whom_four_eyes_allow(run_scenario: Run) -> None:
    by_role = "by: township/surveyor@320481001"
    course = run_scenario(
        scenario(
            f"14T09:30:00+08:00, by: kunlun.clerk, {TAKEN_IN}",
            f"15T09:00:00+08:00, {by_role}, tasks: [Task_FirstSurveyor, Task_SecondSurveyor]",
        )
    )
    assert differing(course) == []
    assert [one.who for one in course.trail[-2:]] == ["kunlun.surveyor1", "kunlun.surveyor2"]


def test_a_task_that_is_not_open_ends_the_course_with_the_line_and_what_is_open(run_scenario: Run) -> None:
    course = run_scenario(scenario("15T09:00:00+08:00, by: kunlun.reviewer, tasks: [Task_FirstOpinion]"))
    line, text = failure(course)

    assert line == 19
    assert "Task_FirstOpinion" in text
    assert "kunlun.reviewer" in text
    assert "Task_CheckCompleteness" in "\n".join(as_text(course))


def test_answers_stand_over_the_sensible_ones_and_the_form_has_the_last_word(run_scenario: Run) -> None:
    answers = "{task: Task_CheckCompleteness, answers: {completeness: perhaps}}"
    course = run_scenario(scenario(f"14T09:30:00+08:00, by: kunlun.clerk, tasks: [{answers}]"))
    line, text = failure(course)

    assert line == 19
    assert "completeness" in text


def test_a_task_without_any_answer_names_what_its_form_requires(
    run_scenario: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.demo.staff.known_answers", dict)
    course = run_scenario(scenario("14T09:30:00+08:00, by: kunlun.clerk, tasks: [Task_CheckCompleteness]"))

    assert "completeness" in failure(course)[1]


def test_a_second_application_is_a_case_of_its_own(run_scenario: Run) -> None:
    course = run_scenario(
        scenario(
            "15T09:00:00+08:00, by: kunlun.clerk, apply: *application, as: second",
            "15T10:00:00+08:00, by: kunlun.clerk, case: second,"
            " tasks: [{task: Task_CheckCompleteness, where: {business_key: $second}}, Task_RecordAuthorisations]",
            "15T10:00:00+08:00, expect: {cases: {second: {summary: {number: $second}}}}",
            "15T10:00:00+08:00, expect: {tasks: [Task_CheckCompleteness]}",
            "15T10:00:00+08:00, case: second, expect: {accepted_on: 2026-09-15}",
            "15T10:00:00+08:00, expect: {cases: {second: {summary: {status: checking}}}}",
        )
    )
    assert differing(course) == []
    assert course.cases["second"] != course.cases["main"]


def test_a_name_that_stands_for_nothing_is_said(run_scenario: Run) -> None:
    course = run_scenario(scenario("15T09:00:00+08:00, expect: {outcome: $second.outcome}"))

    assert "$second.outcome" in failure(course)[1]


def test_a_refused_application_opens_no_case(run_scenario: Run) -> None:
    wrong = "{region: '320481001', needs: [subsistence], members: []}"
    course = run_scenario(
        scenario(
            f"15T09:00:00+08:00, by: kunlun.clerk, apply: {wrong}, as: second, refused: request-invalid",
            f"15T09:00:00+08:00, by: education.clerk, apply: {wrong}, as: third, refused: request-invalid",
        )
    )
    assert differing(course) == [("apply 被拒 refused", "request-invalid", "not-permitted")]


def test_an_error_inside_the_engine_is_a_difference_with_its_cause(
    run_scenario: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> None:
        raise NotFound("report", "S-1")

    monkeypatch.setitem(INSIDE, "compile_check_report", fails)
    course = run_scenario(
        scenario(
            f"14T09:30:00+08:00, by: kunlun.clerk, {TAKEN_IN}",
            "15T09:00:00+08:00, by: township/surveyor@320481001, tasks: [Task_FirstSurveyor, Task_SecondSurveyor]",
            expected="{accepted_on: 2026-09-14}",
        )
    )
    assert [what for what, _, _ in differing(course)] == ["incidents"]
    assert "S-1" in "\n".join(as_text(course))


def test_an_act_that_cannot_use_what_it_is_given_is_no_trace(
    run_scenario: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = run_scenario(scenario("15T09:00:00+08:00, do: agency_behaves, with: {agency: bank, mode: asleep}"))
    line, text = failure(course)

    assert line == 19
    assert "asleep" in text

"""What runs as drawn and is hardly meant so is told before the step limit or an empty work list tells it."""

from __future__ import annotations

import pytest

from engine.bpmn.lint import lint
from engine.bpmn.office import Office
from tests.processes.diagrams import (
    boundary,
    call,
    duration,
    end,
    exclusive,
    flows,
    job,
    one_process,
    parallel,
    script,
    start,
    task,
    user,
    zeebe,
)

CLERKS = zeebe("assignmentDefinition", candidateGroups="township/clerk")
OFFICE = Office(groups=frozenset({"township/clerk"}), job_types=frozenset({"send_notice"}))


def codes(*drawn: object, office: Office = OFFICE) -> list[str]:
    told = ("loop-never-waits", "calls-itself", "negative-duration", "unknown-group", "unknown-job-type")
    return [one.code for one in lint(one_process(*drawn), office=office) if one.code in told]


@pytest.mark.parametrize(
    "drawn",
    [
        (task("a"), exclusive("x"), script("b", "=1", "n"), flows("s>a>x>b>a")),
        (task("a"), parallel("x"), end(), flows("s>a>x>e x>a")),
        (task("a"), flows("s>a>a")),
    ],
    ids=["circle", "a branch of a parallel gateway", "itself"],
)
def test_a_circle_in_which_nothing_waits_is_told_once(drawn: tuple[object, ...]) -> None:
    assert codes(start(), *drawn) == ["loop-never-waits"]


@pytest.mark.parametrize(
    "drawn",
    [
        (task("a"), user("u", CLERKS), flows("s>a>u>a")),
        (script("a", "=n+1", "n"), exclusive("x"), end(), flows("s>a>x>e[=n>3] x>a[*]")),
        (task("a"), parallel("x"), user("u", CLERKS), end(), flows("s>x>a>e x>u>e")),
    ],
    ids=["it waits", "it may be left", "no circle"],
)
def test_a_circle_that_waits_or_may_be_left_is_none_of_this(drawn: tuple[object, ...]) -> None:
    assert codes(start(), *drawn) == []


def test_a_process_that_always_calls_itself_at_once_is_told_and_one_that_waits_first_is_not() -> None:
    assert codes(start(), task("a"), call("c", "P"), end(), flows("s>a>c>e")) == ["calls-itself"]
    assert codes(start(), user("a", CLERKS), call("c", "P"), end(), flows("s>a>c>e")) == []
    assert codes(start(), task("a"), call("c", "Q"), end(), flows("s>a>c>e")) == []


def test_a_negative_duration_is_told() -> None:
    drawn = (start(), user("u", CLERKS), boundary("b", "u", duration("-P1D")), end(), flows("s>u>e b>e"))
    assert codes(*drawn) == ["negative-duration"]


def test_a_group_nobody_belongs_to_and_a_job_nothing_handles_are_told_where_the_office_is_known() -> None:
    groups = zeebe("assignmentDefinition", candidateGroups="township/clerk, township/clerc")
    drawn = (start(), user("u", groups), job("send_notise"), job("send_notice"), end())
    drawn = (*drawn, flows("s>u>send_notise>send_notice>e"))
    assert codes(*drawn) == ["unknown-group", "unknown-job-type"]
    assert codes(*drawn, office=Office()) == []

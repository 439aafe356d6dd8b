"""What a play does on the core by itself: time, roles, four eyes, events, errors, its own messages, its limits."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.errors import FourEyesViolation
from tests.processes.diagrams import (
    boundary,
    catch,
    cycle,
    duration,
    end,
    error,
    event_gateway,
    extension,
    flows,
    job,
    message,
    one_process,
    parallel,
    signal,
    start,
    throw,
    user,
)
from tests.processes.host import NOW, OneDocument
from workflows.playing.deeds import EventDeed, JobDeed, PlayStep, RetryDeed, SetDeed, TaskDeed
from workflows.playing.errors import NotOpenInPlay, PlayTooLong, RoleNotOffered, StepTooEarly
from workflows.playing.model import PlaySetting
from workflows.playing.replaying import expected
from workflows.playing.stage import Stage

HOUR = timedelta(hours=1)


class NothingLent:
    """Definitions of one document and nothing of a county."""

    def __init__(self, xml):
        self.definitions = OneDocument(xml)
        self.functions = {}
        self.zone = ZoneInfo("Asia/Shanghai")

    def decisions(self, decision_id, *_):
        raise LookupError(decision_id)

    def objects(self, case, _now):
        return {"case": case}

    def form(self, _task):
        return None

    def checked(self, variables):
        return variables


class Played:
    """A stage with steps one after the other."""

    def __init__(self, *body, case=None, **variables):
        setting = PlaySetting(process_id="P", starts_at=NOW, variables=variables, case=case)
        self.stage = Stage(NothingLent(one_process(*body)), setting)
        self.stage.begin("P")

    def take(self, *deeds, by="clerk", after=timedelta(0)):
        self.stage.take(PlayStep(at=self.stage.now + after, by=by, deeds=deeds))
        return self.open()

    def open(self):
        return " ".join(sorted(self.stage.work.places()))


def with_groups(element_id, groups, distinct=""):
    drawn = f'<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="{groups}"/>'
    if distinct:
        drawn += f'<zeebe:properties><zeebe:property name="distinctFrom" value="{distinct}"/></zeebe:properties>'
    return user(element_id, extension(drawn))


def test_what_is_due_on_the_way_happens_at_its_time():
    played = Played(
        start(), user("a"), boundary("q", "a", cycle("R3/PT1H"), interrupting=False), user("b"), end(),
        flows("s>a>e q>b>e"),
    )  # fmt: skip
    assert played.take(after=HOUR * 2) == "a b b"
    assert played.take(after=HOUR * 9) == "a b b b"
    with pytest.raises(StepTooEarly):
        played.take(after=-HOUR)


def test_a_role_must_be_one_of_the_groups_and_another_person_where_four_eyes_are_asked():
    played = Played(
        start(), with_groups("a", "township/clerk"), with_groups("b", "township/clerk, county/reviewer", "a"), end(),
        flows("s>a>b>e"),
    )  # fmt: skip
    with pytest.raises(RoleNotOffered):
        played.take(TaskDeed(task="a"), by="county/reviewer")
    assert played.take(TaskDeed(task="a"), by="township/clerk") == "b"
    with pytest.raises(FourEyesViolation):
        played.take(TaskDeed(task="b"), by="township/clerk")
    assert played.take(TaskDeed(task="b"), by="township/clerk:2") == ""
    assert played.stage.is_over


def test_a_job_is_answered_fails_is_tried_again_and_ends_in_an_error():
    played = Played(
        start(), job("j"), boundary("q", "j", error("X")), user("a"), end(), flows("s>j>e q>a>e"),
    )  # fmt: skip
    assert played.take(JobDeed(job="j", fail="no line")) == "!j"
    assert played.take(RetryDeed(element="j")) == "j"
    assert played.take(JobDeed(job="j", error="X", variables={"why": "refused"})) == "a"
    assert played.stage.variables["why"] == "refused"


def test_an_event_gateway_waits_at_its_events_and_takes_one():
    played = Played(
        start(), event_gateway("g"), catch("m", message("M", "=id")), catch("t", duration("PT1H")), user("a"),
        user("b"), end(), flows("s>g>m>a>e g>t>b>e"), id="k",
    )  # fmt: skip
    assert played.open() == "m t"
    with pytest.raises(NotOpenInPlay):
        played.take(EventDeed(kind="message", name="N"))
    assert played.take(EventDeed(kind="message", name="M", variables={"x": 1})) == "a"
    assert played.stage.next_timer() is None


def test_a_signal_reaches_every_place_that_waits_for_it():
    played = Played(
        start(), parallel("p"), catch("c", signal("S")), catch("d", signal("S")), user("a"), user("b"), end(),
        flows("s>p>c>a>e p>d>b>e"),
    )  # fmt: skip
    assert played.take(EventDeed(kind="signal", name="S")) == "a b"


def test_a_message_that_the_play_sends_itself_arrives():
    played = Played(
        start(), parallel("p"), catch("c", message("OUT", "=id")), user("u"), throw("t", message("OUT", "=id")),
        user("a"), end(), flows("s>p>c>a>e p>u>t>e"), id="k",
    )  # fmt: skip
    assert played.take(TaskDeed(task="u")) == "a"


def test_variables_are_set_and_the_case_is_read():
    played = Played(
        start(), user("a"), user("b"), user("c"), end(), element_gateway(), flows("s>a>g>b[=case.size > x]>e g>c[*]>e"),
        case={"size": 3}, x=9,
    )  # fmt: skip
    played.take(SetDeed(variables={"x": 1}))
    assert played.take(TaskDeed(task="a")) == "b"


def element_gateway():
    return '<bpmn:exclusiveGateway id="g" />'


def test_a_loop_of_timers_ends_at_the_limit_of_a_step():
    played = Played(
        start(), user("a"), boundary("q", "a", cycle("R/PT1S"), interrupting=False), end("e"), end("f"),
        flows("s>a>e q>f"),
    )  # fmt: skip
    with pytest.raises(PlayTooLong):
        played.take(after=HOUR)


def test_expectations_are_held_against_the_stage():
    played = Played(start(), user("a"), user("b"), end(), flows("s>a>b>e"), x=1)
    played.take(TaskDeed(task="a"))

    found = expected({"open": ["b"], "ended": True, "passed": ["a", "e"], "variables": {"x": "1.0"}}, played.stage)

    assert {one.what: one.holds for one in found} == {
        "open": True,
        "ended": False,
        "passed a": True,
        "passed e": False,
        "variables x": True,
    }

"""What a play does on the core by itself: time, roles, four eyes, events, errors, its own messages, its limits."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.errors import FourEyesViolation
from tests.processes.diagrams import (
    boundary,
    call,
    catch,
    cycle,
    document,
    duration,
    element,
    end,
    error,
    event_gateway,
    extension,
    flows,
    job,
    loop,
    mappings,
    message,
    one_process,
    parallel,
    process,
    script,
    signal,
    start,
    throw,
    user,
    zeebe,
)
from tests.processes.host import NOW, OneDocument
from workflows.playing.budget import Budget
from workflows.playing.comparing import compared_json
from workflows.playing.deeds import EventDeed, JobDeed, PlayStep, RetryDeed, SetDeed, TaskDeed
from workflows.playing.errors import NotOpenInPlay, PlayTooLong, RoleNotOffered, StepTooEarly
from workflows.playing.model import PlaySetting
from workflows.playing.open_work import drawn_places
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

    def __init__(self, *body, case=None, budget=None, xml=None, **variables):
        setting = PlaySetting(process_id="P", starts_at=NOW, variables=variables, case=case)
        self.stage = Stage(NothingLent(xml or one_process(*body)), setting, budget)
        self.stage.begin("P")

    def take(self, *deeds, by="clerk", after=timedelta(0)):
        self.stage.take(PlayStep(at=self.stage.now + after, by=by, deeds=deeds))
        return self.open()

    def open(self):
        return " ".join(self.stage.open())


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
        start(), job("j"), boundary("q", "j", error("X"), mappings(outputs={"reason": "=why"})), user("a"), end(),
        flows("s>j>e q>a>e"),
    )  # fmt: skip
    assert played.take(JobDeed(job="j", fail="no line")) == "!j"
    assert played.take(RetryDeed(element="j")) == "j"
    assert played.take(JobDeed(job="j", error="X", variables={"why": "refused"})) == "a"
    assert played.stage.variables["reason"] == "refused"


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

    found = expected({"open": ["b"], "ended": True, "passed": ["a", "b", "e"], "variables": {"x": 1}}, played.stage)

    assert {one.what: one.holds for one in found} == {
        "open": True,
        "ended": False,
        "passed a": True,
        "passed b": False,
        "passed e": False,
        "variables x": True,
    }


def test_a_play_ends_when_its_seconds_are_over():
    now = iter(range(10_000))
    counting = script("c", "=count(for i in 1..10 return i)", "n")
    body = (
        start(), user("a"), boundary("q", "a", cycle("R/PT5M"), interrupting=False), counting, end("e"), end("f"),
        flows("s>a>e q>c>f"),
    )  # fmt: skip
    played = Played(*body, budget=Budget(seconds=50, clock=lambda: next(now)))
    with pytest.raises(PlayTooLong) as refused:
        played.take(after=HOUR * 10)
    assert refused.value.fields["limit"] == "50"
    assert Played(*body).take(after=HOUR) == "a"


def test_a_play_ends_when_too_much_happens_in_it():
    body = (start(), user("a"), boundary("q", "a", cycle("R/PT1M"), interrupting=False), end("e"), end("f"),
            flows("s>a>e q>f"))  # fmt: skip
    played = Played(*body, budget=Budget(facts=50))
    with pytest.raises(PlayTooLong):
        played.take(after=HOUR)


def test_a_stage_returns_to_how_it_stood():
    played = Played(start(), with_groups("a", "g"), with_groups("b", "g", "a"), user("c"), end(), flows("s>a>b>c>e"))
    played.take(TaskDeed(task="a"), by="g")
    before, stood = played.stage.standing(), (played.open(), len(played.stage.facts))
    played.take(TaskDeed(task="b"), by="g:2", after=HOUR)
    played.stage.return_to(before)
    assert ((played.open(), len(played.stage.facts)), played.stage.now) == (stood, NOW)
    with pytest.raises(FourEyesViolation):
        played.take(TaskDeed(task="b"), by="g")


def test_a_step_that_was_done_again_stands_as_it_was_done_last():
    played = Played(
        start(), with_groups("a", "g"), with_groups("b", "g", "a"), element_gateway(), with_groups("c", "g", "a"),
        end(), flows("s>a>b>g>a[=again] g>c[*]>e"), again=True,
    )  # fmt: skip
    played.take(TaskDeed(task="a"), by="g")
    played.take(TaskDeed(task="b"), by="g:2")
    played.take(TaskDeed(task="a"), by="g:2")
    played.take(SetDeed(variables={"again": False}))
    with pytest.raises(FourEyesViolation):
        played.take(TaskDeed(task="b"), by="g:2")
    assert played.take(TaskDeed(task="b"), by="g") == "c"
    assert played.take(TaskDeed(task="c"), by="g") == ""


def test_everybody_who_did_one_of_several_instances_is_barred():
    rounds = element("userTask", "a", extension('<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="g"/>'),
                     loop("=[1,2]", "i"))  # fmt: skip
    played = Played(start(), rounds, with_groups("b", "g", "a"), end(), flows("s>a>b>e"))
    assert played.open() == "a a"
    assert dict(played.stage.work.drawn()) == {("P", "a"): 2}
    played.take(TaskDeed(task="a"), by="g")
    played.take(TaskDeed(task="a"), by="g:2")
    for person in ("g", "g:2"):
        with pytest.raises(FourEyesViolation):
            played.take(TaskDeed(task="b"), by=person)
    assert played.take(TaskDeed(task="b"), by="g:3") == ""
    assert played.stage.work.passage.left["P", "a"] == 2
    assert drawn_places(played.stage.facts).count(("P", "a")) == 2


def test_a_token_that_waits_at_a_join_is_seen():
    played = Played(start(), parallel("p"), user("a"), user("b"), parallel("j"), end(), flows("s>p>a>j>e p>b>j"))
    assert played.take(TaskDeed(task="a")) == "b j"
    assert played.stage.joins() == {("P", "j"): 1}
    assert played.take(TaskDeed(task="b")) == ""


def test_a_deadlock_is_named_by_where_it_is():
    played = Played(
        start(), element_gateway(), user("a"), user("b"), parallel("j"), end(), flows("s>g>a[=true]>j>e g>b[*]>j")
    )
    assert played.take(TaskDeed(task="a")) == "!j"


def test_only_a_user_it_is_offered_to_completes_a_task():
    drawn = '<zeebe:userTask/><zeebe:assignmentDefinition candidateUsers="zhang"/>'
    played = Played(start(), user("a", extension(drawn)), end(), flows("s>a>e"))
    for nobody in ("", "li"):
        with pytest.raises(RoleNotOffered):
            played.take(TaskDeed(task="a"), by=nobody)
    assert played.take(TaskDeed(task="a"), by="zhang") == ""


def test_a_message_sent_before_anything_waits_for_it_lives_as_long_as_its_sender_says():
    def sent(time_to_live):
        published = zeebe("publishMessage", correlationKey="=id", messageId='="1"', timeToLive=time_to_live)
        return Played(
            start(), throw("t", published, message("M")), user("u"), catch("c", message("M", "=id")),
            user("a"), end(), flows("s>t>u>c>a>e"), id="k",
        )  # fmt: skip

    assert sent("P60D").take(TaskDeed(task="u"), after=HOUR) == "a"
    assert sent("PT1M").take(TaskDeed(task="u"), after=HOUR) == "c"


def test_elements_of_a_called_process_are_named_with_it():
    inner = process(start("q"), user("b"), end("f"), flows("q>b>f"), process_id="Q")
    outer = process(start(), user("a"), call("k", "Q"), end(), flows("s>a>k>e"), process_id="P")
    played = Played(xml=document(outer, inner))
    assert played.take(TaskDeed(task="a")) == "Q/b"
    with pytest.raises(NotOpenInPlay):
        played.take(TaskDeed(task="b"))
    assert played.take(TaskDeed(task="Q/b")) == ""
    assert {"a", "Q/b", "Q/f", "k", "e"} <= played.stage.passed()


def test_what_is_cancelled_or_stuck_is_not_passed():
    played = Played(start(), job("j"), boundary("q", "j", duration("PT1H")), job("k"), end(), flows("s>j>e q>k>e"))
    played.take(after=HOUR)
    played.take(JobDeed(job="k", fail="no line"))
    assert played.open() == "!k"
    assert {"s", "q"} <= played.stage.passed()
    assert not {"j", "k"} & played.stage.passed()


@pytest.mark.parametrize(
    ("wanted", "found", "holds"),
    [
        (1, 1.0, True),
        (Decimal("1.50"), Decimal("1.5"), True),
        ("0012", "12", False),
        ("001", 1, False),
        ("1_000", 1000, False),
        (True, "true", False),
        (1, True, False),
        ("NaN", "NaN", True),
        ("sNaN", 1, False),
        (None, None, True),
        ({}, {"a": 1}, False),
        ({}, {}, True),
        ([], [1], False),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, True),
        ({"a": None}, {}, False),
        ([{"a": 1}], [{"a": 1}], True),
    ],
)
def test_what_is_expected_of_variables_is_compared_as_json(wanted, found, holds):
    compared = list(compared_json("variables x", wanted, found))
    assert compared
    assert all(one.holds for one in compared) is holds

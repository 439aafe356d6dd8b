"""Task listeners: each step in the life of a user task waits for them; they correct it, or deny the step."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.core import model
from engine.core.listener_facts import TransitionBegun, TransitionDenied, TransitionEnded
from engine.core.listener_model import InTransition, Person, ResultRefused, TaskAttributes
from tests.processes.diagrams import (
    boundary,
    duration,
    end,
    event_sub_process,
    extension,
    flows,
    loop,
    message,
    one_process,
    parallel,
    start,
    sub_process,
    task_listeners,
    terminate,
    user,
)
from tests.processes.host import GivenHandlers
from tests.processes.player import Player

HEADER = "io.camunda.zeebe:"


def assigned(**drawn):
    pairs = "".join(f' {name}="{value}"' for name, value in drawn.items())
    return extension(f"<zeebe:assignmentDefinition{pairs}/>")


def started(*listeners, drawn="", handlers=None, more=(), path="s>u>e", **variables):
    node = user("u", drawn or assigned(candidateGroups="clerk"), task_listeners(*listeners))
    xml = one_process(start(), node, *more, end(), flows(path))
    player = Player(xml, round_trips=True, handlers=handlers and GivenHandlers(**handlers))
    player.start(**variables)
    return player


def opened(player):
    [fact] = player.told(model.UserTaskOpened)
    return fact


# ---- creating


def test_people_see_a_task_only_after_its_creating_listeners_with_what_they_corrected():
    player = started("creating:a", "creating:b")
    assert player.open() == "u:a"
    assert not player.told(model.UserTaskOpened)
    player.answer("u:a", corrections={"assignee": "wang", "priority": 80, "dueDate": "2026-03-01T00:00:00Z"})
    assert player.open() == "u:b"
    player.answer("u:b", corrections={"candidateGroups": ["a", "b"], "candidateUsers": [], "priority": None})
    assert player.open() == "u"
    fact = opened(player)
    assert (fact.assignee, fact.candidate_groups, fact.priority) == ("wang", ("a", "b"), 80)
    assert fact.due == datetime(2026, 3, 1, tzinfo=UTC)


def test_the_assignee_drawn_gets_the_task_after_creating_and_assigning_listeners():
    player = started("assigning:b", "creating:a", drawn=assigned(assignee="wang"))
    assert player.told(model.JobOpened)[-1].headers[f"{HEADER}assignee"] == "wang"
    player.answer("u:a")
    assert player.open() == "u u:b"
    assert opened(player).assignee is None
    player.answer("u:b")
    assert player.told(TransitionEnded)[-1].task.assignee == "wang"
    assert player.open() == "u"


def test_an_assigning_listener_alone_asks_about_the_drawn_assignee_and_may_deny_it():
    player = started("assigning:b", drawn=assigned(assignee="wang"))
    assert player.open() == "u u:b"
    player.answer("u:b", denied=True, deniedReason="on leave")
    assert player.open() == "u"
    assert opened(player).assignee is None
    assert player.told(TransitionDenied)[-1].reason == "on leave"
    assert not player.told(TransitionEnded)


def test_a_creating_listener_does_not_correct_the_drawn_assignee():
    player = started("creating:a", drawn=assigned(assignee="wang"))
    with pytest.raises(ResultRefused, match="drawn-assignee"):
        player.answer("u:a", corrections={"assignee": "li"})


@pytest.mark.parametrize("event", ["creating", "canceling"])
def test_creation_and_cancellation_cannot_be_denied(event):
    player = started(f"{event}:a")
    if event == "canceling":
        player.run(model.Cancel())
    with pytest.raises(ResultRefused, match="deny"):
        player.answer("u:a", denied=True)


# ---- assigning and updating


def test_an_assigning_listener_is_told_what_changes_and_corrects_it():
    player = started("assigning:a", "assigning:b", "assigning:c")
    player.change("u", "assigning", "claim", assignee="wang", assignee_name="Wang")
    first = player.told(model.JobOpened)[-1]
    assert (first.kind, first.event) == ("taskListener", "assigning")
    assert first.headers[f"{HEADER}assignee"] == "wang"
    assert first.headers[f"{HEADER}action"] == "claim"
    assert first.headers[f"{HEADER}changedAttributes"] == '["assignee"]'
    player.answer("u:a", corrections={"priority": 70})
    assert player.told(model.JobOpened)[-1].headers[f"{HEADER}changedAttributes"] == '["assignee", "priority"]'
    player.answer("u:b", corrections={"priority": 50, "assignee": "li"})
    assert player.told(model.JobOpened)[-1].headers[f"{HEADER}changedAttributes"] == '["assignee"]'
    player.answer("u:c")
    [fact] = player.told(TransitionEnded)
    assert (fact.event, fact.action, fact.task.assignee, fact.task.assignee_name) == ("assigning", "claim", "li", "li")
    assert player.open() == "u"


def test_a_denied_assignment_discards_what_was_corrected_before():
    player = started("assigning:a", "assigning:b")
    player.change("u", "assigning", "claim", assignee="wang")
    player.answer("u:a", corrections={"priority": 70})
    player.answer("u:b", denied=True)
    player.change("u", "assigning", "claim", assignee="li")
    headers = player.told(model.JobOpened)[-1].headers
    assert (headers[f"{HEADER}priority"], headers[f"{HEADER}changedAttributes"]) == ("50", '["assignee"]')


def test_an_update_without_listeners_of_its_own_is_done_at_once():
    player = started("assigning:a")
    player.change("u", "updating", "update", priority=90)
    [fact] = player.told(TransitionEnded)
    assert fact.task.priority == 90
    assert not player.told(TransitionBegun)


def test_variables_set_at_the_task_wait_for_its_updating_listeners_which_see_them():
    player = started("updating:a", x=1)
    player.run(model.SetVariables(scope=player.key("u"), variables={"x": 2}))
    assert player.open() == "u u:a"
    assert player.told(model.JobOpened)[-1].variables == {"x": 2}
    assert player.variables() == {"x": 1}
    player.answer("u:a")
    assert player.variables() == {"x": 2}
    player.run(model.SetVariables(scope=player.key("u"), variables={"x": 3}))
    player.answer("u:a", denied=True)
    assert player.variables() == {"x": 2}


# ---- completing


def test_a_completion_waits_with_its_variables_and_is_the_persons_own():
    player = started("completing:a", x=1)
    by = Person(id="ann", name="Ann")
    player.run(model.CompleteWork(key=player.work("u"), variables={"x": 2}, by=by))
    assert player.open() == "u u:a"
    assert player.variables() == {"x": 1}
    assert player.told(model.JobOpened)[-1].variables == {"x": 2}
    player.answer("u:a", corrections={"priority": 1})
    assert player.is_done
    assert player.variables() == {"x": 2}
    assert [fact.by for fact in player.told(model.WorkClosed)] == [None, by]
    assert player.told(TransitionEnded)[-1].task.priority == 1


def test_a_denied_completion_leaves_the_task_as_it_was():
    player = started("completing:a", x=1)
    player.do("u", x=2)
    player.answer("u:a", denied=True, deniedReason="the income is missing")
    assert player.open() == "u"
    assert player.variables() == {"x": 1}
    fact = player.told(TransitionDenied)[-1]
    assert (fact.event, fact.action, fact.reason) == ("completing", "complete", "the income is missing")
    player.do("u", x=3)
    player.answer("u:a")
    assert player.variables() == {"x": 3}


def test_nothing_else_is_asked_of_a_task_in_transition():
    player = started("completing:a", "updating:b")
    player.do("u")
    for command in (
        model.CompleteWork(key=player.key("u"), variables={}),
        model.ThrowError(key=player.key("u"), code="E"),
        model.SetVariables(scope=player.key("u"), variables={"x": 1}),
    ):
        with pytest.raises(InTransition, match="completing"):
            player.run(command)
    with pytest.raises(InTransition):
        player.change("u", "assigning", "claim", assignee="li")


def test_a_failed_listener_pauses_the_transition_and_goes_on_after_a_retry():
    player = started("completing:a", "completing:b")
    player.do("u", x=2)
    player.answer("u:a")
    key = player.work("u:b")
    player.fail("u:b", "away")
    assert player.open() == "!u"
    player.retry("u")
    assert player.work("u:b") == key
    player.answer("u:b")
    assert player.variables() == {"x": 2}


def test_a_failing_type_pauses_the_transition_and_all_its_listeners_run_again():
    player = started("completing:a", "completing:=gone")
    player.do("u")
    player.answer("u:a")
    assert player.open() == "!u"
    player.run(model.SetVariables(scope=player.key("P"), variables={"gone": "b"}))
    player.retry("u")
    assert player.open() == "u u:a"


def test_a_boundary_event_interrupts_a_task_in_transition():
    more = (boundary("q", "u", duration("PT1H")), user("h"))
    player = started("completing:a", more=more, path="s>u>e q>h>e")
    player.do("u")
    player.wait(3600)
    assert player.open() == "h"


@pytest.mark.parametrize(
    ("result", "code"),
    [
        ({"corrections": {"name": "x"}}, "attribute: name"),
        ({"corrections": {"priority": 101}}, "value: priority"),
        ({"corrections": {"priority": True}}, "value: priority"),
        ({"corrections": {"dueDate": "soon"}}, "value: dueDate"),
        ({"corrections": {"candidateUsers": "wang"}}, "value: candidateUsers"),
        ({"corrections": {"assignee": 5}}, "value: assignee"),
        ({"corrections": [1]}, "value: corrections"),
        ({"denied": "yes"}, "value: denied"),
        ({"deniedReason": 5}, "value: deniedReason"),
        ({"refused": True}, "unknown: refused"),
        ({"denied": True, "corrections": {"priority": 1}}, "deny-and-correct: priority"),
    ],
)
def test_an_answer_that_means_nothing_is_refused_and_changes_nothing(result, code):
    player = started("completing:a")
    player.do("u")
    with pytest.raises(ResultRefused, match=code):
        player.answer("u:a", **result)
    assert player.open() == "u u:a"


def test_a_task_listener_sets_no_variables():
    player = started("completing:a")
    player.do("u")
    with pytest.raises(ResultRefused, match="variables: x"):
        player.do("u:a", x=1)


# ---- inside handlers


def test_an_inside_handler_answers_at_once():
    def check(call):
        is_complete = call.variables["income"] is not None
        return {} if is_complete else {"denied": True, "deniedReason": "the income is missing"}

    player = started(
        "completing:a", "creating:b", handlers={"a": check, "b": lambda _: {"corrections": {"priority": 9}}}
    )
    assert opened(player).priority == 9
    player.do("u", income=None)
    assert player.told(TransitionDenied)[-1].reason == "the income is missing"
    player.do("u", income=5)
    assert player.is_done


def test_an_inside_handler_whose_answer_means_nothing_is_an_incident():
    player = started("completing:a", handlers={"a": lambda _: {"income": 5}})
    player.do("u")
    assert player.open() == "!u"
    assert player.told(model.IncidentRaised)[-1].kind == "handler"


# ---- canceling


def test_a_cancelled_instance_ends_after_the_canceling_listeners_of_its_tasks():
    player = started("canceling:a", "canceling:b", x=1)
    player.run(model.Cancel())
    assert player.open() == "u u:a"
    assert not player.told(model.InstanceEnded)
    with pytest.raises(InTransition):
        player.do("u")
    player.answer("u:a")
    assert player.open() == "u u:b"
    player.answer("u:b")
    assert player.is_done
    [ended] = player.told(model.InstanceEnded)
    assert ended.cancelled
    assert {fact.element for fact in player.told(model.Terminated)} == {"u", "P"}
    assert [fact.completed for fact in player.told(model.WorkClosed)][-1] is False


def test_cancelling_twice_changes_nothing():
    player = started("canceling:a")
    player.run(model.Cancel())
    assert player.run(model.Cancel()) == ()
    player.answer("u:a")
    assert player.is_done


def test_the_way_of_an_interrupting_boundary_event_begins_after_the_canceling_listeners():
    more = (boundary("q", "u", message("M")), user("h"))
    player = started("canceling:a", more=more, path="s>u>e q>h>e")
    player.send_message("M", why="late")
    assert player.open() == "u u:a"
    player.answer("u:a")
    assert player.open() == "h"
    assert player.variables() == {"why": "late"}


def test_an_interrupted_sub_process_ends_after_the_last_of_its_tasks():
    inner = sub_process(
        "S",
        start("s1"),
        parallel("p"),
        user("u", task_listeners("canceling:a")),
        user("v", task_listeners("canceling:b")),
        user("w"),
        end("e1"),
        flows("s1>p>u>e1 p>v>e1 p>w>e1"),
    )
    xml = one_process(start(), inner, boundary("q", "S", duration("PT1H")), user("h"), end(), flows("s>S>e q>h>e"))
    player = Player(xml, round_trips=True)
    player.start()
    player.wait(3600)
    assert player.open() == "u u:a v v:b"
    player.answer("v:b")
    assert player.open() == "u u:a"
    player.answer("u:a")
    assert player.open() == "h"
    player.do("h")
    assert player.is_done


def test_an_interrupting_event_sub_process_begins_after_the_canceling_listeners():
    handler = event_sub_process("X", start("x", message("M")), user("h"), end("xe"), flows("x>h>xe"))
    player = started("canceling:a", more=(handler,))
    player.send_message("M", why="late")
    assert player.open() == "u u:a"
    player.send_message("M")
    player.answer("u:a")
    assert player.open() == "h"
    player.do("h")
    assert player.is_done
    assert player.variables() == {"why": "late"}


def test_a_terminate_end_event_waits_for_canceling_listeners_before_its_scope_is_over():
    xml = one_process(
        start(),
        parallel("p"),
        user("u", task_listeners("canceling:a")),
        user("v"),
        end("x", terminate()),
        end(),
        flows("s>p>u>e p>v>x"),
    )
    player = Player(xml, round_trips=True)
    player.start()
    player.do("v")
    assert player.open() == "u u:a"
    player.answer("u:a")
    assert player.is_done
    assert not player.told(model.InstanceEnded)[0].cancelled


def test_a_multi_instance_whose_condition_is_met_waits_for_the_rounds_it_ends():
    body = user("u", loop("=[1,2,3]", "i", "outs", "=i", condition="=i = 2"), task_listeners("canceling:a"))
    player = Player(one_process(start(), body, user("z"), end(), flows("s>u>z>e")), round_trips=True)
    player.start()
    player.do("u", 2)
    assert player.open() == "u u u:a u:a"
    player.answer("u:a")
    player.answer("u:a")
    assert player.open() == "z"
    assert player.variables()["outs"] == [None, 2, None]


def test_a_task_ended_by_hand_runs_its_canceling_listeners():
    player = started("canceling:a")
    player.run(model.Modify(terminate=(player.key("u"),)))
    assert player.open() == "u u:a"
    with pytest.raises(model.CannotModify, match="being ended already"):
        player.run(model.Modify(terminate=(player.key("u"),)))
    player.answer("u:a")
    assert player.is_done


def test_a_boundary_event_around_takes_over_from_a_task_that_is_being_cancelled():
    inner = sub_process(
        "S",
        start("s1"),
        user("u", task_listeners("canceling:a")),
        boundary("q1", "u", message("M")),
        user("h1"),
        end("e1"),
        flows("s1>u>e1 q1>h1>e1"),
    )
    xml = one_process(start(), inner, boundary("q", "S", duration("PT1H")), user("h"), end(), flows("s>S>e q>h>e"))
    player = Player(xml, round_trips=True)
    player.start()
    player.send_message("M")
    player.wait(3600)
    assert player.open() == "u u:a"
    player.answer("u:a")
    assert player.open() == "h"


def test_a_task_being_created_or_in_transition_is_cancelled_too():
    for listeners, do in (("creating:a", None), ("completing:a", "u")):
        player = started(listeners, "canceling:c")
        if do:
            player.do(do)
        assert player.open().endswith("u:a")
        player.run(model.Cancel())
        assert player.open() == ("u u:c" if do else "u:c")
        player.answer("u:c")
        assert player.is_done


def test_a_completed_task_is_not_cancelled():
    player = started("canceling:a")
    player.do("u")
    assert player.is_done
    assert not player.told(model.JobOpened)


def test_a_failed_canceling_listener_keeps_the_end_waiting_until_a_retry():
    player = started("canceling:a")
    player.run(model.Cancel())
    player.fail("u:a")
    assert player.open() == "!u"
    player.retry("u")
    player.answer("u:a")
    assert player.is_done


def test_nothing_migrates_while_it_is_being_ended():
    player = started("canceling:a")
    player.run(model.Cancel())
    player.definitions.processes["P2"] = player.definitions.get("P")
    with pytest.raises(model.CannotModify, match="being ended"):
        player.run(model.Migrate(source="P", target="P2"))


def test_a_task_in_transition_migrates_and_the_transition_goes_on():
    player = started("completing:a")
    player.do("u", x=5)
    player.definitions.processes["P2"] = player.definitions.get("P")
    player.run(model.Migrate(source="P", target="P2"))
    player.answer("u:a")
    assert player.variables() == {"x": 5}


def test_a_task_gets_listeners_by_a_migration_and_obeys_them():
    before = one_process(start(), user("u"), end(), flows("s>u>e"))
    after = one_process(start(), user("u", task_listeners("completing:a")), end(), flows("s>u>e"))
    player = Player(before, round_trips=True)
    player.start()
    player.definitions.processes["P2"] = Player(after).definitions.get("P")
    with pytest.raises(model.CannotModify, match="is needed"):
        player.run(model.Migrate(source="P", target="P2"))
    tasks = {player.key("u"): TaskAttributes(assignee="ann")}
    player.run(model.Migrate(source="P", target="P2", tasks=tasks))
    player.do("u")
    assert player.told(model.JobOpened)[-1].headers[f"{HEADER}assignee"] == "ann"
    player.answer("u:a")
    assert player.is_done

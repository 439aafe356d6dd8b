"""Commands that work on many instances, and the one that publishes a message."""

from __future__ import annotations

from uuid import UUID

import pytest

from api.services import Services
from engine.json_values import load_json
from engine.model import ProcessInstance, TaskState
from tests.api.test_operating_commands import Relief, relief  # noqa: F401  (a fixture)
from tests.api.test_operations import CALLS, STEPS, begin, deploy
from tests.processes.diagrams import end, flows, message, one_process, start, user, zeebe

CLERKS = zeebe("assignmentDefinition", candidateGroups="township/clerk")
BY_MESSAGE = one_process(start("begin", message("paid")), user("u", CLERKS), end(), flows("begin>u>e"))
OF_P = ("--process", "P", "--reason", "停办")


def states(services: Services, *instances: ProcessInstance) -> list[str]:
    return [services.queries.instance(one.id).instance.state.value for one in instances]


def test_many_are_shown_and_asked_for_before_anything_is_done(services: Services, relief: Relief) -> None:  # noqa: F811
    deploy(services, STEPS)
    both = begin(services), begin(services)
    for typed in ("n\n", ""):
        refused = relief("bulk", "cancel", *OF_P, typed=typed)
        assert (refused.exit_code, "2 × make: done" in refused.output, "(2)" in refused.output) == (1, True, True)
    assert relief("bulk", "cancel", *OF_P, "--dry-run").exit_code == 0
    assert relief("bulk", "cancel", *OF_P, "--json").exit_code == 2
    assert states(services, *both) == ["active", "active"]
    assert "Nothing" in relief("batches", "list").output

    done = relief("bulk", "cancel", *OF_P, "--wait", typed="y\n")
    assert (done.exit_code, "completed  done 2" in done.output, done.output.count("已终止 cancelled")) == (0, True, 2)
    assert states(services, *both) == ["cancelled", "cancelled"]


def test_a_batch_without_a_filter_is_asked_for_in_so_many_words(services: Services, relief: Relief) -> None:  # noqa: F811
    deploy(services, STEPS)
    instance = begin(services)
    for more in ((), ("--yes",)):
        refused = relief("bulk", "suspend", "--reason", "x", *more)
        assert (refused.exit_code, "--all" in refused.output) == (1, True)
    waiting = load_json(relief("bulk", "suspend", "--reason", "x", "--all", "--yes", "--json").output)
    assert (waiting["state"], waiting["counts"]) == ("created", {"waiting": 1})
    assert states(services, instance) == ["active"]


def test_many_are_suspended_resumed_and_modified(services: Services, relief: Relief) -> None:  # noqa: F811
    deploy(services, STEPS)
    here, there = begin(services), begin(services)
    one = ("--id", here.id, "--reason", "核查", "--yes", "--wait")
    assert relief("bulk", "suspend", *one).exit_code == 0
    assert states(services, here, there) == ["suspended", "active"]
    again = relief("bulk", "suspend", *one)
    assert (again.exit_code, "nothing" in again.output.lower()) == (1, True)
    assert relief("bulk", "resume", *one).exit_code == 0
    moved = relief("bulk", "modify", *one, "--activate", "check", "--cancel", "make", "--variables", '{"a": 1}')
    assert moved.exit_code == 0, moved.output
    view = services.queries.instance(here.id)
    open_tasks = [task.element_id for task in view.tasks if task.state is TaskState.OPEN]
    assert (open_tasks, view.variables) == (["check"], {"a": 1})
    assert view.history[-1].details["reason"] == "核查"
    assert relief("bulk", "modify", *one).exit_code == 1


def test_retries_are_set_for_many(services: Services, relief: Relief) -> None:  # noqa: F811
    deploy(services, CALLS)
    instance = begin(services)
    asked = (*OF_P, "--yes", "--wait", "--retries", 7)
    assert relief("bulk", "set-retries", *asked).exit_code == 0
    assert [job.retries for job in services.queries.instance(instance.id).jobs] == [7]
    nothing = relief("bulk", "set-retries", *asked, "--job-element", "elsewhere-else")
    assert (nothing.exit_code, "not-tried" in nothing.output) == (1, True)


@pytest.mark.parametrize("wrong", [("--retries", 0), ("--retries", 101), ("--retries", "x"), ()])
def test_wrong_retries_are_wrong_usage(relief: Relief, wrong: tuple[object, ...]) -> None:  # noqa: F811
    assert relief("bulk", "set-retries", *OF_P, "--yes", *wrong).exit_code == 2


def test_a_message_is_published(services: Services, relief: Relief) -> None:  # noqa: F811
    deploy(services, BY_MESSAGE)
    begun = relief("messages", "publish", "paid", "--business-key", "2026-9", "--variables", '{"sum": 5}', "--json")
    [started] = load_json(begun.output)["process_instance_ids"]
    view = services.queries.instance(UUID(started))
    assert (view.instance.business_key, view.variables) == ("2026-9", {"sum": 5})
    assert "2026-10" in relief("messages", "publish", "paid", "--business-key", "2026-10").output
    kept = ("messages", "publish", "nobody-waits", "--time-to-live", 60, "--message-id", "m-1")
    assert relief(*kept).exit_code == 0
    assert "duplicate" in relief(*kept).output or "未重复发送" in relief(*kept).output
    assert relief("messages", "publish", "paid", "--time-to-live", -1).exit_code == 2
    assert relief("messages", "publish", "").exit_code == 1

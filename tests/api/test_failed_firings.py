"""What failed when it fired by itself, over the API and the command line."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from api.services import Services
from engine.commands.deployments import DeployResources
from engine.commands.timers import ClaimDue, PostponeDue
from engine.json_values import load_json
from engine.model import SYSTEM, Resource
from storage.database import connect
from tests.api.test_operating_commands import Relief, relief
from tests.api.test_operations import SignIn
from tests.processes.diagrams import cycle, end, flows, one_process, start

__all__ = ["relief"]  # a fixture of the commands
PLACE = "/api/v1/incidents/firings"
TIMED = one_process(start("t", cycle("R/P1D")), end(), flows("t>e"))


def let_one_fail(services: Services) -> str:
    """Write that a timer start event failed, as a worker does, and return its id."""
    resources = (Resource(name="p.bpmn", kind="process", content=TIMED),)
    services.engine.execute(DeployResources(resources=resources), actor=SYSTEM)
    database = connect(services.settings.database_url or "")
    with database.begin() as connection:
        connection.execute(text("UPDATE start_subscription SET due_at = due_at - interval '2 days'"))
    database.dispose()
    [due] = services.engine.execute(ClaimDue(limit=5, lease=timedelta(minutes=1)), actor=SYSTEM)
    until = services.now() + timedelta(minutes=1)
    services.engine.execute(PostponeDue(due=due, until=until, is_failure=True, reason="原因"), actor=SYSTEM)
    [failed] = services.operations.failed_firings(SYSTEM, offset=0, limit=5)
    return failed.id


def test_failed_firings_are_listed_and_retried(services: Services, sign_in: SignIn) -> None:
    head = sign_in("administrator")
    assert head.get(PLACE).json == {"firings": []}
    firing_id = let_one_fail(services)

    [listed] = head.get(PLACE).json["firings"]
    assert (listed["id"], listed["kind"], listed["element_id"], listed["failures"], listed["reason"]) == (
        firing_id, "timer-start", "t", 1, "原因",
    )  # fmt: skip
    assert sign_in("town-administrator").get(PLACE).status_code == 403
    done = head.post(f"{PLACE}/{firing_id}/resolve")
    assert (done.status_code, done.json["outcome"], done.json["reason"]) == (200, "fixed", None)
    assert head.get(PLACE).json == {"firings": []}
    assert head.post(f"{PLACE}/{firing_id}/resolve").status_code == 404
    assert head.post(f"{PLACE}/nonsense/resolve").json["code"] == "not-found"


def test_failed_firings_are_listed_and_retried_by_command(services: Services, relief: Relief) -> None:
    firing_id = let_one_fail(services)

    assert firing_id[:30] in relief("incidents", "firings").output
    assert load_json(relief("incidents", "firings", "--json").output)["firings"][0]["id"] == firing_id
    done = relief("incidents", "retry-firing", firing_id)
    assert (done.exit_code, done.output.strip()) == (0, "fixed")
    assert relief("incidents", "retry-firing", firing_id).exit_code == 1

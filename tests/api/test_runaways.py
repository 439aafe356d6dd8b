"""A process that calls itself without end is stopped, and can be looked at and cancelled like any other."""

from __future__ import annotations

from api.services import Services
from tests.api.test_operations import INSTANCES, WHY, SignIn, begin, deploy
from tests.processes.diagrams import call, end, flows, one_process, start

CALLS_ITSELF = one_process(start(), call("again", "P"), end(), flows("s>again>e"))


def test_a_process_that_calls_itself_without_end_is_seen_and_cancelled(services: Services, sign_in: SignIn) -> None:
    deploy(services, CALLS_ITSELF)
    instance = begin(services).id
    supervisor = sign_in("supervisor")

    page = supervisor.get(f"/process-instances/{instance}")
    assert page.status_code == 200
    assert len(page.data) < 1_000_000
    xray = supervisor.get(f"{INSTANCES}/{instance}/x-ray").json
    assert [one["kind"] for one in supervisor.get(f"{INSTANCES}/{instance}").json["incidents"]] == ["step-limit"]
    depths = [one["depth"] for one in xray["processes"]]
    assert depths == list(range(len(depths)))
    assert len(depths) > 1000

    assert supervisor.post(f"{INSTANCES}/{instance}/cancellation", WHY).status_code == 200

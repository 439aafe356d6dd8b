"""Rules by which units give out tasks: set by supervisors, kept by workers, and on record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.bootstrap import Surroundings
from api.services import Services
from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM, Resource
from tests.api.applications import application_json
from tests.api.conftest import TOWN, Client, content
from tests.api.test_heat_map import CHINA, Hand
from tests.processes.diagrams import end, flows, one_process, start

SignIn = Callable[[str], Client]
RULES = "/api/v1/distribution-rules"
UNIT = f"township:{TOWN}"


def step(element_id: str, properties: str = "") -> str:
    return f"""<bpmn:userTask id="{element_id}" name="{element_id}"><bpmn:extensionElements><zeebe:userTask/>
        <zeebe:assignmentDefinition candidateGroups="township/clerk"/>
        <zeebe:properties><zeebe:property name="legalBasis" value="-"/>{properties}</zeebe:properties>
        </bpmn:extensionElements></bpmn:userTask>"""


DISTINCT = '<zeebe:property name="distinctFrom" value="Task_Make"/>'
STEPS = one_process(start(), step("Task_Make"), step("Task_Check", DISTINCT), end(), flows("s>Task_Make>Task_Check>e"))


@pytest.fixture
def hand() -> Hand:
    return Hand(moment=datetime(2026, 6, 1, 9, 0, tzinfo=CHINA))  # a Monday


@pytest.fixture
def surroundings(hand: Hand) -> Surroundings:
    return Surroundings(now=hand.now, transport=httpx.MockTransport(lambda _: httpx.Response(503)))


class Line:
    """Tasks of a window, and a worker that gives them out."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.count = 0
        resource = Resource(name="steps.bpmn", content=STEPS, kind="process")
        services.engine.execute(DeployResources(resources=(resource,)), actor=SYSTEM)

    def begin(self, number: int = 1, *, process_id: str = "P") -> list[str]:
        found = []
        for _ in range(number):
            self.count += 1
            key = f"n-{self.count}"
            started = StartProcessInstance(process_id=process_id, variables={}, region=TOWN, business_key=key)
            instance = self.services.engine.execute(started, actor=SYSTEM)
            found.append(str(self.services.queries.instance(instance.id).tasks[0].id))
        return found

    def work(self) -> None:
        executor = JobExecutor(self.services.engine, signal=_no_signal, settings=WorkerSettings(name="w"))
        executor.run_until_idle()

    def holders(self, tasks: list[str]) -> list[str | None]:
        return [self.services.queries.user_task(UUID(one), SYSTEM).assignee for one in tasks]

    def record(self, task: str, action: str) -> list[dict[str, Any]]:
        instance = self.services.queries.user_task(UUID(task), SYSTEM).process_instance_id
        return [dict(one.details) for one in self.services.queries.instance(instance).history if one.action == action]


def _no_signal() -> Any:
    raise NotImplementedError


@pytest.fixture
def line(services: Services) -> Line:
    return Line(services)


def put(client: Client, **rule: Any) -> Any:
    return client.put(RULES, {"unit": UNIT, "method": "round-robin", **rule})


def test_tasks_go_round_those_who_are_there(sign_in: SignIn, line: Line, hand: Hand) -> None:
    supervisor = sign_in("supervisor")
    tasks = line.begin(2)
    line.work()
    assert line.holders(tasks) == [None, None]

    assert put(supervisor).status_code == 200
    tasks += line.begin(4)
    line.work()
    assert Counter(line.holders(tasks)) == {"clerk": 2, "newcomer": 2, "other-clerk": 2}
    assert line.record(tasks[0], "assigned")[0]["ground"] == "round-robin"

    away = {"login": "clerk", "substitute": "newcomer", "reason": "年假"}
    days = {"first_on": date(2026, 6, 1).isoformat(), "last_on": date(2026, 6, 3).isoformat()}
    assert supervisor.post("/api/v1/absences", away | days).status_code == 201
    later = line.begin(4)
    line.work()
    assert Counter(line.holders(later)) == {"newcomer": 2, "other-clerk": 2}


def test_who_holds_least_is_given_the_next_up_to_the_cap(sign_in: SignIn, line: Line) -> None:
    clerk = sign_in("clerk")
    for one in line.begin(2):
        assert clerk.post(f"/api/v1/tasks/{one}/claim").status_code == 200
    assert put(sign_in("supervisor"), method="least-load", most_open=2).status_code == 200
    tasks = line.begin(6)
    line.work()
    assert Counter(line.holders(tasks)) == {"newcomer": 2, "other-clerk": 2, None: 2}

    held = line.holders(tasks)
    done = tasks[held.index("other-clerk")]
    assert sign_in("other-clerk").post(f"/api/v1/tasks/{done}/complete", {"variables": {}}).status_code == 200
    line.work()
    assert line.holders(tasks).count(None) == 1  # the place that came free was taken


def test_four_eyes_are_kept_when_tasks_are_given_out(sign_in: SignIn, line: Line) -> None:
    clerk = sign_in("clerk")
    [first] = line.begin()
    clerk.post(f"/api/v1/tasks/{first}/claim")
    assert clerk.post(f"/api/v1/tasks/{first}/complete", {"variables": {}}).status_code == 200
    put(sign_in("supervisor"), method="least-load")
    line.work()
    instance = line.services.queries.user_task(UUID(first), SYSTEM).process_instance_id
    [check] = [one for one in line.services.queries.instance(instance).tasks if one.element_id == "Task_Check"]
    assert check.assignee == "newcomer"


def test_the_rule_of_a_step_counts_before_that_of_its_process_and_unit(sign_in: SignIn, line: Line) -> None:
    supervisor = sign_in("supervisor")
    put(supervisor)
    assert put(supervisor, process_id="P", element_id="Task_Make", method="none").status_code == 200
    tasks = line.begin()
    line.work()
    assert line.holders(tasks) == [None]
    place = {"unit": UNIT, "process_id": "P", "element_id": "Task_Make"}
    assert supervisor.post(f"{RULES}/removal", place).status_code == 204
    assert supervisor.post(f"{RULES}/removal", place).json["code"] == "distribution-rule-not-found"
    line.work()
    assert None not in line.holders(tasks)

    book = supervisor.get(f"{RULES}?unit={UNIT}").json
    assert [one["method"] for one in book["rules"]] == ["round-robin"]
    assert [(one["element_id"], one["before"], one["after"]) for one in book["events"]][:2] == [
        ("Task_Make", {"method": "none", "most_open": None, "release_after": None}, None),
        ("Task_Make", None, {"method": "none", "most_open": None, "release_after": None}),
    ]


def test_a_task_nobody_touches_goes_back_and_to_somebody_else(sign_in: SignIn, line: Line, hand: Hand) -> None:
    supervisor, clerk = sign_in("supervisor"), sign_in("clerk")
    assert put(supervisor, method="none", release_after=2).status_code == 200
    lying, second, kept, drafted = line.begin(4)
    for one in (lying, second, kept, drafted):
        assert clerk.post(f"/api/v1/tasks/{one}/claim").status_code == 200
    until = datetime(2026, 6, 20, tzinfo=CHINA).isoformat()
    assert clerk.post(f"/api/v1/tasks/{kept}/put-off", {"until": until, "reason": "等证明"}).status_code == 200
    hand.turn_to(3)
    saved = sign_in("clerk").put(f"/api/v1/tasks/{drafted}/draft", {"variables": {}})
    assert saved.status_code == 200
    line.work()
    assert line.holders([lying, kept, drafted]) == ["clerk"] * 3

    hand.turn_to(4)  # the two days after the first are over
    assert put(sign_in("supervisor"), method="least-load", release_after=2).status_code == 200
    line.work()
    assert line.holders([kept, drafted]) == ["clerk"] * 2
    assert set(line.holders([lying, second])) == {"newcomer", "other-clerk"}
    assert line.record(lying, "released")[0] == {
        "task": lying,
        "assignee": None,
        "from": "clerk",
        "ground": "untouched",
    }
    for one in (sign_in("clerk"), sign_in("other-clerk")):
        causes = [line["notice"]["cause"] for line in one.get("/api/v1/notices").json["notices"]]
        assert causes.count("task_taken_back") == 2


def test_only_who_supervises_a_unit_sets_its_rules(sign_in: SignIn, line: Line) -> None:
    assert put(sign_in("clerk")).status_code == 403
    supervisor = sign_in("supervisor")
    for wrong, code in (
        ({"unit": "township:320481999"}, "distribution-place-unknown"),
        ({"process_id": "nothing"}, "distribution-place-unknown"),
        ({"process_id": "P", "element_id": "s"}, "distribution-place-unknown"),
        ({"element_id": "Task_Make"}, "distribution-place-unknown"),
        ({"most_open": 0}, "distribution-figures-wrong"),
        ({"most_open": 501}, "distribution-figures-wrong"),
        ({"release_after": 61}, "distribution-figures-wrong"),
        ({"unit": "x"}, "request-invalid"),
        ({"method": "by-lot"}, "request-invalid"),
    ):
        answer = put(supervisor, **wrong)
        assert (answer.status_code, answer.json["code"]) == (422, code), answer.text
    assert supervisor.get(RULES).json == {"rules": [], "events": []}
    assert [put(supervisor).status_code for _ in range(2)] == [200, 200]
    assert len(supervisor.get(f"{RULES}?unit={UNIT}").json["events"]) == 1


def test_rules_are_set_and_removed_on_the_page_of_loads(sign_in: SignIn, line: Line) -> None:
    supervisor = sign_in("supervisor")
    address = f"/load?unit={UNIT}"
    page = supervisor.get(address).text
    assert "没有分配规则" in page
    assert '<option value="P/Task_Make"' in page
    assert 'id="rules"' not in supervisor.get("/load").text
    assert 'id="rules"' not in supervisor.get("/load?unit=township:1").text

    refused = supervisor.form("/load", unit=UNIT, place="P", method="least-load", most_open="many")
    assert refused.status_code == 422
    assert "每人在办上限应为 1 至 500" in refused.text
    assert '<option value="P" selected>' in refused.text
    set_ = supervisor.form(
        "/load", unit=UNIT, place="P/Task_Make", method="least-load", most_open="3", release_after="2"
    )
    assert set_.status_code == 303
    page = supervisor.get(address).text
    assert "在办最少者优先，每人至多在办 3 项，2 个工作日未办理自动退回" in page
    removed = supervisor.form("/load/rules/removal", unit=UNIT, place="P/Task_Make")
    assert removed.status_code == 303
    assert supervisor.get(RULES).json["rules"] == []
    assert supervisor.form("/load/rules/removal", unit=UNIT).status_code == 303
    assert "没有这条分配规则" in supervisor.get(address).text
    assert supervisor.form("/load", unit="x").status_code == 400
    assert sign_in("clerk").form("/load", unit=UNIT).status_code == 403


def test_kin_of_a_household_are_given_none_of_its_tasks(sign_in: SignIn, line: Line, hand: Hand) -> None:
    hand.turn_to(15)
    clerk = sign_in("clerk")
    sent = clerk.post("/api/v1/applications", application_json(), headers={"Idempotency-Key": "kin"})
    number = content(sent)["number"]
    relative = {"name": "亲属", "relation": "儿子", "post": "staff", "login": "newcomer"}
    assert clerk.post(f"/api/v1/cases/{number}/kin", relative).status_code == 201
    away = {"login": "other-clerk", "substitute": "clerk", "reason": "年假", "first_on": "2026-06-15"}
    assert sign_in("supervisor").post("/api/v1/absences", away | {"last_on": "2026-06-15"}).status_code == 201
    filler = line.begin(3)
    for one in filler:
        assert clerk.post(f"/api/v1/tasks/{one}/claim").status_code == 200

    put(sign_in("supervisor"), method="least-load")
    line.work()
    mine = clerk.get("/api/v1/tasks?tab=mine").json["tasks"]
    assert [one["business_key"] for one in mine].count(number) == 1  # though the relative holds least


def test_two_workers_give_each_task_out_once_and_fairly(sign_in: SignIn, line: Line) -> None:
    put(sign_in("supervisor"))
    tasks = line.begin(9)
    with ThreadPoolExecutor(2) as pool:
        for worker in [pool.submit(line.work) for _ in range(2)]:
            worker.result()
    assert Counter(line.holders(tasks)) == {"clerk": 3, "newcomer": 3, "other-clerk": 3}
    assert all(len(line.record(one, "assigned")) == 1 for one in tasks)


def test_a_post_that_is_full_keeps_no_other_from_its_tasks(sign_in: SignIn, services: Services, line: Line) -> None:
    reviewing = STEPS.replace(b"township/clerk", b"township/reviewer").replace(b'"P"', b'"Q"')
    resource = Resource(name="reviewing.bpmn", content=reviewing, kind="process")
    services.engine.execute(DeployResources(resources=(resource,)), actor=SYSTEM)
    put(sign_in("supervisor"), method="least-load", most_open=1)
    tasks = line.begin(5)
    tasks += line.begin(2, process_id="Q")
    line.work()
    given = {"clerk": 1, "newcomer": 1, "other-clerk": 1, "reviewer": 1}
    assert Counter(line.holders(tasks)) == {None: 3, **given}

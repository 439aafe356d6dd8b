"""Operating over the API: who may, what is answered, and that wrong input is refused with its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from api.services import Services
from engine.commands.batches import DoBatchItem
from engine.commands.deployments import DeployResources
from engine.commands.jobs import AcquireJobs, FailJob
from engine.commands.process_instances import SetVariables, StartProcessInstance
from engine.model import SYSTEM, ProcessInstance, Resource
from storage.database import connect
from tests.api.conftest import OTHER_TOWN, TOWN, Client
from tests.processes.diagrams import end, exclusive, flows, job, one_process, start, user, zeebe
from web.i18n import COOKIE

SignIn = Callable[[str], Client]
CLERKS = zeebe("assignmentDefinition", candidateGroups="township/clerk")
STEPS = one_process(
    start(), user("make", CLERKS, name="经办"), user("check", CLERKS, name="复核"), end(), flows("s>make>check>e")
)
RENAMED = one_process(
    start(), user("take", CLERKS, name="经办"), user("check", CLERKS, name="复核"), end(), flows("s>take>check>e")
)
STUCK = one_process(start(), exclusive("g"), user("make", CLERKS), end(), flows("s>g>make[=x]>e"))
CALLS = one_process(start(), job("elsewhere"), end(), flows("s>elsewhere>e"))
INSTANCES = "/api/v1/process-instances"
WHY = {"reason": "纸面已办"}


def deploy(services: Services, xml: Any) -> str:
    content = xml if isinstance(xml, bytes) else xml.encode()
    resources = (Resource(name="p.bpmn", kind="process", content=content),)
    deployment = services.engine.execute(DeployResources(resources=resources), actor=SYSTEM)
    return str(deployment.definitions[0].id)


def begin(services: Services, region: str = TOWN, **variables: object) -> ProcessInstance:
    command = StartProcessInstance(process_id="P", variables=variables, region=region, business_key="2026-77")
    return services.engine.execute(command, actor=SYSTEM)


def work_off(services: Services) -> None:
    while services.engine.execute(DoBatchItem(), actor=SYSTEM):
        pass


def test_the_journal_tells_every_change_by_whom_and_values_only_to_those_who_may_see_them(
    services: Services, sign_in: SignIn
) -> None:
    deploy(services, STEPS)
    instance = begin(services, income="3200.50")
    services.engine.execute(
        SetVariables(process_instance_id=instance.id, scope_key=1, variables={"income": "2800"}), actor=SYSTEM
    )
    place = f"{INSTANCES}/{instance.id}/journal"

    told = sign_in("supervisor").get(place).json
    kept_back = sign_in("administrator").get(place).json

    def set_to(journal: Any) -> list[Any]:
        lines = [line for entry in journal["entries"] for line in entry["lines"] if line["kind"] == "variable-set"]
        return [line["more"] for line in lines]

    assert [(entry["version"], entry["actor"]) for entry in told["entries"]] == [(2, "system"), (3, "system")]
    assert [line["element_id"] for line in told["entries"][0]["lines"] if line["kind"] == "entered"] == [
        "P",
        "s",
        "make",
    ]
    assert set_to(told) == [{"name": "income", "value": "3200.50"}, {"name": "income", "value": "2800"}]
    assert (told["values_shown"], kept_back["values_shown"]) == (True, False)
    assert set_to(kept_back) == [{"name": "income"}, {"name": "income"}]
    assert sign_in("supervisor").get(f"{INSTANCES}/{uuid4()}/journal").status_code == 404
    assert sign_in("clerk").get(place).status_code == 403


def test_instances_are_found_by_what_is_asked(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    here, there = begin(services), begin(services, OTHER_TOWN)
    supervisor = sign_in("supervisor")
    found = supervisor.get(f"{INSTANCES}?process_id=P&state=active").json
    assert found["total"] == 2
    line = found["instances"][0]
    assert (line["version"], line["stands_at"], line["incidents"], line["business_key"]) == (1, ["make"], 0, "2026-77")
    for question, expected in (
        ("element_id=check", 0),
        ("element_id=make", 2),
        ("has_incident=true&process_id=P", 0),
        ("business_key=2026-77", 2),
        ("version=2&process_id=P", 0),
        (f"region={OTHER_TOWN}", 1),
    ):
        assert supervisor.get(f"{INSTANCES}?{question}").json["total"] == expected, question

    town = sign_in("town-administrator")
    assert [one["id"] for one in town.get(f"{INSTANCES}?process_id=P").json["instances"]] == [str(here.id)]
    assert town.get(f"{INSTANCES}/{there.id}").status_code == 404
    assert sign_in("clerk").get(INSTANCES).status_code == 403


def test_wrong_questions_and_bodies_are_refused_with_their_place(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    instance = begin(services)
    supervisor = sign_in("supervisor")
    for question in ("state=asleep", "version=x", "version=99999999999", "limit=0", "region=abc", "nobody=1"):
        assert supervisor.get(f"{INSTANCES}?{question}").status_code == 422, question
    one = f"{INSTANCES}/{instance.id}"
    for path, body in (
        (f"{one}/suspension", {}),
        (f"{one}/suspension", {"reason": ""}),
        (f"{one}/suspension", {"reason": "   "}),
        (f"{one}/suspension", {"reason": "x" * 501}),
        (f"{one}/cancellation", {"reason": 5}),
        (f"{one}/modification", {**WHY}),
        (f"{one}/modification", {**WHY, "cancel_keys": ["a"]}),
        (f"{one}/modification", {**WHY, "cancel_keys": [0]}),
        (f"{one}/modification", {**WHY, "cancel_keys": [99999999999]}),
        (f"{one}/modification", {**WHY, "activate": [{"element_id": "nowhere"}]}),
        (f"{one}/modification", {**WHY, "activate": "make"}),
        (f"{one}/variables", {"variables": []}),
        ("/api/v1/batches", {**WHY, "kind": "explode"}),
        ("/api/v1/batches", {**WHY, "kind": "suspend", "filter": {"ids": ["x"]}}),
        ("/api/v1/batches", {**WHY, "kind": "cancel", "filter": {"ids": []}}),
        ("/api/v1/batches", {**WHY, "kind": "cancel", "filter": {"ids": None}}),
        ("/api/v1/batches", {**WHY, "kind": "cancel", "filter": {}}),
        ("/api/v1/batches", {**WHY, "kind": "modify", "parameters": {"cancel_elements": ["make"]}}),
        ("/api/v1/batches", {**WHY, "kind": "suspend", "all": "yes"}),
        ("/api/v1/batches", {**WHY, "kind": "suspend", "filter": {"process_id": "nothing"}}),
        ("/api/v1/batches", {**WHY, "kind": "set-retries", "parameters": {"retries": "7"}}),
        ("/api/v1/batches", {**WHY, "kind": "suspend", "dry_run": "yes"}),
        ("/api/v1/incidents/resolution", {**WHY, "tried": 100000}),
    ):
        answer = supervisor.post(path, body)
        assert answer.status_code == 422, (path, body, answer.text)
        assert answer.json["code"]
    assert supervisor.post(f"{one}/variables", {"scope_key": 77, "variables": {"a": 1}}).status_code == 404
    for missing in (f"{INSTANCES}/{uuid4()}", f"/api/v1/incidents/{uuid4()}", f"/api/v1/batches/{uuid4()}"):
        assert supervisor.get(missing).status_code == 404
    assert supervisor.post(f"/api/v1/jobs/{uuid4()}/retries", {"retries": 2}).status_code == 404
    assert supervisor.get(one).json["version"] == instance.version


def test_an_instance_is_previewed_modified_and_shown_with_its_record(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    instance = begin(services, note="王秀英")
    supervisor = sign_in("supervisor")
    one = f"{INSTANCES}/{instance.id}"
    body = {**WHY, "activate": [{"element_id": "check"}], "cancel_elements": ["make"]}
    preview = supervisor.post(f"{one}/modification/preview", body).json
    assert preview["text_zh"].startswith("结束：“经办”；开始：“复核”")
    assert [task["name"] for task in preview["lost_tasks"]] == ["经办"]
    assert supervisor.get(one).json["instance"]["stands_at"] == ["make"]

    done = supervisor.post(f"{one}/modification", {**body, "expected_version": supervisor.get(one).json["version"]})
    assert done.status_code == 200
    shown = supervisor.get(one).json
    assert shown["instance"]["stands_at"] == ["check"]
    assert (shown["history"][-1]["action"], shown["history"][-1]["details"]["reason"]) == ("modified", "纸面已办")
    stale = supervisor.post(f"{one}/modification", {**WHY, "cancel_elements": ["check"], "expected_version": 1})
    assert (stale.status_code, stale.json["code"]) == (409, "stale-version")


def test_values_are_for_those_who_see_the_case_and_names_for_all_operators(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    instance = begin(services, note="王秀英")
    one = f"{INSTANCES}/{instance.id}"
    supervisor = sign_in("supervisor").get(one).json["variables"]
    administrator = sign_in("administrator").get(one)
    assert [(each["name"], each["value_shown"], each["value"]) for each in supervisor] == [("note", True, "王秀英")]
    assert [(each["name"], each["value_shown"], each["value"]) for each in administrator.json["variables"]] == [
        ("note", False, None)
    ]
    assert "王秀英" not in administrator.text


def test_a_suspended_case_refuses_its_tasks_and_goes_on_when_resumed(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    instance = begin(services)
    supervisor, clerk = sign_in("supervisor"), sign_in("clerk")
    task = supervisor.get(f"{INSTANCES}/{instance.id}").json["tasks"][0]["id"]
    assert supervisor.post(f"{INSTANCES}/{instance.id}/suspension", WHY).json["state"] == "suspended"
    claimed = clerk.post(f"/api/v1/tasks/{task}/claim")
    assert (claimed.status_code, claimed.json["code"]) == (409, "instance-suspended")
    assert supervisor.get(f"{INSTANCES}?state=suspended").json["total"] == 1
    assert supervisor.post(f"{INSTANCES}/{instance.id}/suspension", WHY).status_code == 409
    assert supervisor.post(f"{INSTANCES}/{instance.id}/resumption", WHY).json["state"] == "active"
    assert supervisor.post(f"{INSTANCES}/{instance.id}/resumption", WHY).status_code == 409
    assert clerk.post(f"/api/v1/tasks/{task}/claim").status_code == 200
    assert supervisor.post(f"{INSTANCES}/{instance.id}/cancellation", WHY).json["state"] == "cancelled"


def test_an_incident_tells_its_cause_variables_and_everything_tried(services: Services, sign_in: SignIn) -> None:
    deploy(services, STUCK)
    instance = begin(services, x=False)
    supervisor = sign_in("supervisor")
    (incident,) = supervisor.get("/api/v1/incidents").json["incidents"]
    assert sign_in("administrator").get("/api/v1/incidents").json["incidents"] == [incident]
    assert sign_in("clerk").get("/api/v1/incidents").status_code == 403
    path = f"/api/v1/incidents/{incident['id']}"
    again = supervisor.post(f"{path}/resolve").json
    assert (again["outcome"], again["id"]) == ("failed-again", str(instance.id))
    assert again["reason"]
    report = supervisor.get(path).json
    assert (report["incident"]["kind"], report["incident"]["element_id"]) == ("condition", "g")
    assert [(one["name"], one["value"]) for one in report["variables"]] == [("x", False)]
    assert [one["by"] for one in report["attempts"]] == ["system", "supervisor"]

    supervisor.post(f"{INSTANCES}/{instance.id}/variables", {"variables": {"x": True}})
    assert supervisor.post(f"{path}/resolve").json["outcome"] == "fixed"
    assert supervisor.post(f"{path}/resolve").status_code == 409
    assert sign_in("clerk").get(path).status_code == 403


def test_every_failure_of_a_job_is_kept_and_its_retries_can_be_set(services: Services, sign_in: SignIn) -> None:
    deploy(services, CALLS)
    instance = begin(services)
    supervisor = sign_in("supervisor")
    (open_job,) = supervisor.get(f"{INSTANCES}/{instance.id}").json["jobs"]
    assert supervisor.post(f"/api/v1/jobs/{open_job['id']}/retries", {"retries": 2}).json["retries"] == 2
    for number in range(2):
        acquire = AcquireJobs(worker="w", types=("elsewhere",), lease=timedelta(minutes=1), limit=1)
        (taken,) = services.engine.execute(acquire, actor=SYSTEM)
        fail = FailJob(lease=taken.lease, reason=f"try {number}", retry_in=timedelta(0))
        services.engine.execute(fail, actor=SYSTEM)
    (incident,) = supervisor.get("/api/v1/incidents").json["incidents"]
    report = supervisor.get(f"/api/v1/incidents/{incident['id']}").json
    assert [(one["reason"], one["retries_left"]) for one in report["attempts"]] == [("try 0", 1), ("try 1", 0)]
    assert supervisor.post(f"/api/v1/incidents/{incident['id']}/resolve").json["outcome"] == "started"


def test_incidents_are_retried_in_bulk(services: Services, sign_in: SignIn) -> None:
    deploy(services, STUCK)
    begin(services, x=False)
    begin(services, OTHER_TOWN, x=False)
    supervisor = sign_in("supervisor")
    body = {**WHY, "filter": {"process_id": "P"}}
    tried = supervisor.post("/api/v1/incidents/resolution", {**body, "dry_run": True}).json
    assert (tried["batch"], tried["dry_run"]["total"], tried["dry_run"]["counts"]) == (None, 2, {"failed": 2})
    batch = supervisor.post("/api/v1/incidents/resolution", body).json["batch"]
    work_off(services)
    shown = supervisor.get(f"/api/v1/batches/{batch['id']}").json
    assert (shown["state"], shown["total"], shown["counts"]) == ("completed", 2, {"failed": 2})
    items = supervisor.get(f"/api/v1/batches/{batch['id']}/items?state=failed").json["items"]
    assert all(one["message_zh"].startswith("再次失败") for one in items)
    assert supervisor.post(f"/api/v1/batches/{batch['id']}/retry").json["state"] == "running"


def test_a_batch_is_stopped_and_belongs_to_who_made_it(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    begin(services)
    begin(services, OTHER_TOWN)
    town = sign_in("town-administrator")
    batch = town.post("/api/v1/batches", {**WHY, "kind": "suspend", "filter": {"process_id": "P"}}).json["batch"]
    assert batch["total"] == 1
    assert town.post(f"/api/v1/batches/{batch['id']}/suspension").json["state"] == "suspended"
    assert town.post(f"/api/v1/batches/{batch['id']}/resumption").json["state"] == "running"
    assert town.post(f"/api/v1/batches/{batch['id']}/cancellation").json["counts"] == {"cancelled": 1}
    assert town.post(f"/api/v1/batches/{batch['id']}/cancellation").status_code == 409
    county = sign_in("administrator").post("/api/v1/batches", {**WHY, "kind": "suspend", "all": True}).json["batch"]
    assert town.get(f"/api/v1/batches/{county['id']}").status_code == 404
    assert [one["id"] for one in town.get("/api/v1/batches").json["batches"]] == [batch["id"]]
    assert len(sign_in("administrator").get("/api/v1/batches").json["batches"]) == 2


def test_a_version_is_migrated_to_the_next_and_back(services: Services, sign_in: SignIn) -> None:
    source = deploy(services, STEPS)
    instance = begin(services)
    target = deploy(services, RENAMED)
    administrator = sign_in("administrator")
    versions = administrator.get("/api/v1/migrations/versions?process_id=P").json["versions"]
    assert [(one["version"], one["running"], one["definition_id"]) for one in versions] == [
        (2, 0, target),
        (1, 1, source),
    ]
    suggestion = administrator.get(f"/api/v1/migrations/suggestion?source={source}&target={target}").json
    assert suggestion["mapping"] == {"make": "take"}

    plan = {**WHY, "source": source, "target": target}
    blocked = administrator.post("/api/v1/migrations", {**plan, "dry_run": True}).json["dry_run"]
    (group,) = blocked["groups"]
    assert (group["stands_at"], group["state"], group["number"]) == (["make"], "not-tried", 1)
    assert "make 在新版本中没有对应环节" in group["messages_zh"][0]
    whole = {**plan, "mapping": suggestion["mapping"], "all": True}
    assert administrator.post("/api/v1/migrations", {**whole, "all": False}).json["code"] == "batch-not-narrowed"
    batch = administrator.post("/api/v1/migrations", whole).json["batch"]
    work_off(services)
    shown = administrator.get(f"{INSTANCES}/{instance.id}").json["instance"]
    assert (shown["version"], shown["stands_at"]) == (2, ["take"])

    undone = administrator.post(f"/api/v1/migrations/{batch['id']}/reversal", WHY).json["batch"]
    work_off(services)
    assert administrator.get(f"/api/v1/batches/{undone['id']}").json["counts"] == {"done": 1}
    assert administrator.get(f"{INSTANCES}/{instance.id}").json["instance"]["version"] == 1
    single = administrator.post(f"{INSTANCES}/{instance.id}/migration/reversal", WHY)
    assert (single.status_code, single.json["code"]) == (409, "revert-refused")


def test_undoing_a_migration_says_how_many_are_out_of_reach_and_undoes_none(
    services: Services, sign_in: SignIn
) -> None:
    source = deploy(services, STEPS)
    instances = [begin(services, region) for region in (TOWN, OTHER_TOWN, OTHER_TOWN)]
    target = deploy(services, RENAMED)
    plan = {**WHY, "source": source, "target": target, "mapping": {"make": "take"}, "all": True}
    batch = sign_in("administrator").post("/api/v1/migrations", plan).json["batch"]
    work_off(services)

    answer = sign_in("town-administrator").post(f"/api/v1/migrations/{batch['id']}/reversal", WHY)
    assert (answer.status_code, answer.json["code"]) == (403, "revert-out-of-reach")
    assert "3 个流程中有 2 个" in answer.json["detail"]

    undone = sign_in("administrator").post(f"/api/v1/migrations/{batch['id']}/reversal", WHY).json["batch"]
    work_off(services)
    assert sign_in("administrator").get(f"/api/v1/batches/{undone['id']}").json["counts"] == {"done": len(instances)}


def test_a_wrong_plan_is_refused_and_supervisors_do_not_migrate(services: Services, sign_in: SignIn) -> None:
    source = deploy(services, STEPS)
    begin(services)
    target = deploy(services, RENAMED)
    administrator = sign_in("administrator")
    plan = {**WHY, "source": source, "target": target}
    for wrong, status in (
        ({**plan, "target": str(uuid4())}, 404),
        ({**plan, "target": source}, 422),
        ({**plan, "mapping": {"make": "nowhere"}}, 422),
        ({**plan, "mapping": {"make": 5}}, 422),
        ({**plan, "source": "x"}, 422),
    ):
        assert administrator.post("/api/v1/migrations", wrong).status_code == status, wrong
    assert sign_in("supervisor").post("/api/v1/migrations", plan).status_code == 403
    as_batch = {**WHY, "kind": "migrate", "all": True, "parameters": {"source": source, "target": target}}
    answer = sign_in("supervisor").post("/api/v1/batches", as_batch)
    assert (answer.status_code, answer.json["code"]) == (422, "nothing-selected")
    assert administrator.post(f"/api/v1/migrations/{uuid4()}/reversal", WHY).status_code == 404
    by_batch = {**WHY, "kind": "revert-migration", "parameters": {"batch_id": "x"}}
    assert administrator.post("/api/v1/batches", by_batch).status_code == 422


def test_a_batch_is_done_with_the_posts_its_maker_has_by_then(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    instance = begin(services)
    town = sign_in("town-administrator")
    batch = town.post("/api/v1/batches", {**WHY, "kind": "suspend", "all": True}).json["batch"]
    assert services.settings.database_url
    database = connect(services.settings.database_url)
    with database.begin() as connection:
        connection.execute(text("DELETE FROM post WHERE login = 'town-administrator'"))
    database.dispose()
    work_off(services)

    items = sign_in("administrator").get(f"/api/v1/batches/{batch['id']}/items").json["items"]
    assert [one["state"] for one in items] == ["not-tried"]
    shown = sign_in("administrator").get(f"{INSTANCES}/{instance.id}").json["instance"]
    assert shown["state"] == "active"


def test_the_reason_of_an_incident_is_told_in_the_language_of_the_reader(services: Services, sign_in: SignIn) -> None:
    deploy(services, one_process(start(), job("close_case"), end(), flows("s>close_case>e")))
    instance = begin(services, caseId=5)
    reader = sign_in("supervisor")

    def told(language: str) -> list[str]:
        reader.client.set_cookie(COOKIE, language)
        shown = reader.get(f"{INSTANCES}/{instance.id}").json
        (listed,) = reader.get("/api/v1/incidents").json["incidents"]
        one = reader.get(f"/api/v1/incidents/{listed['id']}").json["incident"]
        return [shown["incidents"][0]["reason"], listed["reason"], one["reason"]]

    asked = {**WHY, "filter": {"ids": [str(instance.id)]}, "dry_run": True}
    (group,) = reader.post("/api/v1/incidents/resolution", asked).json["dry_run"]["groups"]
    for told_text in (*told("zh"), *group["messages_zh"]):
        assert "close_case: 步骤“close_case”的输入变量“caseId”应为非空文本，现为数字" in told_text
        assert "expects" not in told_text
    for told_text in (*told("en"), *group["messages_en"]):
        assert "close_case: The step 'close_case' expects a text" in told_text
        assert "应为" not in told_text


def test_wrong_parameters_of_a_batch_are_refused_at_their_place(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    begin(services)
    reader = sign_in("supervisor")
    for kind, parameters, path, message in (
        ("set-retries", {"retries": 101}, "parameters.retries", "应为1 至 100 的整数，现为数字 101"),
        ("modify", {"activate": [{"element_id": 5}]}, "parameters.activate[0].element_id", "应为非空文本，现为数字 5"),
        ("modify", {"cancel_elements": "make"}, "parameters.cancel_elements", "应为列表，现为文本"),
        ("revert-migration", {"batch_id": "x"}, "parameters.batch_id", "应为UUID 格式的编号，现为文本"),
        ("suspend", {"why": 1}, "parameters.why", "没有这个参数；可用：无"),
    ):
        answer = reader.post("/api/v1/batches", {**WHY, "kind": kind, "parameters": parameters})
        assert answer.status_code == 422
        (error,) = answer.json["errors"]
        assert (error["path"], error["message"]) == (path, message)


def test_an_incident_that_was_resolved_says_so_to_who_tries_it_again(services: Services, sign_in: SignIn) -> None:
    deploy(services, STUCK)
    instance = begin(services, x=5)
    chief = sign_in("supervisor")
    (stuck,) = chief.get(f"{INSTANCES}/{instance.id}").json["incidents"]
    assert chief.post(f"{INSTANCES}/{instance.id}/variables", {"variables": {"x": True}}).status_code == 200
    place = f"/api/v1/incidents/{stuck['id']}/resolve"
    assert chief.post(place).json["outcome"] == "fixed"
    again = chief.post(place)
    assert (again.status_code, again.json["code"]) == (409, "incident-resolved")
    assert "已于" in again.json["detail"]

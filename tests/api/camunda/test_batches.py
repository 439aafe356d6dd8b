"""Camunda's client asks for batches, and sees what became of each of their items."""

from __future__ import annotations

from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk.errors import ApiError
from camunda_orchestration_sdk.models import (
    BatchOperationItemSearchQuery,
    BatchOperationSearchQuery,
    JobActivationRequest,
    JobFailRequest,
    ProcessCreationById,
    ProcessInstanceCancellationBatchOperationRequest,
    ProcessInstanceIncidentResolutionBatchOperationRequest,
    ProcessInstanceMigrationBatchOperationRequest,
    ProcessInstanceModificationBatchOperationRequest,
    ProcessInstanceSearchQuery,
)

from api.services import Services
from engine.commands.batches import DoBatchItem
from engine.model import SYSTEM
from tests.api.camunda.conftest import PROGRAM, SignIn
from tests.api.camunda.deploying import deploy
from tests.api.camunda.drawings import looked_at, measured
from tests.api.camunda.test_operating import standing


def begun(client: CamundaClient, drawn: bytes, *numbers: str) -> list[str]:
    deploy(client, drawn_bpmn=drawn)
    asked = ({"processDefinitionId": "P", "businessId": number} for number in numbers)
    return [
        client.create_process_instance(data=ProcessCreationById.from_dict(one)).process_instance_key for one in asked
    ]


def worked_off(services: Services) -> None:
    while services.engine.execute(DoBatchItem(), actor=SYSTEM):
        pass


def items_of(client: CamundaClient, key: str) -> list[tuple[str, str, str | None]]:
    wanted = BatchOperationItemSearchQuery.from_dict({"filter": {"batchOperationKey": key}})
    found = client.search_batch_operation_items(data=wanted).items
    return [(str(one.item_key), one.state.value, one.error_message) for one in found]


def states(client: CamundaClient) -> dict[str, str]:
    found = client.search_process_instances(data=ProcessInstanceSearchQuery.from_dict({})).items
    return {str(one.business_id): one.state.value for one in found}


def test_what_a_filter_finds_is_cancelled(program: CamundaClient, as_: SignIn, services: Services) -> None:
    first, second, _ = begun(program, looked_at(), "A-1", "A-2", "B-1")
    asked = {"filter": {"businessId": {"$like": "A-*"}}}
    made = program.cancel_process_instances_batch_operation(
        data=ProcessInstanceCancellationBatchOperationRequest.from_dict(asked)
    )
    assert made.batch_operation_type.value == "CANCEL_PROCESS_INSTANCE"
    assert [state for _, state, _ in items_of(program, made.batch_operation_key)] == ["ACTIVE", "ACTIVE"]
    worked_off(services)

    assert states(program) == {"A-1": "TERMINATED", "A-2": "TERMINATED", "B-1": "ACTIVE"}
    shown = program.get_batch_operation(made.batch_operation_key)
    assert (shown.state.value, shown.actor_id, shown.operations_total_count) == ("COMPLETED", PROGRAM, 2)
    assert (shown.operations_completed_count, shown.operations_failed_count) == (2, 0)
    assert sorted(items_of(program, made.batch_operation_key)) == sorted(
        [(str(first), "COMPLETED", None), (str(second), "COMPLETED", None)]
    )
    with pytest.raises(ApiError) as unseen:
        as_("clerk").get_batch_operation(made.batch_operation_key)
    assert unseen.value.status_code in (403, 404)


def test_a_batch_rests_goes_on_and_is_stopped(program: CamundaClient, services: Services) -> None:
    begun(program, looked_at(), "A-1")
    asked = ProcessInstanceCancellationBatchOperationRequest.from_dict({"filter": {"processDefinitionId": "P"}})
    key = program.cancel_process_instances_batch_operation(data=asked).batch_operation_key

    program.suspend_batch_operation(key)
    worked_off(services)
    assert (program.get_batch_operation(key).state.value, states(program)) == ("SUSPENDED", {"A-1": "ACTIVE"})
    program.resume_batch_operation(key)
    assert program.get_batch_operation(key).state.value == "ACTIVE"
    program.cancel_batch_operation(key)
    worked_off(services)

    assert states(program) == {"A-1": "ACTIVE"}
    wanted = {"filter": {"state": "CANCELED", "operationType": "CANCEL_PROCESS_INSTANCE", "actorId": PROGRAM}}
    [found] = program.search_batch_operations(data=BatchOperationSearchQuery.from_dict(wanted)).items
    assert found.batch_operation_key == key
    assert [state for _, state, _ in items_of(program, key)] == ["CANCELED"]
    with pytest.raises(ApiError) as over:
        program.resume_batch_operation(key)
    assert over.value.status_code == 409


def test_what_is_stuck_is_tried_again_by_filter_and_in_one_instance(program: CamundaClient, services: Services) -> None:
    [key] = begun(program, measured(), "A-1")

    def stuck() -> None:
        taking = {"type": "measure", "timeout": 60_000, "maxJobsToActivate": 1, "worker": "ruler"}
        [job] = program.activate_jobs(data=JobActivationRequest.from_dict(taking)).jobs
        program.fail_job(job.job_key, data=JobFailRequest(retries=0, error_message="no ruler"))
        assert program.get_process_instance(key).has_incident

    stuck()
    asked = ProcessInstanceIncidentResolutionBatchOperationRequest.from_dict({"filter": {"hasIncident": True}})
    made = program.resolve_incidents_batch_operation(data=asked)
    worked_off(services)
    assert not program.get_process_instance(key).has_incident
    [(item, state, _)] = items_of(program, made.batch_operation_key)
    assert (item != key, state) == (True, "COMPLETED")

    stuck()
    again = program.resolve_process_instance_incidents(key)
    assert again.batch_operation_type.value == "RESOLVE_INCIDENT"
    worked_off(services)
    assert not program.get_process_instance(key).has_incident


def test_elements_move_in_every_instance_and_what_does_not_work_says_why(
    program: CamundaClient, services: Services
) -> None:
    first, second = begun(program, measured(), "A-1", "A-2")
    move = [{"sourceElementId": "measure", "targetElementId": "Task_Look"}]

    def moved(filters: dict[str, object]) -> str:
        asked = {"filter": filters, "moveInstructions": move}
        request = ProcessInstanceModificationBatchOperationRequest.from_dict(asked)
        made = program.modify_process_instances_batch_operation(data=request)
        worked_off(services)
        return made.batch_operation_key

    moved({"businessId": "A-1"})
    assert (standing(program, first), standing(program, second)) == (["Task_Look"], ["measure"])
    told = items_of(program, moved({"processDefinitionId": "P"}))
    assert standing(program, second) == ["Task_Look"]
    [failed] = [one for one in told if one[1] == "FAILED"]
    assert (failed[0], "measure" in str(failed[2])) == (str(first), True)


def test_instances_go_on_by_another_version(program: CamundaClient, services: Services) -> None:
    [key] = begun(program, looked_at(), "A-1")
    newer = deploy(program, drawn_bpmn=looked_at().replace(b"</bpmn:process>", b"<!-- newer --></bpmn:process>"))
    target = newer.deployments[0].process_definition
    plan = {
        "targetProcessDefinitionKey": target.process_definition_key,
        "mappingInstructions": [{"sourceElementId": "Task_Look", "targetElementId": "Task_Look"}],
    }

    def migrate(plan: dict[str, Any]) -> None:
        asked = {"filter": {"processDefinitionId": "P"}, "migrationPlan": plan}
        made = program.migrate_process_instances_batch_operation(
            data=ProcessInstanceMigrationBatchOperationRequest.from_dict(asked)
        )
        worked_off(services)
        outcomes.extend(items_of(program, made.batch_operation_key))

    outcomes: list[Any] = []
    migrate({**plan, "mappingInstructions": []})
    assert ([one[1] for one in outcomes], "Task_Look" in str(outcomes[0][2])) == (["FAILED"], True)
    assert program.get_process_instance(key).process_definition_version == 1
    migrate(plan)

    assert program.get_process_instance(key).process_definition_version == 2


def test_what_finds_nothing_or_everything_is_refused(program: CamundaClient) -> None:
    begun(program, looked_at(), "A-1")
    for filters in ({}, {"businessId": "unknown"}, {"colour": "red"}):
        asked = ProcessInstanceCancellationBatchOperationRequest.from_dict({"filter": filters})
        with pytest.raises(ApiError) as refused:
            program.cancel_process_instances_batch_operation(data=asked)
        assert refused.value.status_code in (400, 409), filters
    with pytest.raises(ApiError) as unknown:
        program.get_batch_operation("1")
    assert unknown.value.status_code == 404

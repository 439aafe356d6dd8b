"""Camunda's client starts processes, works jobs, does user tasks, correlates and repairs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk.errors import ApiError
from camunda_orchestration_sdk.models import (
    CancelProcessInstanceData,
    ElementInstanceSearchQuery,
    IncidentResolutionRequest,
    IncidentSearchQuery,
    JobActivationRequest,
    JobActivationResult,
    JobCompletionRequest,
    JobErrorRequest,
    JobFailRequest,
    JobSearchQuery,
    JobUpdateRequest,
    MessageCorrelationRequest,
    MessagePublicationRequest,
    ProcessCreationById,
    ProcessInstanceSearchQuery,
    SignalBroadcastRequest,
    UserTaskAssignmentRequest,
    UserTaskCompletionRequest,
    UserTaskSearchQuery,
    VariableSearchQuery,
)
from sqlalchemy import text

from api.services import Services
from storage.database import connect
from tests.api.camunda.conftest import PROGRAM, SignIn
from tests.api.camunda.deploying import begin, deploy
from tests.api.camunda.drawings import FORM, begun_by_message, looked_at, measured, paid, straight
from tests.processes.diagrams import end, flows, one_process, start, zeebe


def taken(client: CamundaClient, **asked: object) -> JobActivationResult:
    body = {"type": "measure", "timeout": 60_000, "maxJobsToActivate": 5, "worker": "ruler", **asked}
    return client.activate_jobs(data=JobActivationRequest.from_dict(body))


def state_of(client: CamundaClient, key: str) -> str:
    return client.get_process_instance(key).state.value


def test_a_job_that_does_not_open_is_not_handed_out_and_keeps_no_other_back(
    program: CamundaClient, services: Services
) -> None:
    damaged = begin(program, measured(), length=3, width=2)
    database = connect(str(services.settings.database_url))
    with database.begin() as connection:
        connection.execute(text("UPDATE job SET variables = 'rot'::bytea"))
    database.dispose()
    whole = begin(program, measured(), length=3, width=2)

    [job] = taken(program).jobs
    assert job.process_instance_key == whole.process_instance_key
    asked = {"filter": {"processInstanceKey": damaged.process_instance_key}}
    [failed] = program.search_jobs(data=JobSearchQuery.from_dict(asked)).items
    assert (failed.retries, "check the key file" in str(failed.error_message)) == (2, True)


def test_a_process_is_started_worked_and_ended(program: CamundaClient) -> None:
    begun = begin(program, measured(), length=3, width=2)
    assert state_of(program, begun.process_instance_key) == "ACTIVE"

    [job] = taken(program, fetchVariable=["length"]).jobs
    assert (job.type_, job.worker, job.variables.to_dict()) == ("measure", "ruler", {"length": 3})
    assert job.process_instance_key == begun.process_instance_key
    assert taken(program, requestTimeout=-1).jobs == []
    program.complete_job(job.job_key, data=JobCompletionRequest.from_dict({"variables": {"area": 6}}))

    asked = {"filter": {"processInstanceKey": begun.process_instance_key, "state": "CREATED"}}
    [task] = program.search_user_tasks(data=UserTaskSearchQuery.from_dict(asked)).items
    assert (task.element_id, task.candidate_groups, task.assignee) == ("Task_Look", ["civil_affairs/clerk"], None)
    program.assign_user_task(task.user_task_key, data=UserTaskAssignmentRequest(assignee=PROGRAM))
    assert program.get_user_task(task.user_task_key).assignee == PROGRAM
    program.complete_user_task(
        task.user_task_key, data=UserTaskCompletionRequest.from_dict({"variables": {"ok": True}})
    )

    assert state_of(program, begun.process_instance_key) == "COMPLETED"
    wanted = {"filter": {"processInstanceKey": begun.process_instance_key}}
    found = program.search_variables(data=VariableSearchQuery.from_dict(wanted))
    assert {one.name: one.value for one in found.items} == {"area": "6", "length": "3", "ok": "true", "width": "2"}


def test_a_job_that_failed_for_good_is_an_incident_that_is_resolved(program: CamundaClient) -> None:
    begun = begin(program, measured())
    [job] = taken(program).jobs
    program.fail_job(job.job_key, data=JobFailRequest(retries=1, error_message="no ruler"))
    [again] = taken(program).jobs
    assert (again.job_key, again.retries) == (job.job_key, 1)
    program.fail_job(again.job_key, data=JobFailRequest(retries=0, error_message="no ruler at all"))

    wanted = {"filter": {"processInstanceKey": begun.process_instance_key, "state": "ACTIVE"}}
    [incident] = program.search_incidents(data=IncidentSearchQuery.from_dict(wanted)).items
    assert (incident.error_type.value, incident.error_message) == ("JOB_NO_RETRIES", "no ruler at all")
    assert program.get_process_instance(begun.process_instance_key).has_incident
    program.resolve_incident(incident.incident_key, data=IncidentResolutionRequest())

    assert program.get_incident(incident.incident_key).state.value == "RESOLVED"
    assert len(taken(program).jobs) == 1


def test_a_job_ends_in_an_error_that_the_diagram_catches(program: CamundaClient) -> None:
    begun = begin(program, measured())
    [job] = taken(program).jobs
    program.throw_job_error(job.job_key, data=JobErrorRequest(error_code="refused", error_message="no"))

    wanted = {"filter": {"processInstanceKey": begun.process_instance_key, "type": "END_EVENT"}}
    [passed] = program.search_element_instances(data=ElementInstanceSearchQuery.from_dict(wanted)).items
    assert (passed.element_id, passed.state.value) == ("e2", "COMPLETED")


def test_a_worker_holds_its_job_longer_and_nobody_else_settles_it(program: CamundaClient, as_: SignIn) -> None:
    begun = begin(program, measured())
    [job] = taken(program).jobs
    changes = {"changeset": {"timeout": 600_000, "retries": 7}}
    program.update_job(job.job_key, data=JobUpdateRequest.from_dict(changes))

    wanted = {"filter": {"processInstanceKey": begun.process_instance_key}}
    [shown] = program.search_jobs(data=JobSearchQuery.from_dict(wanted)).items
    assert shown.deadline.timestamp() * 1_000 > job.deadline + 500_000
    assert (shown.retries, shown.worker) == (7, f"{PROGRAM}/ruler")
    with pytest.raises(ApiError) as refused:
        as_("supervisor").complete_job(job.job_key, data=JobCompletionRequest())
    assert refused.value.status_code == 409
    program.complete_job(job.job_key, data=JobCompletionRequest())


def test_an_operator_sets_the_retries_of_a_job_that_nobody_holds(program: CamundaClient) -> None:
    begun = begin(program, measured())
    wanted = JobSearchQuery.from_dict({"filter": {"processInstanceKey": begun.process_instance_key}})
    [free] = program.search_jobs(data=wanted).items
    program.update_job(free.job_key, data=JobUpdateRequest.from_dict({"changeset": {"retries": 9}}))
    with pytest.raises(ApiError) as refused:
        program.update_job(
            free.job_key, data=JobUpdateRequest.from_dict({"changeset": {"retries": 8, "timeout": 1_000}})
        )

    assert refused.value.status_code == 409
    [shown] = program.search_jobs(data=wanted).items
    assert (shown.retries, shown.worker) == (9, "")


def test_jobs_of_the_office_are_handed_to_nobody(program: CamundaClient) -> None:
    with pytest.raises(ApiError) as refused:
        taken(program, type="send_notice")
    assert (refused.value.status_code, "send_notice" in str(refused.value)) == (403, True)


def test_who_does_not_see_what_variables_hold_works_no_jobs(program: CamundaClient, as_: SignIn) -> None:
    begun = begin(program, measured())
    administrator = as_("administrator")
    with pytest.raises(ApiError) as refused:
        taken(administrator)
    assert refused.value.status_code == 403
    wanted = VariableSearchQuery.from_dict({"filter": {"processInstanceKey": begun.process_instance_key}})
    with pytest.raises(ApiError) as refused:
        administrator.search_variables(data=wanted)
    assert refused.value.status_code == 403


@pytest.mark.parametrize("request_timeout", [0, 20_000])  # 0: as long as we choose
def test_a_worker_waits_for_a_job(program: CamundaClient, request_timeout: int) -> None:
    deploy(program, measured_bpmn=measured())
    begun = []

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(taken, program, requestTimeout=request_timeout)
        begun.append(program.create_process_instance(data=ProcessCreationById.from_dict({"processDefinitionId": "P"})))
        [job] = waiting.result().jobs

    assert job.process_instance_key == begun[0].process_instance_key


def test_messages_reach_who_waits_and_start_what_they_start(program: CamundaClient) -> None:
    begun = begin(program, paid(), number="A-1")
    reached = program.correlate_message(
        data=MessageCorrelationRequest.from_dict({"name": "paid", "correlationKey": "A-1", "variables": {"sum": 5}})
    )
    assert reached.process_instance_key == begun.process_instance_key
    assert state_of(program, begun.process_instance_key) == "COMPLETED"
    with pytest.raises(ApiError) as refused:
        program.correlate_message(data=MessageCorrelationRequest(name="paid", correlation_key="A-1"))
    assert refused.value.status_code == 404

    deploy(program, called_bpmn=begun_by_message())
    program.publish_message(data=MessagePublicationRequest.from_dict({"name": "called", "timeToLive": 1_000}))
    program.broadcast_signal(data=SignalBroadcastRequest(signal_name="nobody hears"))
    running = program.search_process_instances(
        data=ProcessInstanceSearchQuery.from_dict({"filter": {"processDefinitionId": "P", "state": "ACTIVE"}})
    )
    assert len(running.items) == 1


def test_the_end_of_a_process_is_awaited(program: CamundaClient) -> None:
    deploy(program, straight_bpmn=straight())
    asked = {
        "processDefinitionId": "P",
        "awaitCompletion": True,
        "variables": {"a": 1, "b": 2},
        "fetchVariables": ["a"],
    }
    ended = program.create_process_instance(data=ProcessCreationById.from_dict(asked))
    assert ended.variables.to_dict() == {"a": 1}

    deploy(program, look_bpmn=looked_at())
    with pytest.raises(ApiError) as late:
        program.create_process_instance(data=ProcessCreationById.from_dict({**asked, "requestTimeout": 1}))
    assert late.value.status_code == 504


def test_an_instance_is_cancelled(program: CamundaClient) -> None:
    begun = begin(program, looked_at())
    program.cancel_process_instance(begun.process_instance_key, data=CancelProcessInstanceData())
    assert state_of(program, begun.process_instance_key) == "TERMINATED"
    with pytest.raises(ApiError) as refused:
        program.cancel_process_instance(begun.process_instance_key, data=CancelProcessInstanceData())
    assert refused.value.status_code == 409


def test_a_task_shows_its_form_and_its_variables_to_who_sees_it(program: CamundaClient, as_: SignIn) -> None:
    deploy(program, look_form=FORM.encode())
    begun = begin(program, looked_at("look"), hint="wide")
    wanted = {"filter": {"processInstanceKey": begun.process_instance_key}}
    [task] = program.search_user_tasks(data=UserTaskSearchQuery.from_dict(wanted)).items

    form = program.get_user_task_form(task.user_task_key)
    assert (form.form_id, form.version, form.schema) == ("look", 1, FORM)
    [variable] = program.search_user_task_variables(task.user_task_key).items
    assert (variable.name, variable.value) == ("hint", '"wide"')

    far = as_("teacher")
    assert far.search_user_tasks(data=UserTaskSearchQuery.from_dict(wanted)).items == []
    with pytest.raises(ApiError) as unseen:
        far.get_user_task(task.user_task_key)
    assert unseen.value.status_code == 404


def test_a_process_tells_the_form_it_is_begun_with(program: CamundaClient) -> None:
    def drawn(**form: str) -> bytes:
        return one_process(start("s", zeebe("formDefinition", **form)), end(), flows("s>e"))

    def told(key: str) -> tuple[bool, str | None]:
        if not program.get_process_definition(key).has_start_form:
            return False, None
        form = program.get_start_process_form(key)
        return True, f"{form.form_id} {form.version}"

    def key_of(**files: bytes) -> str:
        found = deploy(program, **files).deployments
        return next(one.process_definition.process_definition_key for one in found if one.process_definition)

    with pytest.raises(ApiError) as missing:
        deploy(program, drawn_bpmn=drawn(formId="look"))
    assert (missing.value.status_code, "look" in str(missing.value)) == (400, True)
    bound = key_of(drawn_bpmn=drawn(formId="look", bindingType="deployment"), look_form=FORM.encode())
    newest = key_of(drawn_bpmn=drawn(formId="look"))
    assert (told(bound), told(newest)) == ((True, "look 1"), (True, "look 1"))
    deploy(program, look_form=FORM.replace("looked", "seen").encode())
    assert (told(bound), told(newest)) == ((True, "look 1"), (True, "look 2"))
    assert told(key_of(straight_bpmn=straight())) == (False, None)

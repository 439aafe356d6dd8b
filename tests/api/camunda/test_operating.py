"""Camunda's client modifies, migrates, sets variables, evaluates, and gives tasks to people."""

from __future__ import annotations

import pytest
from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk.errors import ApiError
from camunda_orchestration_sdk.models import (
    ConditionalEvaluationInstruction,
    ElementInstanceSearchQuery,
    ExpressionEvaluationRequest,
    ProcessInstanceMigrationInstruction,
    ProcessInstanceModificationInstruction,
    SetVariableRequest,
    UserTaskAssignmentRequest,
    UserTaskCompletionRequest,
    UserTaskSearchQuery,
    UserTaskUpdateRequest,
    VariableSearchQuery,
)

from tests.api.camunda.conftest import PROGRAM, SignIn
from tests.api.camunda.deploying import begin, deploy
from tests.api.camunda.drawings import SIZE, looked_at, measured, paid


def of_instance(key: str, **more: object) -> dict[str, object]:
    return {"filter": {"processInstanceKey": key, **more}}


def standing(client: CamundaClient, key: str) -> list[str]:
    wanted = ElementInstanceSearchQuery.from_dict(of_instance(key, state="ACTIVE"))
    found = client.search_element_instances(data=wanted).items
    return [one.element_id for one in found if one.type_.value != "PROCESS"]


def test_an_instance_is_modified(program: CamundaClient) -> None:
    key = begin(program, measured()).process_instance_key
    [scope] = program.search_element_instances(
        data=ElementInstanceSearchQuery.from_dict(of_instance(key, elementId="measure"))
    ).items
    asked = {
        "activateInstructions": [
            {"elementId": "Task_Look", "variableInstructions": [{"variables": {"why": "by hand"}}]}
        ],
        "terminateInstructions": [{"elementInstanceKey": scope.element_instance_key}],
    }
    program.modify_process_instance(key, data=ProcessInstanceModificationInstruction.from_dict(asked))

    assert standing(program, key) == ["Task_Look"]
    found = program.search_variables(data=VariableSearchQuery.from_dict(of_instance(key)))
    assert {one.name: one.value for one in found.items} == {"why": '"by hand"'}
    with pytest.raises(ApiError) as refused:
        program.modify_process_instance(key, data=ProcessInstanceModificationInstruction.from_dict(asked))
    assert refused.value.status_code in (400, 409)


def test_an_instance_goes_on_by_another_version(program: CamundaClient) -> None:
    begun = begin(program, looked_at())
    newer = deploy(program, drawn_bpmn=looked_at().replace(b"</bpmn:process>", b"<!-- newer --></bpmn:process>"))
    target = newer.deployments[0].process_definition
    asked = {
        "targetProcessDefinitionKey": target.process_definition_key,
        "mappingInstructions": [{"sourceElementId": "Task_Look", "targetElementId": "Task_Look"}],
    }
    unnamed = ProcessInstanceMigrationInstruction.from_dict(asked | {"mappingInstructions": []})
    with pytest.raises(ApiError, match="Task_Look") as refused:
        program.migrate_process_instance(begun.process_instance_key, data=unnamed)
    assert refused.value.status_code == 400
    program.migrate_process_instance(
        begun.process_instance_key, data=ProcessInstanceMigrationInstruction.from_dict(asked)
    )

    shown = program.get_process_instance(begun.process_instance_key)
    assert (shown.process_definition_version, shown.process_definition_key) == (2, target.process_definition_key)


def test_variables_of_a_scope_are_set_and_found(program: CamundaClient) -> None:
    key = begin(program, looked_at(), a=1).process_instance_key
    program.create_element_instance_variables(key, data=SetVariableRequest.from_dict({"variables": {"b": "x" * 9_000}}))

    def found(name: str) -> list[tuple[str, bool]]:
        wanted = VariableSearchQuery.from_dict(of_instance(key, name=name, scopeKey=key))
        return [(one.value, one.is_truncated) for one in program.search_variables(data=wanted).items]

    assert found("a") == [("1", False)]
    [(value, is_truncated)] = found("b")
    assert (len(value), is_truncated) == (8_192, True)
    assert found("c") == []


def test_expressions_and_decisions_are_evaluated(program: CamundaClient) -> None:
    deploy(program, size_dmn=SIZE)
    asked = ExpressionEvaluationRequest.from_dict({"expression": "=a + b", "variables": {"a": 1}})
    evaluated = program.evaluate_expression(data=asked)
    assert (evaluated.result, bool(evaluated.warnings)) == (None, True)
    with pytest.raises(ApiError) as refused:
        program.evaluate_expression(data=ExpressionEvaluationRequest(expression="=1 +"))
    assert refused.value.status_code == 400


def test_conditions_are_looked_at(program: CamundaClient) -> None:
    asked = ConditionalEvaluationInstruction.from_dict({"variables": {"nothing": "hears this"}})
    assert program.evaluate_conditionals(data=asked).process_instances == []


def test_a_task_is_given_to_a_person_of_its_group_who_alone_completes_it(program: CamundaClient, as_: SignIn) -> None:
    key = begin(program, looked_at()).process_instance_key
    [task] = program.search_user_tasks(data=UserTaskSearchQuery.from_dict(of_instance(key))).items
    number = task.user_task_key
    with pytest.raises(ApiError) as not_held:
        program.complete_user_task(number, data=UserTaskCompletionRequest())
    assert not_held.value.status_code == 403

    with pytest.raises(ApiError) as unfit:
        program.assign_user_task(number, data=UserTaskAssignmentRequest(assignee="teacher"))
    assert unfit.value.status_code == 403
    with pytest.raises(ApiError) as unknown:
        program.assign_user_task(number, data=UserTaskAssignmentRequest(assignee="nobody-here"))
    assert unknown.value.status_code == 404
    program.assign_user_task(number, data=UserTaskAssignmentRequest(assignee=PROGRAM))
    with pytest.raises(ApiError) as held:
        program.assign_user_task(number, data=UserTaskAssignmentRequest(assignee="clerk", allow_override=False))
    assert held.value.status_code == 409
    program.assign_user_task(number, data=UserTaskAssignmentRequest(assignee=PROGRAM, allow_override=False))  # has it

    change = {"changeset": {"dueDate": "2026-12-24T09:00:00+08:00", "candidateUsers": ["clerk"], "priority": 80}}
    program.update_user_task(number, data=UserTaskUpdateRequest.from_dict(change))
    changed = program.get_user_task(number)
    assert (changed.priority, changed.candidate_users) == (80, ["clerk"])
    assert changed.due_date.isoformat() == "2026-12-24T01:00:00+00:00"
    assert as_("clerk").get_user_task(number).assignee == PROGRAM
    program.unassign_user_task(number)
    assert program.get_user_task(number).assignee is None


def test_what_is_not_done_here_is_refused_by_name(program: CamundaClient, base_url: str) -> None:
    begun = begin(program, paid(), number="7")
    with pytest.raises(ApiError) as refused:
        program.modify_process_instance(
            begun.process_instance_key,
            data=ProcessInstanceModificationInstruction.from_dict({"moveInstructions": [MOVE]}),
        )
    assert refused.value.status_code == 400
    assert "moveInstructions" in str(refused.value)


MOVE = {
    "sourceElementInstruction": {"sourceType": "byId", "sourceElementId": "Wait"},
    "targetElementId": "e",
}

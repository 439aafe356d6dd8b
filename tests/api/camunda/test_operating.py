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
from tests.api.camunda.drawings import SIZE, look, looked_at, measured, paid
from tests.processes.diagrams import end, extension, flows, job, one_process, start, sub_process


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


def test_the_diagram_of_an_instance_shows_where_it_was(program: CamundaClient) -> None:
    key = begin(program, measured()).process_instance_key
    [at] = [one for one in program.get_process_instance_statistics(key).items if one.element_id == "measure"]
    assert (at.active, at.completed, at.canceled, at.incidents) == (1, 0, 0, 0)
    move = ProcessInstanceModificationInstruction.from_dict({"moveInstructions": [MOVES[0]]})
    program.modify_process_instance(key, data=move)

    counted = {
        one.element_id: (one.active, one.completed, one.canceled)
        for one in program.get_process_instance_statistics(key).items
    }
    assert counted == {"s": (0, 1, 0), "measure": (0, 0, 1), "Task_Look": (1, 0, 0)}
    [taken] = program.get_process_instance_sequence_flows(key).items
    assert (taken.process_instance_key, taken.element_id.startswith("f_s_measure")) == (key, True)
    with pytest.raises(ApiError) as unknown:
        program.get_process_instance_statistics("1")
    assert unknown.value.status_code == 404


MOVES = (
    {"sourceElementInstruction": {"sourceType": "byId", "sourceElementId": "measure"}, "targetElementId": "Task_Look"},
    {
        "sourceElementInstruction": {"sourceType": "byId", "sourceElementId": "measure"},
        "targetElementId": "Task_Look",
        "ancestorScopeInstruction": {"ancestorScopeType": "sourceParent"},
    },
    {
        "sourceElementInstruction": {"sourceType": "byId", "sourceElementId": "measure"},
        "targetElementId": "Task_Look",
        "ancestorScopeInstruction": {"ancestorScopeType": "inferred"},
        "variableInstructions": [{"variables": {"why": "moved"}}],
    },
)


@pytest.mark.parametrize("move", MOVES)
def test_what_stands_at_an_element_is_moved_to_another(program: CamundaClient, move: dict[str, object]) -> None:
    key = begin(program, measured()).process_instance_key
    asked = ProcessInstanceModificationInstruction.from_dict({"moveInstructions": [move]})
    program.modify_process_instance(key, data=asked)

    assert standing(program, key) == ["Task_Look"]
    with pytest.raises(ApiError) as nothing_there:
        program.modify_process_instance(key, data=asked)
    assert nothing_there.value.status_code == 400


def test_one_passage_is_moved_by_its_key_into_a_named_scope(program: CamundaClient) -> None:
    key = begin(program, measured()).process_instance_key
    wanted = ElementInstanceSearchQuery.from_dict(of_instance(key, state="ACTIVE"))
    by_id = {one.element_id: one.element_instance_key for one in program.search_element_instances(data=wanted).items}
    move = {
        "sourceElementInstruction": {"sourceType": "byKey", "sourceElementInstanceKey": by_id["measure"]},
        "targetElementId": "Task_Look",
        "ancestorScopeInstruction": {"ancestorScopeType": "direct", "ancestorElementInstanceKey": by_id["P"]},
    }
    asked = {"moveInstructions": [move]}
    program.modify_process_instance(key, data=ProcessInstanceModificationInstruction.from_dict(asked))

    assert standing(program, key) == ["Task_Look"]


def test_every_round_is_moved_within_its_own_scope(program: CamundaClient) -> None:
    rounds = '<zeebe:loopCharacteristics inputCollection="=[1, 2, 3]" inputElement="item"/>'
    loop = f"<bpmn:multiInstanceLoopCharacteristics>{extension(rounds)}</bpmn:multiInstanceLoopCharacteristics>"
    inner = start("s1") + job("measure") + look() + end("e1") + flows("s1>measure>Task_Look>e1")
    drawn = one_process(start(), sub_process("Sub", inner, loop), end(), flows("s>Sub>e"))
    key = begin(program, drawn).process_instance_key
    around = {
        "sourceElementInstruction": {"sourceType": "byId", "sourceElementId": "measure"},
        "targetElementId": "Task_Look",
        "ancestorScopeInstruction": {"ancestorScopeType": "inferred"},
    }
    unclear = ProcessInstanceModificationInstruction.from_dict(
        {"moveInstructions": [{name: around[name] for name in list(around)[:2]}]}
    )
    with pytest.raises(ApiError) as refused:
        program.modify_process_instance(key, data=unclear)
    assert refused.value.status_code == 400
    program.modify_process_instance(
        key, data=ProcessInstanceModificationInstruction.from_dict({"moveInstructions": [around]})
    )

    assert sorted(one for one in standing(program, key) if one != "Sub") == ["Task_Look"] * 3


def test_what_is_not_done_here_is_refused_by_name(program: CamundaClient) -> None:
    begun = begin(program, paid(), number="7")
    elsewhere = [{"variables": {"a": 1}, "scopeId": "Later"}]
    asked = {"activateInstructions": [{"elementId": "e", "variableInstructions": elsewhere}]}
    with pytest.raises(ApiError) as refused:
        program.modify_process_instance(
            begun.process_instance_key, data=ProcessInstanceModificationInstruction.from_dict(asked)
        )
    assert refused.value.status_code == 400
    assert "scopeId" in str(refused.value)

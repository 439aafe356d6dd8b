"""Camunda's client deploys and looks at what is there."""

from __future__ import annotations

from io import BytesIO

import httpx
import pytest
from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk.errors import BadRequestError
from camunda_orchestration_sdk.models import ProcessDefinitionSearchQuery

from tests.api.camunda.conftest import PROGRAM, SignIn
from tests.api.camunda.deploying import deploy
from tests.api.camunda.drawings import looked_at, straight
from tests.api.conftest import PASSWORD

BASIC = httpx.BasicAuth(PROGRAM, PASSWORD)


def test_the_client_finds_out_where_it_is(program: CamundaClient) -> None:
    assert program.get_topology().gateway_version == "8.9.0"
    program.get_status()
    assert program.get_license().is_commercial is False
    me = program.get_authentication()
    assert (me.username, me.groups) == (PROGRAM, [
        "civil_affairs/administrator", "civil_affairs/clerk", "civil_affairs/supervisor",
    ])  # fmt: skip


def test_a_deployment_answers_each_thing_in_it(program: CamundaClient) -> None:
    deployed = deploy(program, look_bpmn=looked_at())

    [one] = deployed.deployments
    found = one.process_definition
    assert (found.process_definition_id, found.process_definition_version, found.resource_name) == ("P", 1, "look.bpmn")
    shown = program.get_process_definition(found.process_definition_key)
    assert (shown.process_definition_id, shown.version) == ("P", 1)
    assert program.get_process_definition_xml(found.process_definition_key).encode() == looked_at()
    searched = program.search_process_definitions(
        data=ProcessDefinitionSearchQuery.from_dict({"filter": {"processDefinitionId": "P"}})
    )
    assert [each.process_definition_key for each in searched.items] == [found.process_definition_key]


def test_an_unchanged_file_is_answered_with_the_version_it_has_under_the_name_it_came_by(base_url: str) -> None:
    def posted(name: str) -> dict[str, object]:
        files = {"resources": (name, BytesIO(straight()), "application/octet-stream")}
        answer = httpx.post(f"{base_url}/v2/deployments", files=files, data={"tenantId": "<default>"}, auth=BASIC)
        assert answer.status_code == 200, answer.text
        return answer.json()["deployments"][0]["processDefinition"]

    first, again = posted("社会救助申请.bpmn"), posted("改名 申请.bpmn")

    assert first["resourceName"] == "社会救助申请.bpmn"
    assert again["resourceName"] == "改名 申请.bpmn"
    assert again["processDefinitionKey"] == first["processDefinitionKey"]
    assert (first["processDefinitionVersion"], again["processDefinitionVersion"]) == (1, 1)


def test_what_is_wrong_with_a_diagram_stands_in_the_detail_one_a_line(program: CamundaClient) -> None:
    with pytest.raises(BadRequestError) as refused:
        deploy(
            program,
            bad_bpmn=straight()
            .replace(b'<bpmn:endEvent id="e"', b'<bpmn:complexGateway id="e"')
            .replace(b"</bpmn:endEvent>", b"</bpmn:complexGateway>"),
        )

    detail = refused.value.parsed.detail
    assert "bad.bpmn e" in detail, detail
    assert refused.value.parsed.title == "INVALID_ARGUMENT"


def test_another_tenant_is_refused(base_url: str) -> None:
    files = {"resources": ("a.bpmn", BytesIO(straight()))}
    answer = httpx.post(f"{base_url}/v2/deployments", files=files, data={"tenantId": "other"}, auth=BASIC)

    assert answer.status_code == 400
    assert "other" in answer.json()["detail"]


def test_whoever_may_not_deploy_is_refused(as_: SignIn) -> None:
    with pytest.raises(Exception, match="403"):
        deploy(as_("clerk"), look_bpmn=straight())

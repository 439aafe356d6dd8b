"""Deploying by Camunda's client."""

from __future__ import annotations

from io import BytesIO

from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk.models import (
    CreateDeploymentData,
    CreateProcessInstanceResult,
    DeploymentResult,
    ProcessCreationByKey,
)
from camunda_orchestration_sdk.types import File


def deploy(client: CamundaClient, **files: bytes) -> DeploymentResult:
    """Deploy files, named `name_bpmn` for name.bpmn."""
    named = [File(payload=BytesIO(content), file_name=".".join(name.rsplit("_", 1))) for name, content in files.items()]
    return client.create_deployment(data=CreateDeploymentData(resources=named))


def begin(client: CamundaClient, drawn: bytes, **variables: object) -> CreateProcessInstanceResult:
    """Deploy a diagram and start its process."""
    deployed = deploy(client, drawn_bpmn=drawn)
    key = deployed.deployments[0].process_definition.process_definition_key
    asked = {"processDefinitionKey": key, "variables": variables}
    return client.create_process_instance(data=ProcessCreationByKey.from_dict(asked))

"""What a deployment that succeeds is doubted in reaches whoever deployed: by API, page and command."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import workflows
from api.services import Services
from engine.commands.deployments import DeployResources
from engine.json_values import load_json
from engine.model import SYSTEM, Resource
from tests.api.conftest import Client
from tests.api.test_organising_commands import relief
from tests.processes.diagrams import document, flows, process, start, task

DOUBTFUL = document(process(start(), task("Task_Last"), flows("s>Task_Last"), process_id="Doubtful"))  # no end event
SOUND = (Path(workflows.__file__).parent / "bpmn" / "advice.bpmn").read_bytes()


def deployed(administrator: Client, xml: bytes) -> Any:
    return administrator.client.post(
        "/api/v1/deployments",
        data={"files": (io.BytesIO(xml), "it.bpmn")},
        headers={"X-CSRF-Token": administrator.token},
    )


def test_a_deployment_says_what_is_doubtful_also_when_nothing_changed(services: Services) -> None:
    command = DeployResources(resources=(Resource(name="it.bpmn", kind="process", content=DOUBTFUL),))

    first, again = (services.engine.execute(command, actor=SYSTEM) for _ in range(2))

    told = {(one.severity, one.code, one.element_id) for one in first.warnings}
    assert told == {("warning", "implicit-end", "Task_Last"), ("warning", "no-diagram", "Definitions")}
    assert again.warnings == first.warnings
    assert again.definitions[0].version == 1


def test_the_api_answers_with_the_warnings(sign_in: Any) -> None:
    administrator = sign_in("administrator")

    answer = deployed(administrator, DOUBTFUL)

    assert answer.status_code == 201
    warning = next(one for one in answer.json["warnings"] if one["code"] == "implicit-end")
    assert (warning["resource"], warning["element_id"], warning["severity"]) == ("it.bpmn", "Task_Last", "warning")
    assert warning["message"]
    assert warning["advice"]
    assert deployed(administrator, SOUND).json["warnings"] == []


def test_the_page_shows_the_warnings_of_what_it_deployed(sign_in: Any) -> None:
    administrator = sign_in("administrator")

    def upload(xml: bytes) -> Any:
        sent = {"csrf_token": administrator.token, "files": (io.BytesIO(xml), "it.bpmn")}
        return administrator.client.post("/definitions", data=sent)

    answer = upload(DOUBTFUL)
    shown, again = (administrator.get(answer.headers["Location"]).text for _ in range(2))
    assert answer.status_code == 303
    assert "已部署 1 项定义" in shown
    assert "Task_Last" in shown
    assert "Task_Last" in again  # and nothing was deployed by looking again
    assert "已部署" not in again.replace("已部署的定义", "")
    unchanged = administrator.get(upload(DOUBTFUL).headers["Location"]).text
    assert "没有产生新版本" in unchanged
    assert "Task_Last" in unchanged
    assert upload(SOUND).headers["Location"] == "/definitions"


def test_the_warnings_of_a_deployment_can_be_asked_for_again(sign_in: Any) -> None:
    administrator = sign_in("administrator")
    answer = deployed(administrator, DOUBTFUL)

    again = administrator.get(answer.headers["Location"])

    assert again.status_code == 200
    assert again.json == answer.json
    assert administrator.get(f"/api/v1/deployments/{UUID(int=7)}").status_code == 404
    assert administrator.get(f"/definitions?deployment={UUID(int=7)}").status_code == 404
    assert sign_in("clerk").get("/definitions?deployment=odd").status_code == 200


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_the_command_tells_the_warnings_in_both_languages_and_succeeds(
    services: Services, tmp_path: Path, options: tuple[str, ...]
) -> None:
    file = tmp_path / "it.bpmn"
    file.write_bytes(DOUBTFUL)

    found = relief(services, "deploy", str(file), *options)

    assert found.exit_code == 0
    for told in ("it.bpmn", "Task_Last", "implicit-end", "结束", "end event"):
        assert told in found.stderr
    assert "Doubtful" in found.stdout
    if options:
        [deployed_] = load_json(found.stdout)
        assert "implicit-end" in {one["code"] for one in deployed_["warnings"]}
    else:
        assert "implicit-end" not in found.stdout

"""Camunda's JavaScript clients: the one that checks answers against the published API, and the Modeler's own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.api.camunda.conftest import PROGRAM
from tests.api.camunda.drawings import FORM, SIZE, measured
from tests.api.conftest import PASSWORD
from web.assets import find_toolchain

FOLDER = Path(__file__).parent / "javascript"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client as its lock names it, installed from the registry."""
    folder = tmp_path_factory.mktemp("javascript")
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    ran([*find_toolchain().npm, "ci", "--prefer-offline"], cwd=folder)
    return folder


def test_the_javascript_client_goes_the_whole_way(client: Path, base_url: str, tmp_path: Path) -> None:
    files = {"测量.bpmn": measured("look"), "look.form": FORM.encode(), "size.dmn": SIZE}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    paths = [str(tmp_path / name) for name in files]

    told = said(client, base_url, "work.mjs", *paths)

    assert told == {
        "version": "8.9.0",
        "me": PROGRAM,
        "licence": "open-source",
        "deployed": ["decisionDefinition", "decisionRequirements", "form", "processDefinition"],
        "definitions": 1,
        "drawn": True,
        "jobs": ["measure"],
        "task": "Task_Look",
        "form": "look",
        "shown": ["hint"],
        "priority": 70,
        "state": "COMPLETED",
        "variables": {"area": "6", "hint": '"wide"', "length": "3", "looked": "true"},
        "elements": 5,
        "incident": "JOB_NO_RETRIES",
        "cancelled": "TERMINATED",
        "sum": 2,
        "decided": ['"large"', 1],
        "refused": 404,
    }


def test_the_client_of_the_modeler_deploys_and_is_told_when_it_may_not(
    client: Path, base_url: str, tmp_path: Path
) -> None:
    drawn = tmp_path / "救助 申请.bpmn"
    drawn.write_bytes(measured())

    assert said(client, base_url, "deploy.mjs", str(drawn)) == {
        "version": "8.9.0",
        "name": "救助 申请.bpmn",
        "unchanged": True,
        "tasks": ["Task_Look"],
        "stranger connects": "8.9.0",
        "stranger deploys": [403, True],
    }


def said(client: Path, base_url: str, script: str, *arguments: str) -> dict[str, object]:
    """Return what a script told, line by line."""
    settings = {
        "CAMUNDA_REST_ADDRESS": base_url,
        "CAMUNDA_AUTH_STRATEGY": "BASIC",
        "CAMUNDA_BASIC_AUTH_USERNAME": PROGRAM,
        "CAMUNDA_BASIC_AUTH_PASSWORD": PASSWORD,
    }
    told: dict[str, object] = {}
    for line in ran([*find_toolchain().node, script, *arguments], cwd=client, **settings).splitlines():
        if line.startswith("{"):
            told |= json.loads(line)
    return told


def ran(command: list[str], *, cwd: Path, **settings: str) -> str:
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **settings}, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout

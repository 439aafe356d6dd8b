"""The table of endpoints says what there is: every one of the API as its client carries it, and every route of ours."""

from __future__ import annotations

import re
from pathlib import Path

import camunda_orchestration_sdk
from flask import Flask

from api.camunda.operations import PREFIX
from api.reference import FOLDER

CLIENT = Path(camunda_orchestration_sdk.__file__).parent / "api"
ROW = re.compile(r"\| (?P<method>[A-Z]+) \| `(?P<path>/[^`]*)` \| `(?P<name>\w+)` \| (?P<here>done|out: .+) \|")
Endpoint = tuple[str, str]


def test_the_table_names_every_endpoint_of_the_client_once() -> None:
    published = [(found["method"].upper(), found["path"]) for found in _published()]

    assert sorted(_told()) == sorted(published)
    assert len(published) > 150


def test_what_is_done_is_what_there_are_routes_for(app: Flask) -> None:
    done = {(method, _anonymous(path)): row["name"] for (method, path), row in _told().items() if row["here"] == "done"}

    assert done == _routes(app)


def _published() -> list[dict[str, str]]:
    written = re.compile(r'"method": "(?P<method>\w+)",\s*"url": f?"(?P<path>[^"]+)"')
    return [found.groupdict() for file in CLIENT.rglob("*.py") for found in written.finditer(file.read_text())]


def _told() -> dict[Endpoint, re.Match[str]]:
    text = (FOLDER / "camunda-api.md").read_text(encoding="utf-8")
    return {(row["method"], row["path"]): row for row in ROW.finditer(text)}


def _routes(app: Flask) -> dict[Endpoint, str]:
    return {
        (method, _anonymous(rule.rule.removeprefix(PREFIX))): rule.endpoint.rpartition(".")[2]
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(f"{PREFIX}/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def _anonymous(path: str) -> str:
    return re.sub(r"<[^>]+>|\{[^}]+\}", "{}", path)

"""A whole house for API tests: services on a database of the test's own, an application, signed-in clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import URL
from werkzeug.test import TestResponse

from api.app import create_app
from api.bootstrap import Surroundings, open_house
from api.demo.county import shipped_resources
from api.services import Services
from api.settings import Settings
from engine.commands.deployments import DeployResources
from engine.model import SYSTEM
from tests.databases import new_database
from workflows.casework.commands import LoadCalendarYears, SetParameters
from workflows.casework.county import COUNTY_REGION
from workflows.casework.parameters import TEST_PARAMETERS
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.model import Unit

PASSWORD = "rivers-and-hills-9"
TOWN = "320481001"
OTHER_TOWN = "320481002"

UNITS = {
    "kunlun": ("township", TOWN),
    "licheng": ("township", OTHER_TOWN),
    "civil-affairs": ("civil_affairs", COUNTY_REGION),
    "education": ("education", COUNTY_REGION),
    "medical": ("medical", COUNTY_REGION),
}
PEOPLE: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "clerk": ("陈敏", [("kunlun", "clerk")]),
    "other-clerk": ("周强", [("kunlun", "clerk")]),
    "far-clerk": ("吴丽", [("licheng", "clerk")]),
    "reviewer": ("孙岩", [("kunlun", "reviewer")]),
    "teacher": ("何芳", [("education", "clerk")]),
    "insurer": ("罗敏", [("medical", "clerk")]),
    "supervisor": ("高远", [("civil-affairs", "supervisor")]),
    "administrator": ("林涛", [("civil-affairs", "administrator")]),
    "town-administrator": ("韩冰", [("kunlun", "administrator")]),
    "idle": ("冯闲", []),
    "newcomer": ("郑新", [("kunlun", "clerk")]),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A signed-in browser or program: sends JSON and the token of its session."""

    client: FlaskClient
    token: str

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> Any:
        return self._send("POST", path, json, options)

    def put(self, path: str, json: Any = None, **options: Any) -> Any:
        return self._send("PUT", path, json, options)

    def delete(self, path: str) -> Any:
        return self._send("DELETE", path, None, {})

    def form(self, path: str, **fields: Any) -> Any:
        return self.client.post(path, data={"csrf_token": self.token, **fields})

    def _send(self, method: str, path: str, json: Any, options: dict[str, Any]) -> Any:
        headers = {"X-CSRF-Token": self.token, **options.pop("headers", {})}
        if json is not None:
            options["json"] = json
        return self.client.open(path, method=method, headers=headers, **options)


def content(answer: TestResponse) -> Any:
    """Return the JSON of an answer."""
    assert answer.json is not None, answer.text
    return answer.json


@pytest.fixture(scope="session")
def furnished(
    server_url: URL, template_database: str, tmp_path_factory: pytest.TempPathFactory, cheap_passwords: None
) -> Iterator[str]:
    """A database with people, figures of policy and the shipped diagrams, made once to be cloned."""
    with new_database(server_url, "relief_furnished", like=template_database) as url:
        address = url.render_as_string(hide_password=False)
        with open_house(_settings(address, tmp_path_factory.mktemp("furnished"))) as house:
            _furnish(house.services)
        yield str(url.database)


@pytest.fixture
def surroundings() -> Surroundings | None:
    """What the house stands in; a module of tests may put it into others, with a clock in its hand."""
    return None


@pytest.fixture
def services(server_url: URL, furnished: str, tmp_path: Path, surroundings: Surroundings | None) -> Iterator[Services]:
    """The house on a clone of its own."""
    with (
        new_database(server_url, "relief", like=furnished) as url,
        open_house(_settings(url.render_as_string(hide_password=False), tmp_path), surroundings) as house,
    ):
        yield house.services


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def anonymous(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[str], Client]:
    def signed_in(login: str) -> Client:
        client = app.test_client()
        answer = client.post("/api/v1/session", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return Client(client=client, token=content(answer)["csrf_token"])

    return signed_in


def _settings(database_url: str, folder: Path) -> Settings:
    return Settings(database_url=database_url, data_folder=folder, secret_key="s" * 64)


def _furnish(services: Services) -> None:
    engine = services.engine
    for unit_id, (kind, region) in UNITS.items():
        unit = Unit(id=unit_id, kind=kind, name=f"{kind} {region}", name_en=f"{kind} {region}", region=region)
        engine.execute(CreateUnit(unit=unit), actor=SYSTEM)
    for login, (name, posts) in PEOPLE.items():
        command = CreateAccount(
            login=login, name=name, password=PASSWORD, posts=tuple(posts), must_change_password=login == "newcomer"
        )
        engine.execute(command, actor=SYSTEM)
    engine.execute(SetParameters(parameters=TEST_PARAMETERS, region=COUNTY_REGION), actor=SYSTEM)
    engine.execute(LoadCalendarYears(first_year=2026, last_year=2026, region=COUNTY_REGION), actor=SYSTEM)
    engine.execute(DeployResources(resources=shipped_resources()), actor=SYSTEM)


@pytest.fixture
def old_applications_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an application of a year without calendar in, so that its first step is stuck for want of a due date."""
    monkeypatch.setattr("workflows.casework.intake.LONGEST_ON_THE_WAY", timedelta(days=36_500))

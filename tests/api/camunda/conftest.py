"""A server that runs, and Camunda's Python SDK signed in to it as different people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from camunda_orchestration_sdk import CamundaClient
from flask import Flask

from api.services import Services
from api.serving import listening, served_beside
from engine.model import SYSTEM
from tests.api.conftest import PASSWORD
from workflows.organisation.commands import CreateAccount

PROGRAM = "program"  # what deploys, starts and works jobs: it administers the county and sees what variables hold

SignIn = Callable[[str], CamundaClient]


@pytest.fixture
def base_url(app: Flask, services: Services) -> Iterator[str]:
    posts = (("civil-affairs", "administrator"), ("civil-affairs", "supervisor"), ("civil-affairs", "clerk"))
    account = CreateAccount(login=PROGRAM, name="程序", password=PASSWORD, posts=posts, must_change_password=False)
    services.engine.execute(account, actor=SYSTEM)
    server = listening(app, host="127.0.0.1", port=0, threads=6, trusted_proxies=0)
    with served_beside(server):
        yield f"http://127.0.0.1:{server.effective_port}"


@pytest.fixture
def as_(base_url: str) -> Iterator[SignIn]:
    """Camunda's client of somebody."""
    with ExitStack() as stack:

        def client(login: str, password: str = PASSWORD) -> CamundaClient:
            made = CamundaClient(
                configuration={
                    "CAMUNDA_REST_ADDRESS": base_url,
                    "CAMUNDA_AUTH_STRATEGY": "BASIC",
                    "CAMUNDA_BASIC_AUTH_USERNAME": login,
                    "CAMUNDA_BASIC_AUTH_PASSWORD": password,
                }
            )
            return stack.enter_context(made)

        yield client


@pytest.fixture
def program(as_: SignIn) -> CamundaClient:
    return as_(PROGRAM)

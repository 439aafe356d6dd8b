"""The same completions over HTTP: a real server process, a session, rights, the form's rules and JSON."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

from api.benchmark.case import GROUP, REGION, answers
from api.benchmark.measuring import Measuring, Run, Work
from engine.model import SYSTEM
from tests.benchmarks.machine import Command
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.errors import AlreadyExists
from workflows.organisation.model import Unit

PASSWORD = "measured-2026-quickly"


class HttpClient:
    """A signed-in program with one connection that stays open."""

    def __init__(self, port: int, login: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port)
        self._headers = {"Content-Type": "application/json"}
        answer = self.send("POST", "/api/v1/session", {"login": login, "password": PASSWORD})
        self._headers["X-CSRF-Token"] = answer["csrf_token"]

    def send(self, method: str, path: str, body: object) -> dict[str, str]:
        self._connection.request(method, path, json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        cookie = answer.getheader("Set-Cookie")
        if cookie is not None:
            self._headers["Cookie"] = cookie.partition(";")[0]
        return json.loads(content)


class OverHttp:
    """Completes measured cases through a server process."""

    def __init__(self, measuring: Measuring, server: Command) -> None:
        self._measuring = measuring
        self._server = server
        found = re.search(r":(\d+)\s*$", server.first_line)
        assert found is not None, server.first_line
        self._client = HttpClient(int(found.group(1)), measuring.cases.actor.id)

    def cpu_seconds(self) -> float:
        """The CPU of both ends: of the server process and of this one, its client."""
        return self._server.cpu_seconds() + time.process_time()

    def work(self) -> Work:
        return Work(name="completion over HTTP", prepare=self._completions, cpu_of_client=self.cpu_seconds)

    def _completions(self, cases: int) -> Run:
        measuring = self._measuring
        instances = [measuring.cases.start(assigned=True) for _ in range(cases)]

        def run() -> int:
            done = 0
            for instance in instances:
                for step in measuring.course:
                    path = f"/api/v1/tasks/{instance.row_id(step.key)}/complete"
                    self._client.send("POST", path, {"variables": answers(step.task, done), "version": 1})
                    done += 1
            return done

        return run


@contextmanager
def over_http(measuring: Measuring) -> Iterator[OverHttp]:
    """Start a server on the bench's database and sign in."""
    _open_account(measuring)
    log = Path(measuring.bench.settings.data_folder) / "serve.log"
    server = Command(measuring.bench, "serve", "--port", "0", log=log)
    try:
        yield OverHttp(measuring, server)
    finally:
        server.stop()


def _open_account(measuring: Measuring) -> None:
    engine, actor = measuring.bench.house.services.engine, measuring.cases.actor
    kind, _, role = GROUP.partition("/")
    unit = Unit(id="measured", kind=kind, name="测速单位", name_en="Measured unit", region=REGION)
    with suppress(AlreadyExists):
        engine.execute(CreateUnit(unit=unit), actor=SYSTEM)
        account = CreateAccount(
            login=actor.id,
            name=actor.name,
            password=PASSWORD,
            posts=((unit.id, role),),
            must_change_password=False,
        )
        engine.execute(account, actor=SYSTEM)

"""People and programs at work on the servers: they note what was acknowledged, and every answer nobody should get."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Event, Lock, Thread
from typing import Any

from api.bootstrap import House
from engine.commands.deployments import DeployResources
from engine.model import SYSTEM, Resource
from tests.processes.diagrams import (
    catch,
    duration,
    end,
    flows,
    job,
    mappings,
    message,
    one_process,
    parallel,
    start,
    user,
    zeebe,
)
from workflows.casework.county import COUNTY_REGION
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.model import ADMINISTRATOR, Unit

PASSWORD = "measured-2026-quickly"
LIFE = 30 * 24 * 3_600  # seconds a message is kept for who is not yet waiting, also while the clock jumps
ANSWER_WITHIN = 15.0  # seconds a client waits for one answer
PAUSE = 0.1
AWAY = {"unavailable", "outcome-unknown", "storage-full"}
RACED = {"task-not-open", "already-claimed", "not-assignee", "concurrent-change", "stale-version"}
EXPECTED = AWAY | RACED | {"not-signed-in"}
"""Answers that races, outages and a clock that jumps give."""

CASE = one_process(
    start("begin", message("begin", "=number")),
    parallel("fork"),
    user("decide", zeebe("assignmentDefinition", candidateGroups="township/clerk")),
    job("tell", mappings(inputs={"number": "=number", "decided": "=decided"})),
    catch("wait", duration("PT1S")),
    catch("hear", message("answer", "=number")),
    parallel("join"),
    user("close", zeebe("assignmentDefinition", candidateGroups="township/clerk")),
    end(),
    flows("begin>fork>decide>tell>join>close>e  fork>wait>join  fork>hear>join"),
)


@dataclass(slots=True)
class Acknowledged:
    """What the servers said they did."""

    lock: Lock = field(default_factory=Lock)
    published: list[tuple[str, str]] = field(default_factory=list)
    completed: dict[str, list[str]] = field(default_factory=dict)  # by task: what was handed in
    unexpected: list[str] = field(default_factory=list)
    away: list[dict[str, Any]] = field(default_factory=list)  # the problem documents of 503


def prepare(house: House, *, clients: int, diagrams: Sequence[bytes | str] = (CASE,)) -> list[str]:
    """Deploy the case and open an account for each client; returns their logins."""
    engine = house.services.engine
    for number, diagram in enumerate(diagrams):
        content = diagram if isinstance(diagram, bytes) else diagram.encode()
        resource = Resource(name=f"chaos_{number}.bpmn", kind="process", content=content)
        engine.execute(DeployResources(resources=(resource,)), actor=SYSTEM)
    office = Unit(id="office", kind="township", name="窗口", name_en="Window", region=COUNTY_REGION)
    engine.execute(CreateUnit(unit=office), actor=SYSTEM)
    logins = [f"client{number}" for number in range(clients)]
    for login in logins:
        engine.execute(
            CreateAccount(
                login=login,
                name=login,
                password=PASSWORD,
                posts=((office.id, "clerk"), (office.id, ADMINISTRATOR)),
                must_change_password=False,
            ),
            actor=SYSTEM,
        )
    return logins


class NoAnswer(Exception):
    """Nothing came back, or something other than an answer: nobody knows whether it was done."""


class Refused(Exception):
    """The server says that it did not do it."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Client:
    """One account; it goes to the next server when one does not answer."""

    def __init__(
        self,
        login: str,
        addresses: Callable[[], Sequence[str]],
        noted: Acknowledged,
        *,
        answer_within: float = ANSWER_WITHIN,
    ) -> None:
        self.login = login
        self._answer_within = answer_within
        self._addresses = addresses
        self._noted = noted
        self._at = 0
        self._connection: HTTPConnection | None = None
        self._headers: dict[str, str] = {}

    def ask(self, method: str, path: str, body: Any = None, *, language: str = "en") -> Any:
        """Return an answer.

        Raises:
            NoAnswer: it is not known whether it was done.
            Refused: it was not done.
        """
        if "X-CSRF-Token" not in self._headers and path != "/session":
            self._sign_in()
        status, content, headers = self._send(method, path, body, language)
        if status < 300:
            if cookie := headers.get("Set-Cookie"):
                self._headers["Cookie"] = cookie.partition(";")[0]
            return json.loads(content) if content else {}
        if status == 401:
            self._headers.clear()
        problem = self._problem(status, content, f"{method} {path}")
        if status == 503:
            self.close()
            raise NoAnswer(problem["code"])
        raise Refused(problem["code"])

    def publish(self, name: str, number: str, *, ballast: int = 0) -> None:
        """Publish a message, with so many bytes to carry, until it is acknowledged; said twice, it counts once."""
        body = {"name": name, "correlation_key": number, "message_id": number, "time_to_live": LIFE}
        body |= {"variables": {"number": number, "ballast": secrets.token_hex(ballast // 2)}, "business_key": number}
        while True:
            try:
                self.ask("POST", "/messages", body)
            except NoAnswer:
                time.sleep(PAUSE)
            except Refused as refused:
                if refused.code == "duplicate-message":
                    break
            else:
                break
        with self._noted.lock:
            self._noted.published.append((name, number))

    def work_off(self) -> int:
        """Claim and complete what the work list shows; returns how many were acknowledged."""
        done = 0
        for tab in ("mine", "to-claim"):
            for task in self.ask("GET", f"/tasks?tab={tab}&limit=20")["tasks"]:
                try:
                    if tab == "to-claim":
                        self.ask("POST", f"/tasks/{task['id']}/claim", {})
                    self._complete(task)
                    done += 1
                except Refused:
                    continue
        return done

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _complete(self, task: dict[str, Any]) -> None:
        value = f"{self.login}:{task['id']}"
        variables = {"decided": value} if task["element_id"] == "decide" else {"closed": value}
        self.ask("POST", f"/tasks/{task['id']}/complete", {"variables": variables})
        with self._noted.lock:
            self._noted.completed.setdefault(task["id"], []).append(value)

    def _sign_in(self) -> None:
        answer = self.ask("POST", "/session", {"login": self.login, "password": PASSWORD})
        self._headers["X-CSRF-Token"] = answer["csrf_token"]

    def _send(self, method: str, path: str, body: Any, language: str) -> tuple[int, bytes, Any]:
        try:
            if self._connection is None:
                addresses = self._addresses()
                self._at = (self._at + 1) % len(addresses)
                self._connection = HTTPConnection(addresses[self._at], timeout=self._answer_within)
            headers = {"Content-Type": "application/json", "Accept-Language": language, **self._headers}
            self._connection.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read(), answer.headers
        except (OSError, HTTPException) as error:
            self.close()
            raise NoAnswer(type(error).__name__) from error

    def _problem(self, status: int, content: bytes, asked: str) -> dict[str, Any]:
        try:
            problem: dict[str, Any] = json.loads(content)
        except ValueError:
            problem = {"code": "no-problem-document", "detail": repr(content[:300])}
        with self._noted.lock:
            if status == 503:
                self._noted.away.append(problem)
            if problem["code"] not in EXPECTED | {"duplicate-message"}:
                self._noted.unexpected.append(f"{asked}: {status} {problem}")
        return problem


class Load:
    """So many clients: each begins cases at a pace, publishes the answer each waits for, and does what is to do."""

    def __init__(
        self,
        logins: Sequence[str],
        addresses: Callable[[], Sequence[str]],
        *,
        pace: float = PAUSE,
        answer_within: float = ANSWER_WITHIN,
        ballast: int = 0,
    ) -> None:
        self.noted = Acknowledged()
        self._ballast = ballast
        self._clients = [Client(login, addresses, self.noted, answer_within=answer_within) for login in logins]
        self._pace = pace
        self._threads: list[Thread] = []
        self._enough = Event()
        self._begin_no_more: set[str] = set()  # clients none of whose cases is still being begun
        self._end = Event()
        self.errors: list[BaseException] = []

    @property
    def acknowledged(self) -> int:
        """Count the completions that were acknowledged."""
        with self.noted.lock:
            return len(self.noted.completed)

    @property
    def numbers(self) -> list[str]:
        """Return the numbers of the cases that were begun."""
        with self.noted.lock:
            return [number for name, number in self.noted.published if name == "begin"]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Work inside the block; leaving it begins no more cases, and `finish` waits for those begun."""
        self._threads = [Thread(target=self._run, args=(client,), daemon=True) for client in self._clients]
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._enough.set()

    def finish(self, is_over: Callable[[], bool], *, patience: float = 240.0) -> None:
        """Go on with what was begun until all is over; what is not over by then, the ledger names."""
        until = time.monotonic() + patience
        while not self._all_over(is_over) and time.monotonic() < until and not self.errors:
            time.sleep(0.1)
        self._end.set()
        for thread in self._threads:
            thread.join(timeout=2 * ANSWER_WITHIN)

    def _all_over(self, is_over: Callable[[], bool]) -> bool:
        return len(self._begin_no_more) == len(self._clients) and is_over()

    def _run(self, client: Client) -> None:
        begun = 0
        try:
            while not self._end.is_set():
                if self._enough.is_set():
                    self._begin_no_more.add(client.login)
                else:
                    number = f"{client.login}-{begun}"
                    begun += 1
                    first, second = ("begin", "answer") if begun % 2 else ("answer", "begin")  # it may come too early
                    client.publish(first, number, ballast=self._ballast)
                    client.publish(second, number, ballast=self._ballast)
                with suppress(NoAnswer, Refused):
                    client.work_off()
                self._end.wait(self._pace)
        except BaseException as error:
            self.errors.append(error)
            raise
        finally:
            client.close()

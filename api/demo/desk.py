"""Somebody at a desk, working through the API as a program would: sessions, retries, and no shortcuts."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import httpx

from api.demo.county import DEMO_PASSWORD
from engine.json_values import JsonObject, dump_json, load_json

PATIENCE = 60.0  # seconds a desk keeps trying while the servers are away
PAUSE = 0.1


class Refused(RuntimeError):
    """The API said no; `problem` is its answer."""

    def __init__(self, status: int, problem: JsonObject) -> None:
        self.status, self.problem = status, problem
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')} {problem.get('errors', '')}")


class Desk:
    """One person's session."""

    def __init__(
        self,
        login: str,
        base_url: Callable[[], str],
        *,
        transport: httpx.BaseTransport | None = None,
        begin_session: Callable[[str], dict[str, str]] | None = None,
    ) -> None:
        """Sit down; without a network by a transport, and without a password where somebody else begins the session.

        `begin_session` returns the cookies of a new session of a login.
        """
        self.login = login
        self._base_url = base_url
        self._client = httpx.Client(timeout=30, transport=transport)
        self._begin_session = begin_session
        self._token = ""

    def close(self) -> None:
        """End the connection."""
        self._client.close()

    def submit(self, application: JsonObject, *, key: str) -> JsonObject:
        """Hand in an application; sent twice it is one."""
        created: JsonObject = self._ask("POST", "/applications", application, key=key)
        return created

    def tasks(self, *, tab: str, case: str | None = None, element: str | None = None) -> list[JsonObject]:
        """Return the tasks of a tab, all of them."""
        found: list[JsonObject] = []
        narrowed = "".join(f"&{name}={value}" for name, value in (("case", case), ("element", element)) if value)
        while True:
            page = self._ask("GET", f"/tasks?tab={tab}&limit=100&offset={len(found)}{narrowed}")
            found += page["tasks"]
            if len(found) >= page["total"] or not page["tasks"]:
                return found

    def open(self, task_id: str) -> JsonObject:
        """Return a task with its form and the values it opens with."""
        task: JsonObject = self._ask("GET", f"/tasks/{task_id}")
        return task

    def claim(self, task_id: str) -> None:
        """Take a task."""
        self._ask("POST", f"/tasks/{task_id}/claim", {})

    def complete(self, task_id: str, values: JsonObject) -> None:
        """Hand in the answers. A completion whose answer was lost on the way is found done at the second try."""
        tries = 0
        while True:
            tries += 1
            try:
                _content(self._once("POST", f"/tasks/{task_id}/complete", {"variables": values}))
            except httpx.TransportError:
                self._wait(tries)
            except Refused as refused:
                if tries > 1 and refused.problem.get("code") == "task-not-open":
                    return
                raise
            else:
                return

    def release(self, task_id: str) -> None:
        """Give a task back to its group."""
        self._ask("POST", f"/tasks/{task_id}/release", {})

    def case(self, key: str) -> JsonObject:
        """Return a case as this person may see it."""
        case: JsonObject = self._ask("GET", f"/cases/{key}")
        return case

    def get(self, path: str) -> Any:  # JSON
        """Return what a path of the API answers."""
        return self._ask("GET", path)

    def post(self, path: str, body: JsonObject | None = None, *, key: str | None = None) -> Any:  # JSON
        """Send a body to a path of the API and return what it answers."""
        return self._ask("POST", path, body or {}, key=key)

    def put(self, path: str, body: JsonObject) -> Any:  # JSON
        """Put a body at a path of the API and return what it answers."""
        return self._ask("PUT", path, body)

    def file(self, path: str) -> bytes:
        """Return the file that a path of the API answers."""
        answer = self._patiently("GET", path)
        if not answer.is_success:
            raise _refused(answer)
        return answer.content

    def send(self, method: str, path: str, body: JsonObject | None = None) -> Any:  # JSON
        """Send any other request to the API and return what it answers."""
        return self._ask(method, path, body)

    def _ask(self, method: str, path: str, body: JsonObject | None = None, *, key: str | None = None) -> Any:
        return _content(self._patiently(method, path, body, key=key))

    def _patiently(
        self, method: str, path: str, body: JsonObject | None = None, *, key: str | None = None
    ) -> httpx.Response:
        """Ask until there is an answer: servers go away and come back."""
        tries = 0
        while True:
            tries += 1
            try:
                return self._once(method, path, body, key=key)
            except httpx.TransportError:
                self._wait(tries)

    def _once(
        self, method: str, path: str, body: JsonObject | None = None, *, key: str | None = None
    ) -> httpx.Response:
        if not self._token:
            self._sign_in()
        answer = self._send(method, path, body, key=key)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            self._sign_in()
            answer = self._send(method, path, body, key=key)
        return answer

    def _sign_in(self) -> None:
        if self._begin_session is None:
            answer = self._send("POST", "/session", {"login": self.login, "password": DEMO_PASSWORD})
        else:
            self._client.cookies.clear()
            self._client.cookies.update(self._begin_session(self.login))
            answer = self._send("GET", "/session", None)
        self._token = _content(answer)["csrf_token"]

    def _send(self, method: str, path: str, body: JsonObject | None, *, key: str | None = None) -> httpx.Response:
        headers = {"Accept": "application/json", "X-CSRF-Token": self._token}
        if key is not None:
            headers["Idempotency-Key"] = key
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = dump_json(body).encode()
        return self._client.request(method, f"{self._base_url()}/api/v1{path}", headers=headers, content=content)

    def _wait(self, tries: int) -> None:
        if tries * PAUSE > PATIENCE:
            raise TimeoutError(f"{self._base_url()} did not answer for {PATIENCE:.0f} seconds")
        time.sleep(PAUSE)


def _content(answer: httpx.Response) -> Any:
    if not answer.is_success:
        raise _refused(answer)
    return load_json(answer.content) if answer.content else {}


def _refused(answer: httpx.Response) -> Refused:
    found = load_json(answer.content) if answer.content else {}
    return Refused(answer.status_code, found if isinstance(found, dict) else {"detail": str(found)})

"""Open work lists that nobody touches: each feels the pulse as the page's script does, and looks where it must."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread

import web
from tests.chaos.load import PASSWORD

SCRIPT = (Path(web.__file__).parent / "static" / "work-list.js").read_text("utf-8")
TOKEN = re.compile(r'name="csrf[-_]token" (?:content|value)="([^"]+)"')
NAMED = re.compile(r' data-(changes-url|pulse-url|beat|mark)="([^"]*)"')
ROW = re.compile(r'data-version="([0-9a-f-]{36}):')
LIST = "/tasks?tab=to-claim"


def constant(name: str) -> float:
    """Return a number of the script, in seconds where it is of milliseconds."""
    [written] = re.findall(rf"const {name} = ([0-9_ /]+);", SCRIPT)
    over, _, below = written.replace("_", "").partition("/")
    return int(over) / int(below) if below else int(over) / 1000


@dataclass(frozen=True, slots=True)
class Sight:
    """What a screen showed since a moment, by the clock of this process."""

    at: float
    tasks: frozenset[str]


@dataclass(slots=True)
class Screen:
    """A browser with the list of what is to claim; `looked` counts how often it asked whether that is still so."""

    login: str
    address: str
    seed: int
    sights: list[Sight] = field(default_factory=list)
    looked: int = 0
    _over: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)
    _cookie: str = ""

    def watch(self) -> Thread:
        """Begin, in a thread of its own, once the list is there."""
        self._sign_in()
        page = self._load()
        thread = Thread(target=self._feel, args=(page,), daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        self._over.set()

    def now(self) -> Sight:
        """Return what it shows."""
        with self._lock:
            return self.sights[-1]

    def _feel(self, page: Mapping[str, str]) -> None:
        random, pulse, later = Random(self.seed), constant("PULSE"), constant("LATER")
        beats: dict[str, str] = {}
        while not self._over.wait(pulse * (1 + random.random() * later)):
            _, body, _ = self._send("GET", page["pulse-url"])
            who, _, number = body.partition(".")
            first, _, begun = page["beat"].partition(".")
            before = beats.get(who, begun if who == first else None)
            beats[who] = number
            if number != before and self._is_changed(page):
                page = self._load()

    def _is_changed(self, page: Mapping[str, str]) -> bool:
        self.looked += 1
        status, _, _ = self._send("GET", page["changes-url"], headers={"If-None-Match": f'"{page["mark"]}"'})
        return status == 200

    def _load(self) -> Mapping[str, str]:
        """Read the list anew."""
        _, body, _ = self._send("GET", LIST)
        with self._lock:
            self.sights.append(Sight(time.monotonic(), frozenset(ROW.findall(body))))
        return {name: value.replace("&amp;", "&") for name, value in NAMED.findall(body)}

    def _sign_in(self) -> None:
        _, body, headers = self._send("GET", "/sign-in")
        self._cookie = _cookie(headers, self._cookie)
        [token] = set(TOKEN.findall(body))
        form = f"csrf_token={token}&login={self.login}&password={PASSWORD}"
        sent = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _, headers = self._send("POST", "/sign-in", form, headers=sent)
        assert status == 303, status
        self._cookie = _cookie(headers, self._cookie)

    def _send(
        self, method: str, path: str, body: str | None = None, *, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, list[tuple[str, str]]]:
        connection = HTTPConnection(self.address, timeout=60)
        try:
            connection.request(method, path, body, {"Cookie": self._cookie, "Accept-Language": "zh", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.getheaders()
        finally:
            connection.close()


def _cookie(headers: list[tuple[str, str]], before: str) -> str:
    found = dict(one.partition("=")[::2] for one in before.split("; ") if one)
    for name, value in headers:
        if name.lower() == "set-cookie":
            key, _, rest = value.partition(";")[0].partition("=")
            found[key] = rest
    return "; ".join(f"{key}={value}" for key, value in found.items())


def shown_after(screens: list[Screen], act: Callable[[], frozenset[str]], *, patience: float) -> list[float]:
    """Do something, wait until every screen shows the tasks it leads to, and return how long each took, in seconds."""
    wanted = act()
    done = time.monotonic()
    until = done + patience
    waiting = set(range(len(screens)))
    while waiting and time.monotonic() < until:
        waiting -= {number for number in waiting if screens[number].now().tasks == wanted}
        time.sleep(0.01)
    assert not waiting, f"{len(waiting)} screens show something else after {patience} s"
    return [max(0.0, screen.now().at - done) for screen in screens]

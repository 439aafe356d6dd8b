"""Many people at work on one work list: each notes what was acknowledged, and looks whether the lists say the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from threading import Lock, Thread
from typing import Any

from tests.chaos.load import Acknowledged, Client, Refused

FREE, HELD, DONE, MOVING = "free", "held", "done", "moving"
RELEASED = 0.3  # of those claimed
SENT_TWICE = 0.3  # of those completed
LISTED = 100


@dataclass(frozen=True, slots=True)
class Known:
    """How a task stands by what was acknowledged; `changes` tells whether it moved meanwhile."""

    state: str
    holder: str = ""
    changes: int = 0


@dataclass(slots=True)
class Ledger:
    """What everybody was told of every task; it is never ahead of an answer."""

    tasks: dict[str, Known] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    completed: dict[str, list[str]] = field(default_factory=dict)
    objections: list[str] = field(default_factory=list)
    lost_races: int = 0
    drafts_taken_over: int = 0
    _lock: Lock = field(default_factory=Lock)

    def met(self, task: str) -> None:
        """Note a task that a list showed for the first time."""
        with self._lock:
            self.tasks.setdefault(task, Known(FREE))

    def moves(self, task: str) -> None:
        """Note that somebody has asked for something of which nobody knows the answer yet."""
        self._to(task, MOVING)

    def moved(self, task: str, state: str, holder: str = "") -> None:
        """Note an answer."""
        self._to(task, state, holder)

    def raced(self, task: str) -> None:
        """Note that somebody came too late: whoever came first says how the task stands."""
        with self._lock:
            self.lost_races += 1
            self.tasks[task] = Known(MOVING, changes=self.tasks[task].changes + 1)

    def object(self, objection: str) -> None:
        with self._lock:
            self.objections.append(objection)

    def done(self, task: str, login: str) -> None:
        with self._lock:
            self.completed.setdefault(task, []).append(login)
            self.drafts.pop(task, None)

    def all_known(self) -> dict[str, Known]:
        with self._lock:
            return dict(self.tasks)

    def _to(self, task: str, state: str, holder: str = "") -> None:
        with self._lock:
            self.tasks[task] = Known(state, holder, self.tasks[task].changes + 1)


class Colleague:
    """One of them, at two browsers: claims what is free, saves what was typed, gives back or completes."""

    def __init__(self, login: str, address: str, ledger: Ledger, noted: Acknowledged, *, seed: int) -> None:
        self.login = login
        self._ledger = ledger
        self._random = Random(seed)
        self._browsers = [Client(login, lambda: [address], noted, answer_within=60) for _ in range(2)]
        self._typed = 0

    def open_browsers(self) -> None:
        """Sign in twice."""
        for browser in self._browsers:
            browser.ask("GET", "/tasks?tab=mine&limit=1")

    def turn(self) -> bool:
        """Do one task, if there is one; say whether there was."""
        free = self.look()
        if not free:
            return False
        task = self._random.choice(free)
        self._ledger.moves(task)
        if not self._claimed(task):
            return True
        self._type(task)
        if self._random.random() < RELEASED:
            self._give_back(task)
        else:
            self._complete(task)
        return True

    def look(self) -> list[str]:
        """Ask for the list of what is free, and object to what it says otherwise than everybody was told before."""
        before = self._ledger.all_known()
        listed = [one["id"] for one in self._ask("GET", f"/tasks?tab=to-claim&limit={LISTED}")["tasks"]]
        after = self._ledger.all_known()
        for task, known in before.items():
            stands_still = known == after[task] and known.state != MOVING
            if stands_still and (task in listed) != (known.state == FREE):
                self._ledger.object(f"{self.login}: {task} is {known.state}, the list says otherwise")
        for task in listed:
            self._ledger.met(task)
        return listed

    def mine(self) -> list[str]:
        """Return what the list of this person's own tasks shows."""
        return [one["id"] for one in self._ask("GET", f"/tasks?tab=mine&limit={LISTED}")["tasks"]]

    def close(self) -> None:
        for browser in self._browsers:
            browser.close()

    def _claimed(self, task: str) -> bool:
        try:
            self._ask("POST", f"/tasks/{task}/claim", {})
        except Refused:
            return False
        self._ledger.moved(task, HELD, self.login)
        if task not in self.mine():
            self._ledger.object(f"{self.login}: {task} was claimed and is not among one's own")
        return True

    def _type(self, task: str) -> None:
        """Find what the last one typed, type over it and save it."""
        found = self._ask("GET", f"/tasks/{task}")["draft"]
        typed, kept = (found or {}).get("values", {}).get("note"), self._ledger.drafts.get(task)
        if typed != kept:
            self._ledger.object(f"{self.login}: {task} held the draft {kept}, found was {typed}")
        self._ledger.drafts_taken_over += kept is not None
        for _ in range(2):
            self._typed += 1
            note = f"{self.login} {self._typed}"
            version = found["version"] if found else ""
            found = self._ask("PUT", f"/tasks/{task}/draft", {"variables": {"note": note}, "draft_version": version})
            self._ledger.drafts[task] = note

    def _give_back(self, task: str) -> None:
        self._ledger.moves(task)
        self._ask("POST", f"/tasks/{task}/release", {})
        self._ledger.moved(task, FREE)

    def _complete(self, task: str) -> None:
        """Complete it; some press the button in both browsers at the same moment."""
        self._ledger.moves(task)
        pressed = self._browsers if self._random.random() < SENT_TWICE else self._browsers[:1]
        together = [Thread(target=self._press, args=(browser, task)) for browser in pressed]
        for one in together:
            one.start()
        for one in together:
            one.join()
        self._ledger.moved(task, DONE)

    def _press(self, browser: Client, task: str) -> None:
        try:
            browser.ask("POST", f"/tasks/{task}/complete", {"variables": {"note": f"{self.login}"}})
        except Refused:
            return
        self._ledger.done(task, self.login)

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        return self._browsers[0].ask(method, path, body)


def all_at_work(colleagues: Sequence[Colleague], *, is_over: Callable[[], bool]) -> list[BaseException]:
    """Let all of them work at the same time until nothing is left; return what nobody should have met."""
    errors: list[BaseException] = []

    def work(one: Colleague) -> None:
        try:
            one.open_browsers()
            while one.turn() or not is_over():
                pass
        except BaseException as error:
            errors.append(error)
            raise

    threads = [Thread(target=work, args=(one,), daemon=True) for one in colleagues]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors

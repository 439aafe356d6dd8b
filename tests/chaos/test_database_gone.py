"""The database goes away under load and comes back: everybody is told, everybody waits, and work goes on.

Fifteen seconds stand for a minute: nothing counts the length of an outage. They are longer than every line lives
without its other side, than a worker's lease, its pause between two tries and its longest wait for a signal.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection

import pytest

from tests.chaos.cluster import Cluster
from tests.chaos.house import Processes, open_house, until
from tests.chaos.ledger import are_over, assert_all_happened_once
from tests.chaos.load import PASSWORD, Load, prepare
from tests.chaos.nursery import Nursery
from tests.chaos.receiver import Receiver

AWAY = 15.0
LEASE = 2


@pytest.mark.timeout(300)
def test_a_database_that_goes_away_for_a_while_is_told_and_waited_for(nursery: Nursery) -> None:
    with (
        Cluster() as cluster,
        Receiver() as receiver,
        Processes(nursery, cluster.url, receiver=receiver.url) as processes,
        open_house(processes.settings) as house,
    ):
        load = Load(prepare(house, clients=3), lambda: [processes.addresses["serve"]], pace=0.3)
        processes.serve("serve")
        for name in ("work1", "work2"):
            processes.work(name, lease=LEASE)
        address = processes.addresses["serve"]
        with load.at_work():
            until(lambda: load.acknowledged > 6, what="work is done")
            assert ask(address, "/readyz").status == 200
            cookie = signed_in(address)

            cluster.kill()
            comes_back = time.monotonic() + AWAY
            until(lambda: len(load.noted.away) > 6, what="clients are told")
            for language, said in (("zh", "系统暂时无法访问数据库"), ("en", "The database cannot be reached")):
                for path, kind in (("/api/v1/tasks", "application/problem+json"), ("/tasks", "text/html")):
                    answer = ask(address, path, language=language, cookie=cookie)
                    assert (answer.status, answer.kind, said in answer.text) == (503, kind, True), answer
            assert ask(address, "/readyz").status == 503
            until(lambda: time.monotonic() > comes_back, what="the outage is over")
            cluster.start()

            done = load.acknowledged
            until(lambda: load.acknowledged > done + 6, what="work goes on")
        load.finish(lambda: are_over(house, load.numbers))

        assert load.errors == []
        assert {problem["code"] for problem in load.noted.away} <= {"unavailable", "outcome-unknown"}
        assert [name for name in ("serve", "work1", "work2") if not processes.lives(name)] == []
        assert_all_happened_once(house, load.noted, receiver.calls, begun=load.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    kind: str
    text: str


def signed_in(address: str) -> str:
    """Return the cookie of a session."""
    connection = HTTPConnection(address, timeout=15)
    body = json.dumps({"login": "client0", "password": PASSWORD})
    connection.request("POST", "/api/v1/session", body, {"Content-Type": "application/json"})
    cookie = str(connection.getresponse().getheader("Set-Cookie")).partition(";")[0]
    connection.close()
    return cookie


def ask(address: str, path: str, *, language: str = "en", cookie: str = "") -> Answer:
    connection = HTTPConnection(address, timeout=15)
    accept = "application/json" if path.startswith("/api") else "text/html"
    connection.request("GET", path, headers={"Accept-Language": language, "Accept": accept, "Cookie": cookie})
    answer = connection.getresponse()
    kind = str(answer.getheader("Content-Type")).partition(";")[0]
    found = Answer(status=answer.status, kind=kind, text=answer.read().decode())
    connection.close()
    return found

"""Jobs of the tests' own: one that tells the outside, and some that nobody should write."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from threading import Event
from typing import Any

from engine.host import Host
from engine.json_values import JsonObject
from engine.model import Job
from workflows.connectors.http import HttpConnector
from workflows.host import Connectors, build_host

RECEIVER = "CHAOS_RECEIVER"


class Tell:
    """Tells the receiver of a job, under the job's id."""

    def __init__(self) -> None:
        self._connector = HttpConnector(os.environ.get(RECEIVER, "http://127.0.0.1:9"))

    def __call__(self, job: Job) -> JsonObject:
        answer = self._connector.post("/", {"case": job.business_key, **job.variables}, key=str(job.id))
        answer.raise_for_status()
        return {"told": True}


def fail(_job: Job) -> JsonObject:
    raise ArithmeticError("this job never works")


def hang(_job: Job) -> JsonObject:
    Event().wait()
    return {}


def kill_the_worker(_job: Job) -> JsonObject:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def host_of_the_tests(connectors: Connectors, *, execute: Any) -> Host[Any]:
    host = build_host(connectors, execute=execute)
    mine = {"tell": Tell(), "fail": fail, "hang": hang, "kill_the_worker": kill_the_worker}
    return replace(host, outside={**host.outside, **mine})

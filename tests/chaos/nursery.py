"""A process that has read the house's code once and forks a server or worker whenever one is asked for.

What is forked is a process of its own, with nothing open but its files; starting one takes a tenth of a second.

    python -m tests.chaos.nursery
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from unittest.mock import patch

from tests.chaos.hosts import enter

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """A command of `relief` and what surrounds it; `said` and `log` are the files of its two streams."""

    arguments: list[str]
    settings: dict[str, str]
    said: str
    log: str
    namespace: str | None = None


class Nursery:
    """The asking side."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def bear(self, birth: Birth) -> int:
        """Start a process and return its id."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(birth)) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def open_nursery() -> Iterator[Nursery]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RELIEF_")}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.nursery"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


def serve_births() -> None:
    """Fork what is asked for, line by line, until there is nobody to ask."""
    from api import bootstrap  # noqa: PLC0415  read by the nursery alone, which is what it is for
    from api.cli import main  # noqa: PLC0415
    from tests.chaos.handlers import host_of_the_tests  # noqa: PLC0415

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ended is forgotten at once
    for line in iter(sys.stdin.readline, ""):
        birth = Birth(**json.loads(line))
        pid = os.fork()
        if pid:
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()
            continue
        try:
            _settle(birth)
            with patch.object(bootstrap, "build_host", host_of_the_tests):
                main(birth.arguments, prog_name="relief")
        except SystemExit as end:
            os._exit(end.code if isinstance(end.code, int) else 1)
        except BaseException:  # noqa: BLE001  told in its log, as by any process
            traceback.print_exc()
            os._exit(1)


def _settle(birth: Birth) -> None:
    """Make the fork a process of its own: its streams, its settings, its network."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for stream, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, birth.said, os.O_WRONLY | os.O_CREAT | os.O_APPEND),
        (2, birth.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND),
    ):
        opened = os.open(path, flags, 0o644)
        os.dup2(opened, stream)
        os.close(opened)
    os.environ.update(birth.settings)
    if birth.namespace is not None:
        enter(birth.namespace)


if __name__ == "__main__":
    serve_births()

"""The proof of the line, as a stranger runs it: two at the same time from two folders, and nothing left behind."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest


@pytest.mark.timeout(600)
def test_two_checks_at_once_hold_and_leave_nothing_running(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(run_check, folders)

    for done in (first, second):
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        assert "✗" not in done.stdout
        house = Path(re.findall(r"folder (\S+)", done.stdout)[0])
        assert not house.exists()
        assert [process.pid for process in psutil.process_iter(["cmdline"]) if uses(process, house)] == []
    assert [list(folder.iterdir()) for folder in folders] == [[], []]


def run_check(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api", "demo", "--check"], cwd=folder, capture_output=True, text=True, check=False
    )


def uses(process: psutil.Process, folder: Path) -> bool:
    return any(str(folder) in argument for argument in process.info["cmdline"] or [])

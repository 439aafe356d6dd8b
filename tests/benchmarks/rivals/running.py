"""Start the rivals in environments of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.cases import SpeedCase
from web.assets import find_toolchain

HERE = Path(__file__).parent
PYTHON_RIVALS = {"bkflow-feel": ("bkflow-feel==1.2.0", "bkflow.py"), "pySFeel": ("pySFeel==1.4.2", "pysfeel.py")}
FEELIN = "feelin@8.2.0"


def answers_of_rivals(cases: Sequence[SpeedCase]) -> dict[str, list[dict[str, Any]]]:
    """What every rival answers to every case, in order; a rival that cannot be installed answers with its error."""
    given = json.dumps([{"feel": case.feel, "variables": case.variables} for case in cases])
    answers = {name: _python(package, script, given, len(cases)) for name, (package, script) in PYTHON_RIVALS.items()}
    return {**answers, "feelin": _feelin(given, len(cases))}


def _python(package: str, script: str, given: str, count: int) -> list[dict[str, Any]]:
    uv = shutil.which("uv") or str(Path(".tools/bin/uv").resolve())
    return _asked(
        [uv, "run", "--quiet", "--isolated", "--no-project", "--with", package, "python", script],
        given,
        count,
        cwd=HERE,
    )


def _feelin(given: str, count: int) -> list[dict[str, Any]]:
    tools = find_toolchain()
    with tempfile.TemporaryDirectory() as folder:
        installed = subprocess.run(
            [*tools.npm, "install", "--no-audit", "--no-fund", "--silent", FEELIN],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if installed.returncode:
            return [{"error": installed.stderr.strip()[:80] or "npm failed"}] * count
        shutil.copy(HERE / "feelin.mjs", folder)
        return _asked([*tools.node, "feelin.mjs"], given, count, cwd=Path(folder))


def _asked(command: list[str], given: str, count: int, *, cwd: Path) -> list[dict[str, Any]]:
    done = subprocess.run(command, input=given, cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        return [{"error": (done.stderr.strip().splitlines() or ["failed"])[-1][:80]}] * count
    return json.loads(done.stdout)

"""Run viewflow in an environment of its own, on a database of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from storage.benchmark.scratch import scratch_database

PACKAGES = ("django-viewflow==2.4.0", "psycopg[binary]==3.3.9")
HERE = Path(__file__).parent


def linear(server_url: str | None, *, tasks: int) -> dict[str, Any]:
    """Completions of a linear flow of ten tasks; a plain reason when viewflow cannot be installed or run."""
    uv = shutil.which("uv") or str(Path(".tools/bin/uv").resolve())
    wanted = [one for package in PACKAGES for one in ("--with", package)]
    command = [uv, "run", "--quiet", "--isolated", "--no-project", *wanted, "python", "linear_viewflow.py"]
    with scratch_database(str(server_url)) as url:
        given = make_url(url)
        query = given.query
        database = {
            "NAME": given.database,
            "USER": given.username,
            "PASSWORD": given.password or "",
            "HOST": str(query.get("host") or given.host or ""),
            "PORT": str(query.get("port") or given.port or ""),
        }
        order = json.dumps({"database": database, "tasks": tasks})
        done = subprocess.run(command, input=order, cwd=HERE, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        return {"skipped": (done.stderr.strip().splitlines() or ["it failed"])[-1][:160]}
    return json.loads(done.stdout)

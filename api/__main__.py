"""`python -m api` is `relief`."""

from __future__ import annotations

from api.cli import main

main(prog_name="relief")

"""The pages of the reference that are made from the code: the catalogue of errors and the description of the API.

`python -m api.reference` writes them; a test keeps them equal to the code.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from api.app import ROUTES
from api.openapi import describe
from api.problems import STATUSES, TITLES, UNPROCESSABLE
from api.resources.blueprint import api
from engine.errors import EngineError

ROOMS = ("engine", "workflows", "web", "api")
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
_FIELD = re.compile(r"\{(\w+)(?:![rs])?\}")

HEAD = """# Errors

Every refusal has a code that stays the same, a text in the reader's language that says what was asked, what was found
and what to do, and, over HTTP, a status. The API answers with a problem document (RFC 9457): `type`, `title`, `status`,
`code`, `detail`, and, where single values are wrong, `errors` with `path`, `field`, `message` and `code`. A refused
deployment lists its `findings`. This page is made from the code by `python -m api.reference`.
"""


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """Return the pages by their file names."""
    return {"errors.md": error_catalogue(), "openapi.json": api_description()}


def api_description() -> str:
    """Return the OpenAPI description as text, the same for the same code."""
    app = Flask("reference")
    if ROUTES:
        app.register_blueprint(api)
    return json.dumps(describe(app), ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


def error_catalogue() -> str:
    """Return the catalogue of every error with its code, status and texts."""
    by_code: dict[str, type[EngineError]] = {}
    for kind in sorted(known_errors(), key=lambda one: (one.__module__, one.__name__)):
        by_code.setdefault(kind.code, kind)
    lines = [HEAD]
    for code in sorted(by_code):
        lines += _entry(code, by_code[code])
    return "\n".join(lines) + "\n"


def known_errors() -> set[type[EngineError]]:
    """Return every class of error of the house."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not module.name.endswith("__main__") and not module.name.startswith("web.frontend"):
                importlib.import_module(module.name)
    return set(_below(EngineError))


def _below(kind: type[EngineError]) -> Iterator[type[EngineError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def _entry(code: str, kind: type[EngineError]) -> list[str]:
    status = STATUSES.get(code, UNPROCESSABLE)
    summary = (kind.__doc__ or "").strip().partition("\n")[0]
    return [
        f"## `{code}`",
        "",
        f"{status} {TITLES[status][1]}. {summary}",
        "",
        f"- {_shown(kind.text_zh)}",
        f"- {_shown(kind.text_en)}",
        "",
    ]


def _shown(text: str) -> str:
    return _FIELD.sub(lambda found: f"‹{found[1]}›", text)


if __name__ == "__main__":
    main()

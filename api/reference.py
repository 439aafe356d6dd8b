"""The pages of the reference made from the code: the catalogues of errors and messages, the description of the API.

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
from api.scenario.reference import words_of_scenarios
from engine.dmn.lint_catalogue import RULES as DECISION_RULES
from engine.dmn.messages import DECISION_TEXTS
from engine.errors import EngineError
from engine.feel.builtins import BEYOND_THE_STANDARD, BUILT_INS
from engine.feel.messages.analysis_texts import ANALYSIS_TEXTS
from engine.feel.messages.evaluation_texts import EVALUATION_TEXTS
from engine.feel.messages.function_texts import FUNCTION_TEXTS
from engine.feel.messages.syntax_texts import SYNTAX_TEXTS
from engine.feel.messages.value_texts import VALUE_TEXTS

ROOMS = ("engine", "workflows", "web", "api")
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
_FIELD = re.compile(r"(?<!\{)\{(\w+)(?:![rs])?(?::\w+)?\}(?!\})")

HEAD = """# Errors

Every refusal has a code that stays the same, a text in the reader's language that says what was asked, what was found
and what to do, and, over HTTP, a status. The API answers with a problem document (RFC 9457): `type`, `title`, `status`,
`code`, `detail`, and, where single values are wrong, `errors` with `path`, `field`, `message` and `code`. A refused
deployment lists its `findings`. This page is made from the code by `python -m api.reference`.
"""

MESSAGES_HEAD = """# Messages of FEEL and DMN

Why a text is no FEEL, why a value became null, which limit an evaluation met, and what the check of a decision model
finds: each with the code that stays the same. `relief feel --json`, the trace of a decision (`nulls`) and the findings
of `relief lint --json` carry these codes. This page is made from the code by `python -m api.reference`.
"""

FAMILIES = {
    "A text that is no FEEL": SYNTAX_TEXTS,
    "Evaluating an expression": EVALUATION_TEXTS,
    "Values and types": VALUE_TEXTS,
    "Functions": FUNCTION_TEXTS,
    "Checking before anything runs": ANALYSIS_TEXTS,
    "Making a decision": DECISION_TEXTS,
}


FUNCTIONS_HEAD = """# Functions of FEEL

Every built-in function with the ways to call it; a question mark stands behind what may be left out. Arguments may be
given by position or by these names. *Camunda* marks what Camunda's FEEL adds to the standard and its editors complete.
`random number` and `uuid` are null where the host gives no source of chance, as in decisions, which must come out the
same whenever they are recomputed. `put`, `put all`, `and()` and `or()` are left out: the editors no longer offer them.
Functions of the office stand in [FEEL](feel.md#functions-of-the-host). This page is made from the code by
`python -m api.reference`.

| function | called as | from |
|---|---|---|
"""


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """Return the pages by their file names."""
    return {
        "errors.md": error_catalogue(),
        "feel-functions.md": function_catalogue(),
        "feel-messages.md": message_catalogue(),
        "openapi.json": api_description(),
        "scenario-words.md": words_of_scenarios(),
    }


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


def function_catalogue() -> str:
    """Return every built-in function of FEEL with the ways to call it."""
    rows = []
    for name, function in sorted(BUILT_INS.items()):
        forms = "<br>".join(f"`{form}`" for form in function.forms())
        rows.append(f"| {name} | {forms} | {'Camunda' if name in BEYOND_THE_STANDARD else 'DMN'} |\n")
    return FUNCTIONS_HEAD + "".join(rows)


def message_catalogue() -> str:
    """Return the catalogue of everything FEEL and DMN say, with the findings about decision models."""
    lines = [MESSAGES_HEAD]
    for title, texts in FAMILIES.items():
        lines += [f"## {title}", "", "| code | 中文 | English |", "|---|---|---|"]
        lines += [f"| `{code}` | {_cell(texts[code][0])} | {_cell(texts[code][1])} |" for code in sorted(texts)]
        lines.append("")
    lines.append("## Findings about a decision model\n")
    for code, rule in sorted(DECISION_RULES.items()):
        lines += [
            f"### `{code}` ({rule.severity})",
            "",
            f"- {_shown(rule.zh)} {_shown(rule.advice_zh)}",
            f"- {_shown(rule.en)} {_shown(rule.advice_en)}",
            "",
        ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return _shown(text).replace("|", "\\|")


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
    return _FIELD.sub(lambda found: f"‹{found[1]}›", text).replace("{{", "{").replace("}}", "}")


if __name__ == "__main__":
    main()

"""Every code that is raised stands in its catalogue, with its fields, and every entry is raised somewhere."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from engine.core.texts import TEXTS as CORE_TEXTS
from engine.dmn.lint_catalogue import RULES
from engine.dmn.messages import DECISION_TEXTS
from engine.error_words import ACTIONS_IN_ENGLISH
from engine.feel.messages import KINDS_IN_CHINESE, TEXTS

ROOT = Path(__file__).parents[2]
FINDING_TEXTS = {code: (f"{rule.zh} {rule.advice_zh}", f"{rule.en} {rule.advice_en}") for code, rule in RULES.items()}
CATALOGUES = {"feel": TEXTS, "decisions": DECISION_TEXTS, "findings": FINDING_TEXTS, "core": CORE_TEXTS}
FEEL, DECISIONS, FINDINGS, CORE = CATALOGUES
CALLS = {
    **dict.fromkeys(("NullResult", "FeelSyntaxError", "FeelLimitError", "FeelTypeError", "Message"), (FEEL, 0)),
    "error": (FEEL, 0),  # of the cursor
    **dict.fromkeys(("DecisionMessage", "DecisionNull", "DecisionTooDeep", "UnknownDecisionError"), (DECISIONS, 0)),
    "refusal": (FINDINGS, 0),
    **dict.fromkeys(("tell", "TimerUnreadable"), (CORE, 0)),
    **dict.fromkeys(("finding_at", "refusal_at"), (FINDINGS, 1)),
}
CODES_AS_KEYWORDS = {"purpose", "what"}
OF_THE_RAISING = {"position", "source"}
COUNTED = re.compile(
    r"\{(count|found|length|missing|minutes|expected)\} (?!is\b|has\b|was\b|occurs\b)([a-z]+s|are|were)\b"
)


def test_every_code_has_its_text_and_fields_and_every_text_is_used() -> None:
    used: dict[str, set[str]] = {name: set() for name in CATALOGUES}
    for place, catalogue, code, given in raised():
        assert code in CATALOGUES[catalogue], f"{place}: {code!r} is not in the catalogue"
        assert given is None or given == fields_of(CATALOGUES[catalogue][code][1]), f"{place}: fields of {code!r}"
        used[catalogue].add(code)
    assert {name: set(texts) - used[name] for name, texts in CATALOGUES.items()} == {name: set() for name in CATALOGUES}


@pytest.mark.parametrize("texts", CATALOGUES.values(), ids=list(CATALOGUES))
def test_both_languages_of_a_text_have_the_same_fields(texts: Mapping[str, tuple[str, str]]) -> None:
    assert {code for code, (zh, en) in texts.items() if fields_of(zh) != fields_of(en)} == set()


@pytest.mark.parametrize("texts", CATALOGUES.values(), ids=list(CATALOGUES))
def test_every_text_is_in_its_own_language(texts: Mapping[str, tuple[str, str]]) -> None:
    assert {code for code, (zh, en) in texts.items() if not is_chinese(zh) or is_chinese(en)} == set()


def test_every_kind_has_a_chinese_name() -> None:
    assert all(is_chinese(name) for name in KINDS_IN_CHINESE.values())


def test_an_english_text_counts_one_as_well_as_many() -> None:
    """A number before a plural reads "1 errors" one day: "errors: 1" is right for every number."""
    texts = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}"
        for room in ("engine", "workflows", "web", "api")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and COUNTED.search(node.value)
    ]
    assert texts == []


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def fields_of(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def raised() -> Iterator[tuple[str, str, str, set[str] | None]]:
    """Where, in which catalogue, which code, and the names of the fields it is given where they are written out."""
    for path in (each for folder in ("feel", "dmn", "core") for each in (ROOT / "engine" / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield from ((place, *found) for found in codes_in(node))


def codes_in(call: ast.Call) -> Iterator[tuple[str, str, set[str] | None]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    keywords = {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    if name in CALLS:
        catalogue, place = CALLS[name]
        code = call.args[place] if len(call.args) > place else None
        if isinstance(code, ast.Constant) and isinstance(code.value, str):
            given = keywords - OF_THE_RAISING - ({"line"} if name == "refusal" else set())
            yield catalogue, code.value, given | ({"found", "hint"} if name == "error" else set())
    for keyword in call.keywords:
        if keyword.arg in CODES_AS_KEYWORDS and isinstance(keyword.value, ast.Constant):
            yield FEEL, keyword.value.value, keywords - CODES_AS_KEYWORDS


def test_every_action_of_an_error_has_an_english_name() -> None:
    named = {
        keyword.value.value
        for room in ("engine", "workflows", "web", "api")
        for path in (ROOT / room).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        for keyword in (*call.keywords, *_first_of(call, "NotPermitted"))
        if keyword.arg == "action" and isinstance(keyword.value, ast.Constant) and is_chinese(str(keyword.value.value))
    }
    other = {"签收任务", "办理该任务"}  # handed on by a function

    assert named | other == set(ACTIONS_IN_ENGLISH)
    assert not any(is_chinese(action) for action in ACTIONS_IN_ENGLISH.values())


def _first_of(call: ast.Call, name: str) -> list[ast.keyword]:
    is_meant = isinstance(call.func, ast.Name) and call.func.id == name and call.args
    return [ast.keyword(arg="action", value=call.args[0])] if is_meant else []

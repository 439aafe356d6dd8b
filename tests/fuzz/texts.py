"""FEEL texts nobody would write: grown from the grammar, and real ones with pieces changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from random import Random

from lxml import etree

from engine.feel.builtins import BUILT_INS

NAMES = ("a", "b c", "income", "members", "case", "月收入", "nothing", "f", "?", "item")
_LITERALS = (
    "0", "1", "-1", "2.5", "1e400", "10 ** 33", "0.1", "1e-6000", "true", "false", "null", '""', '"abc"', '"低保"',
    '"\\u0041\\n"', '"(a+)+$"', '"2026-02-29"', '@"2026-02-28"', '@"2026-02-28T23:59:59"', '@"12:00:00Z"',
    '@"2026-01-01T00:00:00@Asia/Shanghai"', '@"P1Y2M"', '@"-P3DT4H"', '@"-99999-01-01"', "[]", "[1, 2, 3]",
    '["a", null, 1]', "{}", "{x: 1, y z: 2}", '{"a": [1, {b: 2}]}', "[1..5]", "(1..5)", '["a".."m")', "(> 3)", "(!= 1)",
    "[null..5]", "function(x) x", "function(x: number, y) x + y", "sum", "1..3",
)  # fmt: skip
_OPERATORS = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in")
_TYPES = ("number", "string", "date and time", "list<number>", "context<a: string>", "function<number>->number", "tX")
_PIECES = (
    "(", ")", "[", "]", "{", "}", "..", ",", ":", ".", "@", "?", '"', "'", "//", "/*", "*/", "\\", "\x00", "，", "》",
    "if ", " then ", " else ", "for ", " return ", "some ", " satisfies ", "function(", " instance of ", " between ",
    " and ", "not(", "-", "**", "e", "0" * 40, "a" * 60, "\ud83d\ude00", "\U0001f600", "\n", "\u3000", "external",
)  # fmt: skip


def real_texts(folders: list[Path]) -> list[str]:
    """The FEEL texts in the decision models and diagrams below some folders."""
    texts: dict[str, None] = {}
    for folder in folders:
        for path in sorted((*folder.rglob("*.dmn"), *folder.rglob("*.bpmn"))):
            for element in etree.parse(str(path)).iter("{*}*"):
                for text in (element.text, *element.attrib.values()):
                    if text and 1 < len(text.strip()) < 400 and (element.tag.endswith("}text") or text.startswith("=")):
                        texts[text.strip().removeprefix("=")] = None
    return list(texts)


class Writer:
    """Writes texts from one source of chance."""

    def __init__(self, chance: Random, corpus: list[str]) -> None:
        self._chance = chance
        self._corpus = corpus
        self._functions = sorted(BUILT_INS)

    def text(self) -> str:
        """A new text: grown, or one from the corpus with up to four changes."""
        if self._chance.random() < 0.5:
            return self._grown(self._chance.randint(1, 5))
        text = self._chance.choice(self._corpus)
        for _ in range(self._chance.randint(1, 4)):
            text = self._chance.choice(self._changes)(self, text)
        return text[:2_000]

    def _grown(self, depth: int) -> str:
        chance = self._chance
        if depth <= 0:
            return chance.choice((*_LITERALS, *NAMES))
        return chance.choice(self._forms)(self, depth - 1)

    def _arguments(self, depth: int) -> str:
        return ", ".join(self._grown(depth) for _ in range(self._chance.randint(0, 4)))

    def _call(self, depth: int) -> str:
        return f"{self._chance.choice(self._functions)}({self._arguments(depth)})"

    def _operation(self, depth: int) -> str:
        return f"({self._grown(depth)}) {self._chance.choice(_OPERATORS)} ({self._grown(depth)})"

    def _loop(self, depth: int) -> str:
        domain = self._chance.choice((f"{self._grown(depth)}", f"1..{self._chance.choice((3, 50, 10**7))}"))
        head = f"x in {domain}" + (f", y in {self._grown(depth)}" if self._chance.random() < 0.3 else "")
        kind, body = self._chance.choice((("for", "return"), ("some", "satisfies"), ("every", "satisfies")))
        return f"({kind} {head} {body} {self._chance.choice(('x', 'partial', self._grown(depth)))})"

    def _cut(self, text: str) -> str:
        start = self._chance.randint(0, len(text))
        return text[:start] + text[start + self._chance.randint(1, 8) :]

    def _insert(self, text: str) -> str:
        place = self._chance.randint(0, len(text))
        return text[:place] + self._chance.choice((*_PIECES, *_LITERALS, *NAMES)) + text[place:]

    def _double(self, text: str) -> str:
        start, end = sorted(self._chance.randint(0, len(text)) for _ in range(2))
        return text[:end] + text[start:end] * self._chance.randint(1, 3) + text[end:]

    def _splice(self, text: str) -> str:
        other = self._chance.choice(self._corpus)
        return text[: self._chance.randint(0, len(text))] + other[self._chance.randint(0, len(other)) :]

    def _swap(self, text: str) -> str:
        words = re.split(r"(\W+)", text)
        one, other = (self._chance.randrange(len(words)) for _ in range(2))
        words[one], words[other] = words[other], words[one]
        return "".join(words)

    def _replace(self, text: str) -> str:
        words = re.split(r"(\W+)", text)
        words[self._chance.randrange(len(words))] = self._chance.choice((*_LITERALS, *NAMES, *_OPERATORS))
        return "".join(words)

    _forms: tuple[Callable[[Writer, int], str], ...] = (
        _call,
        _call,
        _operation,
        _operation,
        _loop,
        lambda self, depth: f"if {self._grown(depth)} then {self._grown(depth)} else {self._grown(depth)}",
        lambda self, depth: f"({self._grown(depth)})[{self._grown(depth)}]",
        lambda self, depth: f"({self._grown(depth)}).{self._chance.choice((*NAMES, 'year', 'days', 'start', 'x'))}",
        lambda self, depth: f"[{self._arguments(depth)}]",
        lambda self, depth: f"{{x: {self._grown(depth)}, y z: {self._grown(depth)}}}",
        lambda self, depth: f"({self._grown(depth)}) between {self._grown(depth)} and {self._grown(depth)}",
        lambda self, depth: f"({self._grown(depth)}) in (< {self._grown(depth)}, {self._grown(depth)})",
        lambda self, depth: f"({self._grown(depth)}) instance of {self._chance.choice(_TYPES)}",
        lambda self, depth: f"(function(x, y) {self._grown(depth)})({self._arguments(depth)})",
        lambda self, depth: f"-({self._grown(depth)})",
        lambda self, depth: f"[{self._grown(depth)}..{self._grown(depth)}]",
    )
    _changes: tuple[Callable[[Writer, str], str], ...] = (_cut, _insert, _insert, _double, _splice, _swap, _replace)

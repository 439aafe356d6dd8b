"""FEEL by chance over the fields of a form, in words that the viewer's FEEL and ours both know."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A field an expression may mention: its path inside its form or row, and how many lists stand around it."""

    kind: str
    path: tuple[str, ...]
    rows: int


TEXTS = ("textfield", "textarea")
ONE_CHOICE = ("radio", "select")
MANY_CHOICES = ("checklist", "taglist")
CONSTANT_CONDITIONS = ("true", "false", "null", "missing", '"true"', "1", "confirmed", "not(confirmed)", "1 = 1")
_CLAIMS = {
    TEXTS: ('{} = "x"', '{} != ""', "{} = null", 'not({} = "x")', "string length({}) > 2", '{} = "x" or {} = "无"'),
    ("number",): ("{} > 5", "{} = 0", "{} != null and {} >= 1", "not({} > 5)", "{} = null", "{} in [1..5]"),
    ("checkbox",): ("{}", "{} = true", "not({})", "{} != true"),
    ONE_CHOICE: ('{} = "yes"', '{} in ("yes", "a")', "{} = 1", 'not({} in ("no", "b"))', "{} = null", "{} != true"),
    MANY_CHOICES: ('list contains({}, "a")', "count({}) > 1", "{} = []", "{} = null"),
    ("datetime",): ("{} = null", '{} = "2026-09-14"', '{} != "09:30"'),
    ("expression",): ("{} > 5", "{} = null", "not({} = 3)"),
    ("filepicker",): ("{} = null", "{} != null"),
    ("dynamiclist",): ("count({}) > 1", "count({}) = 0", "{} = null"),
}
_FIGURES = {
    TEXTS: ("string length({})", "{}"),
    ("number",): ("{}", "{} + 1", "{} * 0.1", "if {} = null then 0 else {}", "{} - 0.3"),
    ("checkbox",): ("if {} then 3 else 1", "if {} then null else 2", "{}"),
    ONE_CHOICE: ('if {} = "yes" then 1 else 5', "{}"),
    MANY_CHOICES: ("count({})",),
    ("expression",): ("{}", "{} + 0.1"),
    ("dynamiclist",): ("count({})",),
}
CONSTANT_FIGURES = ("2", "0.1 + 0.2", "null", "limit", "limit * 2", '"3"', '"x"', "missing")
_OPTIONS = (
    'if {} then ["yes", "no"] else ["a", "b"]',
    'if {} then [1, 2] else [{{label: "一", value: 1}}]',
    'if {} then ["yes"] else null',
)
CONSTANT_OPTIONS = ('["yes", "no", "a"]', '[{label: "甲", value: "a"}, {label: "一", value: 1}]', "schools", "numbers")


def condition(chance: Random, own: Reference, references: list[Reference]) -> str:
    """Return a condition, mostly about another field."""
    claim = _about(chance, own, references, _CLAIMS)
    if claim is None or chance.random() < 0.15:
        return chance.choice(CONSTANT_CONDITIONS)
    other = _about(chance, own, references, _CLAIMS)
    if other is not None and chance.random() < 0.15:
        return f"{claim} {chance.choice(['and', 'or'])} {other}"
    return claim


def quantity(chance: Random, own: Reference, references: list[Reference]) -> str:
    """Return an expression for a limit, mostly a number."""
    figure = _about(chance, own, references, _FIGURES)
    return chance.choice(CONSTANT_FIGURES) if figure is None or chance.random() < 0.4 else figure


def computation(chance: Random, own: Reference, references: list[Reference]) -> str:
    """Return an expression for a computed field."""
    roll = chance.random()
    if roll < 0.15:
        return condition(chance, own, references)
    if roll < 0.25 and own.rows:
        return chance.choice(["i[1]", "i", "count(i)"])
    if roll < 0.5:
        return f"{quantity(chance, own, references)} * {quantity(chance, own, references)}"
    return quantity(chance, own, references)


def options(chance: Random, own: Reference, references: list[Reference]) -> str:
    """Return an expression for options."""
    if chance.random() < 0.5:
        return chance.choice(CONSTANT_OPTIONS)
    return chance.choice(_OPTIONS).format(condition(chance, own, references))


def _about(
    chance: Random, own: Reference, references: list[Reference], words: dict[tuple[str, ...], tuple[str, ...]]
) -> str | None:
    kinds = {kind for kinds in words for kind in kinds}
    seen = [other for other in references if other.kind in kinds and other is not own and other.rows <= own.rows]
    if not seen:
        return None
    other = chance.choice(seen)
    phrases = next(phrases for kinds, phrases in words.items() if other.kind in kinds)
    return chance.choice(phrases).replace("{}", _named(other, own))


def _named(other: Reference, own: Reference) -> str:
    """Say a field's name as seen from another: by itself in the form, by this and parent inside rows."""
    path = ".".join(other.path)
    if other.rows == 0:
        return path
    return ".".join(["this"] + ["parent"] * 0 + [path]) if other.rows == own.rows else f"parent.{path}"

"""What is measured: FEEL beside the Python that says the same, a decision table, texts of growing length."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedCase:
    """One expression. The variables are JSON; Python's text reads the same ones with `_` for spaces."""

    name: str
    feel: str
    python: str
    variables: dict[str, Any]
    expected: Any


CASES = (
    SpeedCase(
        name="condition of a gateway",
        feel="income per capita < standard.monthly and count(members) > 0",
        python="income_per_capita < standard['monthly'] and len(members) > 0",
        variables={"income per capita": 720.5, "standard": {"monthly": 1080}, "members": [{"age": 41}, {"age": 9}]},
        expected=True,
    ),
    SpeedCase(
        name="comparison",
        feel="income < limit",
        python="income < limit",
        variables={"income": 720.5, "limit": 1080},
        expected=True,
    ),
    SpeedCase(
        name="equality of texts",
        feel='status = "accepted"',
        python="status == 'accepted'",
        variables={"status": "accepted"},
        expected=True,
    ),
    SpeedCase(
        name="one of several texts",
        feel='status in ("draft", "accepted", "closed")',
        python="status in ('draft', 'accepted', 'closed')",
        variables={"status": "accepted"},
        expected=True,
    ),
    SpeedCase(
        name="arithmetic",
        feel="(standard * size - income) * rate",
        python="(standard * size - income) * rate",
        variables={"standard": 1080, "size": 4, "income": 1250.5, "rate": 0.5},
        expected=1534.75,
    ),
    SpeedCase(
        name="if",
        feel="if income < limit then limit - income else 0",
        python="limit - income if income < limit else 0",
        variables={"income": 720.5, "limit": 1080},
        expected=359.5,
    ),
    SpeedCase(
        name="some",
        feel="some m in members satisfies m.age < 18",
        python="any(m['age'] < 18 for m in members)",
        variables={"members": [{"age": 41}, {"age": 39}, {"age": 9}]},
        expected=True,
    ),
    SpeedCase(
        name="filter and count",
        feel="count(members[age < 18])",
        python="len([m for m in members if m['age'] < 18])",
        variables={"members": [{"age": 41}, {"age": 39}, {"age": 9}]},
        expected=1,
    ),
    SpeedCase(
        name="sum of a loop",
        feel="sum(for m in members return m.wage * 0.8)",
        python="sum(m['wage'] * RATE for m in members)",
        variables={"members": [{"wage": 2100}, {"wage": 1700}, {"wage": 0}]},
        expected=3040,
    ),
)


def exact(value: Any) -> Any:
    """JSON numbers as exact decimals, at every depth: what both sides compute with."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(str(value))
    if isinstance(value, list):
        return [exact(member) for member in value]
    return {key: exact(member) for key, member in value.items()} if isinstance(value, dict) else value


def table_of(rules: int) -> bytes:
    """A UNIQUE table of four inputs: a span of income, two kinds of settlement, a least size, and any flag."""
    rows = "".join(_rule(number) for number in range(rules))
    inputs = "".join(
        f'<input id="in_{name}"><inputExpression id="ex_{name}" typeRef="{kind}"><text>{name}</text></inputExpression>'
        "</input>"
        for name, kind in (("income", "number"), ("settlement", "string"), ("size", "number"), ("vehicle", "boolean"))
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:bench">'
        f'<decision id="grade" name="grade"><decisionTable id="t" hitPolicy="UNIQUE">{inputs}'
        f'<output id="o" name="grade" typeRef="number"/>{rows}</decisionTable></decision></definitions>'
    ).encode()


def _rule(number: int) -> str:
    cells = (f"[{number * 10}..{number * 10 + 10})", '"urban", "rural"', f"&gt;= {number % 7}", "-")
    entries = "".join(
        f'<inputEntry id="c{number}_{place}"><text>{cell}</text></inputEntry>' for place, cell in enumerate(cells)
    )
    return f'<rule id="r{number}">{entries}<outputEntry id="o{number}"><text>{number}</text></outputEntry></rule>'


TABLE_INPUTS = {"settlement": "rural", "size": 6, "vehicle": False}


def long_texts(length: int) -> dict[str, str]:
    """Texts of about this many characters, each long in its own way."""
    return {
        "sum": "+".join(["income"] * (length // 7)),
        "alternatives": " or ".join(['status = "a"'] * (length // 16)),
        "list": "[" + ",".join(["1"] * (length // 2)) + "]",
        "context": "{" + ",".join(f"key {number}: {number}" for number in range(length // 16)) + "}",
        "text": '"' + "x" * length + '"',
    }


def nested_text(depth: int) -> str:
    """Parentheses, lists and conditions inside each other, `depth` levels of them."""
    text = "1"
    for level in range(depth):
        text = (f"({text})", f"[{text}]", f"if true then {text} else 0")[level % 3]
    return text

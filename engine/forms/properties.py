"""Reading the properties of a component: the right type, or a finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from engine.feel import Expression, FeelSyntaxError, compile_expression
from engine.feel.syntax import Call
from engine.forms.document_findings import FindingCollector, Place, shown
from engine.forms.model import Condition, NumberSetting
from engine.json_values import JsonValue

Kind = TypeVar("Kind")
_NOT = re.compile(r"\s*not\s*\((.*)\)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """The properties of one component, or of its `validate` and `conditional` objects.

    `names` are the variable names expressions may hold besides plain words.
    """

    values: Mapping[str, JsonValue]
    place: Place
    collector: FindingCollector
    names: frozenset[str]
    prefix: str = ""

    def inner(self, name: str) -> Properties:
        """Return the properties of an object under this name; absent or wrong, those of an empty one."""
        found = self._of_type(name, _object, zh="对象", en="an object")
        return Properties(
            values=found or {},
            place=self.place,
            collector=self.collector,
            names=self.names,
            prefix=f"{self.prefix}{name}.",
        )

    def text(self, name: str) -> str | None:
        """Return a string; an empty one counts as absent."""
        return self._of_type(name, _text, zh="文本", en="a text") or None

    def flag(self, name: str) -> bool:
        """Return true or false, which is the default."""
        return self._of_type(name, _flag, zh="真或假", en="true or false") or False

    def number(self, name: str) -> Decimal | None:
        """Return a number; a string of digits counts as one."""
        return self._of_type(name, _number, zh="数字", en="a number")

    def count(self, name: str) -> int | None:
        """Return a whole number of at least 0."""
        return self._of_type(name, _count, zh="非负整数", en="a whole number of at least 0")

    def list_of(self, name: str) -> list[JsonValue]:
        """Return a list; absent, an empty one."""
        return self._of_type(name, _list, zh="列表", en="a list") or []

    def expression(self, name: str) -> Expression | None:
        """Return a compiled FEEL expression, written with a leading `=`."""
        text = self._of_type(name, _formula, zh="以 = 开头的 FEEL 表达式", en="FEEL with a leading =")
        return None if text is None else self._compiled(name, text[1:])

    def condition(self, name: str) -> Condition | None:
        """Return a condition, written as FEEL with a leading `=`."""
        expression = self.expression(name)
        if expression is None:
            return None
        negated = _NOT.fullmatch(expression.text) if isinstance(expression.syntax, Call) else None
        if negated is None:
            return Condition(expression=expression, negated=False)
        inner = self._compiled(name, negated[1])
        return None if inner is None else Condition(expression=inner, negated=True)

    def flag_or_condition(self, name: str) -> bool | Condition:
        """Return true, false, or a condition for it."""
        if is_formula(self.values.get(name)):
            return self.condition(name) or False
        return self.flag(name)

    def flag_or_expression(self, name: str) -> bool | Expression:
        """Return true, false, or an expression for it."""
        if is_formula(self.values.get(name)):
            return self.expression(name) or False
        return self.flag(name)

    def number_or_expression(self, name: str) -> NumberSetting:
        """Return a number, or an expression for it."""
        return self.expression(name) if is_formula(self.values.get(name)) else self.number(name)

    def check_syntax(self, name: str) -> None:
        """Report a property that may hold FEEL, does, and is wrong."""
        value = self.values.get(name)
        if isinstance(value, str) and is_formula(value):
            self._compiled(name, value[1:])

    def report(self, code: str, **words: object) -> None:
        """Record a finding about this component."""
        self.collector.add(code, self.place, **words)

    def _compiled(self, name: str, text: str) -> Expression | None:
        try:
            return compile_expression(text, names=self.names)
        except FeelSyntaxError as error:
            self.report(
                "form-expression", name=self.prefix + name, reason_zh=error.text("zh"), reason_en=error.text("en")
            )
            return None

    def _of_type(self, name: str, read: Callable[[JsonValue], Kind | None], *, zh: str, en: str) -> Kind | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        result = read(value)
        if result is None:
            found = shown(value)
            self.report("form-property", name=self.prefix + name, expected_zh=zh, expected_en=en, found=found)
        return result


def is_formula(value: JsonValue) -> bool:
    """Tell whether a property is written as FEEL."""
    return isinstance(value, str) and value.startswith("=")


def _object(value: JsonValue) -> dict[str, JsonValue] | None:
    return value if isinstance(value, dict) else None


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None


def _flag(value: JsonValue) -> bool | None:
    return value if isinstance(value, bool) else None


def _list(value: JsonValue) -> list[JsonValue] | None:
    return value if isinstance(value, list) else None


def _formula(value: JsonValue) -> str | None:
    return value if isinstance(value, str) and value.startswith("=") and value[1:].strip() else None


def _number(value: JsonValue) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _count(value: JsonValue) -> int | None:
    number = _number(value)
    if number is None or not 0 <= number < 1_000_000 or number != int(number):
        return None
    return int(number)

"""Decision logic as drawn: literal expressions, decision tables and the other boxed expressions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.dmn.messages import DecisionMessage
    from engine.dmn.rule_index import ColumnIndex
    from engine.feel import Expression, FeelSyntaxError, UnaryTests
    from engine.feel.messages import Message
    from engine.feel.types import FeelType


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands: the id of the element, what it is called, and its line; `part` says where inside."""

    element_id: str
    name: str
    line: int
    part: Message | None = None

    def text(self, language: str) -> str:
        """The name with the part, in 'zh' or 'en'."""
        if self.part is None:
            return self.name
        return f"{self.name}{'，' if language.startswith('zh') else ', '}{self.part.text(language)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Logic:
    """Any boxed expression; `type` is what its value must conform to."""

    place: Place
    type: FeelType


@dataclass(frozen=True, slots=True, kw_only=True)
class FeelText:
    """A FEEL text with what it compiled to; a text that is no FEEL carries its error and evaluates to null."""

    place: Place
    text: str
    expression: Expression | None
    error: FeelSyntaxError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """An input entry of a rule, or any other unary tests."""

    place: Place
    text: str
    tests: UnaryTests | None
    error: FeelSyntaxError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralExpression(Logic):
    """A FEEL expression."""

    feel: FeelText


@dataclass(frozen=True, slots=True, kw_only=True)
class InputClause:
    """A column of conditions."""

    place: Place
    label: str
    feel: FeelText
    type: FeelType
    allowed: Cell | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputClause:
    """A column of conclusions; `priorities` are its allowed values in order, for PRIORITY and OUTPUT ORDER."""

    place: Place
    name: str
    type: FeelType
    allowed: Cell | None
    priorities: tuple[FeelText, ...]
    default: FeelText | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row; index counts from 1."""

    place: Place
    index: int
    conditions: tuple[Cell, ...]
    conclusions: tuple[FeelText, ...]
    annotation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable(Logic):
    """A decision table; `columns` find the rules a value passes, an index for each input."""

    hit_policy: str
    aggregation: str | None
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    columns: tuple[ColumnIndex, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextEntry:
    """An entry of a boxed context; without a name it is the result."""

    name: str | None
    type: FeelType
    logic: Logic


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedContext(Logic):
    """Entries, each seeing the ones before it."""

    entries: tuple[ContextEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionLogic(Logic):
    """A boxed function, also the body of a business knowledge model; only FEEL is run."""

    kind: str
    parameters: tuple[tuple[str, FeelType], ...]
    body: Logic | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation(Logic):
    """A call with named bindings."""

    function: Logic
    bindings: tuple[tuple[str, Logic], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedList(Logic):
    """A list of boxed expressions."""

    members: tuple[Logic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Logic):
    """Rows under columns: a list of contexts; a column may have a type, and cells left out are null."""

    columns: tuple[tuple[str, FeelType], ...]
    rows: tuple[tuple[Logic, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional(Logic):
    """A boxed if."""

    condition: Logic
    consequence: Logic
    alternative: Logic


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedFilter(Logic):
    """A boxed filter."""

    source: Logic
    match: Logic


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedLoop(Logic):
    """A boxed `for`, `some` or `every`, told apart by kind."""

    kind: str
    variable: str
    source: Logic
    body: Logic


@dataclass(frozen=True, slots=True, kw_only=True)
class NoLogic(Logic):
    """Nothing was drawn, or nothing that can be run; the reason says which."""

    reason: DecisionMessage

"""How a field of Camunda's API is searched: what its values are called here, and the conditions they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.core.texts import Words
from engine.json_values import JsonValue
from engine.number_names import KEY_BITS, Inner, ids_of, inner_of, is_number
from engine.searching import NEVER, AllOf, AnyOf, Compare, Comparison, Condition, Not, Scalar, Within

TENANT = "<default>"
ALWAYS = AllOf(())
CHECKSUM_SIGNS = KEY_BITS // 4  # of its hexadecimal digits
MOST_VALUES = 1_000
RANGES: Mapping[str, Comparison] = {"$gt": "above", "$gte": "from", "$lt": "below", "$lte": "until"}


class Unfit(Exception):
    """A value of a filter that the field cannot have, or is not searched by."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(frozen=True, slots=True)
class Searched:
    """A field that filters may name, by what it is called here."""

    name: str

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """Return the fields of ours that sort by it; nothing sorts by a field without any."""
        return (self.name,)

    def equals(self, value: JsonValue) -> Condition:
        """Return the condition that the field has a value.

        Raises:
            Unfit: it cannot have this one.
        """
        return Compare(self.name, "equals", self.read(value))

    def is_given(self) -> Condition:
        """Return the condition that the field has any value."""
        return Compare(self.name, "is-given", True)

    def read(self, value: JsonValue) -> Scalar:
        """Return a value as it is called here.

        Raises:
            Unfit: the field cannot have it.
        """
        raise Unfit(Words("不能与值比较", "it is not compared to values"))


@dataclass(frozen=True, slots=True)
class Text(Searched):
    """A text."""

    def read(self, value: JsonValue) -> str:
        """Return the text."""
        if not isinstance(value, str):
            raise Unfit(Words("应为文本", "it takes a text"))
        return value


@dataclass(frozen=True, slots=True)
class Listed(Text):
    """A list of texts, searched by what is in it."""

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """Return nothing: lists have no order."""
        return ()


@dataclass(frozen=True, slots=True)
class Number(Searched):
    """A whole number."""

    def read(self, value: JsonValue) -> int:
        """Return the number."""
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**31:
            raise Unfit(Words("应为整数", "it takes a whole number"))
        return value


@dataclass(frozen=True, slots=True)
class Moment(Searched):
    """A time with its offset."""

    def read(self, value: JsonValue) -> datetime:
        """Return the time."""
        try:
            found = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            zh = "应为带时区的时间，如 2026-11-27T09:00:00+08:00"
            raise Unfit(Words(zh, "it takes a time with its offset (RFC 3339)"))
        return found


@dataclass(frozen=True, slots=True)
class Flag(Searched):
    """True or false; every row is one of them, and nothing sorts by it."""

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """Return nothing."""
        return ()

    def is_given(self) -> Condition:
        """Return that it is."""
        return ALWAYS

    def read(self, value: JsonValue) -> bool:
        """Return the truth."""
        if not isinstance(value, bool):
            raise Unfit(Words("应为 true 或 false", "it takes true or false"))
        return value


@dataclass(frozen=True, slots=True)
class Choice(Searched):
    """One of few words: theirs, and those it stands for here; a word with none is of something that is never here."""

    words: Mapping[str, tuple[str, ...]] = field(hash=False)

    def equals(self, value: JsonValue) -> Condition:
        """Return the condition that it is one of the words this one stands for."""
        if not isinstance(value, str) or value not in self.words:
            known = ", ".join(sorted(self.words))
            raise Unfit(Words(f"可用的值：{known}", f"it takes one of {known}"))
        return AnyOf(tuple(Compare(self.name, "equals", one) for one in self.words[value]))

    def is_given(self) -> Condition:
        """Return that it is."""
        return ALWAYS

    def shown(self, value: str) -> str:
        """Return their word for one of ours."""
        return next((theirs for theirs, ours in self.words.items() if value in ours), "UNKNOWN")


@dataclass(frozen=True, slots=True)
class RowNumber(Searched):
    """The number of a row."""

    def equals(self, value: JsonValue) -> Condition:
        """Return the condition that a row may have this number."""
        ids = ids_of(checked_number(value))
        return NEVER if ids is None else Within(self.name, ids)


@dataclass(frozen=True, slots=True)
class InnerNumber(Searched):
    """The number of what lies in a row: `name` is the field of its owner, `key` that of its key, or its one key."""

    key: str | int

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """Return owner and key."""
        return (self.name,) if isinstance(self.key, int) else (self.name, self.key)

    def equals(self, value: JsonValue) -> Condition:
        """Return the condition that owner and key may have this number."""
        inner = inner_of(checked_number(value))
        if inner is None:
            return NEVER
        return AllOf((Within(self.name, inner.owner), self._has_key(inner)))

    def is_given(self) -> Condition:
        """Return that it is."""
        return ALWAYS

    def _has_key(self, inner: Inner) -> Condition:
        if isinstance(self.key, int):
            return ALWAYS if inner.key == self.key else NEVER
        return Compare(self.key, "equals", inner.key)


@dataclass(frozen=True, slots=True)
class FileNumber(Searched):
    """The number of a deployed file: `name` is its deployment, and the beginning of its checksum is the key there."""

    checksum: str

    def equals(self, value: JsonValue) -> Condition:
        """Return the condition that deployment and checksum may have this number."""
        inner = inner_of(checked_number(value))
        if inner is None:
            return NEVER
        begins = Compare(self.checksum, "like", f"{inner.key:0{CHECKSUM_SIGNS}x}*")
        return AllOf((Within(self.name, inner.owner), begins))

    def is_given(self) -> Condition:
        """Return that it is."""
        return ALWAYS


@dataclass(frozen=True, slots=True)
class Always(Searched):
    """A field with one value in every row, its name; without a name there is no value in any."""

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """Return nothing."""
        return ()

    def equals(self, value: JsonValue) -> Condition:
        """Return whether it is this value."""
        return ALWAYS if self.name and value == self.name else NEVER

    def is_given(self) -> Condition:
        """Return whether there is one."""
        return ALWAYS if self.name else NEVER


IN_TENANT = Always(TENANT)
NOWHERE = Always("")


def checked_number(value: JsonValue) -> str:
    """Return the text of a key.

    Raises:
        Unfit: it has not the form of one.
    """
    if not isinstance(value, str) or not is_number(value):
        raise Unfit(Words("应为由数字组成的文本", "it takes a key: a text of at most 25 digits"))
    return value


def condition_of(searched: Searched, asked: JsonValue) -> Condition:
    """Return the condition a filter makes of a field: a value, or comparisons that must all hold.

    Raises:
        Unfit: the field cannot have the value, or is not compared like this.
    """
    if not isinstance(asked, dict):
        return searched.equals(asked)
    return AllOf(tuple(_compared(searched, operator, value) for operator, value in asked.items()))


def _compared(searched: Searched, operator: str, value: JsonValue) -> Condition:
    if operator == "$eq":
        return searched.equals(value)
    if operator == "$neq":
        return Not(searched.equals(value))
    if operator in ("$in", "$notIn"):
        found = AnyOf(tuple(searched.equals(one) for one in _several(value)))
        return found if operator == "$in" else Not(found)
    if operator == "$exists" and isinstance(value, bool):
        return searched.is_given() if value else Not(searched.is_given())
    if operator == "$like" and isinstance(searched, Text):
        return Compare(searched.name, "like", searched.read(value))
    if operator == "$like" and isinstance(searched, Choice | Always) and isinstance(value, str):
        return searched.equals(value)
    if operator in RANGES and isinstance(searched, Number | Moment):
        return Compare(searched.name, RANGES[operator], searched.read(value))
    raise Unfit(Words(f"不能用“{operator[:20]}”比较", f"it is not compared by {operator[:20]!r}"))


def _several(value: JsonValue) -> list[JsonValue]:
    if not isinstance(value, list) or len(value) > MOST_VALUES:
        raise Unfit(Words(f"应为至多 {MOST_VALUES} 个值的列表", f"it takes a list of at most {MOST_VALUES} values"))
    return value

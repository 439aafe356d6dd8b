"""Built-ins on lists."""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.builtins.registry import Registry
from engine.feel.comparison import compare, key_of, same
from engine.feel.errors import NullResult
from engine.feel.numbers import brief, integer
from engine.feel.values import FeelFunction, FeelValue, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.feel.session import Session

    Members = list[FeelValue]

FUNCTIONS = Registry()


@FUNCTIONS.add("list contains", "list: list, element: Any")
def _list_contains(members: Members, element: FeelValue) -> FeelValue:
    return any(same(member, element) for member in members)


@FUNCTIONS.add("count", "list: list")
def _count(members: Members) -> FeelValue:
    return Decimal(len(members))


@FUNCTIONS.add_variadic("min", "list: list")
def _min(members: Members) -> FeelValue:
    if members and _are_numbers(members):
        return min(members)  # type: ignore[type-var]  # all of them are Decimal
    return functools.reduce(lambda a, b: b if compare(b, a) < 0 else a, _comparable(members)) if members else None


@FUNCTIONS.add_variadic("max", "list: list")
def _max(members: Members) -> FeelValue:
    if members and _are_numbers(members):
        return max(members)  # type: ignore[type-var]  # all of them are Decimal
    return functools.reduce(lambda a, b: b if compare(b, a) > 0 else a, _comparable(members)) if members else None


def _are_numbers(members: Members) -> bool:
    return all(type(member) is Decimal for member in members)


def _comparable(members: Members) -> Members:
    for member in members:
        compare(members[0], member)
    return members


@FUNCTIONS.add("sublist", "list: list, start position: number, length?: number")
def _sublist(members: Members, start: Decimal, length: Decimal | None = None) -> FeelValue:
    begin = _place(members, start, function="sublist")
    if length is None:
        return members[begin:]
    count = integer(length, what="the-length", function="sublist")
    if count < 1 or begin + count > len(members):
        raise NullResult("sublist-too-short", count=count, start=brief(start))
    return members[begin : begin + count]


def _place(members: Members, position: Decimal, *, function: str) -> int:
    place = integer(position, what="the-position", function=function)
    if place == 0 or abs(place) > len(members):
        raise NullResult("no-position-in-list", function=function, place=place, length=len(members))
    return place - 1 if place > 0 else len(members) + place


@FUNCTIONS.add("remove", "list: list, position: number")
def _remove(members: Members, position: Decimal) -> FeelValue:
    place = _place(members, position, function="remove")
    return members[:place] + members[place + 1 :]


@FUNCTIONS.add("insert before", "list: list, position: number, newItem: Any")
def _insert_before(members: Members, position: Decimal, item: FeelValue) -> FeelValue:
    place = _place(members, position, function="insert before")
    return [*members[:place], item, *members[place:]]


@FUNCTIONS.add("list replace", "list: list, position: number, newItem: Any")
def _list_replace(members: Members, position: Decimal, item: FeelValue) -> FeelValue:
    place = _place(members, position, function="list replace")
    return [*members[:place], item, *members[place + 1 :]]


@FUNCTIONS.add_with_session("list replace", "list: list, match: function, newItem: Any")
def _list_replace_matching(session: Session, members: Members, match: FeelFunction, item: FeelValue) -> FeelValue:
    replaced: Members = []
    for member in members:
        answer = match.call([member, item], session)
        if not isinstance(answer, bool):
            raise NullResult("function-gave", function="list replace", found=kind_of(answer))
        replaced.append(item if answer else member)
    return replaced


@FUNCTIONS.add("reverse", "list: list")
def _reverse(members: Members) -> FeelValue:
    return members[::-1]


@FUNCTIONS.add("index of", "list: list, match: Any")
def _index_of(members: Members, match: FeelValue) -> FeelValue:
    return [Decimal(place) for place, member in enumerate(members, start=1) if same(member, match)]


@FUNCTIONS.add_with_session("distinct values", "list: list")
def _distinct_values(session: Session, members: Members) -> FeelValue:
    return distinct(members, session)


@FUNCTIONS.add_with_session("duplicate values", "list: list")
def _duplicate_values(session: Session, members: Members) -> FeelValue:
    return [member for member, times in _counted(members, session) if times > 1]


def distinct(members: Members, session: Session) -> Members:
    """The first of every group of equal members."""
    return [member for member, _ in _counted(members, session)]


def _counted(members: Members, session: Session) -> list[tuple[FeelValue, int]]:
    """The first of every group of equal members, with how many there are."""
    session.step(len(members))
    groups: dict[object, list[FeelValue]] = {}
    for member in members:
        groups.setdefault(key_of(member), []).append(member)
    return [(group[0], len(group)) for group in groups.values()]


@FUNCTIONS.add("flatten", "list: list")
def _flatten(members: Members) -> FeelValue:
    flat: Members = []
    _flatten_into(flat, members, depth=0)
    return flat


def _flatten_into(flat: Members, members: Members, *, depth: int) -> None:
    if depth > 200:
        raise NullResult("value-too-deep", function="flatten")
    for member in members:
        if isinstance(member, list):
            _flatten_into(flat, member, depth=depth + 1)
        else:
            flat.append(member)


@FUNCTIONS.add_with_session("sort", "list: list, precedes?: function?")
def _sort(session: Session, members: Members, precedes: FeelFunction | None = None) -> FeelValue:
    session.step(len(members) * len(members).bit_length() // 4)
    if precedes is None:
        if _are_numbers(members):
            return sorted(members)
        return sorted(_comparable(members), key=functools.cmp_to_key(compare))
    return sorted(members, key=functools.cmp_to_key(_by_precedence(precedes, session)))


def _by_precedence(precedes: FeelFunction, session: Session) -> Callable[[Any, Any], int]:
    def order(left: FeelValue, right: FeelValue) -> int:
        before = precedes.call([left, right], session)
        if not isinstance(before, bool):
            raise NullResult("function-gave", function="sort", found=kind_of(before))
        if before:
            return -1
        return 1 if precedes.call([right, left], session) is True else 0

    return order


@FUNCTIONS.add("is empty", "list: list")
def _is_empty(members: Members) -> FeelValue:
    return not members


@FUNCTIONS.add("partition", "list: list, size: number")
def _partition(members: Members, size: Decimal) -> FeelValue:
    length = integer(size, what="the-size", function="partition")
    if length < 1:
        raise NullResult("size-below-one", function="partition")
    return [members[place : place + length] for place in range(0, len(members), length)]


@FUNCTIONS.add_variadic("all", "list: list")
def _all(members: Members) -> FeelValue:
    return _quantified(members, deciding=False, function="all")


@FUNCTIONS.add_variadic("any", "list: list")
def _any(members: Members) -> FeelValue:
    return _quantified(members, deciding=True, function="any")


def _quantified(members: Members, *, deciding: bool, function: str) -> FeelValue:
    if any(member is deciding for member in members):
        return deciding
    for member in members:
        if not isinstance(member, bool):
            raise NullResult("member-kind", function=function, expected="boolean", found=kind_of(member))
    return not deciding


@FUNCTIONS.add("not", "negand: boolean")
def _not(negand: bool) -> FeelValue:  # noqa: FBT001 - a FEEL value, not a switch
    return not negand

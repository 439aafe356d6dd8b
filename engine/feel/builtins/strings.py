"""Built-ins on strings."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.arithmetic import LONGEST_STRING
from engine.feel.builtins.patterns import Pattern, compile_pattern, expand, split_by
from engine.feel.builtins.registry import Registry
from engine.feel.costs import MATCH
from engine.feel.errors import NullResult
from engine.feel.numbers import DOWN, integer
from engine.feel.values import FeelValue, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.feel.session import Session

FUNCTIONS = Registry()


@FUNCTIONS.add("substring", "string: string, start position: number, length?: number?")
def _substring(string: str, start: Decimal, length: Decimal | None = None) -> FeelValue:
    place = integer(start.to_integral_value(rounding=DOWN), what="the-position", function="substring")
    if place == 0 or abs(place) > len(string):
        raise NullResult("no-position-in-text", function="substring", place=place, length=len(string))
    begin = place - 1 if place > 0 else len(string) + place
    if length is None:
        return string[begin:]
    count = integer(length.to_integral_value(rounding=DOWN), what="the-length", function="substring")
    if count < 1:
        raise NullResult("length-below-one", function="substring", found=count)
    return string[begin : begin + count]


@FUNCTIONS.add("string length", "string: string")
def _string_length(string: str) -> FeelValue:
    return Decimal(len(string))


@FUNCTIONS.add("upper case", "string: string")
def _upper_case(string: str) -> FeelValue:
    return string.upper()


@FUNCTIONS.add("lower case", "string: string")
def _lower_case(string: str) -> FeelValue:
    return string.lower()


@FUNCTIONS.add("substring before", "string: string, match: string")
def _substring_before(string: str, match: str) -> FeelValue:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@FUNCTIONS.add("substring after", "string: string, match: string")
def _substring_after(string: str, match: str) -> FeelValue:
    if not match:
        return string
    return string.partition(match)[2]


@FUNCTIONS.add("contains", "string: string, match: string")
def _contains(string: str, match: str) -> FeelValue:
    return match in string


@FUNCTIONS.add("starts with", "string: string, match: string")
def _starts_with(string: str, match: str) -> FeelValue:
    return string.startswith(match)


@FUNCTIONS.add("ends with", "string: string, match: string")
def _ends_with(string: str, match: str) -> FeelValue:
    return string.endswith(match)


@FUNCTIONS.add_with_session("matches", "input: string, pattern: string, flags?: string?")
def _matches(session: Session, text: str, pattern: str, flags: str | None = None) -> FeelValue:
    return _compiled(session, pattern, flags).search(text) is not None


def _compiled(session: Session, pattern: str, flags: str | None = None) -> Pattern:
    session.meet_pattern(pattern, flags or "")
    return compile_pattern(pattern, flags or "")


@FUNCTIONS.add_with_session("replace", "input: string, pattern: string, replacement: string, flags?: string?")
def _replace(session: Session, text: str, pattern: str, replacement: str, flags: str | None = None) -> FeelValue:
    compiled = _compiled(session, pattern, flags)
    if compiled.search("") is not None:
        raise NullResult("pattern-matches-nothing", function="replace", pattern=pattern)
    fill = expand(replacement, groups=compiled.groups)
    length = len(text)

    def bounded(match: Any) -> str:
        nonlocal length
        filled = fill(match)
        length += len(filled) - (match.end() - match.start())
        session.step(MATCH)
        if length > LONGEST_STRING:
            raise NullResult("result-too-long", function="replace", limit=LONGEST_STRING)
        return filled

    return str(compiled.sub(bounded, text))


@FUNCTIONS.add_with_session("split", "string: string, delimiter: string")
def _split(session: Session, string: str, delimiter: str) -> FeelValue:
    return split_by(_compiled(session, delimiter), string, session)


@FUNCTIONS.add("string join", "list: list, delimiter?: string?, prefix?: string?, suffix?: string?")
def _string_join(
    members: Sequence[FeelValue], delimiter: str | None = None, prefix: str | None = None, suffix: str | None = None
) -> FeelValue:
    for member in members:
        if member is not None and not isinstance(member, str):
            raise NullResult("member-kind", function="string join", expected="string or null", found=kind_of(member))
    parts = [member for member in members if isinstance(member, str)]
    if sum(map(len, parts)) + len(parts) * len(delimiter or "") > LONGEST_STRING:
        raise NullResult("result-too-long", function="string join", limit=LONGEST_STRING)
    body = (delimiter or "").join(parts)
    return f"{prefix or ''}{body}{suffix or ''}"


@FUNCTIONS.add_with_session("extract", "string: string, pattern: string")
@FUNCTIONS.add_with_session("extract", "input: string, pattern: string")
def _extract(session: Session, text: str, pattern: str) -> FeelValue:
    found: list[FeelValue] = []
    for match in _compiled(session, pattern).finditer(text):
        session.step(MATCH)
        found.append(match.group(0))
    return found


@FUNCTIONS.add("trim", "string: string")
def _trim(string: str) -> FeelValue:
    return string.strip()


@FUNCTIONS.add("is blank", "string: string")
def _is_blank(string: str) -> FeelValue:
    return not string.strip()


@FUNCTIONS.add("to base64", "value: string")
def _to_base64(string: str) -> FeelValue:
    return base64.b64encode(string.encode()).decode("ascii")


@FUNCTIONS.add("from base64", "value: string")
def _from_base64(string: str) -> FeelValue:
    try:
        return base64.b64decode(string, validate=True).decode()
    except ValueError as error:
        raise NullResult("no-base64") from error

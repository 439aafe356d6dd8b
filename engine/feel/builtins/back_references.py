"""Patterns with back-references, which RE2 cannot run: matched by trying, under a strict budget.

Such a pattern may need time exponential to its text, so both are kept short and every step is counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import re2

from engine.feel.builtins.pattern_syntax import Reader, read_class, read_escape
from engine.feel.errors import NullResult

LONGEST_TEXT = 2_000
MOST_STEPS = 100_000
MOST_REPEATS = 1_000

Groups = tuple[tuple[int, int] | None, ...]
Next = Callable[[int, Groups], "Match | None"]
Matcher = Callable[["_Attempt", int, Groups, Next], "Match | None"]

_QUANTIFIER = re.compile(r"([*+?]|\{([0-9]{1,4})(,([0-9]{0,4}))?\})(\??)")


@dataclass(frozen=True, slots=True)
class Match:
    """Where a match and its groups lie in a text."""

    text: str
    spans: tuple[tuple[int, int] | None, ...]

    def group(self, number: int = 0) -> str | None:
        """The text of a group; none if it took no part."""
        span = self.spans[number]
        return None if span is None else self.text[span[0] : span[1]]

    def start(self) -> int:
        """Where the match starts."""
        return (self.spans[0] or (0, 0))[0]

    def end(self) -> int:
        """Where the match ends."""
        return (self.spans[0] or (0, 0))[1]


class _Attempt:
    """One search: the text, and the steps that are left."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_TEXT:
            raise NullResult("back-references-text-too-long", limit=LONGEST_TEXT)
        self.text = text
        self._left = MOST_STEPS

    def step(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise NullResult("back-references-too-many-steps")


class BacktrackingPattern:
    """The part of a compiled pattern's face that FEEL uses."""

    def __init__(self, pattern: str, options: Any, *, dot: str, multiline: bool) -> None:
        builder = _Builder(pattern, options, dot=dot, multiline=multiline)
        self._matcher = builder.whole()
        self.groups = builder.groups

    def search(self, text: str) -> Match | None:
        """The first match."""
        return self._search_from(_Attempt(text), 0)

    def finditer(self, text: str) -> Iterator[Match]:
        """Every match, one after the other."""
        attempt, place = _Attempt(text), 0
        while place <= len(text):
            match = self._search_from(attempt, place)
            if match is None:
                return
            yield match
            place = max(match.end(), match.start() + 1)

    def sub(self, replacement: Callable[[Any], str], text: str) -> str:
        """Replace every match."""
        parts, end = [], 0
        for match in self.finditer(text):
            parts += [text[end : match.start()], replacement(match)]
            end = match.end()
        return "".join([*parts, text[end:]])

    def _search_from(self, attempt: _Attempt, place: int) -> Match | None:
        empty: Groups = (None,) * self.groups
        try:
            for start in range(place, len(attempt.text) + 1):
                found = self._matcher(attempt, start, empty, _finish(attempt.text, start))
                if found is not None:
                    return found
        except RecursionError as error:
            raise NullResult("back-references-too-deep") from error
        return None


def _finish(text: str, start: int) -> Next:
    return lambda end, groups: Match(text, ((start, end), *groups))


class _Builder:
    """Reads a pattern and builds its matcher, part by part."""

    def __init__(self, pattern: str, options: Any, *, dot: str, multiline: bool) -> None:
        self.groups = 0
        self._closed: set[int] = set()
        self._reader = Reader(pattern)
        self._options = options
        self._dot = dot
        self._multiline = multiline

    def whole(self) -> Matcher:
        matcher = self._alternatives()
        if self._reader.index < len(self._reader.text):
            raise NullResult("parenthesis-too-many")
        return matcher

    def _alternatives(self) -> Matcher:
        branches = [self._sequence()]
        while self._reader.next_is("|"):
            self._reader.take()
            branches.append(self._sequence())

        def match(attempt: _Attempt, place: int, groups: Groups, then: Next) -> Match | None:
            for branch in branches:
                found = branch(attempt, place, groups, then)
                if found is not None:
                    return found
            return None

        return match if len(branches) > 1 else branches[0]

    def _sequence(self) -> Matcher:
        parts: list[Matcher] = []
        reader = self._reader
        while reader.index < len(reader.text) and not reader.next_is("|") and not reader.next_is(")"):
            parts.append(self._quantified(self._atom()))

        def match(attempt: _Attempt, place: int, groups: Groups, then: Next) -> Match | None:
            def run(index: int, at: int, now: Groups) -> Match | None:
                if index == len(parts):
                    return then(at, now)
                return parts[index](attempt, at, now, lambda end, later: run(index + 1, end, later))

            return run(0, place, groups)

        return match

    def _quantified(self, atom: Matcher) -> Matcher:
        found = _QUANTIFIER.match(self._reader.text, self._reader.index)
        if found is None:
            return atom
        self._reader.index = found.end()
        sign, low, comma, high, lazy = found.groups()
        least, most = {"*": (0, MOST_REPEATS), "+": (1, MOST_REPEATS), "?": (0, 1)}.get(
            sign, (int(low or 0), int(high) if high else (MOST_REPEATS if comma else int(low or 0)))
        )
        return _repeated(atom, least, most, is_lazy=bool(lazy))

    def _atom(self) -> Matcher:
        reader = self._reader
        character = reader.take()
        if character == "(":
            return self._group()
        if character in "^$":
            return self._anchor(character)
        if character == "\\" and reader.text[reader.index : reader.index + 1].isdigit():
            return self._reference()
        if character in "*+?{":
            raise NullResult("repeats-nothing", sign=character)
        return self._one_character(character)

    def _one_character(self, character: str) -> Matcher:
        if character == "\\":
            source = read_escape(self._reader, in_class=False)
        elif character == "[":
            source = read_class(self._reader)
        else:
            source = self._dot if character == "." else re2.escape(character)
        try:
            fits = re2.compile(source, self._options).fullmatch
        except re2.error as error:
            raise NullResult("no-pattern", pattern=source, detail=str(error)) from error

        def match(attempt: _Attempt, place: int, groups: Groups, then: Next) -> Match | None:
            attempt.step()
            if place < len(attempt.text) and fits(attempt.text[place]):
                return then(place + 1, groups)
            return None

        return match

    def _anchor(self, sign: str) -> Matcher:
        def match(attempt: _Attempt, place: int, groups: Groups, then: Next) -> Match | None:
            text = attempt.text
            edge = 0 if sign == "^" else len(text)
            beside = text[place - 1 : place] if sign == "^" else text[place : place + 1]
            return then(place, groups) if place == edge or (self._multiline and beside == "\n") else None

        return match

    def _group(self) -> Matcher:
        reader = self._reader
        if reader.next_is("?:"):
            reader.index += 2
            number = None
        elif reader.next_is("?"):
            raise NullResult("group-opening")
        else:
            number, self.groups = self.groups, self.groups + 1
        inside = self._alternatives()
        if reader.take() != ")":
            raise NullResult("parenthesis-missing")
        if number is None:
            return inside
        self._closed.add(number)

        def match(attempt: _Attempt, place: int, groups: Groups, then: Next) -> Match | None:
            def close(end: int, now: Groups) -> Match | None:
                return then(end, (*now[:number], (place, end), *now[number + 1 :]))

            return inside(attempt, place, groups, close)

        return match

    def _reference(self) -> Matcher:
        """`\\1`: the text of a group that is already closed; as many digits as name one."""
        reader = self._reader
        number = int(reader.take())
        while reader.text[reader.index : reader.index + 1].isdigit():
            longer = number * 10 + int(reader.text[reader.index])
            if longer > self.groups:
                break
            number = longer
            reader.index += 1
        if number - 1 not in self._closed:
            raise NullResult("no-group", number=number)
        ignore_case = not self._options.case_sensitive

        def match(attempt: _Attempt, place: int, groups: Groups, then: Next) -> Match | None:
            attempt.step()
            span = groups[number - 1]
            wanted = "" if span is None else attempt.text[span[0] : span[1]]
            found = attempt.text[place : place + len(wanted)]
            if found == wanted or (ignore_case and found.casefold() == wanted.casefold()):
                return then(place + len(wanted), groups)
            return None

        return match


def _repeated(atom: Matcher, least: int, most: int, *, is_lazy: bool) -> Matcher:
    def match(attempt: _Attempt, place: int, groups: Groups, then: Next) -> Match | None:
        def run(count: int, at: int, now: Groups) -> Match | None:
            def again() -> Match | None:
                if count == most:
                    return None
                return atom(attempt, at, now, lambda end, later: None if end == at else run(count + 1, end, later))

            attempt.step()
            if count < least:
                return atom(attempt, at, now, lambda end, later: run(count + 1, end, later))
            if is_lazy:
                return then(at, now) or again()
            return again() or then(at, now)

        return run(0, place, groups)

    return match

"""What the rules of a table cover between them: values no rule is for, and rules that others leave nothing to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.dmn.lines import Line
from engine.dmn.regions import Piece, Region, Unbounded, is_possible, point, shared

MOST_VISITS = 20_000
"""Places looked at in one search; a table that needs more is not judged."""

Box = tuple[str | None, ...]
"""For every column the values meant, as a cell would say them, or None for any."""


class TooManyPlacesError(Exception):
    """The table has too many combinations to be judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column cut at every value its cells name: pieces in order, and for each the rules that accept it as bits.

    Null, or a value of another kind, lies outside every piece: `reaching_null` are the rules it may pass,
    `covering_null` those it certainly passes.
    """

    pieces: tuple[Piece, ...]
    accepted: tuple[int, ...]
    reaching_null: int
    covering_null: int

    def text(self, pieces: Sequence[Piece]) -> str:
        """Some of the pieces as a cell would say them."""
        if pieces[0].kind != "string":
            return ", ".join(piece.text for piece in _joined(pieces))
        if all(_is_point(piece) for piece in pieces):
            return ", ".join(piece.text for piece in pieces)
        others = ", ".join(piece.text for piece in self.pieces if _is_point(piece) and piece not in pieces)
        return f"not({others})" if others else "-"


def cut(regions: Sequence[Region], domain: Region, reaching_null: int) -> Column | None:
    """Cut a column; None when it names no values, or values of several kinds, and so cannot separate the rules.

    regions: what each rule's cell accepts; an untold one counts as accepting anything.
    domain: the allowed values, where they are declared.
    reaching_null: the rules, as bits, whose cells a null may pass.
    """
    line = Line.of((*regions, domain))
    if line is None:
        return None
    if line.kind == "boolean":
        domain = (point(False), point(True)) if isinstance(domain, Unbounded) else domain
        line = Line(kind="boolean", values=(False, True))
    pieces, accepted = line.pieces(), line.accepted(regions)
    kept = sorted(place for place in set(line.places(domain)) if is_possible(pieces[place]))
    anything = sum(1 << number for number, region in enumerate(regions) if region is Unbounded.ANYTHING)
    return Column(
        pieces=tuple(pieces[place] for place in kept),
        accepted=tuple(accepted[place] for place in kept),
        reaching_null=reaching_null,
        covering_null=anything,
    )


@dataclass(slots=True, kw_only=True)
class Search:
    """A walk through the combinations of a table's columns, counting the places it looks at."""

    columns: Sequence[Column | None]
    _visits: int = 0
    _full: set[tuple[int, int]] = field(default_factory=set)

    def uncovered(self, rules: int, *, within: int | None = None) -> Iterator[Box]:
        """The combinations that none of these rules accepts.

        rules: a set of rules as bits. within: look only at values this one rule (a bit) accepts.

        Raises:
            TooManyPlacesError: there are too many combinations.
        """
        self._full.clear()
        self._visits = 0
        yield from self._below(0, rules, within, ())

    def _below(self, place: int, rules: int, within: int | None, box: Box) -> Iterator[Box]:
        if not rules:
            yield from self._rest(place, within, box)
            return
        if place == len(self.columns) or (place, rules) in self._full:
            return
        is_full = True
        for left, text in self._groups(place, rules, within):
            for one in self._below(place + 1, left, within, (*box, text)):
                is_full = False
                yield one
        if is_full:
            self._full.add((place, rules))

    def _rest(self, place: int, within: int | None, box: Box) -> Iterator[Box]:
        """Nothing is left of the rules: whatever the other columns say, as far as the one rule accepts anything."""
        others = self.columns[place:]
        if within is None or all(one is None or any(bits & within for bits in one.accepted) for one in others):
            yield box + (None,) * len(others)

    def _groups(self, place: int, rules: int, within: int | None) -> Iterator[tuple[int, str | None]]:
        """The different sets of rules a column leaves, the smallest first, with the values that leave each."""
        column = self.columns[place]
        if column is None:
            yield rules, None
            return
        groups: dict[int, list[Piece]] = {}
        for piece, accepted in zip(column.pieces, column.accepted, strict=True):
            if within is None or accepted & within:
                groups.setdefault(rules & accepted, []).append(piece)
        self._visits += len(column.pieces)
        if self._visits > MOST_VISITS:
            raise TooManyPlacesError
        if within is not None and column.reaching_null & within:
            yield rules & column.covering_null, "null"
        for left, pieces in sorted(groups.items(), key=lambda group: group[0].bit_count()):
            yield left, None if len(pieces) == len(column.pieces) else column.text(pieces)


def _is_point(piece: Piece) -> bool:
    return piece.low is not None and piece.low == piece.high


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces with those that follow each other without a gap made into one."""
    whole: Piece | None = None
    for piece in pieces:
        if whole is not None and whole.high == piece.low and whole.high_included != piece.low_included:
            whole = Piece(piece.kind, whole.low, whole.low_included, piece.high, piece.high_included)
            continue
        if whole is not None:
            yield whole
        whole = piece
    if whole is not None:
        yield whole


def common(first: Sequence[Region], second: Sequence[Region], domains: Sequence[Region]) -> Box | None:
    """Allowed values that two rules both accept for certain; None when there are none, or it cannot be told."""
    box: list[str | None] = []
    for a, b, domain in zip(first, second, domains, strict=True):
        if Unbounded.UNTOLD in (a, b):
            return None
        if isinstance(a, Unbounded) or isinstance(b, Unbounded):
            narrow = b if isinstance(a, Unbounded) else a
            if narrow == ():
                return None
            box.append(None if isinstance(narrow, Unbounded) else ", ".join(piece.text for piece in narrow))
            continue
        both = [piece for one in a for other in b if (piece := shared(one, other)) is not None]
        if not isinstance(domain, Unbounded):
            both = [piece for one in both for allowed in domain if (piece := shared(one, allowed)) is not None]
        if not both:
            return None
        box.append(", ".join(dict.fromkeys(piece.text for piece in both)))
    return tuple(box)

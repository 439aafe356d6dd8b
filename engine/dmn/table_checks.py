"""Rules of a table against each other: overlapping, missing, unreachable, never true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from engine.dmn.coverage import Box, Column, Search, TooManyPlacesError, common, cut
from engine.dmn.findings import Finding, finding_at
from engine.dmn.item_types import allowed_cell
from engine.dmn.regions import MAKERS, Region, Unbounded, region_of, shared
from engine.feel.syntax import Literal, UnaryTestList

if TYPE_CHECKING:
    from engine.dmn.logic import DecisionTable, InputClause, Rule

MOST_FINDINGS = 20
MOST_GAPS = 5
MOST_RULES_IN_PAIRS = 500
MOST_RULES_IN_SEARCH = 500
_SINGLE_HIT = ("UNIQUE", "ANY", "FIRST", "PRIORITY")


def check_rules(table: DecisionTable) -> Iterator[Finding]:
    """Everything doubtful about the rules of a table, as far as simple cells let us tell."""
    rows = [[region_of(cell, MAKERS) for cell in rule.conditions] for rule in table.rules]
    domains = [_domain(clause) for clause in table.inputs]
    yield from islice(_never_true(table, rows, domains), MOST_FINDINGS)
    if table.hit_policy in ("UNIQUE", "ANY"):
        yield from islice(_overlapping(table, rows, domains), MOST_FINDINGS)
    if len(table.rules) > MOST_RULES_IN_SEARCH or not table.rules:
        return
    grid = _Grid.of(table, rows, domains)
    if table.hit_policy == "FIRST":
        yield from islice(_unreachable(table, grid), MOST_FINDINGS)
    if table.hit_policy in _SINGLE_HIT and not any(clause.default for clause in table.outputs):
        yield from _missing(table, grid)


def _domain(clause: InputClause) -> Region:
    """The allowed values of a column, by its own list or by its type."""
    for cell in (clause.allowed, allowed_cell(clause.type)):
        region = region_of(cell, MAKERS) if cell is not None else Unbounded.UNTOLD
        if region is not Unbounded.UNTOLD:
            return region
    return Unbounded.ANYTHING


def _never_true(table: DecisionTable, rows: Sequence[Sequence[Region]], domains: Sequence[Region]) -> Iterator[Finding]:
    for rule, regions in zip(table.rules, rows, strict=True):
        for cell, region, domain in zip(rule.conditions, regions, domains, strict=True):
            if isinstance(region, Unbounded):
                continue
            is_negated = cell.tests is not None and getattr(cell.tests.syntax, "negated", False)
            if not region and not is_negated:  # a null passes not(true, false)
                yield finding_at(cell.place, "condition-empty", place=cell.place, text=cell.text)
            elif not isinstance(domain, Unbounded) and not any(shared(a, b) for a in region for b in domain):
                allowed = ", ".join(piece.text for piece in domain)
                yield finding_at(cell.place, "condition-not-allowed", place=cell.place, text=cell.text, allowed=allowed)


def _overlapping(
    table: DecisionTable, rows: Sequence[Sequence[Region]], domains: Sequence[Region]
) -> Iterator[Finding]:
    pairs = list(zip(table.rules, rows, strict=True))[:MOST_RULES_IN_PAIRS]
    for number, (first, regions) in enumerate(pairs):
        for second, others in pairs[number + 1 :]:
            if table.hit_policy == "ANY" and not _certainly_differ(first, second):
                continue
            box = common(regions, others, domains)
            if box is not None:
                yield _clash(table, first, second, described(table, box))


def _clash(table: DecisionTable, first: Rule, second: Rule, values: str) -> Finding:
    place, one, other = table.place, first.index, second.index
    if table.hit_policy == "UNIQUE":
        return finding_at(second.place, "rules-overlap", place=place, first=one, second=other, values=values)
    return finding_at(second.place, "rules-contradict", place=place, first=one, second=other, values=values)


def _certainly_differ(first: Rule, second: Rule) -> bool:
    pairs = zip(first.conclusions, second.conclusions, strict=True)
    literals = [(a.expression.syntax, b.expression.syntax) for a, b in pairs if a.expression and b.expression]
    return any(isinstance(a, Literal) and isinstance(b, Literal) and a.value != b.value for a, b in literals)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """The columns of a table cut at the values they name, and two sets of rules as bits.

    possible: the rules that some value may pass; told: those of which it is certain what passes.
    """

    columns: tuple[Column | None, ...]
    possible: int
    told: int

    @classmethod
    def of(cls, table: DecisionTable, rows: Sequence[Sequence[Region]], domains: Sequence[Region]) -> _Grid:
        columns = tuple(
            cut([row[place] for row in rows], domain, _reaching_null(table, rows, place))
            for place, domain in enumerate(domains)
        )
        possible = told = 0
        for number, row in enumerate(rows):
            if () in row:
                continue
            possible |= 1 << number
            pairs = zip(row, columns, strict=True)
            if all(one is Unbounded.ANYTHING or (not isinstance(one, Unbounded) and column) for one, column in pairs):
                told |= 1 << number
        return cls(columns=columns, possible=possible, told=told)


def _reaching_null(table: DecisionTable, rows: Sequence[Sequence[Region]], place: int) -> int:
    """The rules, as bits, whose cell in a column a null may pass: `-`, `not(...)`, and what nobody can tell."""
    bits = 0
    for number, (rule, row) in enumerate(zip(table.rules, rows, strict=True)):
        tests = rule.conditions[place].tests
        is_negated = tests is not None and isinstance(tests.syntax, UnaryTestList) and tests.syntax.negated
        if isinstance(row[place], Unbounded) or is_negated:
            bits |= 1 << number
    return bits


def _unreachable(table: DecisionTable, grid: _Grid) -> Iterator[Finding]:
    """Rules of a FIRST table that the rules before them leave nothing to."""
    search = Search(columns=grid.columns)
    for number, rule in enumerate(table.rules):
        earlier = grid.told & ((1 << number) - 1)
        if not earlier or not grid.possible & (1 << number):
            continue
        try:
            left = next(search.uncovered(earlier, within=1 << number), None)
        except TooManyPlacesError:
            return
        if left is None:
            yield finding_at(rule.place, "rule-unreachable", place=table.place, rule=rule.index)


def _missing(table: DecisionTable, grid: _Grid) -> Iterator[Finding]:
    """Values no rule is for: the decision would be null."""
    try:
        gaps = list(islice(Search(columns=grid.columns).uncovered(grid.possible), MOST_GAPS))
    except TooManyPlacesError:
        return
    for box in gaps:
        yield finding_at(table.place, "rule-missing", place=table.place, values=described(table, box))


def described(table: DecisionTable, box: Box) -> str:
    """Values of a table's columns as a person would say them."""
    parts = [f"{clause.label}: {text}" for clause, text in zip(table.inputs, box, strict=True) if text is not None]
    return "; ".join(parts) or "-"

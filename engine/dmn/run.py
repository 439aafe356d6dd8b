"""One run through a model: evaluates texts, fits values to types, and notes every null with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from engine.dmn.input_values import fit_input
from engine.dmn.messages import DecisionMessage
from engine.dmn.trace import DecisionTrace, DecisionWarning, TableTrace, Trace
from engine.feel import FeelLimitError, FeelValue, Session, Settings
from engine.feel.errors import NullResult
from engine.feel.expression import testing_scope
from engine.feel.types import ANY, coerce

if TYPE_CHECKING:
    from engine.dmn.logic import Cell, FeelText, Place
    from engine.feel.messages import Message
    from engine.feel.session import Scope
    from engine.feel.types import FeelType


class Variables(Mapping[str, FeelValue]):
    """A layer of names over another mapping; nothing is copied."""

    __slots__ = ("_below", "_names")

    def __init__(self, names: Mapping[str, FeelValue], below: Mapping[str, FeelValue] | None = None) -> None:
        self._names = names
        self._below = below

    def __getitem__(self, name: str) -> FeelValue:
        try:
            return self._names[name]
        except KeyError:
            if self._below is None:
                raise
            return self._below[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names or (self._below is not None and name in self._below)

    def __iter__(self) -> Iterator[str]:
        yield from self._names
        yield from (name for name in self._below or () if name not in self._names)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Run:
    """The session of a decision with the trace it writes."""

    def __init__(self, settings: Settings, types: Mapping[str, FeelType], trace: Trace) -> None:
        self.session = Session(settings, types)
        self.trace = trace
        self._open: list[DecisionTrace] = []

    def begin(self, decision: DecisionTrace) -> None:
        """A decision is being made: what follows belongs to it."""
        self.trace.decisions.append(decision)
        self._open.append(decision)

    def end(self) -> None:
        """The decision is made."""
        done = self._open.pop()
        self.trace.decisions.remove(done)
        self.trace.decisions.append(done)

    def add_table(self, table: TableTrace) -> None:
        """Note a run of a decision table."""
        if self._open:
            self._open[-1].tables.append(table)

    def warn(self, message: Message, place: Place, *, text: str = "", position: int = 0) -> None:
        """Note a null and its reason."""
        if self._open:
            warning = DecisionWarning(place=place, text=text, position=position, message=message)
            self._open[-1].warnings.append(warning)

    def evaluate(self, feel: FeelText, variables: Mapping[str, FeelValue]) -> FeelValue:
        """The value of a FEEL text; one that is no FEEL is null."""
        if feel.expression is None:
            self._warn_of_syntax(feel)
            return None
        before = len(self.session.warnings)
        try:
            value = feel.expression.evaluate_in(variables, self.session)
        except FeelLimitError as error:
            error.locate_at(feel.place)
            raise
        self._place_warnings(before, feel)
        return value

    def test(self, cell: Cell, value: FeelValue, variables: Mapping[str, FeelValue]) -> bool:
        """Whether a value passes the tests of a cell; null does not pass."""
        return self.test_in(cell, testing_scope(value, variables, self.session))

    def test_in(self, cell: Cell, scope: Scope) -> bool:
        """The same in a scope made once for a column of cells."""
        if cell.tests is None:
            self._warn_of_syntax(cell)
            return False
        before = len(self.session.warnings)
        try:
            passed = cell.tests.evaluate_scope(scope)
        except FeelLimitError as error:
            error.locate_at(cell.place)
            raise
        self._place_warnings(before, cell)
        return passed is True

    def fitted(self, value: FeelValue, of: FeelType, place: Place) -> FeelValue:
        """The value fitted to a type; one that does not fit is null."""
        if of is ANY:
            return value
        self.session.charge_deeply(value)
        try:
            return coerce(value, of)
        except NullResult as reason:
            self.warn(DecisionMessage("value-refused", reason=reason.message), place)
            return None

    def fitted_input(self, value: FeelValue, of: FeelType, place: Place) -> FeelValue:
        """The same for what comes from outside: texts become dates where dates are declared."""
        if of is ANY:
            return value
        self.session.charge_deeply(value)
        try:
            return fit_input(value, of)
        except NullResult as reason:
            self.warn(DecisionMessage("value-refused", reason=reason.message), place)
            return None

    def attempt(self, place: Place, reason: NullResult) -> None:
        """Note why an operation on a place gave null."""
        self.warn(reason.message, place)

    def _place_warnings(self, before: int, source: FeelText | Cell) -> None:
        found = self.session.warnings
        if len(found) == before:
            return
        for warning in found[before:]:
            self.warn(warning.message, source.place, text=source.text, position=warning.position)
        del found[before:]

    def _warn_of_syntax(self, source: FeelText | Cell) -> None:
        error = source.error
        if error is not None:
            message = DecisionMessage("no-feel", error=error.located)
            self.warn(message, source.place, text=source.text, position=error.position)

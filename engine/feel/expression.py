"""The public face of FEEL: compile a text once, evaluate it as often as needed, from any thread."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import DecimalException
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from engine.feel.builtins import BUILT_INS
from engine.feel.compile_tests import INPUT_NAME
from engine.feel.compiler import compile_node
from engine.feel.costs import cost_of
from engine.feel.cursor import NameTree, needs_scope
from engine.feel.errors import FeelLimitError, FeelSyntaxError, FeelTypeError, too_deep
from engine.feel.free_names import free_names
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.quick import Quick, Unusual, quick_code
from engine.feel.session import FeelWarning, HostScope, Scope, Session, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.feel.syntax import Node
    from engine.feel.values import FeelValue

FUNCTION_NAMES = NameTree(name for name in BUILT_INS if needs_scope(name))
_CACHE_SIZE = 8192


class Evaluation(NamedTuple):
    """What came out, and a warning for everything the standard turned to null on the way.

    A named tuple, because one is made at every evaluation and a frozen dataclass takes twice as long to make.
    """

    value: FeelValue
    warnings: tuple[FeelWarning, ...]


_TRUE, _FALSE = Evaluation(True, ()), Evaluation(False, ())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Expression:
    """A compiled expression. Thread-safe: an evaluation keeps its state to itself.

    names: the variables it reads whatever happens; possible_names: those plus names that stand inside a filter,
    where they may also be entries of the filtered members.
    """

    text: str
    syntax: Node
    names: frozenset[str]
    possible_names: frozenset[str]
    code: Callable[[Scope], FeelValue]
    cost: int
    quick: Quick | None
    called: frozenset[str]

    def evaluate(self, variables: Mapping[str, FeelValue], settings: Settings) -> Evaluation:
        """Evaluate with these variables, looked up lazily and never copied.

        Raises:
            FeelLimitError: it took too many steps or nested too deep.
            FeelTypeError: a variable it reads is of a class FEEL knows nothing of.
        """
        if self.quick is not None:
            functions = settings.functions
            if not functions or self.called.isdisjoint(functions):
                try:
                    value = self.quick(variables if type(variables) is dict else self._picked(variables))
                except (Unusual, RecursionError, DecimalException):
                    pass
                else:
                    return _TRUE if value is True else _FALSE if value is False else Evaluation(value, ())
        session = Session(settings)
        value = self.evaluate_in(variables, session)
        warnings = session.warnings
        return Evaluation(value, tuple(warnings) if warnings else ())

    def _picked(self, variables: Mapping[str, FeelValue]) -> dict[str, FeelValue]:
        """What the short way may read, out of a lazy mapping; with variables that take the place of built-ins."""
        return {name: variables[name] for name in (*self.names, *self.called) if name in variables}

    def evaluate_in(self, variables: Mapping[str, FeelValue], session: Session) -> FeelValue:
        """Evaluate as part of a larger evaluation: warnings and steps count there."""
        session.step(self.cost)
        try:
            return self.code(HostScope(variables, None, session))
        except (FeelLimitError, RecursionError) as error:
            raise limit_in(self.text, error) from error
        except DecimalException as error:  # FEEL makes no such number, so it came from outside
            raise FeelTypeError("no-finite-number") from error


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnaryTests:
    """Compiled unary tests, as in a cell of a decision table; `?` is the tested value."""

    text: str
    syntax: Node
    names: frozenset[str]
    code: Callable[[Scope], FeelValue]
    cost: int

    def evaluate(self, input_value: FeelValue, variables: Mapping[str, FeelValue], settings: Settings) -> Evaluation:
        """Test a value: True, False, or None where it cannot be told.

        Raises:
            FeelLimitError: it took too many steps or nested too deep.
        """
        session = Session(settings)
        value = self.evaluate_in(input_value, variables, session)
        return Evaluation(value=value, warnings=tuple(session.warnings))

    def evaluate_in(self, input_value: FeelValue, variables: Mapping[str, FeelValue], session: Session) -> FeelValue:
        """Test as part of a larger evaluation."""
        return self.evaluate_scope(testing_scope(input_value, variables, session))

    def evaluate_scope(self, scope: Scope) -> FeelValue:
        """Test in a scope made by `testing_scope`, which many tests of one value may share."""
        scope.session.step(self.cost)
        try:
            return self.code(scope)
        except (FeelLimitError, RecursionError) as error:
            raise limit_in(self.text, error) from error


def testing_scope(input_value: FeelValue, variables: Mapping[str, FeelValue], session: Session) -> Scope:
    """The scope in which `?` is a value, over some variables."""
    return HostScope({INPUT_NAME: input_value}, HostScope(variables, None, session), session)


def limit_in(text: str, error: FeelLimitError | RecursionError) -> FeelLimitError:
    """The limit that was met, with its place in the text; what nests too deep for Python is one, too."""
    limit = error if isinstance(error, FeelLimitError) else too_deep()
    limit.locate(0)
    limit.locate_in(text)
    return limit


def compile_expression(text: str, *, names: frozenset[str] = frozenset()) -> Expression:
    """Compile an expression; the result is kept, so that asking again costs nothing.

    names: known variables and members; needed only for those whose names hold operators or reserved words.

    Raises:
        FeelSyntaxError: the text is no expression.
    """
    return _compile_expression(text, _special(names))


def compile_unary_tests(text: str, *, names: frozenset[str] = frozenset()) -> UnaryTests:
    """Compile unary tests; kept like expressions.

    Raises:
        FeelSyntaxError: the text is no list of unary tests.
    """
    return _compile_unary_tests(text, _special(names))


@lru_cache(maxsize=1024)
def _special(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name for name in names if name.strip() and needs_scope(name))


@lru_cache(maxsize=_CACHE_SIZE)
def _compile_expression(text: str, names: frozenset[str]) -> Expression:
    try:
        syntax = parse_expression(text, names=names, functions=FUNCTION_NAMES)
        certain, possible = free_names(syntax)
        code = compile_node(syntax)
        quick, called = quick_code(syntax)
    except RecursionError as error:
        raise FeelSyntaxError("expression-too-deep", position=0, source=text) from error
    cost = cost_of(syntax)
    return Expression(
        text=text,
        syntax=syntax,
        names=certain,
        possible_names=possible,
        code=code,
        cost=cost,
        quick=quick,
        called=called,
    )


@lru_cache(maxsize=_CACHE_SIZE)
def _compile_unary_tests(text: str, names: frozenset[str]) -> UnaryTests:
    try:
        syntax = parse_unary_tests(text, names=names, functions=FUNCTION_NAMES)
        certain, _ = free_names(syntax)
        code = compile_node(syntax)
    except RecursionError as error:
        raise FeelSyntaxError("tests-too-deep", position=0, source=text) from error
    return UnaryTests(text=text, syntax=syntax, names=certain, code=code, cost=cost_of(syntax))

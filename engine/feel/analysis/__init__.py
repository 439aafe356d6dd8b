"""What can be said about an expression before it is evaluated: its type, and what in it is certain to go wrong."""

from engine.feel.analysis.checker import check_expression, check_tests
from engine.feel.analysis.scope import NOTHING_AROUND, Mistake, StaticScope, Surroundings

__all__ = ["NOTHING_AROUND", "Mistake", "StaticScope", "Surroundings", "check_expression", "check_tests"]

"""FEEL, the expression language of DMN 1.5, with the functions Camunda's modelers offer beside it.

Decimal arithmetic with 34 digits, no access to Python objects, linear-time parsing and patterns, a step budget;
everything the standard turns to null is reported as a warning.
"""

from engine.feel.errors import FeelError, FeelFunctionError, FeelLimitError, FeelSyntaxError, FeelTypeError
from engine.feel.expression import Evaluation, Expression, UnaryTests, compile_expression, compile_unary_tests
from engine.feel.json_form import from_json, to_json
from engine.feel.session import FeelWarning, Session, Settings
from engine.feel.type_resolution import type_named
from engine.feel.types import FeelType
from engine.feel.values import FeelFunction, FeelValue, Range, YearsMonths

__all__ = [
    "Evaluation",
    "Expression",
    "FeelError",
    "FeelFunction",
    "FeelFunctionError",
    "FeelLimitError",
    "FeelSyntaxError",
    "FeelType",
    "FeelTypeError",
    "FeelValue",
    "FeelWarning",
    "Range",
    "Session",
    "Settings",
    "UnaryTests",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
    "from_json",
    "to_json",
    "type_named",
]

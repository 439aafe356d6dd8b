"""What can go wrong in FEEL: bad text, exhausted limits, a host function that refuses, a value with no JSON form."""

from __future__ import annotations


class FeelError(Exception):
    """Base of everything FEEL raises to its caller."""


class FeelSyntaxError(FeelError):
    """The text is not FEEL; says where, what was found and what was expected."""

    def __init__(self, message: str, *, position: int, text: str = "") -> None:
        self.position = position
        self.line = text.count("\n", 0, position) + 1
        self.column = position - (text.rfind("\n", 0, position) + 1) + 1
        self.reason = message
        super().__init__(f"line {self.line}, column {self.column}: {message}")


class FeelLimitError(FeelError):
    """The evaluation needed more steps, or nested deeper, than its settings allow."""


class FeelFunctionError(FeelError):
    """A host function could not answer; the call becomes null and the message a warning."""


class FeelTypeError(FeelError):
    """A FEEL value has no JSON form (a function, a range), or a host value no FEEL form."""


class NullResult(Exception):
    """Inside the evaluator: the result is null, for this reason; the nearest node records it with its position."""

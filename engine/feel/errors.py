"""What can go wrong in FEEL: bad text, exhausted limits, a host function that refuses, a value with no JSON form.

Every one has a stable code and tells itself in Chinese and English; `str()` gives the English text.
"""

from __future__ import annotations

from typing import ClassVar

from engine.feel.messages import Field, Message, Telling, Words


class FeelError(Exception):
    """Base of everything FEEL raises to its caller."""

    def text(self, language: str) -> str:
        """What happened, in 'zh' or 'en'."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.text("en")


class Coded(Exception):
    """An exception that says what happened by a message; the message is made when it is asked for."""

    message_class: ClassVar[type[Message]] = Message

    def __init__(self, code: str, /, **fields: Field) -> None:
        self.code = code
        self.fields = fields

    @property
    def message(self) -> Message:
        """The code and its fields as a value."""
        return self.message_class(self.code, **self.fields)

    def text(self, language: str) -> str:
        """What happened, in 'zh' or 'en'."""
        return self.message.text(language)

    def __str__(self) -> str:
        return self.text("en")


class FeelSyntaxError(Coded, FeelError):
    """The text is not FEEL; says where, what was found and what was expected."""

    def __init__(self, code: str, /, *, position: int, source: str = "", **fields: Field) -> None:
        super().__init__(code, **fields)
        self.position = position
        self.line, self.column = line_and_column(source, position)

    @property
    def reason(self) -> str:
        """What is wrong, in English, without the place."""
        return self.message.text("en")

    @property
    def located(self) -> Message:
        """The message with line and column before it."""
        return Message("at-place", line=self.line, column=self.column, reason=self.message)

    def text(self, language: str) -> str:
        """Where and what, in 'zh' or 'en'."""
        return self.located.text(language)


class FeelLimitError(Coded, FeelError):
    """The evaluation needed more steps, or nested deeper, than its settings allow.

    position: where the innermost construct stands that went beyond; line and column, once its text is known; place:
    the element that text belongs to, where a host has told.
    """

    position: int | None = None
    line: int | None = None
    column: int | None = None
    place: Telling | None = None

    def locate(self, position: int) -> None:
        """Note where it happened, unless something further inside has."""
        if self.position is None:
            self.position = position

    def locate_in(self, source: str) -> None:
        """Note the text in which it happened, unless something further inside has."""
        if self.line is None and self.position is not None:
            self.line, self.column = line_and_column(source, self.position)

    def locate_at(self, place: Telling) -> None:
        """Note the element whose text it was, unless one further inside has been noted."""
        if self.place is None:
            self.place = place

    def text(self, language: str) -> str:
        """Where, as far as that is known, and what, in 'zh' or 'en'."""
        told = self.message
        if self.line is not None:
            told = Message("at-place", line=self.line, column=self.column, reason=told)
        if self.place is not None:
            told = Message("in-element", place=self.place, reason=told)
        return told.text(language)


class FeelFunctionError(FeelError):
    """A host function could not answer; the call becomes null and the texts, in both languages, a warning."""

    def __init__(self, *, zh: str, en: str) -> None:
        self.words = Words(zh=zh, en=en)
        super().__init__(en)

    def text(self, language: str) -> str:
        """Why, in 'zh' or 'en'."""
        return self.words.text(language)


class FeelTypeError(Coded, FeelError):
    """A FEEL value has no JSON form (a function, a range), or a host value no FEEL form."""


class NullResult(Coded):
    """Inside the evaluator: the result is null, for this reason; the nearest node records it with its position."""


def too_deep(position: int | None = None) -> FeelLimitError:
    """The limit error for an evaluation that nests deeper than Python can follow."""
    error = FeelLimitError("evaluation-too-deep")
    error.position = position
    return error


def line_and_column(source: str, position: int) -> tuple[int, int]:
    """Where a position lies in a text, both counted from 1."""
    return source.count("\n", 0, position) + 1, position - (source.rfind("\n", 0, position) + 1) + 1

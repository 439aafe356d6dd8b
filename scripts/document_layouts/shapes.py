"""What a printed document is made of: paragraphs, forms of labelled boxes, tables with a row for each line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One document."""

    title: str
    parts: tuple[Text | Lines | Rows, ...]
    signed: tuple[str, ...] = ()
    landscape: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A paragraph of a letter."""

    text: str
    flush: bool = False
    size: float = 0
    space: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a form: labels with their values, one pair or two."""

    pairs: tuple[tuple[str, str], ...]
    tall: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A form of rows."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its head, what is filled in, its share of the width."""

    head: str
    name: str
    width: float
    figure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A table with a row for each line of a field."""

    table: str
    columns: tuple[Column, ...]
    caption: str = ""


def paragraph(text: str, **look: float) -> Text:
    """Return a paragraph of a letter."""
    return Text(text=text, **look)  # type: ignore[arg-type]  # flags are written as they are


def to(name: str = "{{申请人}}") -> Text:
    """Return the line that names whom a letter is for."""
    return Text(text=f"{name}：", flush=True, space=True)


def one(label: str, value: str, *, tall: bool = False) -> Line:
    """Return a row of a form with one value."""
    return Line(pairs=((label, value),), tall=tall)


def two(first: tuple[str, str], second: tuple[str, str]) -> Line:
    """Return a row of a form with two values."""
    return Line(pairs=(first, second))


def form(*lines: Line) -> Lines:
    """Return a form."""
    return Lines(lines=lines)


def rows(
    table: str, *columns: tuple[str, float] | tuple[str, float, str], caption: str = "", figures: str = ""
) -> Rows:
    """Return a table."""
    made = tuple(
        Column(
            head=column[0],
            name=column[2] if len(column) == 3 else column[0],
            width=column[1],
            figure=column[0] in figures.split(),
        )
        for column in columns
    )
    return Rows(table=table, columns=made, caption=caption)


REMEDIES = paragraph("{{救济途径}}")
COMPLAINTS = paragraph("如对工作人员的办理有意见，可拨打投诉电话 {{投诉电话}}。")

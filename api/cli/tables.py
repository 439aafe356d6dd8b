"""Tables on a terminal, and refusals said plainly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unicodedata import east_asian_width

import click
from marshmallow import Schema

from api.bootstrap import House
from api.cli.running import the_existing_house, the_house
from engine.errors import EngineError
from engine.json_values import dump_json

WIDEST = 60


@contextmanager
def operating() -> Iterator[House]:
    """Open the house that is there; what is refused is said in both languages, with status 1."""
    with the_existing_house() as house, _told_in_both_languages():
        yield house


@contextmanager
def furnishing() -> Iterator[House]:
    """Open the house, or a new one where there is none; what is refused is said in both languages, with status 1."""
    with the_house() as house, _told_in_both_languages():
        yield house


@contextmanager
def _told_in_both_languages() -> Iterator[None]:
    try:
        yield
    except EngineError as error:
        raise click.ClickException(f"{error.text('zh')}\n{error.text('en')}") from error


def show_json(schema: type[Schema], value: object) -> None:
    """Print what the API would answer."""
    click.echo(dump_json(schema().dump(value)))


def show_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their heads, aligned also where Chinese stands; nothing found is said."""
    texts = [[_cell(value) for value in row] for row in rows]
    if not texts:
        click.echo("没有找到。 Nothing found.")
        return
    widths = [max(_width(row[column]) for row in [list(head), *texts]) for column in range(len(head))]
    for row in [list(head), *texts]:
        cells = (text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _cell(value: object) -> str:
    text = "-" if value is None else " ".join(str(value).split())
    while _width(text) > WIDEST:
        text = text[:-2] + "…"
    return text


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)

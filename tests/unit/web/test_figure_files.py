"""Files of figures: what begins like a formula is a text, and every number can be calculated with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from openpyxl import load_workbook

from web import i18n
from web.figures.files import figure_file
from web.figures.tables import Amount, Section, Share, written
from workflows.casework.verification.model import FileFormat

SIGNS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1")
TABLE = Section(
    key="waiting",
    title="=待办/环节",
    note="",
    columns=["环节", "=超期率"],
    rows=[
        *((sign, Share(part=1, whole=4, rate=Decimal("0.25"))) for sign in SIGNS),
        ("无", Amount(yuan=Decimal("1.5"))),
    ],
    nothing="",
)


@pytest.fixture(autouse=True)
def request_of_a_reader() -> Iterator[None]:
    app = Flask(__name__)
    i18n.init_app(app)
    with app.test_request_context():
        yield


def made(kind: FileFormat) -> bytes:
    days = {"since": date(2026, 1, 1), "until": date(2026, 1, 31)}
    return figure_file([TABLE], head=[["=cmd|' /C calc'!A0"]], kind=kind, **days).content


def test_a_workbook_holds_no_formula() -> None:
    book = load_workbook(io.BytesIO(made(FileFormat.XLSX)))
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    texts = [cell for cell in cells if isinstance(cell.value, str)]

    assert {cell.data_type for cell in texts} == {"s"}
    assert all(cell.quotePrefix for cell in texts if cell.value.startswith(("=", "+", "-", "@", "\t")))
    assert [row[0] for row in book["=待办 环节"].values][1:-1] == list(SIGNS)


def test_cells_of_csv_that_begin_like_a_formula_begin_with_an_apostrophe() -> None:
    lines = [line for line in csv.reader(io.StringIO(made(FileFormat.CSV).decode("utf-8-sig"))) if line]

    assert [cell for line in lines for cell in line if cell[:1] in "=+-@\t" and cell] == []
    assert lines[1] == ["'=待办/环节"]
    assert lines[3] == ["'=1+1", "0.25", "1", "4"]


def test_a_share_takes_three_columns_and_a_sum_of_money_the_first_of_them() -> None:
    rows = list(load_workbook(io.BytesIO(made(FileFormat.XLSX)))["=待办 环节"].values)

    assert rows[0] == ("环节", "=超期率", "=超期率的分子", "=超期率的分母")
    assert rows[1][1:] == (0.25, 1, 4)
    assert rows[-1] == ("无", 1.5, None, None)


def test_a_page_shows_a_share_with_its_numerator_and_denominator() -> None:
    assert written(Share(part=1, whole=4, rate=Decimal("0.25"))) == "25.00% (1/4)"
    assert written(Share(part=0, whole=0, rate=None)) == "— (0/0)"
    assert written(Amount(yuan=Decimal("1234.5"))) == "1,234.50"

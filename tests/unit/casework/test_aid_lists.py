"""Lists of aid are taken as a whole or refused with everything that is wrong in them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.applications import identity
from workflows.casework.programmes.aid_lists import COLUMNS, REPORTING_UNITS, checked_lines, standings

MONTH, TODAY = date(2026, 8, 1), date(2026, 9, 5)
NUMBER = identity(date(1986, 3, 2))


def row(**changes: str) -> dict[str, str]:
    cells = (NUMBER, "周玉兰", "金秋助学", "3000.00", "2026-08-20", "2026 年第一批")
    return dict(zip(COLUMNS, cells, strict=True)) | changes


def test_a_clean_line_keeps_a_masked_name_and_an_exact_sum() -> None:
    (line,), errors = checked_lines([(2, row())], month=MONTH, today=TODAY)
    assert errors == []
    assert (line.row_number, line.name, line.amount, line.aided_on) == (2, "周*兰", Decimal(3000), date(2026, 8, 20))


def test_every_error_is_named_by_row_and_column_in_both_languages() -> None:
    wrong = [
        (2, row(身份证号="123")),
        (3, row(姓名="", 金额="1.005")),
        (4, row(救助日期="2026-07-31")),
        (5, row(救助日期="八月", 金额="NaN")),
        (6, row(金额="-1")),
    ]
    lines, errors = checked_lines(wrong, month=MONTH, today=TODAY)
    assert lines == []
    found = [(one.row, one.column) for one in errors]
    assert found == [
        (2, "身份证号"), (3, "姓名"), (3, "金额"), (4, "救助日期"), (5, "金额"), (5, "救助日期"), (6, "金额"),
    ]  # fmt: skip
    assert all(one.zh and one.en and NUMBER not in one.zh for one in errors)


def test_the_same_line_twice_and_an_empty_list_are_refused() -> None:
    _, (again,) = checked_lines([(2, row()), (3, row())], month=MONTH, today=TODAY)
    assert (again.row, again.zh) == (3, "与第 2 行重复")
    _, (empty,) = checked_lines([], month=MONTH, today=TODAY)
    assert empty.en == "no line of data"


def test_a_unit_is_late_from_the_day_after_the_due_day_of_the_next_month() -> None:
    assert not any(one.is_late for one in standings(MONTH, [], due_day=10, today=date(2026, 9, 10)))
    late = standings(MONTH, [], due_day=10, today=date(2026, 9, 11))
    assert [one.unit_kind for one in late if one.is_late] == list(REPORTING_UNITS)
    assert {one.due_on for one in late} == {date(2026, 9, 10)}

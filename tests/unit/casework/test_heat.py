"""Steps of heat: equal, up to the highest value; what is cold has none."""

from __future__ import annotations

from decimal import Decimal

from workflows.casework.flow.drawing import norm_days
from workflows.casework.flow.heat import HeatScale, percentile


def test_steps_are_equal_parts_of_the_highest_value() -> None:
    scale = HeatScale.of([Decimal(10), Decimal(3), Decimal(0)])

    assert [scale.step(Decimal(value)) for value in (0, 1, 2, 3, 8, 9, 10)] == [0, 1, 1, 2, 4, 5, 5]
    assert scale.step(None) == 0


def test_where_all_is_cold_there_are_no_steps() -> None:
    for values in ([], [Decimal(0)]):
        scale = HeatScale.of(values)
        assert scale.bounds == ()
        assert scale.step(Decimal(0)) == 0


def test_a_norm_counts_in_days_alone() -> None:
    assert [norm_days(text) for text in ("P5D", "P10D", "PT5H", "P1M", "", None)] == [5, 10, None, None, None, None]


def test_a_percentile_of_counted_days_lies_between_neighbours() -> None:
    assert percentile({1: 1, 4: 1}, 50) == Decimal("2.5")
    assert percentile({1: 1, 4: 1}, 90) == Decimal("3.7")
    assert percentile({0: 9, 10: 1}, 50) == Decimal(0)
    assert percentile({0: 9, 10: 1}, 90) == Decimal("1.0")
    assert percentile({3: 1}, 90) == Decimal(3)
    assert percentile({}, 50) is None

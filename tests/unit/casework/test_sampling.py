"""Drawing samples: the same seed over the same population gives the same sample, in whatever order it was read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workflows.casework.spot_checks.sampling import Lot, Way, drawn, size_of_share

KEYS = st.text("0123456789abcdef", min_size=4, max_size=8)
LOTS = st.builds(Lot, key=KEYS, points=st.integers(0, 100))
POPULATIONS = st.lists(LOTS, unique_by=lambda one: one.key, max_size=60)
SEEDS = st.text("0123456789abcdef", min_size=1, max_size=16)
SIZES = st.integers(1, 40)
WAYS = st.sampled_from(Way)


@given(POPULATIONS, SEEDS, SIZES, WAYS, st.randoms())
def test_a_sample_is_the_same_whatever_order_its_population_is_read_in(population, seed, size, way, shuffler) -> None:
    other = list(population)
    shuffler.shuffle(other)
    assert drawn(population, seed=seed, size=size, way=way) == drawn(other, seed=seed, size=size, way=way)


@given(POPULATIONS, SEEDS, SIZES, WAYS)
def test_a_sample_is_of_the_population_without_repetition_and_of_the_size_asked_for(
    population, seed, size, way
) -> None:
    sample = drawn(population, seed=seed, size=size, way=way)
    assert len(sample) == len(set(sample)) == min(size, len(population))
    assert set(sample) <= {one.key for one in population}


@given(POPULATIONS, SEEDS, SIZES, WAYS)
def test_a_larger_sample_holds_the_smaller_one_of_the_same_seed(population, seed, size, way) -> None:
    if way is not Way.MIXED:
        assert drawn(population, seed=seed, size=size + 5, way=way)[:size] == drawn(
            population, seed=seed, size=size, way=way
        )


@given(POPULATIONS, SEEDS, SIZES)
def test_by_risk_nobody_left_out_has_more_points_than_somebody_drawn(population, seed, size) -> None:
    points = {one.key: one.points for one in population}
    sample = drawn(population, seed=seed, size=size, way=Way.RISK)
    left = [points[key] for key in points if key not in sample]
    assert not left or not sample or max(left) <= min(points[key] for key in sample)


@given(POPULATIONS, SEEDS, SIZES)
def test_a_mixed_sample_begins_with_its_half_by_risk(population, seed, size) -> None:
    by_risk = drawn(population, seed=seed, size=(size + 1) // 2, way=Way.RISK)
    assert drawn(population, seed=seed, size=size, way=Way.MIXED)[: len(by_risk)] == by_risk


@given(POPULATIONS, SEEDS, SIZES)
def test_a_random_sample_does_not_look_at_points(population, seed, size) -> None:
    plain = [Lot(key=one.key) for one in population]
    assert drawn(population, seed=seed, size=size, way=Way.RANDOM) == drawn(plain, seed=seed, size=size, way=Way.RANDOM)


@given(LOTS)
def test_a_lot_is_read_as_it_was_kept(lot) -> None:
    assert Lot.parsed(str(lot)) == lot


def test_seeds_draw_differently_and_every_member_has_about_the_same_chance() -> None:
    population = [Lot(key=f"{number:04x}") for number in range(20)]
    times = dict.fromkeys((one.key for one in population), 0)
    for seed in range(2_000):
        for key in drawn(population, seed=str(seed), size=5, way=Way.RANDOM):
            times[key] += 1
    assert all(400 < count < 600 for count in times.values())


def test_a_share_is_rounded_up_to_whole_cases() -> None:
    assert [size_of_share(*each) for each in ((1, 1), (10, 10), (11, 10), (200, 100), (3, 50))] == [1, 1, 2, 200, 2]

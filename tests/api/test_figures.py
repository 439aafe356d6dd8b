"""The supervisors' figures over HTTP: for supervisors alone, of a period that makes sense."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.api.conftest import Client, content

PERIOD = "/api/v1/figures?since=2026-01-01&until=2026-12-31"


def test_a_supervisor_reads_the_figures_of_a_period(sign_in: Callable[[str], Client]) -> None:
    found = content(sign_in("supervisor").get(PERIOD))

    assert (found["since"], found["until"], found["population"]) == ("2026-01-01", "2026-12-31", 790000)
    assert [one["kind"] for one in found["on_time"]] == ["case", "acknowledgement", "result"]
    assert found["on_time"][0]["rate"] is None
    assert [one["from_days"] for one in found["ages"]] == [0, 11, 21, 31, 46]
    assert found["procedure"]["correction_share"] is None


def test_only_who_supervises_reads_them(sign_in: Callable[[str], Client]) -> None:
    assert sign_in("clerk").get(PERIOD).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?since=2026-01-01",
        "?since=2026-02-01&until=2026-01-01",
        "?since=1900-01-01&until=2026-01-01",
        "?since=x&until=y",
    ],
)
def test_a_period_that_makes_no_sense_is_refused(sign_in: Callable[[str], Client], query: str) -> None:
    answer = sign_in("supervisor").get(f"/api/v1/figures{query}")

    assert answer.status_code in (400, 422)
    assert content(answer)["errors"]

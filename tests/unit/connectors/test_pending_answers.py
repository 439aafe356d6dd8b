"""An agency that needs time says when to ask again, and the worker waits until then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.scenario.outside import ADDRESS, OutsideTransport
from tests.unit.connectors.test_answers import INQUIRY
from workflows.connectors.channels import ChannelledAgencies
from workflows.connectors.http import HttpConnector, retry_after
from workflows.connectors.ports import AnswerPending
from workflows.connectors.simulated_county import Behaviour

HOURS = timedelta(hours=3)


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 7, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


def slow_agencies(clock: Clock) -> ChannelledAgencies:
    outside = OutsideTransport(clock)
    outside.county.temper = lambda _agency, _persons, _day: Behaviour(ready_in=HOURS)
    return ChannelledAgencies(HttpConnector(ADDRESS, transport=outside))


def ask(agencies: ChannelledAgencies, agency: str) -> Any:
    return agencies.ask(replace(INQUIRY, agency=agency), key="one")


@pytest.mark.parametrize("agency", ["tax", "bank"])
def test_an_answer_that_is_not_ready_is_pending_until_it_is(agency: str) -> None:
    clock = Clock()
    agencies = slow_agencies(clock)

    with pytest.raises(AnswerPending) as pending:
        ask(agencies, agency)
    clock.time += timedelta(hours=1)
    with pytest.raises(AnswerPending) as later:
        ask(agencies, agency)
    clock.time += timedelta(hours=2)

    assert (pending.value.after, later.value.after) == (HOURS, timedelta(hours=2))
    assert ask(agencies, agency)["status"] in ("hit", "no_hit")


@pytest.mark.parametrize(
    ("stated", "pause"),
    [("120", timedelta(minutes=2)), ("", None), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-5", None), ("²", None)],
)
def test_only_whole_seconds_are_read_as_a_pause(stated: str, pause: timedelta | None) -> None:
    assert retry_after(httpx.Response(202, headers={"Retry-After": stated.encode("utf-8")})) == pause

"""PostgreSQL stands still with its lines up, as on a paused machine: nobody waits for ever, and nobody needs a restart.

TCP is content with a process that is stopped: its kernel acknowledges what is sent to it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine as Database

from storage import database as connecting
from storage import turns
from storage.database import connect
from storage.organisation import SqlOrganisationQueries
from tests.chaos.cluster import Cluster

SILENCE = 2.0
AT_ONCE = 15.0  # seconds in which a person is told, with a line that is tried and another that is opened


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as server:
        yield server


@pytest.fixture
def pool(cluster: Cluster) -> Iterator[Database]:
    made = connect(cluster.url)
    yield made
    made.dispose()


@pytest.fixture
def organisation(pool: Database) -> SqlOrganisationQueries:
    return SqlOrganisationQueries(pool, lambda: datetime.now(UTC))


def test_who_asks_a_server_that_stands_still_is_told_soon(
    cluster: Cluster, organisation: SqlOrganisationQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert organisation.account("nobody") is None
    monkeypatch.setattr(connecting, "RESTED", 0.0)
    with cluster.standing_still():
        began = time.monotonic()
        with pytest.raises(ConnectionError):
            organisation.account("nobody")
        assert time.monotonic() - began < AT_ONCE
    assert organisation.account("nobody") is None


def test_a_question_under_way_is_given_up_after_long_silence(
    cluster: Cluster, organisation: SqlOrganisationQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert organisation.account("nobody") is None
    monkeypatch.setattr(connecting, "RESTED", 3600.0)  # its line is believed to be good
    monkeypatch.setattr(turns, "ANSWERED_WITHIN", SILENCE)
    with cluster.standing_still(), pytest.raises(ConnectionError, match="ServerSilent"):
        organisation.account("nobody")
    assert organisation.account("nobody") is None

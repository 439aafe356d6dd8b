"""Fixtures of the tests in which something breaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chaos.nursery import Nursery, open_nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where servers and workers come from."""
    with open_nursery() as opened:
        yield opened

"""What is answered about what failed when it fired by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.commands.failed_firings import FiringResolution
from engine.operation_queries import FailedFiring
from web.schemas.base import answer_schema


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedFiringList:
    """A page of what failed, longest due first."""

    firings: Sequence[FailedFiring]


FailedFiringListSchema = answer_schema(FailedFiringList)
FiringResolutionSchema = answer_schema(FiringResolution)

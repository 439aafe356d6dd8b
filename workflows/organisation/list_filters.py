"""How people like their work list: filters they keep for themselves or share with their unit, and columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from workflows.organisation.errors import OrganisationInvalid

LONGEST_NAME = 40
MOST_FILTERS = 50  # that one person keeps
MOST_SHARED = 50  # that one unit is shown


class ListColumn(StrEnum):
    """The columns a work list may show beside the number of the case."""

    APPLICANT = "applicant"
    STEP = "step"
    UNIT = "unit"
    ARRIVED = "arrived"
    DUE = "due"
    HOLDER = "holder"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """A named state of a work list: tab, narrowing and order, as the list's address names them.

    `unit_id` is the unit whose staff see it beside its owner; None: the owner alone.
    """

    id: UUID
    owner: str
    unit_id: str | None
    name: str
    arguments: Mapping[str, str]
    version: int
    changed_at: datetime

    def __post_init__(self) -> None:
        name = self.name
        if not name.strip() or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            rule = f"1–{LONGEST_NAME} printable characters"
            raise OrganisationInvalid(field="filter.name", value=name[:LONGEST_NAME], rule=rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSettings:
    """The filters a person sees, own ones first, and the columns chosen, in order; None: the usual ones."""

    filters: Sequence[ListFilter]
    columns: Sequence[ListColumn] | None

"""Areas as conditions: a region, without those inside it that others answer for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, any_, bindparam, cast, not_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from engine.queries import Area
from storage.work_lists import LAST_SIGN, is_in_span


def is_in_area(region: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a region lies in an area given later; see `values_of_area`."""
    of_others = region.bool_op("^@")(any_(cast(bindparam("area_without"), ARRAY(Text))))
    return and_(is_in_span(region, bindparam("area_first"), bindparam("area_last")), not_(of_others))


def values_of_area(area: Area) -> dict[str, Any]:
    """Return the values of that condition."""
    return {
        "area_first": area.region,
        "area_last": area.region + LAST_SIGN,
        "area_without": list(area.without),
    }

"""The types of what expressions see under `case`, so that a misspelt entry is found before a case meets it.

A test holds every entry of `case_file` against it.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel import FeelType, type_named
from engine.feel.types import ContextType
from engine.feel.values import kind_of
from engine.json_values import JsonValue

_HOUSEHOLD = (
    "context<size: number, tenure: string, own_area: number, settlement: string, dangerous_dwelling: boolean,"
    " monthly_rent: number, assets_declared: number, has_vehicle: boolean,"
    " yearly_spending: context<medical: number, education: number, rehabilitation: number>>"
)
_MEMBER = (
    "context<number: number, relation: string, age: number, sex: string, labour_capacity: string, employment: string,"
    " net_monthly_wage: number, other_monthly_income: number, basic_pension: number, school_stage: string,"
    " grade: number, disability_kind: string, disability_level: number, serious_illness: boolean,"
    " presence: string, authorised: boolean>"
)
_MEANS = (
    "context<monthly_income: number, income_per_capita: number, assets: number, has_vehicle: boolean,"
    " complete: boolean>"
)

CASE_SHAPE: FeelType = type_named(
    "context<number: string, region: string, channel: string, received_on: string, accepted_on: string,"
    " due_on: string, recognised_status: string, needs: list<string>, documents: list<string>,"
    f" household: {_HOUSEHOLD}, members: list<{_MEMBER}>, means: {_MEANS}>"
)
"""Days are texts (ISO 8601), for `case` is JSON; an entry may be null."""


def expression_objects(parameters: Mapping[str, JsonValue]) -> Mapping[str, FeelType]:
    """The types of what expressions see beside their variables: `case`, and `standard` with these parameters."""
    standard = tuple((key, type_named(kind_of(value))) for key, value in parameters.items())
    return {"case": CASE_SHAPE, "standard": ContextType(standard)}

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
    " presence: string, authorised: boolean,"
    " card_expires_on: string, failed_self_care: list<string>>"
)
_SUPPORTER = (
    "context<relation: string, age: number, recognised_status: string, condition: string, low_means: boolean,"
    " consented: boolean>"
)
_EVENT = "context<kind: string, happened_on: string, place: string, region: string, reference: string>"
_BILL = "context<kind: string, amount: number, reimbursed: number>"
_MEANS = (
    "context<monthly_income: number, income_per_capita: number, assets: number, has_vehicle: boolean,"
    " complete: boolean, needs_explanation: boolean, stale: boolean,"
    " wages: list<context<number: number, amount: number>>,"
    " version: number, conclusion: string,"
    " valid_until: string>"
)

_REFERRAL = (
    "context<number: string, need: string, programme: string, state: string, outcome: string, with_unit: boolean,"
    " result_due_on: string>"
)

CASE_SHAPE: FeelType = type_named(
    "context<number: string, region: string, channel: string, received_on: string, accepted_on: string,"
    " due_on: string, recognised_status: string, needs: list<string>, documents: list<string>,"
    f" household: {_HOUSEHOLD}, members: list<{_MEMBER}>, means: {_MEANS},"
    f" supporters: list<{_SUPPORTER}>, event: {_EVENT}, bills: list<{_BILL}>,"
    f" referrals: list<{_REFERRAL}>>"
)
"""Days are texts (ISO 8601), for `case` is JSON; an entry may be null."""


def expression_objects(parameters: Mapping[str, JsonValue]) -> Mapping[str, FeelType]:
    """The types of what expressions see beside their variables: `case`, and `standard` with these parameters."""
    standard = tuple((key, type_named(kind_of(value))) for key, value in parameters.items())
    return {"case": CASE_SHAPE, "standard": ContextType(standard)}

"""An application as JSON: flat members, money as exact numbers, ISO dates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import fields, post_load, validate

from web.schemas.base import ExactDecimal, RequestSchema, StrictBoolean, WholeNumber, calendar_day, one_of, text
from workflows.casework.circumstances import (
    Bill,
    BillKind,
    DisabilityCard,
    Event,
    EventKind,
    Proxy,
    SelfCareItem,
    Supporter,
    SupporterCondition,
    SupporterRelation,
    YearlySpending,
)
from workflows.casework.intake import LARGEST_HOUSEHOLD
from workflows.casework.model import (
    Account,
    Application,
    Channel,
    DisabilityKind,
    DocumentKind,
    Employment,
    Health,
    Household,
    Income,
    LabourCapacity,
    Need,
    Person,
    Presence,
    RecognisedStatus,
    Relation,
    SchoolStage,
    Settlement,
    Tenure,
)

ZERO = Decimal(0)
MOST_SUPPORTERS = 30
MOST_BILLS = 50


class DisabilityCardSchema(RequestSchema):
    """A disability card."""

    number = text(most=30, required=True)
    expires_on = calendar_day(required=True)

    @post_load
    def make(self, values: dict[str, Any], **_options: object) -> DisabilityCard:
        """Return the card."""
        return DisabilityCard(**values)


class MemberSchema(RequestSchema):
    """A person of the household as declared."""

    name = text(most=50, required=True)
    identity_number = text(most=30, required=True)
    relation = one_of(Relation, required=True)
    phone = text(most=30, load_default="")
    labour_capacity = one_of(LabourCapacity, load_default=LabourCapacity.NONE.value)
    employment = one_of(Employment, load_default=Employment.NONE.value)
    net_monthly_wage = ExactDecimal(load_default=ZERO)
    other_monthly_income = ExactDecimal(load_default=ZERO)
    basic_pension = ExactDecimal(load_default=ZERO)
    school_stage = one_of(SchoolStage, load_default=SchoolStage.NONE.value)
    grade = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(min=1, max=12))
    serious_illness = StrictBoolean(load_default=False)
    disability_kind = one_of(DisabilityKind, load_default=DisabilityKind.NONE.value)
    presence = one_of(Presence, load_default=Presence.HOME.value)
    disability_level = WholeNumber(load_default=0, validate=validate.Range(min=0, max=4))
    card = fields.Nested(DisabilityCardSchema, load_default=None, allow_none=True)
    failed_self_care = fields.List(
        one_of(SelfCareItem), load_default=list, validate=validate.Length(max=len(SelfCareItem))
    )

    @post_load
    def make(self, values: dict[str, Any], **_options: object) -> Person:
        """Return the person."""
        income = Income(**_taken(values, "net_monthly_wage", "other_monthly_income", "basic_pension"))
        health = Health(**_taken(values, "serious_illness", "disability_kind", "disability_level"))
        values["failed_self_care"] = tuple(values["failed_self_care"])
        return Person(income=income, health=health, **values)


class YearlySpendingSchema(RequestSchema):
    """What the household paid itself in the last twelve months, in yuan."""

    medical = ExactDecimal(load_default=ZERO)
    education = ExactDecimal(load_default=ZERO)
    rehabilitation = ExactDecimal(load_default=ZERO)

    @post_load
    def make(self, values: dict[str, Any], **_options: object) -> YearlySpending:
        """Return the spending."""
        return YearlySpending(**values)


class HouseholdSchema(RequestSchema):
    """Where and how the household lives."""

    address = text(most=200, required=True)
    tenure = one_of(Tenure, required=True)
    own_area = ExactDecimal(load_default=ZERO)
    settlement = one_of(Settlement, required=True)
    dangerous_dwelling = StrictBoolean(load_default=False)
    monthly_rent = ExactDecimal(load_default=ZERO)
    assets_declared = ExactDecimal(load_default=ZERO)
    has_vehicle = StrictBoolean(load_default=False)
    yearly_spending = fields.Nested(YearlySpendingSchema, load_default=YearlySpending)
    division = text(most=30, load_default="")

    @post_load
    def make(self, values: dict[str, Any], **_options: object) -> Household:
        """Return the household."""
        return Household(**values)


class AccountSchema(RequestSchema):
    """The account a benefit is paid to."""

    bank = text(most=80, required=True)
    holder = text(most=50, required=True)
    number = text(most=40, required=True)

    @post_load
    def make(self, values: dict[str, Any], **_options: object) -> Account:
        """Return the account."""
        return Account(**values)


class SupporterSchema(RequestSchema):
    """A legal supporter outside the household."""

    name = text(most=50, required=True)
    relation = one_of(SupporterRelation, required=True)
    age = WholeNumber(required=True, validate=validate.Range(min=0, max=130))
    recognised_status = one_of(RecognisedStatus, load_default=RecognisedStatus.NONE.value)
    condition = one_of(SupporterCondition, load_default=SupporterCondition.ABLE.value)
    low_means = StrictBoolean(load_default=False)
    identity_number = text(most=30, load_default="")
    consented = StrictBoolean(load_default=False)

    @post_load
    def make(self, values: dict[str, Any], **_options: object) -> Supporter:
        """Return the supporter."""
        return Supporter(**values)


class EventSchema(RequestSchema):
    """The sudden event urgent relief is asked for."""

    kind = one_of(EventKind, required=True)
    happened_on = calendar_day(required=True)
    place = text(most=200, load_default="")
    region = text(most=12, load_default="")
    reference = text(most=60, load_default="")

    @post_load
    def make(self, values: dict[str, Any], **_options: object) -> Event:
        """Return the event."""
        return Event(**values)


class BillSchema(RequestSchema):
    """A bill the household cannot pay, in yuan."""

    kind = one_of(BillKind, required=True)
    amount = ExactDecimal(required=True)
    reimbursed = ExactDecimal(load_default=ZERO)

    @post_load
    def make(self, values: dict[str, Any], **_options: object) -> Bill:
        """Return the bill."""
        return Bill(**values)


class ProxySchema(RequestSchema):
    """Who hands in for the household, and by what mandate."""

    name = text(most=50, required=True)
    phone = text(most=30, required=True)
    organisation = text(most=100, load_default="")
    mandate = text(most=100, required=True)
    mandated_on = calendar_day(required=True)

    @post_load
    def make(self, values: dict[str, Any], **_options: object) -> Proxy:
        """Return the proxy."""
        return Proxy(**values)


class ApplicationSchema(RequestSchema):
    """One application for all needs; the rules of the domain are checked when it is submitted."""

    submission_key = text(most=60, load_default="", load_only=True)
    channel = one_of(Channel, load_default=Channel.WINDOW.value)
    region = text(most=12, required=True)
    received_on = calendar_day(load_default=None, allow_none=True)
    recognised_status = one_of(RecognisedStatus, load_default=RecognisedStatus.NONE.value)
    needs = fields.List(one_of(Need), required=True, validate=validate.Length(max=len(Need)))
    documents = fields.List(one_of(DocumentKind), load_default=list, validate=validate.Length(max=len(DocumentKind)))
    household = fields.Nested(HouseholdSchema, required=True)
    members = fields.List(
        fields.Nested(MemberSchema), required=True, validate=validate.Length(min=1, max=LARGEST_HOUSEHOLD)
    )
    account = fields.Nested(AccountSchema, load_default=None, allow_none=True)
    remark = text(most=2000, load_default="")
    supporters = fields.List(
        fields.Nested(SupporterSchema), load_default=list, validate=validate.Length(max=MOST_SUPPORTERS)
    )
    event = fields.Nested(EventSchema, load_default=None, allow_none=True)
    proxy = fields.Nested(ProxySchema, load_default=None, allow_none=True)
    bills = fields.List(fields.Nested(BillSchema), load_default=list, validate=validate.Length(max=MOST_BILLS))

    @post_load
    def make(self, values: dict[str, Any], **_options: object) -> Application:
        """Return the application."""
        for name in ("needs", "documents", "members", "supporters", "bills"):
            values[name] = tuple(values[name])
        return Application(**values)


def _taken(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: values.pop(name) for name in names}

"""What requests of operators may hold."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.former_names import FormerNames
from api.schemas.requests import PageSchema
from engine.batches import BatchKind, ItemState
from engine.commands.batches import MOST_TRIED
from engine.commands.incidents import MAX_RETRIES
from engine.core.limits import LONGEST_TEXT
from engine.incident_model import INCIDENT_KINDS
from engine.model import InstanceState
from engine.permissions import MAX_REASON
from web.schemas.base import DIVISION_CODE, MAX_LIST, RequestSchema, StrictBoolean, WholeNumber, text

IDS = 200


def _reason() -> fields.String:
    return text(most=MAX_REASON, least=1, required=True)


def _given_reason() -> fields.String:
    return text(most=MAX_REASON, load_default=None, allow_none=True)


def _key(**options: object) -> WholeNumber:
    return WholeNumber(validate=validate.Range(min=1, max=2**31 - 1), **options)  # type: ignore[arg-type]  # marshmallow's own options


class InstanceListSchema(FormerNames, PageSchema):
    """Which process instances."""

    FORMER = {"process": "process_id", "element": "element_id", "definition": "definition_id"}  # noqa: RUF012

    process_id = text(most=200, load_default=None)
    version = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))
    state = fields.Enum(InstanceState, by_value=True, load_default=None)
    has_incident = fields.Boolean(load_default=None)
    incident_kind = fields.String(load_default=None, validate=validate.OneOf(INCIDENT_KINDS))
    element_id = text(most=200, load_default=None)
    definition_id = fields.UUID(load_default=None)
    business_key = text(most=LONGEST_TEXT, load_default=None)
    region = fields.String(load_default=None, validate=DIVISION_CODE)


class StartSchema(RequestSchema):
    """Which process begins where, for which case and with which variables."""

    process_id = text(most=200, least=1, required=True)
    version = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(min=1, max=2**31 - 1))
    definition_id = fields.UUID(load_default=None, allow_none=True)
    start_event = text(most=200, least=1, load_default=None, allow_none=True)
    variables = fields.Dict(keys=fields.String(), load_default=dict)
    business_key = text(most=LONGEST_TEXT, load_default="")
    region = fields.String(load_default=None, allow_none=True, validate=DIVISION_CODE)


class InstanceFilterSchema(RequestSchema):
    """Which process instances a batch is about; everything given must hold."""

    ids = fields.List(fields.UUID(), validate=validate.Length(min=1, max=IDS), load_default=None, allow_none=True)
    process_id = text(most=200, load_default=None, allow_none=True)
    version = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(min=1, max=2**31 - 1))
    state = fields.Enum(InstanceState, by_value=True, load_default=None, allow_none=True)
    has_incident = StrictBoolean(load_default=None, allow_none=True)
    incident_kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(INCIDENT_KINDS))
    element_id = text(most=200, load_default=None, allow_none=True)
    business_key = text(most=LONGEST_TEXT, load_default=None, allow_none=True)
    region = fields.String(load_default=None, allow_none=True, validate=DIVISION_CODE)
    started_before = fields.AwareDateTime(load_default=None, allow_none=True)
    started_after = fields.AwareDateTime(load_default=None, allow_none=True)


class ReasonSchema(RequestSchema):
    """Why something is done; kept with it."""

    reason = _reason()


class GivenReasonSchema(RequestSchema):
    """Why something is done, where somebody says so; kept with it."""

    reason = _given_reason()


class ActivateSchema(RequestSchema):
    """An element to begin, with variables set in its scope first."""

    element_id = text(most=200, least=1, required=True)
    scope_key = _key(load_default=None, allow_none=True)
    variables = fields.Dict(keys=fields.String(), load_default=dict)


class ScopeVariablesSchema(RequestSchema):
    """Variables for a scope; without one, for the whole instance."""

    scope_key = _key(load_default=None, allow_none=True)
    variables = fields.Dict(keys=fields.String(), required=True)
    local = StrictBoolean(load_default=False)


class SetVariablesSchema(ScopeVariablesSchema):
    """Variables to set, and why where somebody says so."""

    reason = _given_reason()


class ModificationSchema(RequestSchema):
    """What is to begin, to end and to be set by hand."""

    reason = _reason()
    activate = fields.List(fields.Nested(ActivateSchema), validate=validate.Length(max=MAX_LIST), load_default=list)
    cancel_keys = fields.List(_key(), validate=validate.Length(max=MAX_LIST), load_default=list)
    cancel_elements = fields.List(text(most=200, least=1), validate=validate.Length(max=MAX_LIST), load_default=list)
    variables = fields.List(
        fields.Nested(ScopeVariablesSchema), validate=validate.Length(max=MAX_LIST), load_default=list
    )
    expected_version = WholeNumber(load_default=None, allow_none=True)


class AdHocElementSchema(RequestSchema):
    """An element to begin, with variables that it and what follows it see alone."""

    element_id = text(most=200, least=1, required=True)
    variables = fields.Dict(keys=fields.String(), load_default=dict)


class AdHocActivationSchema(RequestSchema):
    """What is to begin in a running ad-hoc sub-process: the one of this key, or the only one."""

    elements = fields.List(fields.Nested(AdHocElementSchema), validate=validate.Length(max=MAX_LIST), load_default=list)
    scope_key = _key(load_default=None, allow_none=True)
    cancel_remaining = StrictBoolean(load_default=False)
    reason = _reason()


class RetriesSchema(GivenReasonSchema):
    """How often a job may still be tried, and why where somebody says so."""

    retries = WholeNumber(required=True, validate=validate.Range(min=1, max=MAX_RETRIES))


class RetentionSchema(RequestSchema):
    """For how many days the history of a process is kept; null days: for ever, null process: of all others."""

    process_id = text(most=200, least=1, load_default=None, allow_none=True)
    kept_days = WholeNumber(required=True, allow_none=True)
    reason = _reason()


class DryRunSchema(RequestSchema):
    """Whether to try only, and how many items."""

    dry_run = StrictBoolean(load_default=False)
    tried = WholeNumber(load_default=100, validate=validate.Range(min=1, max=MOST_TRIED))


class BulkRetrySchema(DryRunSchema):
    """Which incidents to retry, by their instances and kind."""

    filter = fields.Nested(InstanceFilterSchema, load_default=dict)
    reason = _reason()


class BatchSchema(BulkRetrySchema):
    """What to do to every instance that a filter finds; `all` says that no filter is meant."""

    everything = StrictBoolean(data_key="all", load_default=False)
    kind = fields.Enum(BatchKind, by_value=True, required=True)
    parameters = fields.Dict(keys=fields.String(), load_default=dict)


class BatchItemListSchema(PageSchema):
    """Which items of a batch."""

    state = fields.Enum(ItemState, by_value=True, load_default=None)


class VersionsSchema(FormerNames, RequestSchema):
    """Which process; every one where none is named."""

    process_id = text(most=200, least=1, load_default=None)


class StandingSchema(RequestSchema):
    """Of which version, by its definition id."""

    source = fields.UUID(required=True)


class MappingSuggestionSchema(RequestSchema):
    """From which version to which, by their definition ids."""

    source = fields.UUID(required=True)
    target = fields.UUID(required=True)


class MigrationSchema(BulkRetrySchema):
    """From which version to which, for which instances (`all`: no filter is meant), with which elements renamed."""

    everything = StrictBoolean(data_key="all", load_default=False)
    source = fields.UUID(required=True)
    target = fields.UUID(required=True)
    mapping = fields.Dict(keys=fields.String(), values=text(most=200, least=1), load_default=dict)


class ReversalSchema(DryRunSchema):
    """Why a migration is undone."""

    reason = _reason()

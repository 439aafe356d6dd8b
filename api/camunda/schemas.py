"""What requests of Camunda's clients may hold. What has no meaning here is known by name and refused with a reason."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from api.camunda.fields import TENANT
from api.camunda.operations import OperatedSchema, TenantSchema
from engine.core.limits import LONGEST_TEXT
from engine.leases import LONGEST_LEASE
from web.schemas.base import RequestSchema, StrictBoolean, WholeNumber, text

MOST_JOBS = 1_000
MOST_MILLISECONDS = 366 * 24 * 3_600_000
NOT_HERE = "This is not done here: leave it empty."


def variables(name: str = "variables") -> fields.Dict:
    """Return a field for variables; null stands for none."""
    return fields.Dict(keys=fields.String(), data_key=name, load_default=dict, allow_none=True)


def milliseconds(name: str, **options: Any) -> WholeNumber:
    """Return a field for a length of time."""
    return WholeNumber(data_key=name, validate=validate.Range(min=0, max=MOST_MILLISECONDS), **options)


def words(name: str, **options: Any) -> fields.String:
    """Return a field for a text that may be null."""
    return text(most=LONGEST_TEXT, data_key=name, load_default=None, allow_none=True, **options)


def empty_list(name: str) -> fields.List[Any]:
    """Return a field for a list that must be empty, as what it asks for is not done here."""
    return fields.List(
        fields.Raw(), data_key=name, load_default=list, validate=validate.Length(max=0, error=NOT_HERE), allow_none=True
    )


class StartInstructionSchema(RequestSchema):
    """Where an instance begins: at a start event."""

    element_id = text(most=200, least=1, data_key="elementId", required=True)


class CreateInstanceSchema(OperatedSchema):
    """Which process begins where, and whether its end is waited for."""

    process_definition_id = words("processDefinitionId")
    process_definition_key = words("processDefinitionKey")
    version = WholeNumber(
        data_key="processDefinitionVersion", load_default=-1, validate=validate.Range(min=-1, max=2**31 - 1)
    )
    variables = variables()
    start_instructions = fields.List(
        fields.Nested(StartInstructionSchema),
        data_key="startInstructions",
        load_default=list,
        validate=validate.Length(max=1),
    )
    runtime_instructions = empty_list("runtimeInstructions")
    await_completion = StrictBoolean(data_key="awaitCompletion", load_default=False)
    fetch_variables = fields.List(fields.String(), data_key="fetchVariables", load_default=None, allow_none=True)
    request_timeout = milliseconds("requestTimeout", load_default=0)
    tags = empty_list("tags")
    business_id = words("businessId")

    @validates_schema
    def _one_process(self, data: dict[str, Any], **_: object) -> None:
        if (data.get("process_definition_id") is None) == (data.get("process_definition_key") is None):
            raise ValidationError(
                "Either processDefinitionId or processDefinitionKey is needed.", "processDefinitionId"
            )


class VariableInstructionSchema(RequestSchema):
    """Variables set before elements begin; those of a scope that does not exist yet are not."""

    variables = fields.Dict(keys=fields.String(), required=True)
    scope_id = fields.String(data_key="scopeId", load_default="", validate=validate.Length(max=0, error=NOT_HERE))


class ActivateInstructionSchema(RequestSchema):
    """An element to begin, in the scope named where there are several."""

    element_id = text(most=200, least=1, data_key="elementId", required=True)
    variable_instructions = fields.List(
        fields.Nested(VariableInstructionSchema), data_key="variableInstructions", load_default=list
    )
    ancestor = words("ancestorElementInstanceKey")


class TerminateInstructionSchema(RequestSchema):
    """What ends: one passage of an element by its key, or all of an element by its id."""

    element_id = words("elementId")
    element_instance_key = words("elementInstanceKey")

    @validates_schema
    def _one(self, data: dict[str, Any], **_: object) -> None:
        if (data.get("element_id") is None) == (data.get("element_instance_key") is None):
            raise ValidationError("Either elementId or elementInstanceKey is needed.", "elementId")


class MoveSourceSchema(RequestSchema):
    """What a move ends: one passage of an element by its key, or all of an element by its id."""

    source_type = fields.String(data_key="sourceType", required=True, validate=validate.OneOf(["byId", "byKey"]))
    element_id = words("sourceElementId")
    element_instance_key = words("sourceElementInstanceKey")

    @validates_schema
    def _named(self, data: dict[str, Any], **_: object) -> None:
        by_id = data.get("source_type") == "byId"
        name = "element_id" if by_id else "element_instance_key"
        if data.get(name) is None:
            raise ValidationError("It is missing.", "sourceElementId" if by_id else "sourceElementInstanceKey")


class MoveScopeSchema(RequestSchema):
    """In which scope what a move begins stands."""

    kind = fields.String(
        data_key="ancestorScopeType",
        required=True,
        validate=validate.OneOf(["direct", "inferred", "sourceParent"]),
    )
    ancestor = words("ancestorElementInstanceKey")


class MoveInstructionSchema(RequestSchema):
    """An element that ends, and the one that begins in place of each of its passages."""

    source = fields.Nested(MoveSourceSchema, data_key="sourceElementInstruction", required=True)
    target = text(most=200, least=1, data_key="targetElementId", required=True)
    scope = fields.Nested(MoveScopeSchema, data_key="ancestorScopeInstruction", load_default=None, allow_none=True)
    variable_instructions = fields.List(
        fields.Nested(VariableInstructionSchema), data_key="variableInstructions", load_default=list
    )


class ModificationSchema(OperatedSchema):
    """What begins and ends by hand."""

    activate = fields.List(fields.Nested(ActivateInstructionSchema), data_key="activateInstructions", load_default=list)
    terminate = fields.List(
        fields.Nested(TerminateInstructionSchema), data_key="terminateInstructions", load_default=list
    )
    move = fields.List(fields.Nested(MoveInstructionSchema), data_key="moveInstructions", load_default=list)


class MappingSchema(RequestSchema):
    """Where an element goes in the new version."""

    source = text(most=200, least=1, data_key="sourceElementId", required=True)
    target = text(most=200, least=1, data_key="targetElementId", required=True)


class MigrationSchema(OperatedSchema):
    """By which version an instance goes on, and where its elements go."""

    target = fields.String(data_key="targetProcessDefinitionKey", required=True)
    mapping = fields.List(fields.Nested(MappingSchema), data_key="mappingInstructions", required=True)


class BatchSchema(OperatedSchema):
    """Which process instances a batch is of."""

    filter = fields.Dict(keys=fields.String(), required=True)


class BatchMoveSchema(RequestSchema):
    """An element that ends, and the one that begins in place of each of its passages."""

    source = text(most=200, least=1, data_key="sourceElementId", required=True)
    target = text(most=200, least=1, data_key="targetElementId", required=True)


class BatchModificationSchema(BatchSchema):
    """What moves in each instance of a batch."""

    move = fields.List(
        fields.Nested(BatchMoveSchema),
        data_key="moveInstructions",
        required=True,
        validate=validate.Length(min=1, max=100),
    )


class MigrationPlanSchema(RequestSchema):
    """By which version the instances of a batch go on, and where their elements go."""

    target = fields.String(data_key="targetProcessDefinitionKey", required=True)
    mapping = fields.List(fields.Nested(MappingSchema), data_key="mappingInstructions", required=True)


class BatchMigrationSchema(BatchSchema):
    """A batch of migrations."""

    plan = fields.Nested(MigrationPlanSchema, data_key="migrationPlan", required=True)


class SetVariablesSchema(OperatedSchema):
    """Variables of a scope, of exactly this one when `local`."""

    variables = fields.Dict(keys=fields.String(), required=True)
    local = StrictBoolean(load_default=False)


class AdHocElementSchema(RequestSchema):
    """An element to begin in an ad-hoc sub-process."""

    element_id = text(most=200, least=1, data_key="elementId", required=True)
    variables = variables()


class AdHocSchema(RequestSchema):
    """What begins in an ad-hoc sub-process, and whether what runs in it ends first."""

    elements = fields.List(fields.Nested(AdHocElementSchema), required=True)
    cancel_remaining = StrictBoolean(data_key="cancelRemainingInstances", load_default=False)


class AssignmentSchema(RequestSchema):
    """Whose a user task becomes."""

    assignee = text(most=200, least=1, required=True)
    allow_override = StrictBoolean(data_key="allowOverride", load_default=True, allow_none=True)
    action = words("action")


class CompletionSchema(RequestSchema):
    """The answers of a user task's form."""

    variables = variables()
    action = words("action")


class ChangesetSchema(RequestSchema):
    """What changes of a user task; an empty text or list removes what is there."""

    dueDate = fields.String(allow_none=True)  # noqa: N815  (the command knows these by Camunda's own names)
    followUpDate = fields.String(allow_none=True)  # noqa: N815
    candidateGroups = fields.List(fields.String(), allow_none=True)  # noqa: N815
    candidateUsers = fields.List(fields.String(), allow_none=True)  # noqa: N815
    priority = WholeNumber(allow_none=True, validate=validate.Range(min=0, max=100))


class TaskUpdateSchema(RequestSchema):
    """A change of a user task."""

    changeset = fields.Nested(ChangesetSchema, load_default=dict, allow_none=True)
    action = words("action")


class ActivationSchema(RequestSchema):
    """Which jobs a worker takes, for how long, and how long it waits for one."""

    type = text(most=LONGEST_TEXT, least=1, required=True)
    worker = text(most=200, load_default="default", allow_none=True)
    timeout = WholeNumber(
        required=True,
        validate=validate.Range(min=1, max=int(LONGEST_LEASE.total_seconds() * 1_000)),
    )
    limit = WholeNumber(data_key="maxJobsToActivate", required=True, validate=validate.Range(min=1, max=MOST_JOBS))
    fetch_variable = fields.List(fields.String(), data_key="fetchVariable", load_default=list, allow_none=True)
    request_timeout = WholeNumber(
        data_key="requestTimeout", load_default=0, validate=validate.Range(max=MOST_MILLISECONDS)
    )
    tenant_ids = fields.List(
        fields.String(validate=validate.Equal(TENANT, error="Only the tenant <default> exists here.")),
        data_key="tenantIds",
        load_default=list,
        allow_none=True,
    )
    tenant_filter = fields.String(
        data_key="tenantFilter", load_default="PROVIDED", validate=validate.OneOf(["PROVIDED", "ASSIGNED"])
    )


class JobCompletionSchema(RequestSchema):
    """The result of a job."""

    variables = variables()
    result = fields.Dict(keys=fields.String(), load_default=None, allow_none=True)


class JobFailureSchema(RequestSchema):
    """Why a job failed, how often it is tried yet, and after which pause."""

    retries = WholeNumber(load_default=0, validate=validate.Range(min=0, max=100), allow_none=True)
    error_message = fields.String(data_key="errorMessage", load_default="", allow_none=True)
    retry_back_off = milliseconds("retryBackOff", load_default=0)
    variables = fields.Dict(
        keys=fields.String(), load_default=dict, allow_none=True, validate=validate.Length(max=0, error=NOT_HERE)
    )


class JobErrorSchema(RequestSchema):
    """The BPMN error a job ended in."""

    error_code = text(most=LONGEST_TEXT, least=1, data_key="errorCode", required=True)
    error_message = fields.String(data_key="errorMessage", load_default="", allow_none=True)
    variables = variables()


class JobChangesetSchema(RequestSchema):
    """What changes of a job."""

    retries = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(min=1, max=100))
    timeout = WholeNumber(
        load_default=None,
        allow_none=True,
        validate=validate.Range(min=1, max=int(LONGEST_LEASE.total_seconds() * 1_000)),
    )


class JobUpdateSchema(OperatedSchema):
    """A change of a job."""

    changeset = fields.Nested(JobChangesetSchema, required=True)


class PublicationSchema(TenantSchema):
    """A message for who waits for it now or soon."""

    name = text(most=LONGEST_TEXT, least=1, required=True)
    correlation_key = words("correlationKey")
    time_to_live = milliseconds("timeToLive", load_default=0)
    message_id = words("messageId")
    variables = variables()


class CorrelationSchema(TenantSchema):
    """A message for who waits for it now."""

    name = text(most=LONGEST_TEXT, least=1, required=True)
    correlation_key = words("correlationKey")
    variables = variables()


class SignalSchema(TenantSchema):
    """A signal for everybody."""

    name = text(most=LONGEST_TEXT, least=1, data_key="signalName", required=True)
    variables = variables()


class ConditionalSchema(TenantSchema):
    """Variables at which conditional start events look."""

    variables = fields.Dict(keys=fields.String(), required=True)
    process_definition_key = words("processDefinitionKey")


class ExpressionSchema(TenantSchema):
    """An expression and what it may name."""

    expression = text(most=10_000, least=1, required=True)
    variables = variables()


class DecisionSchema(TenantSchema):
    """A decision and its input."""

    decision_definition_id = words("decisionDefinitionId")
    decision_definition_key = words("decisionDefinitionKey")
    variables = variables()

    @validates_schema
    def _one(self, data: dict[str, Any], **_: object) -> None:
        if (data.get("decision_definition_id") is None) == (data.get("decision_definition_key") is None):
            raise ValidationError(
                "Either decisionDefinitionId or decisionDefinitionKey is needed.", "decisionDefinitionId"
            )


class NothingSchema(OperatedSchema):
    """Nothing but the client's own reference."""

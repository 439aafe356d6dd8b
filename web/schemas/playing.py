"""What may be asked of plays and scenarios, by a page or a program."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from web.schemas.base import EARLIEST_DAY, LATEST_DAY, MAX_LIST, RequestSchema, StrictBoolean, WholeNumber, text
from workflows.casework.days import COUNTY_TIME, end_of_day
from workflows.playing.model import MOST_EXAMPLES, MOST_NAME, MOST_STEPS

MOST_ID = 256
LONGEST_ROLE = 80
EARLIEST, LATEST = datetime.combine(EARLIEST_DAY, time(), tzinfo=COUNTY_TIME), end_of_day(LATEST_DAY)


def _variables(**options: Any) -> fields.Dict:
    return fields.Dict(keys=fields.String(), load_default=dict, **options)


def _moment(**options: Any) -> fields.AwareDateTime:
    """Return a field for a moment: on any day of the county's calendar, with its zone written."""
    return fields.AwareDateTime(validate=validate.Range(min=EARLIEST, max=LATEST), **options)


def _id(**options: Any) -> fields.String:
    return text(most=MOST_ID, least=1, **options)


def _nth() -> fields.Integer:
    return WholeNumber(load_default=1, validate=validate.Range(min=1, max=10_000))


class TaskDeedSchema(RequestSchema):
    """A user task that is completed."""

    task = _id(required=True)
    answers = _variables()
    nth = _nth()


class JobDeedSchema(RequestSchema):
    """A job that is answered, ends in a BPMN error, or fails."""

    job = _id(required=True)
    variables = _variables()
    error = _id(load_default=None, allow_none=True)
    fail = text(most=500, least=1, load_default=None, allow_none=True)
    nth = _nth()

    @validates_schema
    def _one_way(self, document: dict[str, Any], **_options: Any) -> None:
        if document.get("error") is not None and document.get("fail") is not None:
            raise ValidationError("Either error or fail is needed.", "error")


class MessageDeedSchema(RequestSchema):
    """A message that comes."""

    message = _id(required=True)
    variables = _variables()
    nth = _nth()


class SignalDeedSchema(RequestSchema):
    """A signal that comes."""

    signal = _id(required=True)
    variables = _variables()


class ExpectationSchema(RequestSchema):
    """What must hold after a step or at the end: what waits, whether it is over, what was passed, some variables."""

    open = fields.List(_id(), validate=validate.Length(max=MAX_LIST))
    ended = StrictBoolean()
    passed = fields.List(_id(), validate=validate.Length(max=MAX_LIST))
    variables = fields.Dict(keys=fields.String())


def _deeds(schema: type[RequestSchema]) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), validate=validate.Length(max=MAX_LIST))


class PlayStepSchema(RequestSchema):
    """A step: its moment (else now), who acts, and the deeds; without one, time passes."""

    at = _moment(load_default=None, allow_none=True)
    by = text(most=LONGEST_ROLE, load_default=None, allow_none=True)
    tasks = _deeds(TaskDeedSchema)
    jobs = _deeds(JobDeedSchema)
    messages = _deeds(MessageDeedSchema)
    signals = _deeds(SignalDeedSchema)
    set = fields.Dict(keys=fields.String())
    retry = fields.List(_id(), validate=validate.Length(max=MAX_LIST))
    expect = fields.Nested(ExpectationSchema)


class FileStepSchema(PlayStepSchema):
    """A step of a scenario file, whose moment is written."""

    at = _moment(required=True)


class StandingTokenSchema(RequestSchema):
    """Where a token stands when a play begins in the middle."""

    element = _id(required=True)
    variables = _variables()


class ScenarioFileSchema(RequestSchema):
    """A scenario of a process as a file."""

    id = text(most=MOST_NAME, least=1, required=True)
    title = text(most=MOST_NAME, least=1, required=True)
    title_en = text(most=MOST_NAME, least=1, required=True)
    process = _id(required=True)
    starts_at = _moment(required=True)
    start_event = _id(load_default=None, allow_none=True)
    variables = _variables()
    case = fields.Raw(load_default=None, allow_none=True)
    standing = fields.List(
        fields.Nested(StandingTokenSchema), load_default=list, validate=validate.Length(max=MAX_LIST)
    )
    waiting = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Integer()), load_default=dict
    )
    steps = fields.List(fields.Nested(FileStepSchema), required=True, validate=validate.Length(max=MOST_STEPS))
    expected = fields.Nested(ExpectationSchema, load_default=dict)


class SourceSchema(RequestSchema):
    """What is played: an open draft, or a deployed version."""

    draft_id = fields.UUID(load_default=None, allow_none=True)
    definition_id = fields.UUID(load_default=None, allow_none=True)

    @validates_schema
    def _one_source(self, document: dict[str, Any], **_options: Any) -> None:
        if (document.get("draft_id") is None) == (document.get("definition_id") is None):
            raise ValidationError("Either draft_id or definition_id is needed.", "draft_id")


class NewPlaySchema(SourceSchema):
    """Where a play begins."""

    process_id = _id(load_default=None, allow_none=True)
    start_event = _id(load_default=None, allow_none=True)
    starts_at = _moment(load_default=None, allow_none=True)
    variables = _variables()
    case = fields.Raw(load_default=None, allow_none=True)
    scenario_id = fields.UUID(load_default=None, allow_none=True)
    play_id = fields.UUID(load_default=None, allow_none=True)


class SandboxCopySchema(RequestSchema):
    """At which incident a copy begins; without one, wherever the instance stands."""

    incident_id = fields.UUID(load_default=None, allow_none=True)


class TakenStepSchema(PlayStepSchema):
    """A step, and how many there were when it was chosen."""

    seen = WholeNumber(required=True, validate=validate.Range(min=0, max=MOST_STEPS))


class GoBackSchema(RequestSchema):
    """How many steps there are, and how many are to stay."""

    seen = WholeNumber(required=True, validate=validate.Range(min=0, max=MOST_STEPS))
    to = WholeNumber(required=True, validate=validate.Range(min=0, max=MOST_STEPS))


class NewScenarioSchema(RequestSchema):
    """How a play is kept: under a new name, or in the place of a version of a scenario."""

    name = text(most=MOST_NAME, load_default="")
    name_en = text(most=MOST_NAME, load_default="")
    scenario_id = fields.UUID(load_default=None, allow_none=True)
    version = WholeNumber(load_default=None, allow_none=True)

    @validates_schema
    def _with_its_version(self, document: dict[str, Any], **_options: Any) -> None:
        if document.get("scenario_id") is not None and document.get("version") is None:
            raise ValidationError("The version of the scenario is needed.", "version")

    @validates_schema
    def _one_way(self, document: dict[str, Any], **_options: Any) -> None:
        if bool(document.get("name", "").strip()) == (document.get("scenario_id") is not None):
            raise ValidationError("Either name or scenario_id is needed.", "name")


class ScenarioChangeSchema(RequestSchema):
    """A scenario's name and what it expects after each of its steps and at the end."""

    version = WholeNumber(required=True)
    name = text(most=MOST_NAME, least=1, required=True)
    name_en = text(most=MOST_NAME, load_default="")
    expect = fields.List(fields.Nested(ExpectationSchema), required=True, validate=validate.Length(max=MOST_STEPS))
    expected = fields.Nested(ExpectationSchema, required=True)


class ScenarioRunSchema(SourceSchema):
    """On what scenarios are run, and which one; without one, all of them."""

    scenario_id = fields.UUID(load_default=None, allow_none=True)


class ExampleSchema(RequestSchema):
    """A row: what a decision is given, and what it must come to; `standard` only where figures of policy differ."""

    name = text(most=500, load_default="")
    inputs = fields.Dict(keys=fields.String(), required=True)
    expected = fields.Raw(load_default=None, allow_none=True)
    standard = fields.Dict(keys=fields.String(), load_default=dict)


def _examples(**options: Any) -> fields.List[Any]:
    return fields.List(fields.Nested(ExampleSchema), validate=validate.Length(max=MOST_EXAMPLES), **options)


class KeptExamplesSchema(RequestSchema):
    """The rows, and the version they were made from; 0: none were kept."""

    version = WholeNumber(required=True, validate=validate.Range(min=0))
    rows = _examples(required=True)


class ExampleRunSchema(SourceSchema):
    """On what examples are run, of which decision of the file, and rows in the place of those kept."""

    decision_id = _id(load_default=None, allow_none=True)
    rows = _examples(load_default=None, allow_none=True)


class DecisionReplaySchema(SourceSchema):
    """On what the last evaluations of a decision are run again, and of which decision of the file."""

    decision_id = _id(load_default=None, allow_none=True)

"""What requests about the economic check hold, and what they answer."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate

from web.schemas.base import MAX_LIST, RequestSchema, WholeNumber, answer_schema, calendar_day, one_of, text
from workflows.casework.agencies import AgencyClass
from workflows.casework.verification.answering import Delivered
from workflows.casework.verification.model import (
    BankFile,
    CopyHolder,
    FileEncoding,
    FileFormat,
    RefusedQuery,
    ReportObjection,
    SignedBy,
    SigningMethod,
)
from workflows.casework.verification.objecting import MOST_PROOFS
from workflows.casework.verification.queries import AuthorisationView, CheckView, SourceQuality, SupporterView
from workflows.casework.verification.table_files import LARGEST_FILE

SHA256 = validate.Regexp(r"[0-9a-fA-F]{64}\Z", error="Not a SHA-256 in hexadecimal.")
PERSON = validate.Range(min=1, max=999)


class Base64(fields.String):
    """Bytes written in base64."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        written = super()._deserialize(value, attr, data, **kwargs)
        try:
            content = base64.b64decode(written or "", validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError("Not base64.") from error
        if len(content) > LARGEST_FILE:
            raise ValidationError("Too large.")
        return content


class ConsentSchema(RequestSchema):
    """A signed consent to the check."""

    person = WholeNumber(required=True, validate=PERSON)
    signed_on = calendar_day(load_default=None)
    signed_by = one_of(SignedBy, load_default=SignedBy.SELF.value)
    guardian = text(most=100, load_default=None, allow_none=True)
    method = one_of(SigningMethod, load_default=SigningMethod.PAPER.value)
    agency_classes = fields.List(
        one_of(AgencyClass),
        load_default=lambda: [one.value for one in AgencyClass],
        validate=validate.Length(max=MAX_LIST),
    )
    valid_to = calendar_day(load_default=None, allow_none=True)
    copies = fields.List(
        one_of(CopyHolder), load_default=lambda: [one.value for one in CopyHolder], validate=validate.Length(max=3)
    )


class WithdrawalSchema(RequestSchema):
    """Why a consent is withdrawn."""

    reason = text(most=500, load_default="")


class OutsideSupporterSchema(RequestSchema):
    """Somebody outside the home with a duty to support a member."""

    name = text(least=2, most=50, required=True)
    identity_number = text(most=30, required=True)
    relation = text(least=1, most=20, required=True)
    supports = WholeNumber(required=True, validate=PERSON)


class CheckRequestSchema(RequestSchema):
    """A check beside the running application."""

    purpose = text(least=1, most=100, required=True)
    reason = text(most=500, load_default="")


class ProofSchema(RequestSchema):
    """A paper that supports an objection."""

    title = text(least=1, most=200, required=True)
    sha256 = fields.String(load_default=None, allow_none=True, validate=SHA256)


class ReportObjectionSchema(RequestSchema):
    """An objection to items of a check report."""

    report_version = WholeNumber(required=True, validate=validate.Range(min=1))
    agencies = fields.List(text(most=50), required=True, validate=validate.Length(max=MAX_LIST))
    grounds = text(most=2000, required=True)
    evidence = fields.List(fields.Nested(ProofSchema), required=True, validate=validate.Length(max=MOST_PROOFS))


class AgencyAnswerSchema(RequestSchema):
    """An agency's answer as the agency wrote it, to a question by its number."""

    number = text(least=1, most=100, required=True)
    answer = fields.Dict(required=True)


class BankFileSchema(RequestSchema):
    """To which agency a file of questions is made."""

    agency = text(least=1, most=50, required=True)


class HandOutSchema(RequestSchema):
    """How a file of questions is written."""

    format = fields.Enum(FileFormat, by_value=True, load_default=FileFormat.CSV)
    encoding = fields.Enum(FileEncoding, by_value=True, load_default=FileEncoding.GBK)


class ReturnedFileSchema(RequestSchema):
    """A file that came back, with the hash that came apart from it."""

    content = Base64(required=True)
    digest = fields.String(required=True, validate=SHA256)


class QualitySchema(RequestSchema):
    """Since when questions count."""

    since = calendar_day(load_default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckStarted:
    """The process of a check that began."""

    process_instance_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOutFile:
    """A file of questions: its bytes in base64, and the hash that travels apart from it."""

    name: str
    content: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyList:
    """How well each agency answers."""

    agencies: Sequence[SourceQuality]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedQueryList:
    """Queries that were not let out, newest first."""

    queries: Sequence[RefusedQuery]


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFileList:
    """Table files, newest first."""

    files: Sequence[BankFile]


AuthorisationAnswerSchema = answer_schema(AuthorisationView)
SupporterAnswerSchema = answer_schema(SupporterView)
CheckAnswerSchema = answer_schema(CheckView)
CheckStartedSchema = answer_schema(CheckStarted)
ReportObjectionAnswerSchema = answer_schema(ReportObjection)
DeliveredSchema = answer_schema(Delivered)
BankFileAnswerSchema = answer_schema(BankFile)
HandedOutSchema = answer_schema(HandedOutFile)
AgencyListSchema = answer_schema(AgencyList)
RefusedQueryListSchema = answer_schema(RefusedQueryList)
BankFileListSchema = answer_schema(BankFileList)

"""What a repair of an instance may hold, and what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validates_schema

from api.schemas.operation_requests import ModificationSchema
from engine.commands.repairs import Repair, RepairKind
from engine.model import InstanceState
from engine.open_elements import LostTask, OpenElement
from web.schemas.base import WholeNumber, answer_schema
from workflows.casework.flow.xray import InstanceXray


class RepairSchema(ModificationSchema):
    """What is done, why, and to which version of the instance; elements and variables belong to `modify` alone."""

    kind = fields.Enum(RepairKind, by_value=True, required=True)
    incident_id = fields.UUID(load_default=None, allow_none=True)
    expected_version = WholeNumber(required=True)

    @validates_schema
    def require_what_fits(self, values: dict[str, Any], **_options: object) -> None:
        """Refuse what the kind of repair has no use for, and a retry of nothing."""
        kind = values.get("kind")
        if kind is RepairKind.RETRY and values.get("incident_id") is None:
            raise ValidationError("Missing data for required field.", "incident_id")
        if kind is not RepairKind.RETRY and values.get("incident_id") is not None:
            raise ValidationError("Unknown field.", "incident_id")
        for name in ("activate", "cancel_keys", "cancel_elements", "variables"):
            if kind is not RepairKind.MODIFY and values.get(name):
                raise ValidationError("Unknown field.", name)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairAnswer:
    """What a repair did, or would do."""

    process_instance_id: UUID
    state: InstanceState
    version: int
    ended: Sequence[OpenElement]
    begun: Sequence[OpenElement]
    lost_tasks: Sequence[LostTask]
    incidents: Sequence[OpenElement]
    text_zh: str
    text_en: str

    @classmethod
    def of(cls, repair: Repair) -> RepairAnswer:
        """Make it of what was seen."""
        effect = repair.effect
        return cls(
            process_instance_id=effect.instance.id,
            state=effect.instance.state,
            version=effect.instance.version,
            ended=effect.ended,
            begun=effect.begun,
            lost_tasks=effect.lost_tasks,
            incidents=effect.incidents,
            text_zh=repair.text_zh,
            text_en=repair.text_en,
        )


RepairAnswerSchema = answer_schema(RepairAnswer)
InstanceXraySchema = answer_schema(InstanceXray)

"""From table rows to values and back, for the engine and for casework: columns and fields have the same names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import RowMapping

from engine.batches import BatchItem, ItemState
from engine.model import InstanceState, ProcessInstance, TaskState, UserTask
from workflows.casework.benefits.model import BenefitVersion
from workflows.casework.benefits.recognition import Recognition
from workflows.casework.parameter_changes.model import ParameterChange, ParameterChangeState
from workflows.casework.records import AgencyRequest, CorrectionNotice, Notice, NoticeKind, Referral, ReferralState
from workflows.casework.verification.model import (
    Authorisation,
    BankFile,
    ObjectionState,
    RefusalGround,
    RefusedQuery,
    ReportObjection,
)

Row = RowMapping | Mapping[str, Any]
Value = TypeVar("Value")

_READ: dict[type, dict[str, Callable[[Any], Any]]] = {
    ProcessInstance: {"state": InstanceState},
    UserTask: {"state": TaskState, "candidate_groups": tuple, "candidate_users": tuple, "distinct_from": tuple},
    BatchItem: {"state": ItemState},
    Referral: {"state": ReferralState},
    Notice: {"kind": NoticeKind},
    CorrectionNotice: {"missing": tuple},
    BenefitVersion: {"persons": tuple},
    Recognition: {"persons": tuple},
    AgencyRequest: {"authorisation_ids": tuple, "items": tuple},
    Authorisation: {"agency_classes": tuple, "copies": tuple},
    ReportObjection: {"state": ObjectionState, "agencies": tuple, "evidence": tuple},
    RefusedQuery: {"ground": RefusalGround},
    ParameterChange: {"state": ParameterChangeState},
    BankFile: {"request_ids": tuple, "errors": tuple},
}

_NAMES: dict[type, tuple[str, ...]] = {}  # the fields of each kind, asked for with every row


def to_value(kind: type[Value], row: Row) -> Value:
    """Return the value a row stands for; columns the value does not know are left out."""
    known = {name: row[name] for name in _names(kind) if name in row}
    for name, read in _READ.get(kind, {}).items():
        known[name] = read(known[name])
    return kind(**known)


def to_row(value: Any, *without: str) -> dict[str, Any]:  # any dataclass of the engine's model or of casework
    """Return the columns of a value."""
    row = {}
    for name in _names(type(value)):
        if name not in without:
            one = getattr(value, name)
            row[name] = list(one) if isinstance(one, tuple) else one
    return row


def to_rows(values: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the columns of several values."""
    return [to_row(value) for value in values]


def _names(kind: type) -> tuple[str, ...]:
    known = _NAMES.get(kind)
    if known is None:
        known = _NAMES[kind] = tuple(field.name for field in fields(kind))
    return known

"""What a batch is about, in words: which cases were meant, and what was to be done to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from engine.batches import BatchKind, BatchOperation
from engine.errors import NotFound
from engine.json_values import JsonValue, dump_json
from web.formats import minute
from web.labels import label, town
from web.migrating import drawn_version, version_name

Fact = tuple[str, str, bool]
"""Label, value, and whether the value is written as programs write it."""


def about(batch: BatchOperation) -> list[Fact]:
    """Return all that was asked."""
    return [*_parameters(batch), *_filter(batch)]


def _parameters(batch: BatchOperation) -> Iterator[Fact]:
    given = batch.parameters
    if batch.kind is BatchKind.MIGRATE:
        yield str(_("原版本")), _version(given.get("source")), False
        yield str(_("新版本")), _version(given.get("target")), False
        mapping = given.get("mapping")
        pairs = mapping.items() if isinstance(mapping, dict) else ()
        yield str(_("改名的环节")), ", ".join(f"{old} → {new}" for old, new in pairs), True
    elif batch.kind is not BatchKind.REVERT_MIGRATION and given:
        yield str(_("参数")), dump_json(given), True


def _filter(batch: BatchOperation) -> Iterator[Fact]:
    given = {name: value for name, value in batch.filter.items() if name != "source"}
    readings: dict[str, tuple[str, Callable[[Any], str]]] = {
        "ids": (_("指定的流程"), lambda value: str(len(value))),
        "process_id": (_("流程"), str),
        "version": (_("版本"), str),
        "state": (_("状态"), lambda value: label("instance_state", value)),
        "has_incident": (_("有无故障"), lambda value: str(_("有")) if value else str(_("无"))),
        "incident_kind": (_("故障类型"), lambda value: label("incident_kind", value)),
        "element_id": (_("所在环节"), str),
        "business_key": (_("编号"), str),
        "region": (_("地区"), lambda value: town(str(value))),
        "started_after": (_("启动不早于"), _moment),
        "started_before": (_("启动早于"), _moment),
    }
    for name, value in given.items():
        text, read = readings[name]
        yield str(text), read(value), name in ("process_id", "element_id")
    if not given and batch.kind is not BatchKind.REVERT_MIGRATION:
        yield str(_("范围")), str(_("全部")), False


def _version(given: JsonValue) -> str:
    try:
        definition, _xml = drawn_version(UUID(str(given)))
    except (ValueError, NotFound):
        return str(given or "")
    return version_name(definition)


def _moment(value: object) -> str:
    return minute(datetime.fromisoformat(str(value)))

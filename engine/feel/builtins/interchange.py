"""Built-ins Camunda adds for exchanging values: JSON texts, UUIDs, and the mark on what an assistant filled in."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from engine.feel.arithmetic import LONGEST_STRING
from engine.feel.builtins.conversion import parse_number
from engine.feel.builtins.registry import Registry
from engine.feel.errors import NullResult
from engine.feel.moments import offset_of
from engine.feel.numbers import plain
from engine.feel.temporal_text import format_temporal, in_zone, offset_zone, zone_name
from engine.feel.values import FeelValue, kind_of, normalise

if TYPE_CHECKING:
    from engine.feel.session import Session

FUNCTIONS = Registry()
_DEEPEST = 100


@FUNCTIONS.add("from json", "value: string")
def _from_json(text: str) -> FeelValue:
    try:
        value: FeelValue = json.loads(text, parse_int=parse_number, parse_float=parse_number, parse_constant=_refused)
        json.dumps(value, ensure_ascii=False, default=str).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise NullResult("no-json", length=len(text)) from error
    return value


def _refused(constant: str) -> NoReturn:
    raise NullResult("no-json-number", constant=constant)


@FUNCTIONS.add_with_session("to json", "value: Any")
def _to_json(session: Session, value: FeelValue) -> FeelValue:
    session.charge_deeply(value)
    text = _json(value, depth=0)
    if len(text) > LONGEST_STRING:
        raise NullResult("result-too-long", function="to json", limit=LONGEST_STRING)
    return text


def _json(value: FeelValue, *, depth: int) -> str:
    if depth > _DEEPEST:
        raise NullResult("value-too-deep", function="to json")
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, list):
        return f"[{','.join(_json(member, depth=depth + 1) for member in value)}]"
    if isinstance(value, Mapping):
        entries = (f"{_json(key, depth=depth)}:{_json(normalise(value[key]), depth=depth + 1)}" for key in value)
        return f"{{{','.join(entries)}}}"
    if kind_of(value) in ("function", "range"):
        raise NullResult("no-json-form", found=kind_of(value))
    return f'"{_temporal(value)}"'


def _temporal(value: Any) -> str:
    """ISO 8601; a moment in a named zone with its offset before the name in brackets."""
    zone = zone_name(value.tzinfo) if kind_of(value) == "date and time" else None
    offset = None if zone is None else offset_of(value)
    if zone is None or offset is None:
        return format_temporal(value)
    return f"{format_temporal(in_zone(value, offset_zone(offset)))}[{zone}]"


@FUNCTIONS.add_with_session("uuid")
def _uuid(session: Session) -> FeelValue:
    bits = 0
    for _ in range(8):
        bits = bits << 16 | int(session.random_number() * 65_536) & 0xFFFF
    return str(uuid.UUID(int=bits, version=4))


@FUNCTIONS.add("fromAi", "value: Any, description?: string?, type?: string?, schema?: context?, options?: context?")
def _from_ai(value: FeelValue, *_description: FeelValue) -> FeelValue:
    return value

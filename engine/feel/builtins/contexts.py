"""Built-ins on contexts, and the ones Camunda adds to ask for values that may be missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.feel.builtins.registry import Registry
from engine.feel.errors import NullResult
from engine.feel.values import FeelValue, kind_of, normalise

FUNCTIONS = Registry()
Entries = Mapping[str, FeelValue]


@FUNCTIONS.add("get value", "m: context, key: string")
@FUNCTIONS.add("get value", "context: context, key: string")
def _get_value(context: Entries, key: str) -> FeelValue:
    if key not in context:
        raise NullResult("no-entry-asked", length=len(key))
    return normalise(context[key])


@FUNCTIONS.add("get value", "context: context, keys: list")
def _get_value_by_path(context: Entries, keys: Sequence[FeelValue]) -> FeelValue:
    if not keys:
        raise NullResult("no-keys", function="get value")
    value: FeelValue = context
    for key in keys:
        if not isinstance(key, str):
            raise NullResult("key-kind", function="get value", found=kind_of(key))
        if not isinstance(value, Mapping) or key not in value:
            raise NullResult("no-entry-asked", length=len(key))
        value = normalise(value[key])
    return value


@FUNCTIONS.add("get entries", "m: context")
@FUNCTIONS.add("get entries", "context: context")
def _get_entries(context: Entries) -> FeelValue:
    return [{"key": key, "value": normalise(context[key])} for key in context]


@FUNCTIONS.add("context", "entries: list")
def _context(entries: Sequence[FeelValue]) -> FeelValue:
    built: dict[str, FeelValue] = {}
    for entry in entries:
        if not isinstance(entry, Mapping) or "key" not in entry or "value" not in entry:
            raise NullResult("no-key-and-value")
        key = entry["key"]
        if not isinstance(key, str):
            raise NullResult("key-kind", function="context", found=kind_of(key))
        if key in built:
            raise NullResult("key-twice", key=key)
        built[key] = normalise(entry["value"])
    return built


@FUNCTIONS.add("context put", "context: context, key: string, value: Any")
def _context_put(context: Entries, key: str, value: FeelValue) -> FeelValue:
    return {**context, key: value}


@FUNCTIONS.add("context put", "context: context, keys: list, value: Any")
def _context_put_by_path(context: Entries, keys: Sequence[FeelValue], value: FeelValue) -> FeelValue:
    if not keys:
        raise NullResult("no-keys", function="context put")
    key, rest = keys[0], keys[1:]
    if not isinstance(key, str):
        raise NullResult("key-kind", function="context put", found=kind_of(key))
    if not rest:
        return {**context, key: value}
    inner = normalise(context[key]) if key in context else None
    if not isinstance(inner, Mapping):
        raise NullResult("entry-is-no-context", key=key, found=kind_of(inner))
    return {**context, key: _context_put_by_path(inner, rest, value)}


@FUNCTIONS.add("context merge", "contexts: list")
def _context_merge(contexts: Sequence[FeelValue]) -> FeelValue:
    merged: dict[str, FeelValue] = {}
    for context in contexts:
        if not isinstance(context, Mapping):
            raise NullResult("member-kind", function="context merge", expected="context", found=kind_of(context))
        merged.update(context)
    return merged


@FUNCTIONS.add("is defined", "value: Any")
def _is_defined(value: FeelValue) -> FeelValue:
    return value is not None


@FUNCTIONS.add("get or else", "value: Any, default: Any")
def _get_or_else(value: FeelValue, default: FeelValue) -> FeelValue:
    return default if value is None else value


@FUNCTIONS.add("assert", "value: Any, condition: Any, cause?: string?")
def _assert(value: FeelValue, condition: FeelValue, cause: str | None = None) -> FeelValue:
    if condition is not True:
        raise NullResult("assertion-with-cause", cause=cause) if cause else NullResult("assertion")
    return value

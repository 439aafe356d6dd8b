"""What a form asks for, in words: for whoever has to write an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def required_fields(form: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield each field a form requires: key, label, what may be chosen, and whether it is shown only at times."""
    for component in (form or {}).get("components", ()):
        yield from _required(component)


def _required(component: Mapping[str, Any]) -> Iterator[str]:
    rules = component.get("validate") or {}
    key = component.get("key") or component.get("path")
    if key and rules.get("required") and not component.get("readonly") and not component.get("disabled"):
        choices = [str(one.get("value")) for one in component.get("values") or ()]
        among = f"：{'|'.join(choices)}" if choices else f" {component.get('type')}"
        label = component.get("label") or component.get("dateLabel") or component.get("dateTimeLabel") or ""
        sometimes = "，如显示" if (component.get("conditional") or {}).get("hide") else ""
        yield f"{key}（{label}{among}{sometimes}）"
    for below in component.get("components", ()):
        yield from _required(below)

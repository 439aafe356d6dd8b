"""Which names a submission may hold; every other is an error, so that nothing slips in beside the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.forms.errors import FieldError, Labels, field_error
from engine.forms.model import Component, Group, Path
from engine.json_values import JsonValue

_KEY_SHOWN = 60  # characters of an unknown key repeated in its error


def unknown_keys(
    components: tuple[Component, ...], submitted: Mapping[str, JsonValue], path: Path
) -> Iterator[FieldError]:
    """Yield an error for every name the components have no place for; rows of lists are looked at one by one later."""
    for place, name in _unknown(_known_names(components), submitted, path):
        shown = name if len(name) <= _KEY_SHOWN else f"{name[:_KEY_SHOWN]}…"
        yield field_error("unknown-key", path=(*place, shown), labels=Labels(zh=shown, en=shown))


KnownNames = dict[str, "KnownNames | None"]


def _known_names(components: tuple[Component, ...]) -> KnownNames:
    """Return the names an object may hold; None where a value stands, names where an object does."""
    known: KnownNames = {}
    for component in components:
        if isinstance(component, Group):
            _place(known, component.path, _known_names(component.components))
        else:
            _place(known, component.path, None)
    return known


def _place(known: KnownNames, path: tuple[str, ...], inner: KnownNames | None) -> None:
    for name in path if inner is not None else path[:-1]:
        deeper = known.setdefault(name, {})
        known = {} if deeper is None else deeper
    if inner is None:
        known[path[-1]] = None
    else:
        _merge(known, inner)


def _merge(known: KnownNames, more: KnownNames) -> None:
    for name, inner in more.items():
        present = known.get(name)
        if present is not None and inner is not None:
            _merge(present, inner)
        else:
            known[name] = inner


def _unknown(known: KnownNames, submitted: Mapping[str, JsonValue], path: Path) -> Iterator[tuple[Path, str]]:
    for name, value in submitted.items():
        if name not in known:
            yield path, str(name)
            continue
        deeper = known[name]
        if deeper is not None and isinstance(value, Mapping):
            yield from _unknown(deeper, value, (*path, name))

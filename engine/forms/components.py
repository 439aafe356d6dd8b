"""Reading the components of a form document, one type after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from engine.forms.document_findings import FindingCollector, Place, shown
from engine.forms.model import Component, DynamicList, Field, Group, Rules
from engine.forms.properties import Properties
from engine.forms.rules_reader import RULES_READERS
from engine.json_values import JsonValue

DEEPEST_NESTING = 10
PRESENTATION = frozenset(
    {"text", "html", "image", "iframe", "table", "documentPreview", "spacer", "separator", "button"}
)
_MAY_HOLD_FEEL = (
    "label",
    "dateLabel",
    "timeLabel",
    "description",
    "text",
    "source",
    "alt",
    "url",
    "title",
    "dataSource",
    "columnsExpression",
    "accept",
)
_PATH = re.compile(r"\w+(\.\w+)*")
_NAMES_BROWSERS_REFUSE = frozenset({"__proto__", "constructor", "prototype"})


@dataclass(slots=True)
class TakenPaths:
    """The places values take inside one object, so that no two components write to the same."""

    owners: dict[tuple[str, ...], str] = field(default_factory=dict)

    def take(self, path: tuple[str, ...], owner: str) -> str | None:
        """Take a place; return the owner of one that lies at it, above it or below it."""
        for taken, other in self.owners.items():
            shorter = min(len(taken), len(path))
            if taken[:shorter] == path[:shorter]:
                return other
        self.owners[path] = owner
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What a component stands in: the path of its groups, the lists around it, the places taken, how deep it is."""

    base: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    taken: TakenPaths
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentReader:
    """Reads components recursively; remembers the ids it has met."""

    collector: FindingCollector
    names: frozenset[str]
    english: Mapping[str, str]
    ids: set[str] = field(default_factory=set)

    def components(self, root: Properties, *, level: int) -> tuple[Component, ...]:
        """Read the components of a form."""
        return self._components(root, Inside(taken=TakenPaths(), level=level))

    def _components(self, container: Properties, inside: Inside) -> tuple[Component, ...]:
        if inside.level > DEEPEST_NESTING:
            container.report("form-too-deep", limit=DEEPEST_NESTING)
            return ()
        read = (self._component(value, container, inside) for value in container.list_of("components"))
        return tuple(component for component in read if component is not None)

    def _component(self, value: JsonValue, container: Properties, inside: Inside) -> Component | None:
        if not isinstance(value, dict):
            found = shown(value)
            container.report(
                "form-property", name="components[]", expected_zh="对象", expected_en="objects", found=found
            )
            return None
        properties = self._properties(value)
        kind = properties.text("type") or ""
        read = self._readers().get(kind)
        for name in _MAY_HOLD_FEEL:
            properties.check_syntax(name)
        if read is not None:
            return read(properties, inside)
        if kind in PRESENTATION:
            properties.inner("conditional").condition("hide")
        elif kind in RULES_READERS:
            return self._field(properties, kind, inside)
        else:
            properties.report("form-component-unknown", found=shown(value.get("type")))
        return None

    def _readers(self) -> Mapping[str, Callable[[Properties, Inside], Component | None]]:
        return {"group": self._group, "dynamiclist": self._list}

    def _properties(self, value: dict[str, JsonValue]) -> Properties:
        element_id = value.get("id")
        labels = (value.get(name) for name in ("label", "dateLabel", "timeLabel"))
        place = Place(
            element_id=element_id if isinstance(element_id, str) else None,
            element_name=next((label for label in labels if isinstance(label, str) and label), None),
        )
        properties = Properties(values=value, place=place, collector=self.collector, names=self.names)
        if place.element_id is not None and place.element_id in self.ids:
            properties.report("form-id-duplicate", found=shown(place.element_id))
        if place.element_id is not None:
            self.ids.add(place.element_id)
        return properties

    def _field(self, properties: Properties, kind: str, inside: Inside) -> Field | None:
        path = self._path(properties, "key", inside)
        validate = properties.inner("validate")
        rules: Rules | None = RULES_READERS[kind](properties, validate)
        hide = properties.inner("conditional").condition("hide")
        readonly = properties.flag_or_condition("readonly")
        required = validate.flag("required")
        if rules is None or not path:
            return None
        label = _label(properties, path)
        return Field(
            id=_id(properties, path),
            label=label,
            label_en=self._english(path, inside),
            path=path,
            hide=hide,
            required=required,
            readonly=readonly,
            disabled=bool(properties.values.get("disabled")),
            default=properties.values.get("defaultValue"),
            rules=rules,
        )

    def _group(self, properties: Properties, inside: Inside) -> Group:
        path = self._split(properties, "path")
        within = replace(inside, base=inside.base + path, level=inside.level + 1)
        return Group(
            id=_id(properties, path),
            path=path,
            hide=properties.inner("conditional").condition("hide"),
            components=self._components(properties, within),
        )

    def _list(self, properties: Properties, inside: Inside) -> DynamicList | None:
        path = self._path(properties, "path", inside)
        lists = inside.lists + inside.base + path
        within = Inside(lists=lists, taken=TakenPaths(), level=inside.level + 1)
        components = self._components(properties, within)
        hide = properties.inner("conditional").condition("hide")
        repetitions = properties.count("defaultRepetitions")
        if not path:
            return None
        label = _label(properties, path)
        return DynamicList(
            id=_id(properties, path),
            label=label,
            label_en=self._english(path, inside),
            path=path,
            hide=hide,
            components=components,
            rows_are_fixed=properties.values.get("allowAddRemove") is False,
            default_repetitions=1 if repetitions is None else repetitions,
        )

    def _english(self, path: tuple[str, ...], inside: Inside) -> str:
        named = inside.lists + inside.base + path
        return self.english.get(".".join(named)) or named[-1]

    def _path(self, properties: Properties, name: str, inside: Inside) -> tuple[str, ...]:
        """Read a path that must be there, and take its place."""
        path = self._split(properties, name)
        if not path:
            if not properties.values.get(name):
                properties.report("form-key-missing", name=name)
            return ()
        full = inside.base + path
        other = inside.taken.take(full, _id(properties, path))
        if other is not None:
            properties.report("form-key-duplicate", found=shown(".".join(full)), other=shown(other))
        return path

    def _split(self, properties: Properties, name: str) -> tuple[str, ...]:
        text = properties.text(name)
        if text is None:
            return ()
        parts = tuple(text.split("."))
        if not _PATH.fullmatch(text) or not _NAMES_BROWSERS_REFUSE.isdisjoint(parts):
            properties.report("form-key-invalid", name=name, found=shown(text))
            return ()
        return parts


def _id(properties: Properties, path: tuple[str, ...]) -> str:
    return properties.place.element_id or ".".join(path)


def _label(properties: Properties, path: tuple[str, ...]) -> str:
    """Return the label shown in messages; one that is computed in the browser gives way to the key."""
    label = properties.place.element_name or ""
    return ".".join(path) if not label or label.startswith("=") or "{{" in label else label

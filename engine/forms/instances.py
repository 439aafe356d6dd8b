"""Laying a form over a submission: every field once per row, with what was submitted and what is stored for it."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field

from engine.feel import FeelError
from engine.forms.errors import UNNAMED, FieldError, Labels, field_error, wrong_type
from engine.forms.keys import unknown_keys
from engine.forms.limits import Limits
from engine.forms.model import Component, Condition, DynamicList, Field, Group, Path
from engine.forms.stored_rows import stored_rows_for
from engine.forms.values import ABSENT, Absent, Overlay, is_list
from engine.json_values import JsonValue

Names = MutableMapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The form itself, or one row: its values as FEEL sees them, over what is stored."""

    values: Overlay
    parent: Scope | None = None
    indexes: tuple[int, ...] = ()

    @property
    def root(self) -> Scope:
        """The form's own scope."""
        return self if self.parent is None else self.parent.root


@dataclass(slots=True, kw_only=True)
class ContainerInstance:
    """A group or list where it stands; `errors` count only while it is visible.

    opened_with: the rows a list has when the form is opened.
    """

    path: Path
    scope: Scope
    hide: Condition | None = None
    parent: ContainerInstance | None = None
    labels: Labels = UNNAMED
    hidden: bool = False
    rows: list[JsonValue] | None = None
    opened_with: list[JsonValue] | None = None
    target: Names | None = None
    failure: FeelError | None = None
    errors: list[FieldError] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class FieldInstance:
    """A field where it stands; `effective` is the value that counts, as soon as it is settled."""

    field: Field
    path: Path
    scope: Scope
    parent: ContainerInstance
    target: Names
    submitted: JsonValue | Absent
    stored: JsonValue | Absent
    hidden: bool = False
    locked: bool = False
    effective: JsonValue | Absent = ABSENT
    failure: FeelError | None = None


Instance = FieldInstance | ContainerInstance


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One object of the submission with its counterpart among the stored values.

    is_known: False for a row that may be any of the stored ones: nobody can tell how many rows the lists in it have.
    """

    submitted: Mapping[str, JsonValue]
    stored: Mapping[str, JsonValue]
    target: Names
    path: Path
    scope: Scope
    container: ContainerInstance
    is_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRow:
    """What is stored for a submitted row, and whether it is known to be that row."""

    row: Mapping[str, JsonValue]
    index: int
    is_known: bool


class Expansion:
    """Expands the components of a form over one submission, containers before what they contain."""

    def __init__(self, components: tuple[Component, ...], data: Mapping[str, JsonValue], limits: Limits) -> None:
        self._components = components
        self._data = data
        self._limits = limits
        self.instances: list[Instance] = []

    def over(self, submission: Mapping[str, JsonValue]) -> list[Instance]:
        """Return the instances; unknown keys and misshapen containers are errors of their containers."""
        view: Names = {}
        scope = Scope(values=Overlay(view, _as_names(self._data)))
        root = ContainerInstance(path=(), scope=scope)
        self.instances.append(root)
        level = Level(submitted=submission, stored=self._data, target=view, path=(), scope=scope, container=root)
        self._object(self._components, level)
        return self.instances

    def _object(self, components: tuple[Component, ...], level: Level) -> None:
        level.container.errors.extend(unknown_keys(components, level.submitted, level.path))
        self._all(components, level)

    def _all(self, components: tuple[Component, ...], level: Level) -> None:
        for component in components:
            if isinstance(component, Field):
                self._field(component, level)
            elif isinstance(component, Group):
                self._group(component, level)
            else:
                self._list(component, level)

    def _field(self, component: Field, level: Level) -> None:
        inner = self._descend(level, component.path[:-1])
        name = component.path[-1]
        self.instances.append(
            FieldInstance(
                field=component,
                path=(*inner.path, name),
                scope=level.scope,
                parent=level.container,
                target=inner.target,
                submitted=inner.submitted.get(name, ABSENT),
                stored=_get(inner.stored, name),
            )
        )

    def _group(self, group: Group, level: Level) -> None:
        container = ContainerInstance(
            path=level.path + group.path, scope=level.scope, hide=group.hide, parent=level.container
        )
        self.instances.append(container)
        within = Level(
            submitted=level.submitted,
            stored=level.stored,
            target=level.target,
            path=level.path,
            scope=level.scope,
            container=container,
            is_known=level.is_known,
        )
        self._all(group.components, self._descend(within, group.path))

    def _list(self, component: DynamicList, level: Level) -> None:
        inner = self._descend(level, component.path[:-1])
        name = component.path[-1]
        container = ContainerInstance(
            path=(*inner.path, name),
            scope=level.scope,
            hide=component.hide,
            parent=level.container,
            labels=labels_of(component),
            target=inner.target,
        )
        self.instances.append(container)
        stored = _get(inner.stored, name)
        stored_rows = list(stored) if is_list(stored) else []  # type: ignore[arg-type]  # is_list has looked
        repetitions = min(component.default_repetitions, self._limits.entries)
        container.opened_with = stored_rows if is_list(stored) else [{}] * repetitions
        expected = len(container.opened_with) if component.rows_are_fixed and level.is_known else None
        rows = self._rows(container, inner.submitted.get(name, ABSENT), expected)
        if rows is None:
            return
        container.rows = []
        matched = stored_rows_for(component, rows, stored_rows)
        for index, (row, stored_row) in enumerate(zip(rows, matched, strict=True)):
            is_known = level.is_known and (stored_row is not None or not stored_rows)
            self._row(component, container, row, StoredRow(row=stored_row or {}, index=index, is_known=is_known))

    def _rows(
        self,
        container: ContainerInstance,
        submitted: JsonValue | Absent,
        expected: int | None,
    ) -> list[JsonValue] | None:
        """Return the submitted rows; None when there are none to look into.

        Browsers leave out a row, or the whole list, when nothing in it is theirs to send: fixed rows are there anyway.
        """
        labels = container.labels
        if isinstance(submitted, Absent) or submitted is None:
            return [{} for _ in range(expected)] if expected else None
        if not is_list(submitted):
            container.errors.append(wrong_type(container.path, labels, ("列表", "a list"), submitted))
            return None
        rows = list(submitted)  # type: ignore[arg-type]  # is_list has looked
        if len(rows) > self._limits.entries:
            words = {"limit": self._limits.entries, "found": len(rows)}
            container.errors.append(field_error("too-many", path=container.path, labels=labels, **words))
            return None
        if expected is not None and len(rows) != expected:
            words = {"limit": expected, "found": len(rows)}
            container.errors.append(field_error("fixed-rows", path=container.path, labels=labels, **words))
        return rows

    def _row(
        self,
        component: DynamicList,
        container: ContainerInstance,
        row: JsonValue,
        stored: StoredRow,
    ) -> None:
        path = (*container.path, stored.index)
        view: Names = {}
        values = Overlay(view, _as_names(stored.row))
        if container.rows is not None:
            container.rows.append(values)
        if row is None:
            row = {}
        if not isinstance(row, Mapping):
            container.errors.append(wrong_type(path, labels_of(component), ("对象", "an object"), row))
            return
        scope = Scope(values=values, parent=container.scope, indexes=(*container.scope.indexes, stored.index + 1))
        level = Level(
            submitted=row,
            stored=stored.row,
            target=view,
            path=path,
            scope=scope,
            container=container,
            is_known=stored.is_known,
        )
        self._object(component.components, level)

    def _descend(self, level: Level, path: tuple[str, ...]) -> Level:
        """Go down to the object a path leads to; one that is no object counts as empty and is an error."""
        for name in path:
            submitted = level.submitted.get(name, ABSENT)
            stored = _get(level.stored, name)
            stored_names = stored if isinstance(stored, Mapping) else {}
            here = (*level.path, name)
            if not isinstance(submitted, Mapping) and not (isinstance(submitted, Absent) or submitted is None):
                error = wrong_type(here, Labels(zh=name, en=name), ("对象", "an object"), submitted)
                if error not in level.container.errors:
                    level.container.errors.append(error)
            merged = level.target.get(name)
            if not isinstance(merged, Overlay):
                merged = Overlay({}, _as_names(stored_names))
                level.target[name] = merged
            level = Level(
                submitted=submitted if isinstance(submitted, Mapping) else {},
                stored=stored_names,
                target=merged,
                path=here,
                scope=level.scope,
                container=level.container,
                is_known=level.is_known,
            )
        return level


def labels_of(component: Field | DynamicList) -> Labels:
    """Return what a component is called in messages."""
    return Labels(zh=component.label, en=component.label_en)


def _get(values: Mapping[str, JsonValue], name: str) -> JsonValue | Absent:
    try:
        return values[name]
    except KeyError:
        return ABSENT


def _as_names(values: Mapping[str, JsonValue]) -> Names:
    """Let a Overlay read from a mapping it will never write to."""
    return values  # type: ignore[return-value]  # only the first map of a chain is written

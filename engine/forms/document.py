"""Reading a form-js document: everything the server will need, or findings that say what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.forms.components import ComponentReader
from engine.forms.document_findings import FindingCollector, FormDocumentError, Place, shown
from engine.forms.model import Component, Form, Group
from engine.forms.properties import Properties, is_formula
from engine.json_values import JsonObject, JsonValue, load_json

SCHEMA_VERSION = 19
LARGEST_DOCUMENT = 2_000_000  # characters
_DEEPEST_JSON = 60


def parse(
    text: str | bytes,
    *,
    resource: str = "form",
    english: Mapping[str, str] | None = None,
    taken: frozenset[str] = frozenset(),
) -> Form:
    """Read a form document (schemaVersion 19 or less).

    resource: its file name, for the findings.
    english: labels for English messages by dotted path (`members.name`); what is missing goes by its key.
    taken: names no key or path may begin with.

    Raises:
        FormDocumentError: the document has errors; it carries every finding, warnings too.
    """
    source = text.decode("utf-8", errors="replace") if isinstance(text, bytes) else text
    collector = FindingCollector(resource=resource, source=source)
    document = _json_object(source, collector)
    names = frozenset(_names_in(document))
    root = Properties(values=document, place=Place(), collector=collector, names=names)
    form_id = _form_id(root)
    _check_version(root)
    reader = ComponentReader(collector=collector, names=names, english=english or {})
    components = reader.components(root, level=0)
    _refuse_taken(components, taken, collector)
    if collector.has_errors:
        raise FormDocumentError(tuple(collector.findings))
    return Form(
        id=form_id,
        version_tag=root.text("versionTag"),
        components=components,
        texts=tuple(_expressions_and_templates(document)),
        warnings=tuple(collector.findings),
    )


def _refuse_taken(components: tuple[Component, ...], taken: frozenset[str], collector: FindingCollector) -> None:
    for component in components:
        if component.path and component.path[0] in taken:
            collector.add("form-key-taken", Place(element_id=component.id), found=component.path[0])
        elif isinstance(component, Group) and not component.path:
            _refuse_taken(component.components, taken, collector)


def _json_object(source: str, collector: FindingCollector) -> JsonObject:
    reason = ""
    document: JsonValue = None
    if len(source) > LARGEST_DOCUMENT:
        reason = f"{len(source)} > {LARGEST_DOCUMENT}"
    else:
        try:
            document = load_json(source)
        except (ValueError, RecursionError) as error:
            reason = str(error)
        if not reason and not isinstance(document, dict):
            reason = shown(document)
        if not reason and _depth_exceeds(document, _DEEPEST_JSON):
            reason = f"> {_DEEPEST_JSON} levels"
    if reason or not isinstance(document, dict):
        collector.add("form-not-json", Place(), reason=reason)
        raise FormDocumentError(tuple(collector.findings))
    return document


def _form_id(root: Properties) -> str:
    form_id = root.text("id")
    if form_id is None and "id" not in root.values:
        root.report("form-key-missing", name="id")
    return form_id or ""


def _check_version(root: Properties) -> None:
    version = root.count("schemaVersion")
    if version is not None and version > SCHEMA_VERSION:
        root.report("form-version", found=version, supported=SCHEMA_VERSION)


def _names_in(value: JsonValue) -> Iterator[str]:
    """Yield what keys and paths the form gives to values, so that expressions may hold names with odd signs."""
    if isinstance(value, dict):
        for name in ("key", "path", "valuesKey"):
            written = value.get(name)
            if isinstance(written, str):
                yield from written.split(".")
        for inner in value.values():
            yield from _names_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names_in(inner)


def _expressions_and_templates(value: JsonValue, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for inner_name, inner in value.items():
            yield from _expressions_and_templates(inner, inner_name)
    elif isinstance(value, list):
        for inner in value:
            yield from _expressions_and_templates(inner)
    elif isinstance(value, str) and (is_formula(value) or "{{" in value or name == "valuesKey"):
        yield value


def _depth_exceeds(value: JsonValue, limit: int) -> bool:
    layer: list[JsonValue] = [value]
    for _ in range(limit):
        layer = [
            inner
            for outer in layer
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not layer:
            return False
    return True

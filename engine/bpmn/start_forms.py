"""The form a process is begun with, for clients that show it; nothing runs by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.names import attributes_of, bpmn, extension, local_name
from engine.bpmn.xml_source import parse_xml
from engine.core.graph import FormLink

if TYPE_CHECKING:
    from lxml import etree


def start_form_of(content: bytes, process_id: str) -> FormLink | None:
    """Return the form at the start event of a process in a deployed diagram."""
    for process in parse_xml(content).iter(bpmn("process")):
        if process.get("id") == process_id:
            found = (read_start_form(one) for one in process.iterfind(bpmn("startEvent")))
            return next((one for one in found if one is not None), None)
    return None


def read_start_form(element: etree._Element) -> FormLink | None:
    """Read the form of a start event."""
    drawn = extension(element, "formDefinition") if local_name(element) == "startEvent" else None
    form = {} if drawn is None else attributes_of(drawn)
    if not form.get("formId"):
        return None
    return FormLink(
        form_id=form["formId"],
        binding=form.get("bindingType", "latest"),
        version_tag=form.get("versionTag") or None,
    )


def may_have_form(element: etree._Element) -> bool:
    """Say whether a start event is begun by hand, at which alone somebody fills a form: of a process, and no type."""
    parent = element.getparent()
    is_typed = any(isinstance(one.tag, str) and one.tag.endswith("EventDefinition") for one in element)
    return parent is not None and local_name(parent) == "process" and not is_typed

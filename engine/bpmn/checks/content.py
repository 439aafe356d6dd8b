"""Only elements, attributes and extensions that the core understands: nothing is accepted and then ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from engine.bpmn import names
from engine.bpmn.checks import vocabulary
from engine.bpmn.names import BOOLEANS, BPMN, ZEEBE, attributes_of, local_name, namespace

if TYPE_CHECKING:
    from collections.abc import Collection

    from engine.bpmn.drawing import Drawing

_CAMUNDA_7 = "http://camunda.org/schema/1.0/bpmn"


def check(drawing: Drawing) -> None:
    """Look at everything that is drawn in executable processes, and at what their events refer to."""
    for child in drawing.root:
        tag = local_name(child)
        if namespace(child) == BPMN and tag not in vocabulary.TOP_LEVEL:
            _report_element(drawing, child)
        elif tag in ("message", "signal", "error", "escalation"):
            _check_attributes(drawing, child)
            _check_extensions(drawing, child)
        elif tag == "process" and child not in drawing.processes:
            _check_boolean(drawing, child, "isExecutable")
    for process in drawing.processes:
        _check_tree(drawing, process)
    for tag, found in drawing.foreign.items():
        first = min(found, key=line_of)
        drawing.report("foreign-extension", first, tag=tag, count=len(found))


def line_of(element: etree._Element) -> int:
    """Return where an element stands in the document; 0 when that is not known."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def _check_tree(drawing: Drawing, process: etree._Element) -> None:
    waiting = [process]
    while waiting:
        element = waiting.pop()
        tag = local_name(element)
        _check_attributes(drawing, element)
        if tag in vocabulary.ANY_CONTENT:
            _check_drawn_only(drawing, element)
            continue
        allowed = vocabulary.CHILDREN.get(tag, vocabulary.COMMON)
        _check_once(drawing, element, element, vocabulary.ONCE)
        for child in element:
            if namespace(child) != BPMN:
                _report_foreign(drawing, child)
            elif local_name(child) == "extensionElements":
                _check_extensions(drawing, element)
            elif local_name(child) == "script":
                drawing.report("script-refused", element, id=element.get("id"))
            elif local_name(child) in allowed:
                waiting.append(child)
            elif local_name(child).endswith("EventDefinition") and tag in vocabulary.CHILDREN:
                pass  # told by the check of events, which names the types that fit
            else:
                _report_element(drawing, child)


def _check_drawn_only(drawing: Drawing, element: etree._Element) -> None:
    """Look within what is drawing only, whatever it holds, for what would have to do something."""
    for each in element.iter():
        if not isinstance(each.tag, str):
            continue
        if namespace(each) == BPMN and local_name(each) in vocabulary.MOVES_DATA:
            _report_element(drawing, each)
        _check_extensions(drawing, each)


def _check_attributes(drawing: Drawing, element: etree._Element) -> None:
    allowed = vocabulary.attributes_of_tag(local_name(element))
    for full_name, value in attributes_of(element).items():
        name = etree.QName(full_name)
        if name.namespace:
            _check_extending_attribute(drawing, element, name, value)
            continue
        harmless = vocabulary.HARMLESS_VALUES.get(name.localname, ())
        is_harmless = value.strip() in harmless or name.localname in vocabulary.HARMLESS_NAMES
        if allowed is not None and name.localname not in allowed and not is_harmless:
            report_attribute(drawing, element, name.localname, value)
        elif name.localname in vocabulary.BOOLEAN_ATTRIBUTES:
            _check_boolean(drawing, element, name.localname)
        elif name.localname in vocabulary.LANGUAGE_ATTRIBUTES:
            _check_language(drawing, element, name.localname, value)


def _check_extending_attribute(drawing: Drawing, element: etree._Element, name: etree.QName, value: str) -> None:
    """Refuse an attribute of another namespace that would have to do something; that of a modeler is drawing only."""
    if name.namespace == _CAMUNDA_7:
        drawing.report("camunda-7-extension", element, tag=name.localname)
    elif name.namespace == ZEEBE and not name.localname.startswith(vocabulary.MODELER_ATTRIBUTES):
        report_attribute(drawing, element, name.localname, value)


def _check_language(drawing: Drawing, element: etree._Element, attribute: str, value: str) -> None:
    """Refuse another language than FEEL at what is read as FEEL: no literal time, no script that a worker runs."""
    is_script = local_name(element) == "scriptTask"
    is_read = is_script and names.extension(element, "script") is not None
    if not is_script:
        is_read = (element.text or "").strip().startswith("=")
    if is_read and value.strip() and not vocabulary.FEEL_LANGUAGE.fullmatch(value.strip()):
        drawing.report("expression-language", element, attribute=attribute, value=value)


def _check_boolean(drawing: Drawing, element: etree._Element, name: str) -> None:
    value = element.get(name, "false")
    if value.strip() not in BOOLEANS:
        drawing.report("bad-value", element, attribute=name, value=value, allowed=", ".join(BOOLEANS))


def _check_once(drawing: Drawing, owner: etree._Element, parent: etree._Element, tags: Collection[str] | None) -> None:
    """Report what is drawn twice, the second of which nobody would read; `tags` None: nothing may be."""
    names = [local_name(each) for each in parent if isinstance(each.tag, str) and namespace(each) in (BPMN, ZEEBE)]
    for tag in dict.fromkeys(names):
        if names.count(tag) > 1 and (tags is None or tag in tags):
            drawing.report("drawn-twice", owner, id=owner.get("id"), tag=tag)


def _check_extensions(drawing: Drawing, owner: etree._Element) -> None:
    for drawn in owner.iterfind(f"{{{BPMN}}}extensionElements"):
        _check_once(drawing, owner, drawn, None)
    allowed = vocabulary.EXTENSIONS.get(local_name(owner), vocabulary.EXTENSIONS_ANYWHERE)
    for extension in owner.iterfind(f"{{{BPMN}}}extensionElements/*"):
        if namespace(extension) != ZEEBE:
            _report_foreign(drawing, extension)
        elif local_name(extension) not in allowed:
            report_extension(drawing, extension, local_name(extension))
        else:
            _check_extension(drawing, extension)


def _check_extension(drawing: Drawing, extension: etree._Element) -> None:
    tag = local_name(extension)
    values = vocabulary.ALLOWED_VALUES.get(tag, {})
    allowed = vocabulary.EXTENSION_ATTRIBUTES.get(tag, frozenset())
    for name, value in attributes_of(extension).items():
        if etree.QName(name).namespace:
            _check_extending_attribute(drawing, extension, etree.QName(name), value)
        elif name not in allowed and not name.startswith(vocabulary.MODELER_ATTRIBUTES):
            report_attribute(drawing, extension, name, value)
        elif name in values and value not in values[name]:
            drawing.report("bad-value", extension, attribute=name, value=value, allowed=", ".join(sorted(values[name])))
    children = vocabulary.EXTENSION_CHILDREN.get(tag, "").split()
    for child in extension:
        if namespace(child) == ZEEBE and local_name(child) in children:
            _check_extension(drawing, child)
        else:
            report_extension(drawing, child, local_name(child))


def _report_foreign(drawing: Drawing, element: etree._Element) -> None:
    """Refuse what Camunda means where it means nothing; what other products mean is told at the end, once a kind."""
    tag = local_name(element)
    if namespace(element) == _CAMUNDA_7:
        drawing.report("camunda-7-extension", element, tag=tag)
    elif namespace(element) == ZEEBE:
        report_extension(drawing, element, tag)
    else:
        drawing.foreign.setdefault(tag, []).append(element)


def report_extension(drawing: Drawing, element: etree._Element, tag: str) -> None:
    """Report an extension that stands where it would have no effect."""
    advice_zh, advice_en = vocabulary.ADVICE.get(tag, vocabulary.GENERAL_ADVICE)
    drawing.report("unsupported-extension", element, tag=tag, advice_zh=advice_zh, advice_en=advice_en)


def report_element(drawing: Drawing, element: etree._Element, tag: str, topic: str) -> None:
    """Report an element that stands where it cannot be run; the advice is that of a topic."""
    advice_zh, advice_en = vocabulary.ADVICE.get(topic, vocabulary.GENERAL_ADVICE)
    drawing.report("unsupported-element", element, tag=tag, advice_zh=advice_zh, advice_en=advice_en)


def _report_element(drawing: Drawing, element: etree._Element) -> None:
    report_element(drawing, element, local_name(element), local_name(element))


def report_attribute(drawing: Drawing, element: etree._Element, name: str, value: str) -> None:
    """Report an attribute that would have no effect where it stands."""
    advice_zh, advice_en = vocabulary.ADVICE.get(name, vocabulary.GENERAL_ADVICE)
    drawing.report(
        "unsupported-attribute",
        element,
        tag=local_name(element),
        attribute=name,
        value=value,
        advice_zh=advice_zh,
        advice_en=advice_en,
    )

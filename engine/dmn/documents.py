"""Read a DMN document safely: no document type, no entities, no network; and small ways to look into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from engine.dmn.findings import DmnError, finding_at
from engine.dmn.logic import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.dmn.messages import DecisionMessage
    from engine.feel.messages import Field

NAMESPACES = (
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
)
"""The model namespaces of DMN 1.1 to 1.5; what is read here is written alike in all of them."""
LARGEST_DOCUMENT = 20_000_000


def read_document(xml: bytes) -> etree._Element:
    """The root element of a DMN document.

    Raises:
        DmnError: it is not XML, has a document type, or is not DMN 1.1 to 1.5.
    """
    if len(xml) > LARGEST_DOCUMENT:
        raise refusal("document-too-large", line=1, limit=LARGEST_DOCUMENT)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise refusal("not-well-formed", line=error.lineno or 1, reason=error.msg) from error
    if root.getroottree().docinfo.internalDTD is not None:
        line = xml[: max(xml.find(b"<!DOCTYPE"), 0)].count(b"\n") + 1
        raise refusal("doctype", line=line)
    if local_name(root) != "definitions" or etree.QName(root).namespace not in NAMESPACES:
        raise refusal("not-dmn", line=line_of(root), tag=str(root.tag))
    return root


def refusal(code: str, /, *, line: int, **fields: Field) -> DmnError:
    """An error of one finding about the document as a whole."""
    return refusal_at(Place(element_id="", name="", line=line), code, **fields)


def refusal_at(place: Place, code: str, /, **fields: Field) -> DmnError:
    """An error of one finding about an element."""
    return DmnError((finding_at(place, code, **fields),))


def line_of(element: etree._Element) -> int:
    """The line an element starts on."""
    line = element.sourceline
    return line if isinstance(line, int) else 0


def local_name(element: etree._Element) -> str:
    """The tag without its namespace; empty for comments."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The DMN child elements of these names, in order; elements of other namespaces are passed over."""
    namespace = etree.QName(element).namespace
    for child in element:
        if isinstance(child.tag, str):
            tag = etree.QName(child)
            if tag.namespace == namespace and (not names or tag.localname in names):
                yield child


def child(element: etree._Element, *names: str) -> etree._Element | None:
    """The first DMN child of these names."""
    return next(children(element, *names), None)


def text_of(element: etree._Element | None) -> str:
    """The FEEL text in an element's `text` child, without surrounding space."""
    if element is None:
        return ""
    text = child(element, "text")
    return "".join(str(part) for part in text.itertext()).strip() if text is not None else ""


def place_of(
    element: etree._Element, *, fallback: Place | None = None, name: str = "", part: DecisionMessage | None = None
) -> Place:
    """Where an element stands; one without id borrows the id of what holds it."""
    return Place(
        element_id=element.get("id") or (fallback.element_id if fallback else ""),
        name=name or element.get("name") or element.get("label") or (fallback.name if fallback else ""),
        line=line_of(element),
        part=part,
    )

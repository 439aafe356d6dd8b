"""Reading XML that strangers wrote: no document type, no entities, nothing fetched."""

from __future__ import annotations

from lxml import etree


class XmlRefused(Exception):
    """The bytes are not XML that may be read; `line` says where."""

    def __init__(self, code: str, reason: str, line: int | None) -> None:
        self.code, self.reason, self.line = code, reason, line
        super().__init__(f"{code}: {reason}")


def parse_xml(xml: bytes) -> etree._Element:
    """Parse a document without its comments and processing instructions.

    Raises:
        XmlRefused: it is not well-formed, or declares a document type.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as failure:
        if b"<!DOCTYPE" in xml:
            raise XmlRefused("doctype", "the document declares a document type", None) from failure
        raise XmlRefused("not-well-formed", str(failure.msg), failure.lineno) from failure
    except ValueError as failure:
        raise XmlRefused("not-well-formed", str(failure), None) from failure
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None or tree.docinfo.doctype:
        raise XmlRefused("doctype", "the document declares a document type", 1)
    return root

"""The decision models of a folder, found by their namespaces: what a model in it may import."""

from __future__ import annotations

from pathlib import Path

from lxml import etree


class Neighbours:
    """Gives the XML of the model of a namespace, as `parse` asks for it; files that are no XML are passed over."""

    def __init__(self, folder: Path) -> None:
        roots = ((path, root_of(path)) for path in sorted(folder.glob("*.dmn")))
        self._paths = {root.get("namespace") or "": path for path, root in roots if root is not None}

    def __call__(self, namespace: str) -> bytes:
        """The XML of a model.

        Raises:
            KeyError: no model of the folder has this namespace.
        """
        return self._paths[namespace].read_bytes()


def root_of(path: Path) -> etree._Element | None:
    """The root element of a file; None where it is no XML."""
    try:
        return etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    except (etree.XMLSyntaxError, OSError):
        return None

"""How a run or paragraph of a DOCX looks once its styles are counted in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from docx.document import Document as DocumentFile
from docx.oxml.ns import qn
from lxml.etree import _Element as Element

TWIPS = 20  # twentieths of a point
HALF_POINTS = 2
DEFAULT_SIZE = 10.5
OFF = ("0", "false", "off", "none")
ALIGNMENTS = {"start": "left", "end": "right", "both": "justify", "distribute": "justify"}
LINE_OF_SIZE = 1.3  # what Word takes for a single line of Chinese, in sizes of the font


@dataclass(slots=True)
class Looks:
    """The styles of a document."""

    styles: dict[str, Element]
    defaults: Element | None

    @classmethod
    def of(cls, document: DocumentFile) -> Looks:
        """Read the styles of a document."""
        root = document.styles.element
        styles = {style.get(qn("w:styleId")): style for style in root.findall(qn("w:style"))}
        return cls(styles=styles, defaults=root.find(qn("w:docDefaults")))

    def run(self, run: Element, paragraph: Element) -> dict[str, object]:
        """Return size, weight, line, colour and font of a run."""
        chain = list(self._of_run(run, paragraph))
        size = _value(chain, "w:sz")
        colour = _value(chain, "w:color")
        fonts = next((one for part in chain if (one := part.find(qn("w:rFonts"))) is not None), None)
        family = None if fonts is None else fonts.get(qn("w:eastAsia")) or fonts.get(qn("w:ascii"))
        return {
            "size": int(size) / HALF_POINTS if size and size.isdigit() else DEFAULT_SIZE,
            "bold": _is_on(chain, "w:b"),
            "underline": _is_on(chain, "w:u"),
            "colour": f"#{colour}" if colour and len(colour) == 6 else "#000000",
            "font": family or "",
        }

    def paragraph(self, paragraph: Element) -> dict[str, object]:
        """Return alignment, indents and spacing of a paragraph, in points."""
        chain = list(self._of_paragraph(paragraph))
        size = self._size(paragraph)
        alignment = _value(chain, "w:jc") or "justify"
        indent = {name: _attribute(chain, "w:ind", name) for name in ("left", "right", "firstLine", "firstLineChars")}
        chars = indent["firstLineChars"]
        first = int(chars) / 100 * size if chars else _points(indent["firstLine"])
        return {
            "align": ALIGNMENTS.get(alignment, alignment if alignment in ("left", "right", "center") else "justify"),
            "first": first,
            "left": _points(indent["left"]),
            "right": _points(indent["right"]),
            "before": _points(_attribute(chain, "w:spacing", "before")),
            "after": _points(_attribute(chain, "w:spacing", "after")),
            "line": self._line(chain, size),
            "keep": _is_on(chain, "w:keepNext"),
            "size": size,
        }

    def _size(self, paragraph: Element) -> float:
        sizes = [self.run(run, paragraph)["size"] for run in paragraph.findall(qn("w:r"))]
        if sizes:
            return max(float(str(size)) for size in sizes)
        return float(str(self.run(paragraph, paragraph)["size"]))

    def _line(self, chain: list[Element], size: float) -> float:
        line = _attribute(chain, "w:spacing", "line")
        if line is None:
            return size * LINE_OF_SIZE
        if _attribute(chain, "w:spacing", "lineRule") in ("exact", "atLeast"):
            return max(int(line) / TWIPS, size)
        return int(line) / 240 * size * LINE_OF_SIZE

    def _of_run(self, run: Element, paragraph: Element) -> Iterator[Element]:
        own = run.find(qn("w:rPr"))
        if own is not None:
            yield own
            yield from self._style(own.find(qn("w:rStyle")), "w:rPr")
        yield from self._style(_style_of(paragraph), "w:rPr", default="Normal")
        yield from self._default("w:rPrDefault", "w:rPr")

    def _of_paragraph(self, paragraph: Element) -> Iterator[Element]:
        own = paragraph.find(qn("w:pPr"))
        if own is not None:
            yield own
        yield from self._style(_style_of(paragraph), "w:pPr", default="Normal")
        yield from self._default("w:pPrDefault", "w:pPr")

    def _style(self, named: Element | None, part: str, default: str | None = None) -> Iterator[Element]:
        name = named.get(qn("w:val")) if named is not None else default
        seen: set[str] = set()
        while name and name in self.styles and name not in seen:
            seen.add(name)
            style = self.styles[name]
            found = style.find(qn(part))
            if found is not None:
                yield found
            based = style.find(qn("w:basedOn"))
            name = based.get(qn("w:val")) if based is not None else None

    def _default(self, holder: str, part: str) -> Iterator[Element]:
        found = None if self.defaults is None else self.defaults.find(f"{qn(holder)}/{qn(part)}")
        if found is not None:
            yield found


def _style_of(paragraph: Element) -> Element | None:
    return paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")


def _value(chain: list[Element], tag: str) -> str | None:
    found = next((one for part in chain if (one := part.find(qn(tag))) is not None), None)
    return None if found is None else found.get(qn("w:val"))


def _is_on(chain: list[Element], tag: str) -> bool:
    found = next((one for part in chain if (one := part.find(qn(tag))) is not None), None)
    return found is not None and found.get(qn("w:val"), "1") not in OFF


def _attribute(chain: list[Element], tag: str, name: str) -> str | None:
    for part in chain:
        found = part.find(qn(tag))
        if found is not None and found.get(qn(f"w:{name}")) is not None:
            return str(found.get(qn(f"w:{name}")))
    return None


def _points(twips: str | None) -> float:
    return int(float(twips)) / TWIPS if twips else 0.0

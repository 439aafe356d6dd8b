"""A filled DOCX as PDF, typeset by Typst: Chinese line breaking, embedded fonts, the archival form PDF/A-2u."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from engine.json_values import dump_json
from workflows.printing.errors import ChineseFontMissing, PaperNotTypeset
from workflows.printing.reading import read_paper

PAPER = Path(__file__).with_name("paper.typ")
ARCHIVAL: Literal["a-2u"] = "a-2u"
SONG = (
    "SimSun",
    "宋体",
    "STSong",
    "FZShuSong-Z01",
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
)
FANGSONG = ("FangSong_GB2312", "FangSong", "仿宋_GB2312", "仿宋", "FZFangSong-Z02", "STFangsong")
HEI = ("SimHei", "黑体", "STHeiti", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN")
KAI = ("KaiTi_GB2312", "KaiTi", "楷体_GB2312", "楷体", "STKaiti", "AR PL UKai CN")
TITLE = ("FZXiaoBiaoSong-B05S", "方正小标宋简体")
CLASSES = (
    (("仿宋", "fangsong"), FANGSONG),
    (("小标宋", "xiaobiaosong"), TITLE),
    (("黑体", "simhei", "heiti", "sans"), HEI),
    (("楷", "kai"), KAI),
)
"""By what a font is called in a template, the fonts that look like it, the best first; Song stands behind them all."""


def typeset(filled: bytes, *, made_at: datetime) -> bytes:
    """Return the PDF of a filled DOCX; the same paper and time give the same bytes.

    Raises:
        ChineseFontMissing: no Chinese font is installed.
        PaperNotTypeset: the paper holds something that cannot be laid out.
    """
    paper = read_paper(filled)
    families = {name: fonts_for(name) for name in _font_names(paper)}
    inputs = {"paper": dump_json({**paper, "fonts": families})}
    try:
        made: Any = typst.Compiler(PAPER, root=PAPER.parent, font_paths=_fonts(), sys_inputs=inputs).compile(
            format="pdf", pdf_standards=ARCHIVAL, timestamp=int(made_at.timestamp())
        )
    except typst.TypstError as broken:
        raise PaperNotTypeset(broken.message) from broken
    return bytes(made)


def fonts_for(name: str) -> list[str]:
    """Return the installed fonts that stand for a font's name in a template, the best first.

    Raises:
        ChineseFontMissing: not even a plain Song is installed.
    """
    wanted = next((fonts for words, fonts in CLASSES if any(word in name.lower() for word in words)), ())
    installed = _families()
    found = [font for font in (name, *wanted, *SONG) if font in installed]
    if not any(font in installed for font in (*SONG, *FANGSONG)):
        raise ChineseFontMissing
    return list(dict.fromkeys(found))


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)


@cache
def _families() -> frozenset[str]:
    return frozenset(_fonts().families())


def _font_names(block: object) -> set[str]:
    if isinstance(block, dict):
        own = {str(block["font"])} if "font" in block else set()
        return own.union(*(_font_names(value) for value in block.values()))
    if isinstance(block, list) and block and not isinstance(block[0], int):
        return set().union(*(_font_names(one) for one in block))
    return {""}

"""What can go wrong with templates and paper; every kind says the place and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.errors import EngineError


class FindingLevel(StrEnum):
    """Whether a template can be used with a finding."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFinding:
    """One thing about a template: where it is, and what to do, in both languages."""

    level: FindingLevel
    place: str
    place_en: str
    zh: str
    en: str


class TemplateRefused(EngineError):
    """A template cannot be used; `findings` names each place."""

    code = "template-refused"
    text_zh = "模板有 {count} 处需要更正，未保存。请按下列位置逐项更正后重新上传。{first_zh}"
    text_en = "The template was not kept (corrections needed: {count}). Correct each place, then upload again. {first}"

    def __init__(self, findings: Sequence[TemplateFinding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        super().__init__(
            count=len(self.findings),
            first_zh=f"（{first.place}：{first.zh}）",
            first=f"({first.place_en}: {first.en})",
        )


class ChineseFontMissing(EngineError):
    """No font with Chinese signs is installed where paper is typeset."""

    code = "chinese-font-missing"
    text_zh = "本机没有中文字体，无法生成 PDF。请管理员安装（Debian：apt-get install fonts-noto-cjk），或改取 DOCX。"
    text_en = (
        "There is no Chinese serif font on this machine, so no PDF can be made. "
        "Install one (Debian: apt-get install fonts-noto-cjk), or take the DOCX."
    )


class PaperNotTypeset(EngineError):
    """The typesetter gave up on a paper; the template holds something it cannot lay out."""

    code = "paper-not-typeset"
    text_zh = "该文书无法排版为 PDF：{reason}。请检查模板的表格和图片，或改取 DOCX。"
    text_en = (
        "The paper cannot be typeset as PDF: {reason}. Check tables and pictures of its template, or take the DOCX."
    )

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class StampingBusy(EngineError):
    """So many files are being laid out that another one would wait too long."""

    code = "stamping-busy"
    text_zh = "正在生成的预览和副本较多，请稍候片刻再试。"
    text_en = "Too many files are being shown or copied at this moment. Try again in a moment."


class NotStamped(EngineError):
    """A file cannot be laid out with a watermark: it is broken, locked by a password, or asks for too much."""

    code = "not-previewed"
    text_zh = (
        "该文件无法预览或加水印：属于不能预览的类型，或已损坏、加了密码、内容或页数过多。"
        "请写明用途取出原件，或请对方重新提供。"
    )
    text_en = (
        "This file cannot be shown or bear a watermark: it is of a kind that is not shown, broken, locked by a "
        "password, or has too much inside or too many pages. Take the original and say what for, or ask for another "
        "one."
    )

"""What can go wrong with drafts of definitions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.core.model import Obstacle
from engine.errors import EngineError
from engine.findings import Finding


class DefinitionDraftStale(EngineError):
    """Somebody saved the draft since this page or program read it; nothing was saved over it."""

    code = "definition-draft-stale"
    text_zh = (
        "“{file}”的草稿已由{who}于 {when} 保存为第 {version} 稿，为免覆盖，本次没有保存。"
        "请对照对方的内容，再决定以哪一份为准，或把自己的另存为新草稿。"
    )
    text_en = (
        "The draft of {file!r} was saved by {who} at {when} (state {version}), so this was not saved over it. "
        "Look at the other state, then decide which one counts, or keep yours as a draft of its own."
    )

    def __init__(self, *, file: str, who: str, when: datetime, version: int) -> None:
        self.version = version
        super().__init__(file=file, who=who, when=when, version=version)


class DefinitionDraftOver(EngineError):
    """The draft was deployed or discarded; nothing can be saved in it any more."""

    code = "definition-draft-over"
    text_zh = "“{file}”的草稿已由{who}于 {when} 结束（部署或放弃），不能再保存。请把自己的内容另存为新草稿。"
    text_en = (
        "The draft of {file!r} was ended by {who} at {when} (deployed or discarded); nothing can be saved in it. "
        "Keep what you have as a draft of its own."
    )

    def __init__(self, *, file: str, who: str, when: datetime) -> None:
        super().__init__(file=file, who=who, when=when)


class DraftFileTaken(EngineError):
    """There is a draft of this file already: two drafts of one file would undo each other."""

    code = "draft-file-taken"
    text_zh = "已有“{file}”的草稿（{who}最后保存）。请打开那份草稿，或换一个文件名。"
    text_en = "There is a draft of {file!r} already (last saved by {who}). Open that one, or choose another file name."

    def __init__(self, *, file: str, who: str) -> None:
        super().__init__(file=file, who=who)


class DraftFileNameWrong(EngineError):
    """A file of this kind cannot be called so."""

    code = "draft-file-name-wrong"
    text_zh = "文件名“{file}”不能使用。请用不含路径的名称，以 {ending} 结尾，最多 120 字。"
    text_en = "A file cannot be called {file!r}. Use a plain name that ends in {ending}, 120 characters at most."

    def __init__(self, *, file: str, ending: str) -> None:
        super().__init__(file=file[:60], ending=ending)


class DraftNotText(EngineError):
    """A file is in no encoding that can be read: an editor would save something else than it holds."""

    code = "draft-not-text"
    text_zh = (
        "文件“{file}”不能打开编辑：按其声明的编码“{encoding}”无法读出文字，强行打开会损坏内容。"
        "请以 UTF-8 编码重新保存该文件，再上传。"
    )
    text_en = (
        "The file {file!r} cannot be opened: it is no text in the encoding it declares, {encoding!r}, and editing "
        "would damage it. Save it as UTF-8, then hand it in again."
    )

    def __init__(self, *, file: str, encoding: str) -> None:
        super().__init__(file=file, encoding=encoding[:40])


class DraftCheckStale(EngineError):
    """The draft, the active version or the findings changed since somebody looked at the check."""

    code = "draft-check-stale"
    text_zh = "“{file}”在您检查之后有变化（草稿、在用版本或检查结果），没有部署。请重新检查，看过之后再部署。"
    text_en = (
        "Since you checked {file!r}, the draft, the active version or the findings have changed; nothing was deployed. "
        "Check again, look, then deploy."
    )

    def __init__(self, *, file: str) -> None:
        super().__init__(file=file)


class WarningsNotConfirmed(EngineError):
    """The draft has warnings, and whoever deploys did not say that each is meant."""

    code = "warnings-not-confirmed"
    text_zh = "“{file}”有未确认的提醒：{count} 条。请逐条看过，确认确实要这样，再部署。"
    text_en = "{file!r} has warnings that nobody confirmed: {count}. Read each, say that it is meant, then deploy."

    def __init__(self, *, file: str, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(file=file, count=len(findings))


class PackageInvalid(EngineError):
    """A file is no package that can be taken in; nothing was made of it."""

    code = "package-invalid"
    text_zh = "程序包不能导入：{why_zh}。没有生成任何草稿。请使用由“导出程序包”得到的文件。"
    text_en = "The package cannot be taken in: {why_en}. No draft was made. Use a file that was exported as a package."

    def __init__(self, why: Obstacle) -> None:
        super().__init__(why_zh=why.zh, why_en=why)


class PackageIncomplete(EngineError):
    """What a package needs is not there, and nobody said to take it in all the same."""

    code = "package-incomplete"
    text_zh = (
        "程序包需要的配置在本系统不齐全：{count} 项（岗位、处理程序、政策参数或被调用的流程等），没有生成草稿。"
        "请先补齐，或选择“配置不全也导入”。"
    )
    text_en = (
        "Not all that the package needs is here (missing: {count}; posts, handlers, parameters, called processes and "
        "the like), so no draft was made. Provide it first, or say that it is to be taken in all the same."
    )

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(count=len(findings))


class PackageNotMade(EngineError):
    """A programme cannot be exported as it is."""

    code = "package-not-made"
    text_zh = "不能导出程序包：{why_zh}。"
    text_en = "The package cannot be made: {why_en}."

    def __init__(self, why: Obstacle) -> None:
        super().__init__(why_zh=why.zh, why_en=why)


class DraftUnchanged(EngineError):
    """The draft is the active version; deploying it would change nothing."""

    code = "draft-unchanged"
    text_zh = "“{file}”的草稿与在用的第 {version} 版完全相同，没有可部署的变化。"
    text_en = "The draft of {file!r} equals the active version {version}; there is nothing to deploy."

    def __init__(self, *, file: str, version: int) -> None:
        super().__init__(file=file, version=version)

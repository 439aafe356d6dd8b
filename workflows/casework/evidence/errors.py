"""What can go wrong with evidence; texts name kinds and sizes, never what a file is called or shows."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.casework.errors import CaseworkError


class EvidenceNotFound(CaseworkError):
    """There is no such piece of evidence, or the actor may not know that it exists."""

    code = "evidence-not-found"
    text_zh = "没有找到该佐证材料：可能已被移除，或不在您单位的办理范围内。请刷新案件页面后再试。"
    text_en = "There is no such evidence here: it was removed, or is none of your unit's. Reload the page of the case."


class EvidenceEmpty(CaseworkError):
    """A file without content was handed in."""

    code = "evidence-empty"
    text_zh = "文件是空的，没有保存。请选择有内容的文件。"
    text_en = "The file is empty and was not kept. Choose one with content."


class EvidenceKindRefused(CaseworkError):
    """The content of a file is of no kind that may be handed in."""

    code = "evidence-kind-refused"
    text_zh = "按内容识别，该文件不是可上传的类型，没有保存。可上传：{kinds}。请转换后重新上传。"
    text_en = "By its content this file is of no kind that may be kept. These may: {kinds}. Convert it, then try again."

    def __init__(self, kinds: Sequence[str]) -> None:
        super().__init__(kinds=", ".join(kinds))


class EvidenceBroken(CaseworkError):
    """A file begins like a known kind, but cannot be read as one."""

    code = "evidence-broken"
    text_zh = "文件不完整或已损坏，没有保存。请重新拍照、扫描或导出后再上传。"
    text_en = "The file is cut off or broken and was not kept. Take, scan or export it anew, then try again."


class EvidenceTooLarge(CaseworkError):
    """A file is larger than a file may be."""

    code = "evidence-too-large"
    text_zh = "文件为 {found} MB，超过单个文件 {most} MB 的上限，没有保存。请压缩或分开后再上传。"
    text_en = "The file has {found} MB, a file may have {most}. It was not kept. Make it smaller, or split it."

    def __init__(self, *, found: str, most: int) -> None:
        super().__init__(found=found, most=most)


class PictureTooLarge(CaseworkError):
    """A picture has more pixels than a picture may have."""

    code = "picture-too-large"
    text_zh = "图片有 {found} 百万像素，超过 {most} 百万像素的上限，没有保存。请缩小后再上传。"
    text_en = "The picture is too large (megapixels: {found}, at most {most}) and was not kept. Make it smaller."

    def __init__(self, *, found: int, most: int) -> None:
        super().__init__(found=found, most=most)


class EvidenceFull(CaseworkError):
    """A case has as much evidence as it may have."""

    code = "evidence-full"
    text_zh = "该案件已有 {most} 份佐证材料，达到上限，没有保存。请先移除不需要的材料。"
    text_en = "The case has {most} pieces of evidence, as many as it may. Remove what is not needed, then try again."

    def __init__(self, most: int) -> None:
        super().__init__(most=most)


class EvidenceNotYours(CaseworkError):
    """Somebody else added the piece of evidence, and the actor does not supervise the unit."""

    code = "evidence-not-yours"
    text_zh = "只有添加人或本单位主管可以移除佐证材料。请联系添加人。"
    text_en = "Only who added evidence, or a supervisor of that unit, may remove it. Ask who added it."


class PhotoLinkOver(CaseworkError):
    """The link of a phone has expired, is used up, or never was one."""

    code = "photo-link-over"
    text_zh = "此拍照链接已失效或已用完，照片没有保存。请工作人员在案件页面重新出示二维码。"
    text_en = "This link is over or used up, and the photo was not kept. Ask the office for a new QR code."

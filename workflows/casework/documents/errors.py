"""What can go wrong when documents are issued, kept and verified."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.casework.errors import CaseworkError


class DocumentKindUnknown(CaseworkError):
    """There is no kind of document with this key."""

    code = "document-kind-unknown"
    text_zh = "没有文书种类“{key}”。可用的种类：{known}。"
    text_en = "There is no kind of document {key!r}. Known: {known}."

    def __init__(self, *, key: str, known: Sequence[str]) -> None:
        super().__init__(key=key, known=", ".join(known))


class DocumentNotFound(CaseworkError):
    """There is no such document, or the actor may not know that it exists."""

    code = "document-not-found"
    text_zh = "没有找到文书“{key}”，或不在您单位的办理范围内。请核对文号。"
    text_en = "There is no document {key!r} here, or it is none of your unit's. Check its number."

    def __init__(self, key: object) -> None:
        super().__init__(key=str(key))


class DocumentNotVerified(CaseworkError):
    """Number and verification code do not belong together."""

    code = "document-not-verified"
    text_zh = "文号与查验码不符，或没有这份文书。请核对纸面上的文号和查验码；仍不符的，该文书可能不是本单位出具。"
    text_en = (
        "Number and verification code do not belong together, or there is no such document. Check both on the paper; "
        "if they still differ, the paper may not be ours."
    )


class DocumentSubjectMissing(CaseworkError):
    """The case has no record this kind of document is about."""

    code = "document-subject-missing"
    text_zh = "案件 {number} 还没有可供出具“{kind}”的记录（{subject}）。请先办理相应步骤，或核对所选记录。"
    text_en = (
        "The case {number} has no record yet that {kind!r} could be made of ({subject}). Do that step first, or check "
        "which record was chosen."
    )

    def __init__(self, *, number: str, kind: str, subject: str) -> None:
        super().__init__(number=number, kind=kind, subject=subject)


class DocumentValueRefused(CaseworkError):
    """A value given by hand has no field, the wrong shape, or would contradict the records."""

    code = "document-value-refused"
    text_zh = "文书“{kind}”的字段“{field}”不能这样填写：{reason_zh}。请更正后重试。"
    text_en = "The field {field!r} of {kind!r} cannot be filled like this: {reason}. Correct it, then try again."

    def __init__(self, *, kind: str, field: str, reason: str, reason_zh: str) -> None:
        super().__init__(kind=kind, field=field, reason=reason, reason_zh=reason_zh)


class DocumentAboutOther(CaseworkError):
    """A document about a case was asked for without one, or one of the county within a case."""

    code = "document-about-other"
    text_zh = "文书“{kind}”{zh}。请改用相应的入口出具。"
    text_en = "The document {kind!r} {en}. Issue it there."

    def __init__(self, *, kind: str, zh: str, en: str) -> None:
        super().__init__(kind=kind, zh=zh, en=en)

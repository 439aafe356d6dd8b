"""What can go wrong with a choice of mail."""

from __future__ import annotations

from workflows.casework.errors import CaseworkError

LONGEST_SHOWN = 80


class MailAddressWrong(CaseworkError):
    """What was given is no address of a mailbox."""

    code = "mail-address-wrong"
    text_zh = "“{address}”不是有效的邮箱地址，未保存。请填写完整地址，例如 name@example.gov.cn。"
    text_en = "{address!r} is no mail address; nothing was saved. Write it in full, such as name@example.gov.cn."

    def __init__(self, address: str) -> None:
        super().__init__(address=address[:LONGEST_SHOWN])


class MailChoiceWrong(CaseworkError):
    """No kind of notice was chosen, or an hour or pause that is none."""

    code = "mail-choice-wrong"
    text_zh = "请至少选择一类通知；两封邮件的间隔应为 {pauses} 小时之一；免打扰时段填 0 至 23 时。未保存。"
    text_en = (
        "Choose one kind of notice at least; hours between two mails are one of {pauses}; quiet hours go from 0 to 23. "
        "Nothing was saved."
    )

    def __init__(self, *, pauses: str) -> None:
        super().__init__(pauses=pauses)

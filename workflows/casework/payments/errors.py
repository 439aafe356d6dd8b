"""What can go wrong with payments; every kind has a stable code and says what to do, without personal data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.core.texts import Words
from workflows.casework.errors import CaseworkError


class BatchStateWrong(CaseworkError):
    """A batch is not in a state for what was asked."""

    code = "payment-batch-state-wrong"
    text_zh = "批次“{number}”当前为“{state}”，不能{action_zh}。请查看批次的办理进度。"
    text_en = "The batch {number!r} is {state!r}, so this cannot be done: {action}. Look at how far it has come."

    def __init__(self, *, number: str, state: str, action: Words) -> None:
        super().__init__(number=number, state=state, action=action.en, action_zh=action.zh)


class BatchNotFound(CaseworkError):
    """There is no such batch."""

    code = "payment-batch-not-found"
    text_zh = "没有批次“{number}”。请核对批次号。"
    text_en = "There is no batch {number!r}; check the number."

    def __init__(self, number: str) -> None:
        super().__init__(number=number)


class BankFileAnswered(CaseworkError):
    """The bank answered lines of a file: handed in again it would be paid again."""

    code = "bank-file-answered"
    text_zh = (
        "批次“{number}”的代发文件已送银行并有回盘（校验值 {checksum}），不再提供下载，以免重复发放。"
        "核对请查看批次花名册；退回的款项更正账户后随下一批发放。"
    )
    text_en = (
        "The bank answered the file of the batch {number!r} (checksum {checksum}); it is not handed out again, "
        "so that nothing is paid twice. Look at the roster of the batch; what came back goes with the next batch."
    )

    def __init__(self, *, number: str, checksum: str) -> None:
        super().__init__(number=number, checksum=checksum)


class BankFileEmpty(CaseworkError):
    """Every payment of a batch was held back or is not owed any more: there is no file for the bank."""

    code = "bank-file-empty"
    text_zh = "批次“{number}”的款项全部被扣下或不再发放，没有代发文件。请查看批次花名册，更正账户后随下一批发放。"
    text_en = (
        "Every payment of the batch {number!r} was held back or is not owed any more, so there is no file. "
        "Look at the roster of the batch; what is corrected goes with the next one."
    )

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class BatchOpen(CaseworkError):
    """A run of the month is under way: a second one would list nothing or the same."""

    code = "payment-batch-open"
    text_zh = "批次“{number}”还没有送交银行，不能再开始一批。请先办完这一批。"
    text_en = "The batch {number!r} has not gone to the bank yet; finish it before another one begins."

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class ReturnFileWrong(CaseworkError):
    """A return file does not fit the batch; nothing of it was taken in."""

    code = "return-file-wrong"
    text_zh = "回盘文件第 {row} 行：{fault_zh}。没有导入任何一行，请向银行核实后重新导入。"
    text_en = "Row {row} of the return file: {fault}. No row was taken in; ask the bank and import it again."

    def __init__(self, *, row: int, fault: Words) -> None:
        super().__init__(row=row, fault=fault.en, fault_zh=fault.zh)


class AccountMissing(CaseworkError):
    """A line of the roster has no account to pay to."""

    code = "payee-account-missing"
    text_zh = "案件“{case}”没有收款账户，不能送交银行。请先补登账户，再重新生成花名册。"
    text_en = "The case {case!r} has no account, so it cannot go to the bank. Enter one and prepare the roster anew."

    def __init__(self, *, case: str) -> None:
        super().__init__(case=case)


class FutureMonth(CaseworkError):
    """Payments of a month that has not begun."""

    code = "payment-month-future"
    text_zh = "{month} 还没有到，不能发放。请选择当月或以前的月份。"
    text_en = "The month {month} has not begun; choose this month or one before."

    def __init__(self, month: date) -> None:
        super().__init__(month=f"{month:%Y-%m}")


class FineOutOfLimits(CaseworkError):
    """A fine is not within what the law of the act allows."""

    code = "fine-out-of-limits"
    text_zh = "罚款 {fine} 元不在法定幅度内：行为发生时的规定为 {least} 元至 {most} 元。请按幅度重新填写。"
    text_en = "A fine of {fine} yuan is outside the limits of the law at the time of the act: {least} to {most} yuan."

    def __init__(self, *, fine: str, least: str, most: str) -> None:
        super().__init__(fine=fine, least=least, most=most)


class InstalmentsWrong(CaseworkError):
    """A plan of instalments does not add up to what is owed, or is too long."""

    code = "instalments-wrong"
    text_zh = "分期 {count} 期不能执行：每期不得少于 1 分，最多 {most} 期。请重新填写期数。"
    text_en = "A plan of so many instalments ({count}) cannot be kept: each is a fen at least, and {most} are the most."

    def __init__(self, *, count: int, most: int) -> None:
        super().__init__(count=count, most=most)


class ReceiptTooLarge(CaseworkError):
    """More was entered as received than is owed."""

    code = "receipt-too-large"
    text_zh = "收款 {amount} 元超过尚欠的 {outstanding} 元。请核对缴款凭证。"
    text_en = "A receipt of {amount} yuan is more than the {outstanding} yuan owed; check the voucher."

    def __init__(self, *, amount: str, outstanding: str) -> None:
        super().__init__(amount=amount, outstanding=outstanding)


class NothingPaid(CaseworkError):
    """A recovery of payments where nothing was paid."""

    code = "nothing-paid"
    text_zh = "案件“{number}”在所选月份没有已到账的款项，无可追回。请核对月份。"
    text_en = "Nothing arrived at the case {number!r} for these months, so there is nothing to recover; check them."

    def __init__(self, *, number: str) -> None:
        super().__init__(number=number)


class PaymentsAtTheBank(CaseworkError):
    """Money is asked back of months whose payments the bank has not answered yet."""

    code = "payments-at-the-bank"
    text_zh = "案件“{number}”{months_zh}的款项已送银行、尚未回盘，现在不能追回。请待回盘后再办理，或不选这些月份。"
    text_en = (
        "Payments of the case {number!r} for {months} are at the bank, so they cannot be asked back yet. "
        "Wait for its answer, or leave these months out."
    )

    def __init__(self, *, number: str, months: Sequence[date]) -> None:
        names = [f"{one:%Y-%m}" for one in months]
        super().__init__(number=number, months=", ".join(names), months_zh="、".join(names))


class RecoveryTooLarge(CaseworkError):
    """More is asked back of a month than was paid and no other recovery claims."""

    code = "recovery-too-large"
    text_zh = (
        "{month} 要求追回 {wanted} 元，已到账款项减去其他追回已计入的，最多还可追回 {left} 元。"
        "请改填每月金额，或不选这个月份。"
    )
    text_en = (
        "Of {month}, {wanted} yuan are asked back; what arrived less what other recoveries claim leaves {left} yuan. "
        "Give a sum a month that fits, or leave the month out."
    )

    def __init__(self, *, month: date, wanted: str, left: str) -> None:
        super().__init__(month=f"{month:%Y-%m}", wanted=wanted, left=left)


class StandardChangeRefused(CaseworkError):
    """A new standard that cannot be prepared: unknown figure or the same value."""

    code = "standard-change-refused"
    text_zh = "不能登记新标准“{key}”：{fault_zh}。"
    text_en = "The new figure {key!r} cannot be prepared: {fault}."

    def __init__(self, *, key: str, fault: Words) -> None:
        super().__init__(key=key, fault=fault.en, fault_zh=fault.zh)


class PriceMonthKnown(CaseworkError):
    """The price subsidy of a month was granted already."""

    code = "price-month-known"
    text_zh = "{month} 的价格补贴已经确认发放，不能重新登记物价指数。"
    text_en = "The price subsidy of {month} was granted already, so its figure cannot be entered anew."

    def __init__(self, month: date) -> None:
        super().__init__(month=f"{month:%Y-%m}")

"""What can go wrong with orders and reminders; texts name numbers and days, never persons."""

from __future__ import annotations

from workflows.casework.errors import CaseworkError


class OrderNotFound(CaseworkError):
    """There is no such supervision order, or the actor may not know that it exists."""

    code = "order-not-found"
    text_zh = "没有找到该督办单，或该督办单不在您的职责范围内。请从督办单列表中打开。"
    text_en = "There is no such supervision order here, or it is none of yours. Open it from the list of orders."


class OrderDueDayWrong(CaseworkError):
    """The term of an order is no number of working days an order can have."""

    code = "order-due-day-wrong"
    text_zh = "督办期限应为 1 至 {most} 个工作日，填写的是 {found}。请更正期限。"
    text_en = "The term of an order is 1 to {most} working days, found {found}. Correct the term."

    def __init__(self, *, most: int, found: int) -> None:
        super().__init__(most=most, found=found)


class AddresseeOutsideUnit(CaseworkError):
    """The person an order is addressed to does not work for that unit."""

    code = "addressee-outside-unit"
    text_zh = "所选人员不在承办该事项的单位任职，或须回避。请从该单位人员中另选，或不指定人员。"
    text_en = "The person chosen does not work for the unit in charge, or is barred. Choose another one, or nobody."


class NobodyToNotify(CaseworkError):
    """The unit has nobody a notice could go to."""

    code = "nobody-to-notify"
    text_zh = "“{matter}”的承办单位没有可接收通知的人员。请先由管理员为该单位设置人员。"
    text_en = "The unit in charge of {matter!r} has nobody to be told. An administrator must give it staff first."

    def __init__(self, matter: str) -> None:
        super().__init__(matter=matter)


class UnitNotInvolved(CaseworkError):
    """The unit neither leads the case nor was anything of it referred there."""

    code = "unit-not-involved"
    text_zh = "“{kind}”没有承办案件“{matter}”中的任何事项，不能就该案件向其下发督办单。请选择承办单位。"
    text_en = "The unit {kind_en!r} has nothing to do in the case {matter!r}. Choose one in charge of some of it."

    def __init__(self, *, kind: str, kind_en: str, matter: str) -> None:
        super().__init__(kind=kind, kind_en=kind_en, matter=matter)


class OrderKeyTaken(CaseworkError):
    """The key of a submission belongs to another order or reminder."""

    code = "order-key-taken"
    text_zh = "同一提交标识已用于另一份内容不同的督办单或催办。请重新打开页面后再提交。"
    text_en = "This Idempotency-Key belongs to another order or reminder. Send the changed one under a new key."


class OrderStateWrong(CaseworkError):
    """An order is not in a state in which this step comes."""

    code = "order-state-wrong"
    text_zh = "督办单“{number}”当前为“{state}”，不能进行此步骤。请刷新查看最新进展。"
    text_en = "The order {number!r} is {state!r}, so this step cannot come. Reload it to see where it stands."

    def __init__(self, *, number: str, state: str) -> None:
        super().__init__(number=number, state=state)

"""What can go wrong with the register of winter and spring relief; every kind has a stable code."""

from __future__ import annotations

from datetime import date

from engine.core.texts import Words
from workflows.casework.errors import CaseworkError


class WinterRegisterNotFound(CaseworkError):
    """There is no register of that season."""

    code = "winter-register-not-found"
    text_zh = "{season} 年没有冬春救助登记册。请核对年份，或由应急管理局先部署。"
    text_en = (
        "There is no winter and spring relief register of {season}. Check the year; the emergency bureau opens it."
    )

    def __init__(self, season: int) -> None:
        super().__init__(season=season)


class WinterRegisterKnown(CaseworkError):
    """A season has one register."""

    code = "winter-register-known"
    text_zh = "{season} 年冬春救助已经部署，不能重复。请打开已有的登记册。"
    text_en = "The winter and spring relief of {season} is open already. Go to its register."

    def __init__(self, season: int) -> None:
        super().__init__(season=season)


class WinterSeasonWrong(CaseworkError):
    """A register is opened in its own year, before the day on which it is frozen."""

    code = "winter-season-wrong"
    text_zh = "今天是 {today}，不能部署 {season} 年冬春救助：应在当年 {freezes_on} 之前部署。"
    text_en = "Today is {today}: the register of {season} is opened in that year, before it is frozen on {freezes_on}."

    def __init__(self, *, season: int, today: date, freezes_on: date) -> None:
        super().__init__(season=season, today=str(today), freezes_on=str(freezes_on))


class WinterRegisterClosed(CaseworkError):
    """Nothing is entered or taken out any more."""

    code = "winter-register-closed"
    text_zh = "{town}的冬春救助登记册不能再改：{why_zh}。确需更正的请与应急管理局联系。"
    text_en = "The winter register of {town} can not be changed any more: {why}. Ask the emergency bureau."

    def __init__(self, *, town: str, why: Words) -> None:
        super().__init__(town=town, why_zh=why.zh, why=why.en)


class WinterNeedKnown(CaseworkError):
    """A household stands in a register once, whatever the village."""

    code = "winter-need-known"
    text_zh = "案件 {number} 的家庭已在登记册中（{village}），不能重复登记。需要更正的请先删除原登记。"
    text_en = "The household of case {number} is in it already ({village}). Take that entry out to correct it."

    def __init__(self, *, number: str, village: str) -> None:
        super().__init__(number=number, village=village)


class WinterNeedInvalid(CaseworkError):
    """An entry says something that can not be."""

    code = "winter-need-invalid"
    text_zh = "登记没有保存：{fault_zh}。"
    text_en = "The entry was not kept: {fault}."

    def __init__(self, fault: Words) -> None:
        super().__init__(fault_zh=fault.zh, fault=fault.en)


class WinterNeedNotFound(CaseworkError):
    """There is no such entry, or it is not of the actor's town."""

    code = "winter-need-not-found"
    text_zh = "登记册中没有这一户，可能已被删除。请刷新页面。"
    text_en = "That household is not in the register; it may have been taken out. Load the page again."

    def __init__(self) -> None:
        super().__init__()

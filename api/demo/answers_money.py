"""What staff enter about money: the monthly run, price figures, new standards, deaths, recoveries."""

from __future__ import annotations

from api.demo.occasion import Answer, Occasion
from engine.json_values import JsonObject


def _funds(occasion: Occasion) -> JsonObject:
    return {"budget_line": "2081901 城乡居民最低生活保障", "encoding": occasion.shown.get("encoding") or "utf-8"}


def _delivered(occasion: Occasion) -> JsonObject:
    return {"delivered_on": occasion.today.isoformat()}


def _accounts(occasion: Occasion) -> JsonObject:
    return {"failures": list(occasion.shown.get("failures") or [])}


def _established(occasion: Occasion) -> JsonObject:
    return {
        "established": "yes",
        "act_on": occasion.today.isoformat(),
        "facts_found": "核对付款记录和证明材料（合成数据）",
    }


def _recovery(occasion: Occasion) -> JsonObject:
    decided: JsonObject = {"recovery_decision": "recover", "recovery_note": "事实清楚，依法追回（合成数据）"}
    if occasion.shown.get("fine_most"):
        decided["fine"] = occasion.shown.get("fine_least")
    return decided


def _served(occasion: Occasion) -> JsonObject:
    return {"served_on": occasion.today.isoformat(), "served_how": "handed"}


def _instalments(occasion: Occasion) -> JsonObject:
    return {"instalments": 1, "first_due_on": occasion.today.isoformat()}


ANSWERS: dict[str, Answer] = {
    "Task_PrepareRoster": {"prepared_note": "与上月比对，变动已核（合成数据）"},
    "Task_CheckRoster": {"roster_check": "right"},
    "Task_PrepareFunds": _funds,
    "Task_ApproveFunds": {"funds_decision": "approve"},
    "Task_DeliverBankFile": _delivered,
    "Task_CorrectAccounts": _accounts,
    "Task_EnterPriceIndex": {"price_index": 2.0, "index_source": "统计局月报（合成数据）"},
    "Task_ConfirmPriceSubsidy": {"price_decision": "grant"},
    "Task_ReviewPreview": {"preview_note": "逐户测算无误（合成数据）"},
    "Task_DecideStandard": {"standard_decision": "adopt"},
    "Task_ConfirmDeath": {"death_confirmed": "yes", "death_note": "与火化证明核对一致（合成数据）"},
    "Task_EstablishRecovery": _established,
    "Task_HoldRecoveryHearing": {"heard": "waived"},
    "Task_DecideRecovery": _recovery,
    "Task_ServeRecovery": _served,
    "Task_AgreeInstalments": _instalments,
    "Task_ChaseInstalment": {"chase_note": "电话催缴（合成数据）"},
}

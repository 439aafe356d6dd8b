"""What staff enter for extremely poor persons, temporary relief, disability subsidies and children without a carer."""

from __future__ import annotations

from api.demo.occasion import Answer, Occasion
from engine.json_values import JsonObject

PLAIN_NEED = {"spending_kind": "medical", "findings": "账单与自付金额属实（合成数据）。"}
SIGNED: JsonObject = {"signed_by": "本人", "signature": "signature"}
AGREED: JsonObject = {"county_opinion": "agree", "county_opinion_reason": "材料齐全，属实（合成数据）。"}


def _assessed(occasion: Occasion) -> JsonObject:
    declared = list(occasion.shown.get("declared_items") or [])
    return {"assessed_on": occasion.today.isoformat(), "failed_items": declared}


def _supporters(occasion: Occasion) -> JsonObject:
    return {"supporters": list(occasion.shown.get("supporters") or [])}


def _tekun_opinion(occasion: Occasion) -> JsonObject:
    if not occasion.shown.get("may_grant"):
        return {"opinion": "refuse", "opinion_reason": (occasion.shown.get("finding") or {}).get("reason")}
    return {"opinion": "grant", "support_form": "centralised", "institution": "溧阳市社会福利院（合成数据）"}


def _granted_where_allowed(occasion: Occasion) -> JsonObject:
    if occasion.shown.get("may_grant"):
        return {"county_decision": "grant"}
    return {"county_decision": "refuse", "county_note": "不符合条件（合成数据）。"}


def _urgent(occasion: Occasion) -> JsonObject:
    shown = occasion.shown
    return {
        "urgency": "urgent",
        "event_kind": shown.get("event_kind") or "accident",
        "happened_on": shown.get("happened_on") or occasion.today.isoformat(),
        "place": shown.get("place") or "本镇（合成数据）",
        "event_reference": shown.get("event_reference"),
        "amount": shown["limit"],
        "pay_mode": "cash",
    }


def _file(occasion: Occasion) -> JsonObject:
    papers: JsonObject = {"papers": ["identity", "event_proof", "receipt", "explanation"]}
    if occasion.shown.get("duplicates"):
        return {**papers, "duplicate_note": "已与另一乡镇核实（合成数据）。"}
    return papers


def _need(occasion: Occasion) -> JsonObject:
    return {**PLAIN_NEED, "persons": occasion.shown["persons"], "months": occasion.shown.get("months") or 1}


def _disabled(occasion: Occasion) -> JsonObject:
    rows = [{**row, "needs_care": "yes"} for row in occasion.shown.get("disabled") or []]
    return {"disabled": rows, "opinion": "accept"}


def _child(occasion: Occasion) -> JsonObject:
    if occasion.shown.get("may_grant"):
        return {"decision": "grant"}
    return {"decision": "refuse", "review_note": "不符合条件（合成数据）。"}


def _grade(occasion: Occasion) -> JsonObject:
    lower = (occasion.shown.get("support") or {}).get("amount", 0) < occasion.shown.get("drawn_amount", 0)
    return {"decision": "change", **({"statement": "无异议（合成数据）。"} if lower else {})}


def _ended(occasion: Occasion) -> JsonObject:
    told = {} if occasion.shown.get("ground") in ("death", "missing") else {"statement": "无异议（合成数据）。"}
    return {"decision": "end", "end_reason": "终止情形属实（合成数据）。", **told}


ANSWERS: dict[str, Answer] = {
    "Task_AssessSelfCare": _assessed,
    "Task_ConfirmSelfCare": {"agrees": "yes"},
    "Task_RecordSupporters": _supporters,
    "Task_TekunOpinion": _tekun_opinion,
    "Task_TekunSendUp": {"signed": "yes"},
    "Task_TekunCountyReview": {**AGREED, "county_visit": "yes"},
    "Task_TekunCountyConfirm": _granted_where_allowed,
    "Task_ReassessSelfCare": _assessed,
    "Task_ConfirmReassessment": {"agrees": "yes"},
    "Task_DecideCareGrade": _grade,
    "Task_ProposeEnding": {"proposal": "end", "ground": "wish", "evidence": "本人声明（合成数据）。"},
    "Task_InquireObjection": {"inquiry": "异议不成立（合成数据）。"},
    "Task_DecideEnding": _ended,
    "Task_UrgentPay": _urgent,
    "Task_UrgentWitness": {**SIGNED, "present": "yes"},
    "Task_MakeUpFile": _file,
    "Task_AssessNeed": _need,
    "Task_ReliefOpinion": {"opinion": "grant", "pay_mode": "bank"},
    "Task_TownshipDecide": {"decision": "grant"},
    "Task_ReliefCountyReview": AGREED,
    "Task_ReliefCountyConfirm": {"decision": "grant"},
    "Task_SignReceipt": SIGNED,
    "Task_DecideRest": {"rest_way": "charity", "rest_reason": "仍有缺口（合成数据）。"},
    "Task_ReviewDisability": _disabled,
    "Task_FederationCheck": {"federation": "right"},
    "Task_DisabilityConfirm": {"decision": "grant"},
    "Task_RemindRenewal": {"renewal": "lapsed"},
    "Task_ChildDesk": {"child_opinion": "go_on", "father": "dead", "mother": "missing", "guardian": "祖父母"},
    "Task_ChildConfirm": _child,
}

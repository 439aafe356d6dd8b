"""What staff enter about benefits and statuses: meetings, changes, hearings, suspensions, ends, single entry."""

from __future__ import annotations

from api.demo.occasion import Answer, Occasion
from engine.json_values import JsonObject


def _review(occasion: Occasion) -> JsonObject:
    visited = "yes" if occasion.shown.get("visit_required") else "no"
    return {
        "county_opinion": "agree",
        "county_visit": visited,
        "county_opinion_reason": "材料齐全，程序合规（合成数据）。",
    }


def _opinion(occasion: Occasion) -> JsonObject:
    if occasion.shown.get("may_grant", True):
        return {"opinion": "grant"}
    return {"opinion": "refuse", "opinion_reason": "不符合规定条件（合成数据）。"}


def _confirmation(occasion: Occasion) -> JsonObject:
    if occasion.shown.get("may_grant"):
        return {"county_decision": "grant"}
    return {"county_decision": "refuse", "county_note": "不符合规定条件（合成数据）。"}


def _served(occasion: Occasion) -> JsonObject:
    return {"served_on": occasion.today.isoformat(), "served_how": "handed"}


def _offers(occasion: Occasion) -> JsonObject:
    return {"offers": [{**row, "accepted": "yes"} for row in occasion.shown.get("offers") or []]}


def _meeting(occasion: Occasion) -> JsonObject:
    return {
        "held_on": occasion.today.isoformat(),
        "place": "民政局会议室",
        "present": [{"name": f"委员{number}", "role": "委员"} for number in range(1, 8)],
        "votes_for": 6,
        "votes_against": 1,
        "abstained": 0,
        "discussion": "情况特殊，予以救助（合成数据）。",
    }


def _verified(occasion: Occasion) -> JsonObject:
    return {
        "founded": "yes",
        "members": list(occasion.shown.get("members") or []),
        "assets": occasion.shown.get("assets"),
        "has_vehicle": occasion.shown.get("has_vehicle"),
        "verify_note": "查看证明材料，与本人核实（合成数据）。",
    }


def _ended(occasion: Occasion) -> JsonObject:
    return {"end_founded": "yes", "happened_on": occasion.today.isoformat(), "end_note": "查看证明（合成数据）"}


ANSWERS: dict[str, Answer] = {
    "Task_FirstOpinion": _opinion,
    "Task_CountyReview": _review,
    "Task_CountyConfirm": _confirmation,
    "Task_ServeRefusal": _served,
    "Task_OfferSingleEntry": _offers,
    "Task_RecordMeeting": _meeting,
    "Task_ApproveMeeting": {"approval": "agree"},
    "Task_ConfirmSingleEntry": {"single_note": "查看残疾人证、病历（合成数据）。"},
    "Task_VerifyChange": _verified,
    "Task_HoldHearing": {"heard": "waived"},
    "Task_DecideChange": {"change_decision": "agree"},
    "Task_DecideSuspension": {"suspension_decision": "agree", "suspension_note": "书面催告未果（合成数据）"},
    "Task_ReviewSuspension": {"resumption": "resume", "resumption_reason": "已联系上（合成数据）"},
    "Task_ConfirmResumption": {"resumption_decision": "resume", "resumption_note": "恢复配合（合成数据）"},
    "Task_VerifyEnd": _ended,
    "Task_DecideEnd": {"end_decision": "agree"},
    "Task_TellInsurer": {"told_note": "已在医保系统更正（合成数据）"},
    "Task_ReviewDependentAid": {"aid_review": "continues", "aid_note": "不以该身份为条件（合成数据）"},
    "Task_DecideAidEnd": {"aid_decision": "agree"},
}

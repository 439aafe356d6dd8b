"""What staff enter at the units a referral goes to: partner bodies, schools, claims, and the window beside them."""

from __future__ import annotations

from api.demo.occasion import Answer, Occasion
from engine.json_values import JsonObject

_EXAMINED: dict[str, JsonObject] = {
    "union_aid": {"yearly_income": 60000, "rigid_spending": 5000, "accident_loss": 0, "persons": 3},
    "dream_action": {"university": "江苏大学（合成数据）"},
    "womens_aid": {"care_kind": "visit"},
    "legal_aid": {"dispute": "maintenance"},
    "disaster_relief": {"rooms_damaged": 3},
    "emergency_fund": {"hospital": "溧阳市人民医院", "bill_amount": 8000},
    "rehabilitation": {"service_kind": "rehabilitation"},
    "house_rebuilding": {"house_grade": "D"},
    "shelter": {"found_at": "汽车站（合成数据）"},
}


def _examined(occasion: Occasion) -> JsonObject:
    own = _EXAMINED.get(str(occasion.shown.get("programme")), {})
    return {"visited_on": occasion.today.isoformat(), "findings": "情况属实（合成数据）。", **own}


def _answered(_occasion: Occasion) -> JsonObject:
    return {
        "answer": "granted",
        "aid_kind": "cash",
        "amount": 1000,
        "amount_period": "once",
        "project": "年度帮扶项目（合成数据）",
        "next_need": "none",
    }


def _recognised(occasion: Occasion) -> JsonObject:
    rows = [{**row, "recognised": "yes"} for row in occasion.shown.get("recognitions") or []]
    return {"recognitions": rows}


def _term_list(occasion: Occasion) -> JsonObject:
    return {"pupils": [dict(row) for row in occasion.shown.get("pupils") or []]}


def _taken_in(_occasion: Occasion) -> JsonObject:
    return {
        "found_by": "police",
        "found_at": "汽车站（合成数据）",
        "sex": "male",
        "minor": "no",
        "acknowledgement": "accepted",
        "identified": "yes",
        "belongings": "背包一个（合成数据）",
    }


def _way_out(_occasion: Occasion) -> JsonObject:
    return {
        "exit_way": "handed_over",
        "origin": "外地（合成数据）",
        "received_by": "亲属",
        "exit_note": "已与亲属联系接回（合成数据）。",
    }


def _disaster(occasion: Occasion) -> JsonObject:
    return {
        "acknowledgement": "accepted",
        "event_id": "ZH-2026-01",
        "disaster_kind": "storm",
        "happened_on": occasion.today.isoformat(),
        "place": "本村（合成数据）",
        "persons_moved": 2,
        "goods": "帐篷、棉被（合成数据）",
        "goods_signed_by": "本人",
    }


ANSWERS: dict[str, Answer] = {
    "Task_ProvideInformation": {"information": "已向家庭问清并补充（合成数据）。"},
    "Task_AcknowledgePartner": {"acknowledgement": "accepted"},
    "Task_ExaminePartner": _examined,
    "Task_AnswerPartner": _answered,
    "Task_AcknowledgeDisaster": _disaster,
    "Task_DailyFigures": {"rooms_collapsed": 3, "rooms_damaged": 0, "persons_sheltered": 2, "stable": "yes"},
    "Task_NominateHousehold": {
        "nominated_by": "group",
        "ownership_proof": "集体土地使用证（合成数据）",
        "insured": "no",
    },
    "Task_ReviewDisaster": {"town_opinion": "agree", "town_note": "评议、公示无误（合成数据）。"},
    "Task_ApproveGrant": {"grant_decision": "approve"},
    "Task_AcknowledgeStranded": _taken_in,
    "Task_RequestIdentity": {"police_station": "城区派出所（合成数据）", "police_request": "CX-2026-001"},
    "Task_EndStay": _way_out,
    "Task_ReportStay": {"stay_reason": "身份尚未查明，继续寻亲（合成数据）。"},
    "Task_SignHandOver": {"signed_by": "亲属", "signed_identity": "兄弟", "belongings_returned": "yes"},
    "Task_SchoolRecognition": _recognised,
    "Task_MatchTermList": _term_list,
    "Task_ConfirmTerm": {"decision": "agree"},
    "Task_CosignTerm": {"cosign_decision": "cosign", "budget_line": "2050202（合成）"},
    "Task_ReviewClaim": {"claim_opinion": "agree"},
    "Task_ConfirmClaim": {"claim_decision": "agree"},
    "Task_CallHousehold": {"reached": "yes", "score": "5", "remark": "办得快（合成数据）"},
}

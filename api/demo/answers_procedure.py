"""What sensible staff enter for the tasks of procedure: more time, visits, notices, objections, appraisals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.demo.occasion import Answer, Occasion
from engine.json_values import JsonObject

PEOPLE = 7  # of an appraisal, in synthetic data
DEPUTIES = 3


def _taken_down(occasion: Occasion) -> JsonObject:
    """Answer the form of the notice that is shown: the older one asks for objections itself."""
    if "notice_number" not in occasion.shown:
        return {"objection": "no"}
    return {"taken_down_on": occasion.today.isoformat()}


def _county_visit(occasion: Occasion) -> JsonObject:
    return {
        "visited_on": occasion.today.isoformat(),
        "persons_met": "申请人",
        "findings": "县级核查与申报一致（合成数据）。",
        "photos": [],
    }


def _appraisal(occasion: Occasion) -> JsonObject:
    people = [
        {"name": f"评议员{number}（合成）", "role": "deputy" if number <= DEPUTIES else "other"}
        for number in range(1, PEOPLE + 1)
    ]
    return {
        "held_on": occasion.today.isoformat(),
        "place": "村（居）委会会议室",
        "participants": people,
        "votes_for": PEOPLE,
        "votes_against": 0,
        "votes_abstained": 0,
        "minutes": "经评议，家庭情况属实（合成数据）。",
    }


def _reviewed_sample(occasion: Occasion) -> JsonObject:
    rows: Any = occasion.shown.get("checklist") or ()
    return {"checklist": [{**row, "verdict": "right"} for row in rows], "conclusion": "right"}


def _delivered(occasion: Occasion) -> JsonObject:
    return {"delivered_on": occasion.today.isoformat(), "delivered_how": "handed"}


ANSWERS: Mapping[str, Answer] = {
    "Task_DeliverLetter": _delivered,
    "Task_DecideExtension": {"extension_decision": "approve"},
    "Task_AnswerOrder": {"answer": "已按督办要求办理完毕（合成数据）。"},
    "Task_AnswerAdvice": {"advice_decision": "answer", "answer": "经核实，情况与申报一致（合成数据）。"},
    "Task_ReviewAnswer": {"order_decision": "accept"},
    "Task_ReviewSample": _reviewed_sample,
    "Task_DecideFindings": {"finding_decision": "keep", "decision_note": "单位已自行纠正（合成数据）。"},
    "Task_OverrideCorrection": {"override": "no", "override_note": "按已有材料处理（合成数据）。"},
    "Task_TakeDownNotice": _taken_down,
    "Task_CountyVisitor": _county_visit,
    "Task_CountyVisitWitness": {"agrees": "yes"},
    "Task_HoldAppraisal": _appraisal,
    "Task_NewOpinion": {
        "objection_outcome": "dismissed",
        "new_opinion_reason": "复查与评议均未发现隐瞒（合成数据）。",
    },
    "Task_AnswerObjector": {"answer_text": "经复查和民主评议，维持原意见（合成数据）。"},
}

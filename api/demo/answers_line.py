"""What staff enter along the line of an application: window, check, survey, referrals, and each unit's tasks."""

from __future__ import annotations

from api.demo.occasion import Answer, Occasion
from engine.json_values import JsonObject


def _completeness(occasion: Occasion) -> JsonObject:
    missing = list(occasion.shown.get("missing_documents") or [])
    if not missing:
        return {"completeness": "complete"}
    return {"completeness": "incomplete", "missing_documents": missing, "missing_note": "请一次补齐上列材料。"}


def _authorisations(occasion: Occasion) -> JsonObject:
    signed = [
        {
            **row,
            "authorised": "yes",
            "signed_on": occasion.today.isoformat(),
            "signed_by": row.get("signed_by") or "self",
        }
        for row in occasion.shown.get("authorisations") or []
    ]
    return {"withdrawn": "no", "authorisations": signed}


def _renewed(occasion: Occasion) -> JsonObject:
    return {"authorisations": _authorisations(occasion)["authorisations"], "consent_refused": "no"}


def _entered_answer(occasion: Occasion) -> JsonObject:
    return {"answer_kind": "no_data", "no_data_reason": "来函答复：无记录（合成数据）"}


def _first_survey(occasion: Occasion) -> JsonObject:
    return {
        "visited_on": occasion.today.isoformat(),
        "persons_met": "申请人",
        "dwelling": "adequate",
        "income_seen": "as_declared",
        "assets_seen": "as_declared",
        "findings": "与申报一致（合成数据）。",
    }


def _review(occasion: Occasion) -> JsonObject:
    if (occasion.shown.get("means") or {}).get("complete"):
        return {"review": "usable"}
    return {"review": "usable", "proceed_reason": "其余来源足以认定（合成数据）。"}


def _referrals(occasion: Occasion) -> JsonObject:
    return {"selected_rules": [choice["value"] for choice in occasion.shown.get("proposal_choices") or []]}


def _school_roll(occasion: Occasion) -> JsonObject:
    kept = ("number", "school_stage", "grade")
    pupils = [
        {**{name: pupil.get(name) for name in kept}, "on_roll": "yes", "school": "溧阳市实验学校"}
        for pupil in occasion.shown.get("pupils") or []
    ]
    return {"pupils": pupils}


def _dwelling(occasion: Occasion) -> JsonObject:
    shown = occasion.shown
    tenure = shown.get("tenure") or "rented"
    landlord = {"landlord": "房东（合成数据）"} if tenure == "rented" else {}
    return {
        "tenure": tenure,
        "persons": shown["persons"],
        "own_area": shown["own_area"],
        "checked_on": occasion.today.isoformat(),
        **landlord,
    }


def _jobseeker(occasion: Occasion) -> JsonObject:
    return {"registered_on": occasion.today.isoformat(), "wishes": "离家近、可照顾孩子的岗位", "skills": "缝纫"}


def _medical_status(occasion: Occasion) -> JsonObject:
    status_from = occasion.shown.get("status_from") or occasion.today.isoformat()
    return {"confirmation": "active", "status_from": status_from}


def _posted(occasion: Occasion) -> JsonObject:
    return {"posted_on": occasion.today.isoformat(), "place": "村（居）务公开栏"}


_ACCEPTED: JsonObject = {"acknowledgement": "accepted"}


def _confirmed(occasion: Occasion) -> JsonObject:
    shown = occasion.shown
    due = shown.get("priority") if shown.get("way") == "public_rental" else shown.get("amount")
    return {"decision": "agree"} if due else {"decision": "agree", "reason": "不在救助范围内（合成数据）"}


ANSWERS: dict[str, Answer] = {
    "Task_CheckCompleteness": _completeness,
    "Task_ReceiveCorrections": {"corrected": "yes"},
    "Task_RecordAuthorisations": _authorisations,
    "Task_RenewAuthorisations": _renewed,
    "Task_EnterAnswer": _entered_answer,
    "Task_FirstSurveyor": _first_survey,
    "Task_SecondSurveyor": {"agrees": "yes"},
    "Task_ReviewReport": _review,
    "Task_SupplementEvidence": {"supplement": "已补充说明（合成数据）。"},
    "Task_ConfirmReferrals": _referrals,
    "Task_Reroute": {"reroute_to": "cancel", "reroute_reason": "与申请人核实后撤回（合成数据）。"},
    "Task_AcknowledgeEducation": _ACCEPTED,
    "Task_AcknowledgeHousing": _ACCEPTED,
    "Task_AcknowledgeEmployment": _ACCEPTED,
    "Task_AcknowledgeMedical": _ACCEPTED,
    "Task_MatchSchoolRoll": _school_roll,
    "Task_ConfirmEducation": _confirmed,
    "Task_CheckDwelling": _dwelling,
    "Task_ConfirmHousing": _confirmed,
    "Task_RegisterJobseeker": _jobseeker,
    "Task_RecordOffer": {"offer": "accepted", "offer_title": "社区保洁员", "monthly_wage": 2200},
    "Task_ConfirmMedicalStatus": _medical_status,
    "Task_PostNotice": _posted,
}

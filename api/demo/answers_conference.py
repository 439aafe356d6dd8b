"""What sensible staff enter for the tasks of the joint conference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from api.demo.occasion import Answer, Occasion
from engine.json_values import JsonObject

ITEM_DAYS = 60  # until a decided item is due, in synthetic data


def _agenda(occasion: Occasion) -> JsonObject:
    rows: Any = occasion.shown.get("issues") or ()
    return {
        "issues": [{**row, "place": "agenda"} for row in rows],
        "liaison_held_on": occasion.today.isoformat(),
        "liaison_present": "各成员单位联络员（合成数据）",
        "agenda_decision": "hold" if rows else "call_off",
        **({} if rows else {"call_off_reason": "没有需要研究的议题（合成数据）"}),
    }


def _meeting(occasion: Occasion) -> JsonObject:
    rows: Any = occasion.shown.get("results") or ()
    due_on = (occasion.today + timedelta(days=ITEM_DAYS)).isoformat()
    decided = {"outcome": "decided", "owner": "civil_affairs", "co_owners": [], "due_on": due_on}
    return {
        "held_on": occasion.today.isoformat(),
        "chair": "召集人（合成）",
        "participants": "各成员单位（合成数据）",
        "results": [{**row, **decided, "text": f"办理：{row['title']}"} for row in rows],
    }


ANSWERS: Mapping[str, Answer] = {
    "Task_LiaisonMeeting": _agenda,
    "Task_HoldMeeting": _meeting,
    "Task_DraftMinutes": {"minutes": "会议研究了各项议题，一致同意议定事项（合成数据）。"},
    "Task_SignMinutes": {"minutes_decision": "sign"},
    "Task_ReportUp": lambda occasion: {
        "reported_up_on": occasion.today.isoformat(),
        "report_number": "溧民报〔2026〕1号（合成）",
    },
    "Task_ReportItem": {
        "report_kind": "finished",
        "progress": "已办结（合成数据）。",
        "evidence": "印发文件（合成数据）",
    },
    "Task_AcceptItem": {"item_decision": "accept"},
    "Task_AssignProblem": {
        "problem_decision": "assign",
        "unit_kind": "finance",
        "problem_note": "请研究答复（合成数据）。",
    },
    "Task_AnswerProblem": {"answer": "已协调解决（合成数据）。"},
    "Task_ConfirmProblem": {"is_settled": "yes"},
}

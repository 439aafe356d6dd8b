"""What sensible staff enter for the tasks of winter and spring relief."""

from __future__ import annotations

from collections.abc import Mapping

from api.demo.occasion import Answer

ANSWERS: Mapping[str, Answer] = {
    "Task_SurveyWinterNeeds": {"survey_note": "逐村走访，与村（社区）核对（合成数据）。"},
    "Task_ReviewWinterTown": {"town_decision": "confirm"},
    "Task_PlanWinter": {
        "fund_source": "中央、省级救灾资金和县级预算（合成数据）",
        "goods_source": "县救灾物资储备库（合成数据）",
    },
    "Task_RecordApproval": lambda occasion: {
        "plan_decision": "approve",
        "approval_number": f"溧政复〔{occasion.today.year}〕21号（合成）",
        "approved_on": occasion.today.isoformat(),
    },
    "Task_FileAbove": lambda occasion: {
        "filing_number": f"溧应急〔{occasion.today.year}〕9号（合成）",
        "filed_on": occasion.today.isoformat(),
    },
    "Task_PublishCounty": lambda occasion: {
        "published_on": occasion.today.isoformat(),
        "published_at": "市政府网站（合成数据）",
    },
    "Task_PublishVillages": lambda occasion: {
        "published_on": occasion.today.isoformat(),
        "published_at": "各村（社区）公告栏（合成数据）",
    },
}

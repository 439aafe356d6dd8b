"""What a sensible member of staff enters for the tasks of the economic check."""

from __future__ import annotations

ANSWERS = {
    "Task_AssessObjection": {"assessment": "admit", "assessment_reason": "凭证与争议项目有关，重新查询（合成数据）。"},
    "Task_RecheckLateAnswer": {"recheck": "tell", "recheck_note": "迟到答复显示超限，先告知当事人（合成数据）。"},
    "Task_DecideWithdrawal": {
        "withdrawal_decision": "terminate",
        "withdrawal_note": "提醒期满仍未重新授权（合成数据）。",
    },
}

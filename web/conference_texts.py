"""The names of choices and states of the joint conference, in Chinese and in English."""

from __future__ import annotations

from workflows.casework.conference.words import ISSUE_STATES, ITEM_STATES, MEETING_STATES, PROBLEM_STATES

CONFERENCE_LABELS: dict[str, dict[str, tuple[str, str]]] = {
    "seat_role": {
        "chief_convener": ("总召集人", "Chief convener"),
        "convener": ("召集人", "Convener"),
        "member": ("成员", "Member"),
        "office_head": ("办公室主任", "Head of the office"),
        "liaison": ("联络员", "Liaison officer"),
    },
    "meeting_kind": {
        "ordinary": ("例会", "Ordinary"),
        "ad_hoc": ("临时会议", "Ad hoc"),
    },
    "meeting_state": {state.value: (words.zh, words.en) for state, words in MEETING_STATES.items()},
    "issue_state": {state.value: (words.zh, words.en) for state, words in ISSUE_STATES.items()},
    "item_state": {state.value: (words.zh, words.en) for state, words in ITEM_STATES.items()},
    "problem_state": {state.value: (words.zh, words.en) for state, words in PROBLEM_STATES.items()},
    "record_step": {
        "convened": ("召集会议", "Called"),
        "closed_for_issues": ("汇总议题（件数）", "Issues gathered (how many)"),
        "agenda_locked": ("锁定议程（联络员会议）", "Agenda locked (by the liaison officers)"),
        "called_off": ("取消会议", "Called off"),
        "held": ("召开会议（议定事项数）", "Held (items decided)"),
        "minutes_returned": ("退回纪要", "Minutes returned"),
        "minutes_issued": ("印发纪要", "Minutes issued"),
        "reported_up": ("报市政府", "City government told"),
        "decided": ("交办", "Given out"),
        "progress": ("报告进展", "Progress reported"),
        "reported": ("申请销号", "Said to be done"),
        "returned": ("退回继续办理", "Returned"),
        "accepted": ("销号", "Closed"),
        "due_soon": ("到期提醒", "Reminded"),
        "ordered": ("下发督办单", "Order issued"),
        "not_ordered": (
            "未能下发督办单：责任单位无经办人，或工作日历未录入",
            "No order: nobody there to answer, or a calendar is missing",
        ),
        "file_taken": ("查看材料", "File taken out"),
        "filed": ("提出", "Filed"),
        "assigned": ("分派", "Given to a unit"),
        "answered": ("答复", "Answered"),
        "overdue": ("逾期未答复", "Not answered in time"),
        "unsettled": ("未解决", "Not settled"),
        "settled": ("确认解决", "Settled"),
        "put_on_agenda": ("列入会议议题", "Made an issue"),
        "declined": ("不予协调", "Declined"),
    },
}

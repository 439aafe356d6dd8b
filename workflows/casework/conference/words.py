"""What the states of the records of the joint conference are called."""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.texts import Words
from workflows.casework.conference.model import IssueState, ItemState, MeetingState, ProblemState

MEETING_STATES: Mapping[MeetingState, Words] = {
    MeetingState.COLLECTING: Words("报送议题", "Issues are filed"),
    MeetingState.CLOSED: Words("议题已汇总", "Issues gathered"),
    MeetingState.LOCKED: Words("议程已锁定", "Agenda locked"),
    MeetingState.HELD: Words("已召开，起草纪要", "Held, minutes being written"),
    MeetingState.ISSUED: Words("纪要已印发", "Minutes issued"),
    MeetingState.CALLED_OFF: Words("已取消", "Called off"),
}
ISSUE_STATES: Mapping[IssueState, Words] = {
    IssueState.FILED: Words("已报送", "Filed"),
    IssueState.ON_AGENDA: Words("列入议程", "On the agenda"),
    IssueState.SETTLED: Words("已协调或通报", "Settled or noted"),
    IssueState.DECIDED: Words("已议定", "Decided"),
    IssueState.DEFERRED: Words("留待下次会议", "Left to the next meeting"),
    IssueState.WITHDRAWN: Words("已撤回", "Withdrawn"),
}
ITEM_STATES: Mapping[ItemState, Words] = {
    ItemState.DRAFTED: Words("纪要待签发", "Minutes not signed"),
    ItemState.OPEN: Words("办理中", "In work"),
    ItemState.REPORTED: Words("申请销号", "Said to be done"),
    ItemState.CLOSED: Words("已销号", "Closed"),
}
PROBLEM_STATES: Mapping[ProblemState, Words] = {
    ProblemState.FILED: Words("待分派", "To be given out"),
    ProblemState.ASSIGNED: Words("待答复", "To be answered"),
    ProblemState.ANSWERED: Words("待确认", "To be confirmed"),
    ProblemState.CLOSED: Words("已解决", "Settled"),
    ProblemState.ON_AGENDA: Words("列入会议议题", "An issue of the conference"),
    ProblemState.DECLINED: Words("不予协调", "Declined"),
}

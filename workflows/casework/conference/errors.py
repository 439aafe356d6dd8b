"""What can go wrong with the joint conference; texts name numbers and days."""

from __future__ import annotations

from datetime import date

from workflows.casework.errors import CaseworkError


class ConferenceRecordNotFound(CaseworkError):
    """There is no such meeting, issue, decided item, problem, seat or file."""

    code = "conference-record-not-found"
    text_zh = "联席会议没有这条记录。请从联席会议页面打开。"
    text_en = "The joint conference has no such record. Open it from the page of the conference."


class ConferenceNotYours(CaseworkError):
    """Somebody asks about the conference whose unit has no part in it."""

    code = "conference-not-yours"
    text_zh = "联席会议的内容由各成员单位和街道（镇）负责人查看，您的岗位不在其中。如需查看，请联系其办公室。"
    text_en = (
        "The joint conference is seen by its member units and by those who lead a town; none of your posts is one. "
        "Ask its office at the Civil Affairs Bureau."
    )


class ConferenceUnitWrong(CaseworkError):
    """Somebody speaks for a unit that is not theirs, or for none."""

    code = "conference-unit-wrong"
    text_zh = "不能以单位“{unit}”的名义办理：您在该单位没有岗位，或者该单位不参加联席会议。请选择您所在的单位。"
    text_en = (
        "Nothing can be done in the name of the unit {unit_en!r}: you have no post there, or it does not take part. "
        "Choose a unit of your own."
    )

    def __init__(self, *, unit: str, unit_en: str) -> None:
        super().__init__(unit=unit, unit_en=unit_en)


class MeetingDayWrong(CaseworkError):
    """A meeting is called for a day that is none, or too soon."""

    code = "meeting-day-wrong"
    text_zh = (
        "会议日期 {found} 不行：须为工作日，例会不早于 {earliest}（会前 {days} 天报送议题）。请改期，或召开临时会议。"
    )
    text_en = (
        "The meeting cannot be on {found}: it has to be a working day, and an ordinary one not before {earliest}, so "
        "that units can file issues until {days} days before it. Choose another day, or call it as an ad hoc meeting."
    )

    def __init__(self, *, found: date, earliest: date, days: int) -> None:
        super().__init__(found=found.isoformat(), earliest=earliest.isoformat(), days=days)


class IssuesClosed(CaseworkError):
    """An issue comes after the last day, or for a meeting that takes none."""

    code = "issues-closed"
    text_zh = "会议 {number} 的议题报送已于 {until} 截止。请不指定会议报送，该议题列入下次会议。"
    text_en = (
        "The meeting {number} takes no issues after {until}. File it without naming a meeting: it waits for the next."
    )

    def __init__(self, *, number: str, until: date) -> None:
        super().__init__(number=number, until=until.isoformat())


class IssueNotOpen(CaseworkError):
    """An issue is withdrawn that is on an agenda already, or over."""

    code = "issue-not-open"
    text_zh = "议题“{title}”已不在报送状态，不能撤回。请与联席会议办公室联系。"
    text_en = "The issue {title!r} is on an agenda or over, and cannot be withdrawn. Ask the office of the conference."

    def __init__(self, *, title: str) -> None:
        super().__init__(title=title)


class SeatDayWrong(CaseworkError):
    """A seat is taken over or left on a day that does not follow."""

    code = "seat-day-wrong"
    text_zh = "日期 {found} 不行：该席位自 {since} 起由现任担任。请填写更晚的日期。"
    text_en = "The seat is held since {since}; the day {found} cannot follow it. Give a later day."

    def __init__(self, *, found: date, since: date) -> None:
        super().__init__(found=found.isoformat(), since=since.isoformat())


class ConferenceStateWrong(CaseworkError):
    """A step of the conference meets a record that is elsewhere by now."""

    code = "conference-state-wrong"
    text_zh = "{number} 的状态已是“{state}”，不能再办这一步。请刷新后查看。"
    text_en = "{number} stands at {state!r} by now, so this cannot be done. Look at it again."

    def __init__(self, *, number: str, state: str) -> None:
        super().__init__(number=number, state=state)


class ConferenceKeyTaken(CaseworkError):
    """A submission key came with another content."""

    code = "conference-key-taken"
    text_zh = "这次提交的编号已用于另一份内容。请刷新页面后重新填写。"
    text_en = "This submission key was used for another content. Load the page anew and fill it in again."


class MaterialsFull(CaseworkError):
    """There are as many files beside a record as there may be."""

    code = "materials-full"
    text_zh = "这条记录最多附 {most} 份材料。请合并后再附。"
    text_en = "At most {most} files may lie beside this record. Put some of them together."

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most)


class ConferenceTextWrong(CaseworkError):
    """Something that has to be written is empty or too long."""

    code = "conference-text-wrong"
    text_zh = "“{field}”须填写，最多 {most} 个字，现为 {found} 个字。请更正后重新提交。"
    text_en = "The {field_en} needs from 1 to {most} characters; there are {found}. Correct it and send it again."

    def __init__(self, *, field: str, field_en: str, most: int, found: int) -> None:
        super().__init__(field=field, field_en=field_en, most=most, found=found)

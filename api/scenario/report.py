"""What a run says: every expected fact beside what was found, the trail, the route, and what is open or stuck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from api.scenario.course import LOCAL, Course, TrailLine
from engine.json_values import JsonObject
from workflows.playing.comparing import Comparison

HOLDS, DIFFERS = "✓", "✗"


def progress_line(course: Course, *, number: int, total: int) -> str:
    """Return the line that is said once a scenario is over."""
    right = sum(one.holds for one in course.comparisons)
    mark = HOLDS if course.holds else DIFFERS
    facts = f"{right}/{len(course.comparisons)}"
    scenario = course.scenario
    name = f"{scenario.id} {scenario.title} / {scenario.title_en}"
    return f"[{number}/{total}] {mark} {name}  {facts}  {course.seconds:.1f} s"


def as_text(course: Course) -> Iterator[str]:
    """Yield the lines of a scenario's report."""
    scenario = course.scenario
    yield f"\n== {scenario.id} {scenario.title} / {scenario.title_en}  ({scenario.source.name})"
    yield "  经过 trail"
    yield from (f"    {_moment(one.at)}  {one.who:24} {one.what}" for one in _trail(course))
    for name, case in course.closing.get("cases", {}).items():
        yield from _case_lines(name, case)
    if course.dues:
        dues = "，".join(f"{task} {day}" for task, day in course.dues.items())
        yield f"  期限 dues: {dues}"
    yield "  核对 compared"
    yield from (f"    {line}" for one in course.comparisons for line in _comparison(one))
    if course.failure is not None:
        failure = course.failure
        yield f"  {DIFFERS} 中断 stopped at {scenario.source.name}:{failure.line}: {failure.zh} {failure.en}"
    yield from _what_is_stuck(course)
    if not course.holds:
        yield from _what_is_open(course)


def as_json(courses: Sequence[Course]) -> JsonObject:
    """Return the report for a program."""
    return {"holds": all(one.holds for one in courses), "scenarios": [_one(course) for course in courses]}


def _one(course: Course) -> JsonObject:
    scenario, failure = course.scenario, course.failure
    return {
        "id": scenario.id,
        "title": scenario.title,
        "title_en": scenario.title_en,
        "file": scenario.source.name,
        "holds": course.holds,
        "seconds": round(course.seconds, 2),
        "failure": None if failure is None else {"line": failure.line, "zh": failure.zh, "en": failure.en},
        "compared": [
            {
                "what": one.what,
                "expected": _json(one.expected),
                "found": _json(one.found),
                "holds": one.holds,
                "at": one.at.astimezone(LOCAL).isoformat() if one.at else None,
                "line": one.line,
            }
            for one in course.comparisons
        ],
        "dues": dict(course.dues),
        "trail": [
            {"at": one.at.astimezone(LOCAL).isoformat(), "who": one.who, "what": one.what} for one in _trail(course)
        ],
        **course.closing,
    }


def _json(value: object) -> Any:
    return value if isinstance(value, str | int | bool | list | dict) or value is None else str(value)


def _trail(course: Course) -> list[TrailLine]:
    """Return what was done and what the cases themselves noted, in the order of time."""
    lines = list(course.trail)
    for case in course.closing.get("cases", {}).values():
        for one in case.get("trail", ()):
            lines.append(TrailLine(at=datetime.fromisoformat(one["at"]), who="", what=f"{one['zh']} / {one['en']}"))
    return sorted(lines, key=lambda one: one.at)


def _case_lines(name: str, case: JsonObject) -> Iterator[str]:
    yield (
        f"  案件 case {name}: {case['number']} {case.get('status', '')}"
        f" 受理 accepted {case.get('accepted_on') or '—'} 期限 due {case.get('due_on') or '—'}"
        f" 结果 outcome {case.get('outcome') or '—'}"
    )
    for one in case.get("route", ()):
        amount = f" {one['amount']} 元/{one['amount_period']}" if one["amount"] is not None else ""
        late = " 逾期 late" if one["overdue"] else ""
        yield (
            f"    → {one['rule'] or '':4} {one['need']:12} {one['programme']:16} {one['unit_kind']:16}"
            f" {one['state']}{late} {one['outcome'] or ''}{amount}"
            f"  sent {one['sent_on'] or '—'} ack by {one['acknowledge_by'] or '—'} result by {one['result_by'] or '—'}"
        )


def _comparison(one: Comparison) -> Iterator[str]:
    when = f" @ {_moment(one.at)}" if one.at else ""
    if one.holds:
        yield f"{HOLDS} {one.what}: {_shown(one.found)}{when}"
    else:
        line = f" (第 {one.line} 行 line {one.line})" if one.line else ""
        yield f"{DIFFERS} {one.what}: 预期 expected {_shown(one.expected)}，实得 found {_shown(one.found)}{when}{line}"


def _what_is_stuck(course: Course) -> Iterator[str]:
    for one in course.closing.get("incidents", ()):
        yield (
            f"  ! 异常 incident {one['business_key']} {one['element_id']} ({one['element_name']}) {one['kind']}:"
            f" {one['reason']}"
        )


def _what_is_open(course: Course) -> Iterator[str]:
    for one in course.closing.get("open_tasks", ()):
        groups = "、".join(one["candidate_groups"] or ())
        yield (
            f"  … 未办 open {one['business_key']} {one['element_id']} {one['name']} / {one['name_en']}"
            f" [{groups}] {one['assignee'] or ''} 期限 due {one['due_on'] or '—'}"
        )


def _shown(value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(_shown(one) for one in value) + "]"
    return str(value)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M}"

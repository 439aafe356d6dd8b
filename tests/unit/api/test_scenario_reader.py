"""A scenario file is read strictly: what is wrong is said with its line, what stands there and what was expected."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from api.scenario.checking import FileInvalid, Finding
from api.scenario.reader import read_file, read_text, scenario_files, shipped_folder

GOOD = """\
id: T1
title: 试
title_en: A trial
starts_at: 2026-06-15T09:00:00+08:00
application:
  region: '320481002'
  needs: [medical]
  household: {address: 平陵路, tenure: owned, settlement: town}
  members:
    - {name: 周玉兰, identity_number: '320499198603121026', relation: self}
agency_facts:
  - {member: 1, records: {bank: [{item: deposit, amount: 9000.50, unit: yuan}]}}
steps:
  - {at: 2026-06-15T09:20:00+08:00, by: licheng.clerk, tasks: [Task_CheckCompleteness]}
  - at: 2026-06-15T10:00:00+08:00
    by: township/clerk@320481002
    tasks:
      - {task: Task_RecordAuthorisations, answers: {note: no}, refused: FOUR_EYES_VIOLATION}
  - {at: 2026-06-16T09:00:00+08:00, expect: {late: []}}
expected:
  status: closed
  due_on: 2026-07-28
"""


def findings(text: str) -> tuple[Finding, ...]:
    with pytest.raises(FileInvalid) as refused:
        read_text(text, "t.yaml")
    return refused.value.findings


def said(text: str) -> str:
    return "\n".join(str(one) for one in findings(text))


def test_a_scenario_is_read_with_words_dates_and_exact_numbers() -> None:
    scenario = read_text(GOOD, "t.yaml")

    assert scenario.window == "township/clerk@320481002"
    assert scenario.agency_facts[0]["records"]["bank"][0]["amount"] == Decimal("9000.50")
    first, second, third = scenario.steps
    assert [one.task for one in first.tasks] == ["Task_CheckCompleteness"]
    assert second.tasks[0].answers == {"note": "no"}  # not the boolean of YAML 1.1
    assert second.tasks[0].refused == "four-eyes"
    assert third.expect == {"late": []}
    assert scenario.expected == {"status": "closed", "due_on": "2026-07-28"}


def test_json_is_read_as_well() -> None:
    text = '{"id": "T", "title": "试", "title_en": "t", "starts_at": "2026-06-15T09:00:00+08:00",\n "steps": [],'
    assert read_text(text + '"expected": {"incidents": 0}}', "t.json").expected == {"incidents": 0}


@pytest.mark.parametrize("name", [path.name for path in scenario_files([shipped_folder()])])
def test_every_shipped_scenario_can_be_read(name: str) -> None:
    assert read_file(shipped_folder() / name).expected


@pytest.mark.parametrize(
    ("there", "instead", "line", "words"),
    [
        ("title_en: A trial", "titel_en: A trial", 3, ["titel_en", "title_en", "Did you mean title_en", "没有名为"]),
        ("title: 试\n", "", 1, ["缺少 title", "title is missing"]),
        ("id: T1", "id: 1", 1, ["加引号", "in quotes"]),
        ("starts_at: 2026-06-15T09:00:00+08:00", "starts_at: 2026-06-15T09:00:00", 4, ["带时区", "offset"]),
        ("needs: [medical]", "needs: [medicine]", 7, ["application.needs[1]", "medical"]),
        ("tenure: owned", "tenure: 5", 8, ["application.household.tenure", "应为文本"]),
        ("identity_number: '320499198603121026'", "identity_number: 320499198603121026", 10, ["应为文本"]),
        ("  region: '320481002'", "  region: '110101'", 6, ["110101", "window"]),
        ("{member: 1,", "{member: 2,", 12, ["第 2 名", "no member 2"]),
        ("{bank:", "{banc:", 12, ["banc", "bank"]),
        ("by: licheng.clerk", "by: licheng.clark", 14, ["steps[1].by", "licheng.clark", "Did you mean licheng.clerk"]),
        ("[Task_CheckCompleteness]", "[Task_CheckComplete]", 14, ["steps[1].tasks[1]", "Task_CheckCompleteness"]),
        (", by: licheng.clerk, tasks", ", tasks", 14, ["缺少 by", "who does it"]),
        ("at: 2026-06-15T10:00:00", "at: 2026-06-15T09:10:00", 15, ["早于前一步", "order of time"]),
        ("answers: {note: no}", "answer: {note: no}", 18, ["steps[2].tasks[1].answer", "answers"]),
        ("FOUR_EYES_VIOLATION", "FIVE_EYES", 18, ["FIVE_EYES", "four-eyes"]),
        ("expect: {late: []}", "expect: {latte: []}", 19, ["latte", "late"]),
        ("expect: {late: []}", "expect: {late: housing}", 19, ["steps[3].expect.late", "列表", "a list"]),
        ("expect: {late: []}", "do: agency_behaves, with: {agency: bank}", 19, ["with", "缺少 mode"]),
        ("expect: {late: []}", "do: agency_behaves", 19, ["agency", "mode"]),
        ("expect: {late: []}", "do: agency_behave, with: {}", 19, ["agency_behaves"]),
        ("expect: {late: []}", "case: second", 19, ["second", "main"]),
        ("expect: {late: []}", "as: second", 19, ["do", "apply"]),
        ("due_on: 2026-07-28", "due_on: 28.07.2026", 22, ["expected.due_on", "日期", "a day"]),
        ("  status: closed\n  due_on: 2026-07-28\n", "  {}\n", 20, ["没有任何预期"]),
        ("agency_facts:", "parameters: {dibao_standart: 1}\nagency_facts:", 11, ["dibao_standart", "dibao_standard"]),
        ("agency_facts:", "parameters: [{key: dibao_standard, value: 1}]\nagency_facts:", 11, ["缺少 from"]),
    ],
)
def test_a_slip_is_said_with_its_line(there: str, instead: str, line: int, words: list[str]) -> None:
    assert GOOD.count(there) == 1
    found = findings(GOOD.replace(there, instead))

    assert [one for one in found if one.line == line], [str(one) for one in found]
    assert all(one.file == "t.yaml" for one in found)
    text = "\n".join(str(one) for one in found)
    assert [word for word in words if word not in text] == [], text


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_lines() -> None:
    lines = [one.line for one in findings(GOOD.replace("id: T1", "Id: T1").replace("status: closed", "statu: closed"))]

    assert lines == sorted(lines)
    assert {1, 21} <= set(lines)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("id: T1\nid: T2\n", 2, ["id", "重复", "twice"]),
        ("id: T1\n- x\n", 2, ["YAML"]),
        ("id: !!int '1'\n", 1, ["标签", "tag"]),
        ("? [a]\n: b\n", 1, ["键须为文字"]),
        ("", 1, ["键值对", "Keys and values"]),
        ("[1, 2]", 1, ["列表/a list"]),
        ("id: 'T1\n", 2, ["YAML"]),
        ("[" * 60 + "]" * 60, 1, ["嵌套过深"]),
    ],
)
def test_what_is_no_scenario_at_all_is_said_as_well(text: str, line: int, words: list[str]) -> None:
    found = findings(text)
    assert found[0].line == line
    assert [word for word in words if word not in str(found[0])] == []


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(b"id: \xff\n")
    with pytest.raises(FileInvalid, match="文件无法读取"):
        read_file(path)


def test_a_figure_set_for_all_time_stands_in_place_of_every_later_value() -> None:
    scenario = read_text(GOOD.replace("steps:", "parameters: {dibao_standard: 1200}\nsteps:"), "t.yaml")
    days = [one.effective_from.isoformat() for one in scenario.parameters]

    assert days[0] == "2014-01-01"
    assert "2026-01-01" in days
    assert {one.value for one in scenario.parameters} == {1200}


def test_a_second_application_has_a_name_that_later_steps_use() -> None:
    application = "{region: '320481002', needs: [medical], household: {address: a, tenure: owned, settlement: town}, "
    application += "members: [{name: 王, identity_number: '320499198603121026', relation: self}]}"
    step = f"  - {{at: 2026-06-16T09:00:00+08:00, apply: {application}, as: second, facts: [{{member: 1}}]}}\n"
    later = "  - {at: 2026-06-16T10:00:00+08:00, case: second, expect: {status: accepted}}\n"
    scenario = read_text(GOOD.replace("expected:", step + later + "expected:"), "t.yaml")

    assert scenario.steps[3].submission is not None
    assert scenario.steps[4].case == "second"
    assert "as" in said(GOOD.replace("expected:", step.replace(", as: second", "") + "expected:"))


def test_a_name_may_stand_for_a_value_of_any_shape() -> None:
    assert read_text(GOOD.replace("2026-07-28", "$kept.day"), "t.yaml").expected["due_on"] == "$kept.day"


def test_a_folder_stands_for_all_files_in_it(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    for name in ("b.yaml", "a.yml", "below/c.json", "d.txt"):
        (tmp_path / name).write_text("", encoding="utf-8")
    found = [str(one.relative_to(tmp_path)) for one in scenario_files([tmp_path])]

    assert found == ["a.yml", "b.yaml", "below/c.json"]

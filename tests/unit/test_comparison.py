"""What a comparison of two versions sees: everything that runs, element by element, and nothing that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

import workflows
from engine.comparison import ChangeKind, compare_resources
from engine.json_values import dump_json

FOLDER = Path(workflows.__file__).parent
DIAGRAM = (FOLDER / "bpmn" / "agency_inquiry.bpmn").read_text("utf-8")
TABLE = (FOLDER / "dmn" / "aid_overlap.dmn").read_text("utf-8")


def changed(old: str, new: str, *, kind: str = "process", whole: str = DIAGRAM) -> list[tuple[str, str, str]]:
    """Return what one replacement changes: kind, element and aspect."""
    assert whole.count(old) >= 1, old
    found = compare_resources(kind, whole.encode(), whole.replace(old, new, 1).encode())  # type: ignore[arg-type]  # plain text
    return [(one.kind.value, one.element_id, each.aspect) for one in found for each in one.differences]


@pytest.mark.parametrize(
    ("old", "new", "element", "aspect"),
    [
        ("=end of working day(date(check_deadline))</", "=now()</", "Event_AnswerOverdue", "timer.timeDate"),
        ('=channel = "desk"', '=channel = "file"', "Flow_Channel_Desk", "condition"),
        ("civil_affairs/checker", "township/clerk", "Task_EnterAnswer", "assignmentDefinition.candidateGroups"),
        ('source="=agency" target="agency"', 'source="=other" target="agency"', "Service_AskAgency", "input.agency"),
        ('source="=answer" target="answer"', 'source="=x" target="answer"', "Service_AskAgency", "output.answer"),
        ('formId="enter_answer"', 'formId="other"', "Task_EnterAnswer", "formDefinition.formId"),
        ('retries="200"', 'retries="3"', "Service_AskAgency", "taskDefinition.retries"),
        ('type="ask_agency"', 'type="other"', "Service_AskAgency", "taskDefinition.type"),
        ('default="Flow_Channel_Line"', "", "Gateway_Channel", "default"),
        ('value="Ask the agency"', 'value="Ask"', "Service_AskAgency", "property.name.en"),
        ('name="查询信息单位"', 'name="查询"', "Service_AskAgency", "name"),
        ('targetRef="Gateway_Channel"', 'targetRef="Service_AskAgency"', "Flow_ToChannel", "targetRef"),
        (
            'attachedToRef="Service_AskAgency"',
            'attachedToRef="Task_EnterAnswer"',
            "Event_AnsweredByFile",
            "attachedToRef",
        ),
        ("<zeebe:userTask />", "", "Task_EnterAnswer", "userTask"),
        ('isExecutable="true"', 'isExecutable="false"', "agency_inquiry", "isExecutable"),
    ],
)
def test_what_runs_otherwise_is_named(old: str, new: str, element: str, aspect: str) -> None:
    assert changed(old, new) == [("changed", element, aspect)]


def test_what_is_only_drawn_elsewhere_is_moved_and_says_nothing() -> None:
    shape = DIAGRAM.index('bpmnElement="Task_EnterAnswer"')
    bounds = DIAGRAM[shape:].split("<dc:Bounds ", 1)[1].split("/>")[0]
    moved = DIAGRAM[:shape] + DIAGRAM[shape:].replace(bounds, 'x="1" y="2" width="3" height="4" ', 1)

    [change] = compare_resources("process", DIAGRAM.encode(), moved.encode())

    assert (change.kind, change.element_id, change.differences) == (ChangeKind.MOVED, "Task_EnterAnswer", ())


def test_an_element_of_another_type_is_another_element() -> None:
    other = DIAGRAM.replace('<bpmn:userTask id="Task_EnterAnswer"', '<bpmn:manualTask id="Task_EnterAnswer"')
    other = other.replace("</bpmn:userTask>", "</bpmn:manualTask>")

    found = compare_resources("process", DIAGRAM.encode(), other.encode())

    assert {(one.kind.value, one.element_type) for one in found} == {("added", "manualTask"), ("removed", "userTask")}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("bpmn/*.bpmn")), ids=lambda path: path.stem)
def test_a_shipped_diagram_equals_itself_and_has_words_for_its_parts(path: Path) -> None:
    xml = path.read_bytes()
    assert compare_resources("process", xml, xml) == ()
    everything = compare_resources("process", b"<none/>", xml)
    nameless = {one.element_type for one in everything if one.type_zh == one.element_type}
    aspects = {
        each.aspect for one in everything for each in one.differences if each.aspect_zh == each.aspect.partition("#")[0]
    }
    assert (nameless, aspects) == (set(), set())


def test_a_cell_goes_by_the_name_of_its_column() -> None:
    old = "<text>&#34;dibao&#34;</text>" if "&#34;dibao" in TABLE else '<text>"dibao"</text>'

    [(kind, _rule, aspect)] = changed(old, '<text>"edge"</text>', kind="decision", whole=TABLE)

    assert (kind, aspect) == ("changed", "when.一项")


def test_a_field_of_a_form_says_what_is_asked_otherwise() -> None:
    def form(*fields: dict[str, object]) -> bytes:
        return dump_json({"id": "f", "type": "default", "components": list(fields)}).encode()

    name = {"id": "1", "type": "textfield", "key": "name", "label": "姓名", "validate": {"required": False}}
    before, after = (
        form(name),
        form({**name, "validate": {"required": True}}, {"id": "2", "type": "number", "key": "n"}),
    )

    changes = compare_resources("form", before, after)

    told = {(one.kind.value, one.element_id, each.aspect_zh, each.after) for one in changes for each in one.differences}
    assert ("changed", "1", "必填", "true") in told
    assert ("added", "2", "数据键", "n") in told


def test_what_cannot_be_read_has_no_parts() -> None:
    assert compare_resources("process", b"<", b"<") == ()
    assert compare_resources("form", b"{", b"[1]") == ()

"""The shipped diagrams, decisions and forms fit together, are drawn whole, and say in two languages what they are."""

from __future__ import annotations

import json
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.lint import lint
from engine.bpmn.reader import read
from engine.dmn import parse as parse_decisions
from engine.feel.analysis import Surroundings
from engine.forms import parse as parse_form
from tests.unit.rules.calendars import COUNTY
from workflows.casework.case_shape import expression_objects
from workflows.casework.parameters import TEST_PARAMETERS
from workflows.rules.host_functions import host_functions

ROOT = Path(__file__).parents[2]
DIAGRAMS = sorted((ROOT / "workflows/bpmn").glob("*.bpmn"))
FORMS = sorted((ROOT / "workflows/forms").glob("*.form"))
DECISIONS = sorted((ROOT / "workflows/dmn").glob("*.dmn"))
CONTRACT = (ROOT / "docs/reference/service-tasks.md").read_text("utf-8")
SURROUNDINGS = Surroundings(
    objects=expression_objects({one.key: one.value for one in TEST_PARAMETERS}),
    functions=frozenset(host_functions(COUNTY)),
)
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
NODES = {
    "startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "exclusiveGateway", "parallelGateway",
    "userTask", "serviceTask", "businessRuleTask", "callActivity", "subProcess", "textAnnotation",
}  # fmt: skip
CONTAINERS = {"subProcess", "boundaryEvent"}
ANY_DIAGRAM = "any"  # where a service task of the contract is drawn: wherever an analyst needs it

each_diagram = pytest.mark.parametrize("path", DIAGRAMS, ids=[each.stem for each in DIAGRAMS])
each_form = pytest.mark.parametrize("path", FORMS, ids=[each.stem for each in FORMS])


def _tree(path):
    return etree.parse(path).getroot()


def _elements(path, *tags):
    found = [each for tag in tags for each in _tree(path).iter(f"{{*}}{tag}")]
    return [each for each in found if each.tag != f"{ZEEBE}userTask"]


def _values(attribute, *tags):
    """Return every value of an attribute of these zeebe elements over all diagrams."""
    return {each.get(attribute) for path in DIAGRAMS for each in _elements(path, *tags)} - {None}


def _nodes(path):
    return _elements(path, *NODES)


def _properties(element):
    found = element.findall(f"{{*}}extensionElements/{ZEEBE}properties/{ZEEBE}property")
    return {each.get("name"): each.get("value") for each in found}


def _bounds(path):
    shapes = {}
    for shape in _elements(path, "BPMNShape"):
        box = shape.find("{*}Bounds")
        shapes[shape.get("bpmnElement")] = tuple(float(box.get(name)) for name in ("x", "y", "width", "height"))
    return shapes


def _rows_of(heading):
    """Return the cells of the tables under a heading of the contract."""
    section = CONTRACT.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line.replace("\\|", "/").replace("`", "") for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


@each_diagram
def test_a_diagram_is_linted_without_findings_and_read(path):
    xml = path.read_bytes()
    assert lint(xml, resource=path.name, surroundings=SURROUNDINGS) == ()
    assert list(read(xml, surroundings=SURROUNDINGS).processes) == [path.stem]


@each_form
def test_a_form_is_named_by_its_id_and_read_without_warnings(path):
    form = parse_form(path.read_text("utf-8"), resource=path.name)
    assert form.id == path.stem
    assert form.warnings == ()


def test_every_form_that_a_task_names_exists_and_every_form_is_used():
    assert _values("formId", "formDefinition") == {each.stem for each in FORMS}


def test_every_called_decision_exists():
    known = {decision for path in DECISIONS for decision in parse_decisions(path.read_bytes()).decisions}
    assert _values("decisionId", "calledDecision") <= known


def test_every_called_process_exists_also_those_a_routing_rule_names():
    known = {each.stem for each in DIAGRAMS}
    assert {each for each in _values("processId", "calledElement") if not each.startswith("=")} <= known
    named = {
        process_id for name in ("route_needs", "programme_catalogue") for process_id in _column(name, "process_id")
    }
    assert "partner_referral" in named
    assert named <= known


def _column(decision, output):
    """Return the texts that the rules of a decision table put into an output."""
    table = next(_tree(ROOT / f"workflows/dmn/{decision}.dmn").iter("{*}decisionTable"))
    place = [each.get("name") for each in table.findall("{*}output")].index(output)
    rules = table.findall("{*}rule")
    return [rule.findall("{*}outputEntry")[place].findtext("{*}text").strip('"') for rule in rules]


def test_every_service_task_type_is_in_the_contract_and_the_other_way_round():
    rows = [row for heading in ("Inside", "Outside") for row in _rows_of(heading)]
    described = {row[0].split(" ")[0]: row[1] for row in rows}
    drawn = _values("type", "taskDefinition")
    assert drawn <= set(described)
    assert {name for name, where in described.items() if where != ANY_DIAGRAM} <= drawn


def test_every_user_task_is_in_the_contract_with_its_process_group_and_form():
    described = {tuple(row[:4]) for row in _rows_of("User tasks")}
    drawn = {
        (
            task.get("id"),
            path.stem,
            task.find(f".//{ZEEBE}assignmentDefinition").get("candidateGroups"),
            task.find(f".//{ZEEBE}formDefinition").get("formId"),
        )
        for path in DIAGRAMS
        for task in _elements(path, "userTask")
    }
    assert drawn == described


@each_diagram
def test_a_service_task_takes_and_gives_what_the_contract_says(path):
    contract = {row[0].split(" ")[0]: row for heading in ("Inside", "Outside") for row in _rows_of(heading)}
    for task in _elements(path, "serviceTask"):
        row = contract[task.find(f".//{ZEEBE}taskDefinition").get("type")]
        taken = [each.get("target") for each in task.iter(f"{ZEEBE}input")]
        given = {each.get("source").lstrip("=") for each in task.iter(f"{ZEEBE}output")}
        assert taken == _names(row[2], ";"), task.get("id")
        assert {each for each in given if each not in ("null", "true", "false")} <= set(_names(row[3], ";"))


def test_a_form_asks_for_the_result_keys_of_the_contract():
    for row in _rows_of("User tasks"):
        form = json.loads((ROOT / f"workflows/forms/{row[3]}.form").read_text("utf-8"))
        asked = [each for each in form["components"] if each["type"] != "text" and not each.get("readonly")]
        rows = [each for each in asked if each["type"] != "dynamiclist" or _is_entered(each)]
        assert {each.get("key") or each["path"] for each in rows} == set(_names(row[5], ",")), row[3]


def _is_entered(dynamic_list):
    return any(not each.get("readonly") for each in dynamic_list["components"])


def _names(cell, separator):
    """Return the first word of each entry of a cell; what stands in brackets is not split."""
    depth, start, entries = 0, 0, []
    for place, letter in enumerate(cell):
        depth += (letter in "{(") - (letter in "})")
        if letter == separator and depth == 0:
            entries.append(cell[start:place])
            start = place + 1
    entries.append(cell[start:])
    return [each.strip(" []").split(" ")[0] for each in entries]


@each_diagram
def test_every_user_task_has_a_computed_due_date(path):
    for task in _elements(path, "userTask"):
        due = task.find(f".//{ZEEBE}taskSchedule").get("dueDate")
        assert due.startswith(("=end of working day(", "=now() + duration("))  # hours run through holidays


@each_diagram
def test_everything_a_person_reads_has_an_english_name(path):
    named = _elements(path, "process", "userTask", "exclusiveGateway", "startEvent", "endEvent", "callActivity")
    missing = [each.get("id") for each in named if each.get("name") and not _properties(each).get("name.en")]
    assert missing == []


@each_diagram
def test_gateways_are_questions_and_their_flows_answers(path):
    for gateway in _elements(path, "exclusiveGateway"):
        if len(gateway.findall("{*}outgoing")) > 1:
            assert gateway.get("name", "").endswith("？"), gateway.get("id")
            flows = [each for each in _elements(path, "sequenceFlow") if each.get("sourceRef") == gateway.get("id")]
            assert all(each.get("name") for each in flows), gateway.get("id")
            assert sum(each.get("id") == gateway.get("default") for each in flows) == 1, gateway.get("id")


@each_diagram
def test_every_element_and_flow_is_drawn(path):
    drawn = set(_bounds(path)) | {each.get("bpmnElement") for each in _elements(path, "BPMNEdge")}
    parts = [*_nodes(path), *_elements(path, "sequenceFlow", "association", "lane", "participant")]
    assert {each.get("id") for each in parts} <= drawn


@each_diagram
def test_no_two_shapes_overlap(path):
    boxes = _bounds(path)
    solid = [each.get("id") for each in _nodes(path) if etree.QName(each).localname not in CONTAINERS]
    assert [pair for pair in combinations(solid, 2) if _overlap(boxes[pair[0]], boxes[pair[1]])] == []


@each_diagram
def test_boundary_events_sit_on_the_edge_of_their_task(path):
    boxes = _bounds(path)
    for event in _elements(path, "boundaryEvent"):
        x, y, width, height = boxes[event.get("id")]
        left, top, host_width, host_height = boxes[event.get("attachedToRef")]
        middle = (x + width / 2, y + height / 2)
        assert left <= middle[0] <= left + host_width
        assert middle[1] in (top, top + host_height)


@each_diagram
def test_flows_run_at_right_angles_from_shape_to_shape(path):
    boxes = _bounds(path)
    flows = {each.get("id"): each for each in _elements(path, "sequenceFlow")}
    for edge in _elements(path, "BPMNEdge"):
        flow = flows.get(edge.get("bpmnElement"))
        if flow is None:
            continue
        points = [(float(each.get("x")), float(each.get("y"))) for each in edge.findall("{*}waypoint")]
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points)), flow.get("id")
        assert _touches(boxes[flow.get("sourceRef")], points[0]), flow.get("id")
        assert _touches(boxes[flow.get("targetRef")], points[-1]), flow.get("id")


@each_form
def test_every_label_option_and_description_of_a_form_has_its_english(path):
    form = json.loads(path.read_text("utf-8"))
    english = json.loads(path.with_suffix(".en.json").read_text("utf-8"))
    assert set(_texts(form["components"])) <= set(english)
    assert all(english.values())


def _texts(components, prefix=""):
    for each in components:
        if each["type"] == "dynamiclist":
            yield prefix + each["path"]
            yield from _texts(each["components"], f"{prefix}{each['path']}.")
            continue
        key = prefix + each.get("key", each["id"])
        yield key
        yield from (f"{key}.{option['value']}" for option in each.get("values", ()))
        if "description" in each:
            yield f"{key}.description"


def _overlap(one, other):
    (x, y, width, height), (a, b, c, d) = one, other
    return x < a + c and a < x + width and y < b + d and b < y + height


def _touches(box, point):
    x, y, width, height = box
    inside = x <= point[0] <= x + width and y <= point[1] <= y + height
    return inside and (point[0] in (x, x + width) or point[1] in (y, y + height))

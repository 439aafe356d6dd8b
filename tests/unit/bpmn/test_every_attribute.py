"""Nothing is accepted and then ignored: every attribute and child that the schemas know is held against the check.

BPMN's own schema comes with SpiffWorkflow; the names of `zeebe:` are those of zeebe-bpmn-moddle 2.0.0.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import SpiffWorkflow
from lxml import etree

from engine.bpmn.checks import vocabulary
from engine.bpmn.lint import lint
from engine.bpmn.names import ACTIVITIES, FLOW_NODES, GATEWAYS
from tests.processes.diagrams import BPMN, HEAD

PAGE = (Path(__file__).parents[3] / "docs/reference/bpmn-support.md").read_text("utf-8")
XSD = "{http://www.w3.org/2001/XMLSchema}"
SCHEMA = etree.parse(Path(SpiffWorkflow.__file__).parent / "bpmn/parser/schema/Semantic.xsd").getroot()
TYPES = {each.get("name"): each for each in SCHEMA.iter(f"{XSD}complexType")}
ELEMENTS = {each.get("name"): each.get("type").split(":")[-1] for each in SCHEMA.findall(f"{XSD}element")}
ROOTS = ("message", "signal", "error", "escalation")
EVERYWHERE = ("id", "name")
RUNS, KEPT, REFUSED = "runs", "kept as drawn", "refused: "
GROUPS = {"activities": ACTIVITIES, "gateways": GATEWAYS}
ABSTRACT = {"flowElement", "artifact", "loopCharacteristics", "eventDefinition", "extensionElements"}
EVENT_HOMES = {"terminateEventDefinition": "endEvent", "linkEventDefinition": "intermediateThrowEvent"}
HOMES = {
    "laneSet": "process",
    "lane": "laneSet",
    "childLaneSet": "lane",
    "textAnnotation": "process",
    "sequenceFlow": "process",
    "conditionExpression": "sequenceFlow",
    "multiInstanceLoopCharacteristics": "userTask",
    "standardLoopCharacteristics": "userTask",
    "completionCondition": "multiInstanceLoopCharacteristics",
    "loopCondition": "standardLoopCharacteristics",
    "condition": "conditionalEventDefinition",
    **dict.fromkeys(("timeDate", "timeDuration", "timeCycle"), "timerEventDefinition"),
    **dict.fromkeys(FLOW_NODES, "process"),
    **{each: EVENT_HOMES.get(each, "boundaryEvent") for each in sorted(vocabulary.EVENT_DEFINITIONS)},
}
TAGS = ("process", *HOMES, *ROOTS)


def type_of(tag):
    if tag in vocabulary.EXPRESSIONS:
        return "tFormalExpression"
    return "tLaneSet" if tag == "childLaneSet" else ELEMENTS[tag]


def parts(type_name, kind):
    """Return what a type of the schema has, its base types first: `attribute` or `element`."""
    declared = TYPES.get(type_name)
    if declared is None:
        return []
    bases = [each.get("base").split(":")[-1] for each in declared.iter(f"{XSD}extension")]
    own = [(each.get("ref") or each.get("name") or "").split(":")[-1] for each in declared.iter(f"{XSD}{kind}")]
    return [*(name for base in bases for name in parts(base, kind)), *filter(None, own)]


def said_of_attributes():
    """Return what the page says of each attribute of each element."""
    section = PAGE.split("\n## Attributes\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")][1:]
    said = {}
    for names, _, places, becomes, _ in rows:
        for place in places.split(","):
            for tag in GROUPS.get(place.strip(), (place.strip(),)):
                for name in names.split(","):
                    said[tag, name.strip()] = becomes.strip().replace("`", "")
    return said


SAID = said_of_attributes()


def document(tag, attribute="", child=""):
    """Return a document with one element of this tag, in what it has to stand in; the rest of it is of no account."""
    text = "=1" if tag in vocabulary.EXPRESSIONS else ""
    script = '<bpmn:extensionElements><zeebe:script expression="=1" resultVariable="r"/></bpmn:extensionElements>'
    if tag == "process" and "isExecutable" not in attribute:
        attribute += ' isExecutable="true"'
    body = (script if tag == "scriptTask" else "") + text + child
    xml = f'<bpmn:{tag} id="x" {attribute}>{body}</bpmn:{tag}>'
    while tag in HOMES:
        tag = HOMES[tag]
        executable = ' isExecutable="true"' if tag == "process" else ""
        xml = f'<bpmn:{tag} id="{tag}"{executable}>{xml}</bpmn:{tag}>'
    return f"{HEAD}{xml}</bpmn:definitions>".encode()


def findings(tag, attribute="", child=""):
    return {(each.code, each.message_en) for each in lint(document(tag, attribute, child))}


def new_codes(tag, attribute="", child=""):
    """Return the codes of what is found of an attribute or child, and not without it."""
    return {code for code, _ in findings(tag, attribute, child) - findings(tag)}


def test_the_page_names_every_attribute_that_the_schema_of_bpmn_knows():
    known = {(tag, name) for tag in TAGS for name in parts(type_of(tag), "attribute") if name not in EVERYWHERE}
    assert set(SAID) == known


@pytest.mark.parametrize(("place", "becomes"), SAID.items(), ids="-".join)
def test_an_attribute_becomes_what_the_page_says(place, becomes):
    tag, name = place
    if becomes.startswith(REFUSED):
        code, _, value = becomes.removeprefix(REFUSED).partition(" at ")
        assert code in new_codes(tag, f'{name}="{value}"')
    elif becomes == KEPT:
        assert new_codes(tag, f'{name}="y"') == set()
    else:
        assert becomes == RUNS
        assert not new_codes(tag, f'{name}="true"') & {"unsupported-attribute", "expression-language"}


@pytest.mark.parametrize("tag", sorted(TAGS))
def test_an_attribute_that_no_schema_knows_is_refused(tag):
    if vocabulary.attributes_of_tag(tag) is not None:
        assert "unsupported-attribute" in new_codes(tag, 'unheardOf="1"')
    assert "unsupported-attribute" in new_codes(tag, 'zeebe:retryCounter="1"')
    assert "camunda-7-extension" in new_codes(tag, 'xmlns:c="http://camunda.org/schema/1.0/bpmn" c:asyncBefore="true"')


DRAWN_CHILDREN = {
    *("documentation", "incoming", "outgoing", "laneSet", "lane", "childLaneSet", "flowNodeRef", "text"),
    *("ioSpecification", "property", "dataInput", "dataOutput", "inputSet", "outputSet"),
    *("dataInputAssociation", "dataOutputAssociation"),
}
READ_CHILDREN = {*vocabulary.EXPRESSIONS}
CHILDREN = {
    (tag, name)
    for tag in TAGS
    if tag not in vocabulary.ANY_CONTENT
    for name in parts(type_of(tag), "element")
    if name not in ABSTRACT
}


@pytest.mark.parametrize("place", sorted(CHILDREN), ids="-".join)
def test_a_child_is_read_kept_as_drawn_or_refused(place):
    tag, name = place
    child = f"<bpmn:{name}/>"
    refused = {"unsupported-element", "script-refused"} & new_codes(tag, child=child)
    if tag == "process" and name == "property":
        assert refused  # BPMN's variables of a process
    elif name in READ_CHILDREN | DRAWN_CHILDREN:
        assert not refused
    else:
        assert refused


MODDLE = {  # zeebe-bpmn-moddle 2.0.0: elements with their attributes
    "input": "source target modelerConfigurationTemplate modelerConfigurationName",
    "output": "source target",
    "subscription": "correlationKey",
    "header": "id key value",
    "taskDefinition": "type retries",
    "loopCharacteristics": "inputCollection inputElement outputCollection outputElement",
    "calledElement": "processId processIdExpression propagateAllChildVariables propagateAllParentVariables businessId "
    "bindingType versionTag",
    "formDefinition": "formKey formId externalReference bindingType versionTag",
    "calledDecision": "decisionId resultVariable bindingType versionTag",
    "assignmentDefinition": "assignee candidateGroups candidateUsers",
    "priorityDefinition": "priority",
    "taskSchedule": "dueDate followUpDate",
    "property": "name value modelerConfigurationTemplate modelerConfigurationName",
    "script": "expression resultVariable",
    "executionListener": "eventType retries type",
    "taskListener": "eventType retries type",
    "versionTag": "value",
    "adHoc": "activeElementsCollection outputCollection outputElement",
    "conditionalFilter": "variableNames variableEvents",
    **dict.fromkeys(("ioMapping", "taskHeaders", "userTask", "properties", "executionListeners", "taskListeners"), ""),
}
REFUSED_ELEMENTS = ("userTaskForm", "linkedResources", "jobPriorityDefinition", "agentDefinition", "unheardOf")
REFUSED_ATTRIBUTES = {("calledElement", "processIdExpression"), ("calledElement", "businessId")} | {
    ("formDefinition", "formKey")
}
OWNERS = {
    "input": "ioMapping",
    "output": "ioMapping",
    "header": "taskHeaders",
    "property": "properties",
    "executionListener": "executionListeners",
    "taskListener": "taskListeners",
    "subscription": "message",
    "taskDefinition": "serviceTask",
    "loopCharacteristics": "multiInstanceLoopCharacteristics",
    "calledElement": "callActivity",
    "calledDecision": "businessRuleTask",
    "script": "scriptTask",
    "versionTag": "process",
    "adHoc": "adHocSubProcess",
    "conditionalFilter": "conditionalEventDefinition",
}


def extended(name, attribute):
    """Return the tag an extension stands at, and it with one attribute."""
    xml, owner = f"<zeebe:{name} {attribute}/>", OWNERS.get(name, "userTask")
    while owner in MODDLE and owner != "userTask":
        xml, owner = f"<zeebe:{owner}>{xml}</zeebe:{owner}>", OWNERS.get(owner, "userTask")
    return owner, f"<bpmn:extensionElements>{xml}</bpmn:extensionElements>"


@pytest.mark.parametrize(
    ("name", "attribute"), [(name, each) for name, attributes in MODDLE.items() for each in attributes.split()]
)
def test_an_attribute_of_an_extension_is_read_or_refused(name, attribute):
    tag, child = extended(name, f'{attribute}="1"')
    assert ("unsupported-attribute" in new_codes(tag, child=child)) is ((name, attribute) in REFUSED_ATTRIBUTES)


@pytest.mark.parametrize("name", MODDLE)
@pytest.mark.parametrize("attribute", ['unheardOf="1"', 'zeebe:type="1"'])
def test_an_attribute_that_an_extension_does_not_have_is_refused(name, attribute):
    tag, child = extended(name, attribute)
    assert "unsupported-attribute" in new_codes(tag, child=child)


@pytest.mark.parametrize("name", sorted(REFUSED_ELEMENTS))
@pytest.mark.parametrize(
    "tag", ["process", "serviceTask", "userTask", "adHocSubProcess", "startEvent", "lane", "message"]
)
def test_an_extension_that_nothing_reads_is_refused(tag, name):
    child = f"<bpmn:extensionElements><zeebe:{name}/></bpmn:extensionElements>"
    assert "unsupported-extension" in new_codes(tag, child=child)


def test_an_extension_beside_its_frame_is_refused_and_no_foreign_one():
    assert new_codes("userTask", child="<zeebe:assignmentDefinition assignee='a'/>") == {"unsupported-extension"}


@pytest.mark.parametrize("name", sorted(vocabulary.MOVES_DATA))
@pytest.mark.parametrize("owner", ["dataInputAssociation", "dataOutputAssociation"])
def test_data_that_an_association_would_move_is_refused(owner, name):
    child = f"<bpmn:{owner}><bpmn:{name}/></bpmn:{owner}>"
    assert "unsupported-element" in new_codes("userTask", child=child)


@pytest.mark.parametrize(
    "language",
    [
        "feel",
        "FEEL",
        "http://www.omg.org/spec/FEEL/20140401",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    ],
)
def test_feel_is_known_by_all_its_names(language):
    assert new_codes("conditionExpression", f'language="{language}"') == set()


@pytest.mark.parametrize("language", ["http://www.w3.org/1999/XPath", "juel", "feelings", "javascript"])
def test_no_other_language_is_taken_for_feel(language):
    assert new_codes("conditionExpression", f'language="{language}"') == {"expression-language"}


def test_the_schema_is_that_of_bpmn():
    assert SCHEMA.get("targetNamespace") == BPMN

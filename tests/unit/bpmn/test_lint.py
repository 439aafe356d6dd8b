from __future__ import annotations

import pytest

from engine.bpmn.lint import lint
from engine.bpmn.lint_catalogue import RULES
from engine.bpmn.office import Office
from engine.feel import type_named
from engine.feel.analysis import Surroundings
from tests.processes.diagrams import (
    ad_hoc,
    boundary,
    catch,
    duration,
    element,
    end,
    error,
    exclusive,
    flows,
    mappings,
    message,
    one_process,
    parallel,
    script,
    start,
    sub_process,
    throw,
    user,
    zeebe,
)
from tests.unit.bpmn.samples import CLEAN, SAMPLES, SIMPLE, edited

BOUNDARY = '<bpmn:boundaryEvent id="q" attachedToRef="u" cancelActivity="{}"/></bpmn:process>'
AROUND = Surroundings(objects={"case": type_named("context<number: string>")})
OFFICE = Office(groups=frozenset({"clerk"}), job_types=frozenset({"x"}))


@pytest.mark.parametrize(("code", "xml"), SAMPLES, ids=[f"{code}-{number}" for number, (code, _) in enumerate(SAMPLES)])
def test_the_mistake_is_found_and_said_in_both_languages(code, xml):
    findings = lint(xml, resource="sample.bpmn", surroundings=AROUND, office=OFFICE)
    found = [finding for finding in findings if finding.code == code]
    assert found
    for finding in found:
        assert finding.severity == RULES[code].severity
        assert finding.resource == "sample.bpmn"
        assert all((finding.message_zh, finding.message_en, finding.advice_zh, finding.advice_en))
        assert "{" not in finding.message_zh + finding.message_en + finding.advice_zh + finding.advice_en


def test_every_kind_of_finding_has_a_sample():
    assert {code for code, _ in SAMPLES} == set(RULES)


def test_codes_are_kebab_case():
    assert all(code.replace("-", "").isalnum() and code == code.lower() for code in RULES)


def test_a_good_diagram_has_no_finding():
    assert lint(CLEAN) == ()


def test_all_mistakes_are_found_at_once_with_element_name_and_line():
    xml = one_process(
        start(),
        "\n",
        element("serviceTask", "first", name="核对"),
        "\n",
        script("second", "=1 +", "x"),
        end(),
        flows("s>first>second>e"),
    )
    errors = [finding for finding in lint(xml) if finding.severity == "error"]
    assert [(each.code, each.element_id, each.element_name, each.line) for each in errors] == [
        ("no-implementation", "first", "核对", 2),
        ("feel-syntax", "second", None, 3),
    ]


def test_a_finding_in_a_part_is_told_at_the_element_one_can_select():
    xml = one_process(start(), exclusive("g"), user("a"), user("b"), flows("s>g>a[=x +] g>b[*]"))
    [finding] = [each for each in lint(xml) if each.code == "feel-syntax"]
    assert finding.element_id == "f_g_a_2"


def test_functions_of_the_host_may_have_names_with_spaces():
    xml = one_process(start(), script("c", "=add working days(day, 5)", "due"), end(), flows("s>c>e"))
    assert "feel-syntax" not in {
        each.code for each in lint(xml, surroundings=Surroundings(functions=frozenset({"add working days"})))
    }


@pytest.mark.parametrize(
    "drawn",
    [
        '<bpmn:textAnnotation id="note"><bpmn:text>note</bpmn:text></bpmn:textAnnotation>',
        '<bpmn:dataObject id="file"/><bpmn:dataObjectReference id="fileReference" dataObjectRef="file"/>',
        (
            '<bpmn:laneSet id="lanes"><bpmn:lane id="lane"><bpmn:flowNodeRef>u</bpmn:flowNodeRef></bpmn:lane>'
            "</bpmn:laneSet>"
        ),
        '<bpmn:group id="group"/>',
        '<bpmn:dataStoreReference id="register" dataStoreRef="store"/>',
        '<bpmn:ioSpecification id="io"><bpmn:inputSet id="in"/><bpmn:outputSet id="out"/></bpmn:ioSpecification>',
        "<bpmn:documentation>why</bpmn:documentation>",
        "<!-- a comment -->",
    ],
)
def test_what_is_only_drawing_is_allowed(drawn):
    xml = one_process(drawn, start(), user("u"), end(), flows("s>u>e"))
    assert [each for each in lint(xml) if each.severity == "error"] == []


@pytest.mark.parametrize(
    "drawn",
    [
        '<bpmn:dataStore id="store" name="Register"/>',
        '<bpmn:category id="c"><bpmn:categoryValue id="v" value="Checks"/></bpmn:category>',
        '<bpmn:import namespace="urn:x" location="other.bpmn" importType="urn:bpmn"/>',
        '<bpmn:globalUserTask id="g" name="Archive"/>',
        '<bpmn:itemDefinition id="i"/>',
        '<bpmn:resource id="r" name="clerk"/>',
        (
            '<bpmn:collaboration id="c"><bpmn:participant id="us" processRef="P"/>'
            '<bpmn:participant id="them" name="Bank"/>'
            '<bpmn:messageFlow id="m" sourceRef="them" targetRef="u"/></bpmn:collaboration>'
        ),
    ],
)
def test_what_a_document_only_describes_is_allowed(drawn):
    xml = edited(SIMPLE, "<bpmn:process", f"{drawn}<bpmn:process")
    assert [each for each in lint(xml) if each.severity == "error"] == []


def test_extensions_of_another_product_are_told_once_a_kind_with_their_number():
    hint = '<bpmn:extensionElements><x:hint xmlns:x="urn:other"/></bpmn:extensionElements>'
    xml = one_process(start("s", hint), user("u", hint), end(), flows("s>u>e"))
    [finding] = [each for each in lint(xml) if each.code == "foreign-extension"]
    assert "(places: 2)" in finding.message_en


def test_incoming_and_outgoing_references_and_colours_are_allowed_everywhere():
    xml = one_process(start(), exclusive("g"), user("u"), end(), flows("s>g>u>e")).decode()
    for tag in ("startEvent", "exclusiveGateway", "endEvent"):
        xml = xml.replace(
            f"<bpmn:{tag}", f'<bpmn:{tag} xmlns:z="http://camunda.org/schema/zeebe/1.0" z:modelerTemplate="t"'
        )
    xml = xml.replace('id="g"/>', 'id="g"><bpmn:incoming>f_s_g_1</bpmn:incoming></bpmn:exclusiveGateway>')
    assert [each for each in lint(xml.encode()) if each.severity == "error"] == []


@pytest.mark.parametrize(
    ("name", "xml"),
    [
        ("cancelActivity", edited(SIMPLE, "</bpmn:process>", BOUNDARY.format("yes"))),
        ("isExecutable", edited(SIMPLE, 'isExecutable="true"', 'isExecutable="ja"')),
        ("isForCompensation", edited(SIMPLE, "<bpmn:userTask", '<bpmn:userTask isForCompensation="TRUE"')),
    ],
)
def test_what_is_neither_true_nor_false_is_told(name, xml):
    found = [each.message_en for each in lint(xml) if each.code == "bad-value"]
    assert len(found) == 1
    assert name in found[0]
    assert "false, true, 0, 1" in found[0]


def test_distinct_from_may_name_several_user_tasks():
    drawn = zeebe("properties", '<zeebe:property name="distinctFrom" value="a, b"/>')
    xml = one_process(start(), user("a"), user("b"), user("c", drawn), end(), flows("s>a>b>c>e"))
    assert "unknown-distinct-from" not in {each.code for each in lint(xml)}


def test_mistakes_inside_sub_processes_are_found():
    xml = one_process(start(), sub_process("S", start("s1"), element("serviceTask", "j"), flows("s1>j")), flows("s>S"))
    assert ("no-implementation", "j") in {(each.code, each.element_id) for each in lint(xml)}


def test_a_compensation_throw_of_everything_needs_no_activity():
    xml = one_process(start(), throw("t", '<bpmn:compensateEventDefinition id="d"/>'), end(), flows("s>t>e"))
    assert [each for each in lint(xml) if each.severity == "error"] == []


@pytest.mark.parametrize(
    "xml",
    [
        b"<a>" * 300 + b"</a>" * 300,
        b'<?xml version="1.0" encoding="UTF-16"?><a/>',
        "\ufeff<a/>".encode("utf-16"),
        edited(SIMPLE, "<bpmn:userTask", "<bpmn:userTask xmlns:x='urn:x' x:y='1'"),
        edited(SIMPLE, 'id="Definitions"', ""),
        edited(SIMPLE, "</bpmn:process>", "<bpmn:sequenceFlow/><bpmn:boundaryEvent/><bpmn:endEvent/></bpmn:process>"),
        edited(
            SIMPLE,
            "</bpmn:process>",
            '<bpmn:association/><bpmn:subProcess id="x" triggeredByEvent="true"/></bpmn:process>',
        ),
        edited(
            SIMPLE, "</bpmn:process>", "<bpmn:startEvent><bpmn:timerEventDefinition/></bpmn:startEvent></bpmn:process>"
        ),
        (
            b'<d:definitions xmlns:d="http://www.omg.org/spec/BPMN/20100524/MODEL"><d:process isExecutable="true"/>'
            b"</d:definitions>"
        ),
    ],
)
def test_whatever_comes_in_is_answered_with_findings(xml):
    assert lint(xml)


def test_mappings_that_are_applied_and_a_join_within_one_activation_are_no_findings():
    inside = (user("a"), parallel("p"), user("b"), parallel("j"), user("c"), flows("a>p>j p>b>j>c"))
    xml = one_process(
        start("s", message("M"), mappings({}, {"x": "=n"})),
        ad_hoc("S", '=["a"]', *inside),
        boundary("q", "S", duration("PT1H"), mappings({}, {"x": "=1"})),
        catch("c2", duration("PT1H"), mappings({"x": "=1"})),
        end(),
        end("f", error("E"), mappings({"x": "=1"})),
        flows("s>S>c2>e q>f"),
    )
    assert [each.code for each in lint(xml) if each.severity == "error"] == []

from __future__ import annotations

import pytest

from engine.bpmn.reader import DiagramRefused, read, read_deployed
from tests.processes.diagrams import (
    boundary,
    call,
    catch,
    document,
    duration,
    element,
    end,
    exclusive,
    extension,
    flows,
    inclusive,
    job,
    link,
    loop,
    mappings,
    message,
    one_process,
    process,
    receive,
    start,
    sub_process,
    throw,
    user,
    zeebe,
)
from tests.unit.bpmn.samples import CLEAN, LAYOUT, SIMPLE, edited


def only(xml):
    [compiled] = read(xml).processes.values()
    return compiled


def test_a_process_keeps_its_name_properties_documentation_and_version_tag():
    drawn = zeebe("properties", '<zeebe:property name="programme" value="dibao"/>') + zeebe(
        "versionTag", value="2026-1"
    )
    xml = one_process(element("documentation", "d", "Why"), drawn, start(), end(), flows("s>e"))
    found = only(edited(xml, 'isExecutable="true"', 'isExecutable="true" name="最低生活保障"'))
    assert (found.id, found.name, found.documentation, found.version_tag) == ("P", "最低生活保障", "Why", "2026-1")
    assert found.properties == {"programme": "dibao"}


def test_flows_keep_the_order_of_the_document_whatever_the_layout():
    shapes = LAYOUT.replace(
        '<d:BPMNShape id="shape" bpmnElement="s"/>',
        '<d:BPMNShape id="x" bpmnElement="a"><b:Bounds xmlns:b="http://www.omg.org/spec/DD/20100524/DC" x="1" y="900"/>'
        '</d:BPMNShape><d:BPMNShape id="y" bpmnElement="b"><b:Bounds xmlns:b="http://www.omg.org/spec/DD/20100524/DC"'
        ' x="broken" y="1"/></d:BPMNShape>',
    )
    xml = one_process(start(), exclusive("g"), user("a"), user("b"), end(), flows("s>g>a[=true]>e g>b[=true]>e"))
    found = only(edited(xml, "</bpmn:definitions>", shapes))
    assert [flow.target for flow in found.nodes["g"].outgoing] == ["a", "b"]


def test_only_executable_processes_are_compiled():
    xml = document(process(start(), end(), flows("s>e")), element("process", "Pool", start("other")))
    assert list(read(xml).processes) == ["P"]


def test_what_surrounds_a_node_is_compiled_into_it():
    xml = one_process(
        start(),
        sub_process(
            "S", start("s1"), user("u"), boundary("q", "u", duration("PT1H"), interrupting=False), flows("s1>u")
        ),
        flows("s>S"),
    )
    nodes = only(xml).nodes
    assert nodes["u"].boundary_events == ("q",)
    assert (nodes["q"].attached_to, nodes["q"].is_interrupting, nodes["q"].scope) == ("u", False, "S")
    assert (nodes["S"].start_events, nodes["P"].start_events) == (("s1",), ("s",))
    assert nodes["u"].user_task.candidate_groups == "clerk"


def test_links_find_their_target_in_their_own_scope():
    xml = one_process(start(), throw("t", link("L")), catch("c", link("L")), user("u"), end(), flows("s>t c>u>e"))
    assert only(xml).nodes["t"].link_target == "c"


def test_a_call_activity_is_read_with_its_binding():
    xml = one_process(
        start(),
        call("c", "Q", bindingType="deployment", propagateAllParentVariables="false"),
        flows("s>c"),
    )
    called = only(xml).nodes["c"].called
    assert (called.process_id, called.binding) == ("Q", "deployment")
    assert (called.propagates_parent_variables, called.propagates_child_variables) == (False, True)


def test_job_headers_and_mappings_are_read():
    drawn = extension('<zeebe:taskHeaders><zeebe:header key="agency" value="bank"/></zeebe:taskHeaders>')
    xml = one_process(start(), job("j", drawn, mappings({"a": "=b"}, {"c.d": "=e"})), end(), flows("s>j>e"))
    node = only(xml).nodes["j"]
    assert node.headers == {"agency": "bank"}
    assert [(each.source, each.target) for each in (*node.inputs, *node.outputs)] == [("=b", "a"), ("=e", "c.d")]


def test_an_inclusive_join_knows_where_tokens_can_come_from():
    xml = one_process(
        start(),
        inclusive("o"),
        user("a"),
        user("b"),
        inclusive("j"),
        end(),
        flows("s>o>a[=true]>j>e o>b[=true]>j"),
    )
    assert only(xml).upstream == {"j": {"f_a_j_3": frozenset({"a", "o", "s"}), "f_b_j_6": frozenset({"b", "o", "s"})}}


def test_a_refused_diagram_tells_all_its_findings():
    with pytest.raises(DiagramRefused) as refused:
        read(one_process(start(), element("serviceTask", "j"), element("receiveTask", "r"), end(), flows("s>j>r>e")))
    assert [each.code for each in refused.value.findings if each.severity == "error"] == ["no-implementation"] * 2
    assert refused.value.code == "diagram-refused"


def test_warnings_do_not_refuse():
    assert list(read(SIMPLE).processes) == ["P"]


def test_the_compiled_process_cannot_be_changed():
    compiled = only(CLEAN)
    with pytest.raises(AttributeError):
        compiled.nodes["u"].name = "other"


def test_a_document_deployed_before_is_compiled_without_asking_the_lint():
    assert (
        read_deployed(one_process(start(), user("u"), user("alone"), end(), flows("s>u>e")))
        .processes["P"]
        .nodes["alone"]
    )


def test_one_and_zero_are_true_and_false():
    xml = one_process(
        start(),
        user("a", loop("=[1,2]", "i").replace('"false"', '"1"')),
        element("boundaryEvent", "q", message("M"), attachedToRef="a", cancelActivity="1"),
        element("boundaryEvent", "r", message("N"), attachedToRef="a", cancelActivity="0"),
        end(),
        flows("s>a>e q>e r>e"),
        element("subProcess", "X", start("x", message("L")), end("xe"), flows("x>xe"), triggeredByEvent="1"),
    ).replace(b'isExecutable="true"', b'isExecutable="1"')
    nodes = only(xml).nodes
    assert nodes["a"].loop.is_sequential
    assert (nodes["q"].is_interrupting, nodes["r"].is_interrupting) == (True, False)
    assert nodes["X"].is_event_sub_process


def test_blanks_around_an_expression_mean_nothing_and_stay_in_any_other_text():
    xml = one_process(
        start(),
        user("a", loop(" =[1,2]", "i"), mappings({"v": " =1+1 ", "w": " as it is "})),
        job("j"),
        receive("r", "M", " =key"),
        end(),
        flows("s>a>j>r>e"),
    ).replace(b'taskDefinition type="j"', b'taskDefinition type=" =kind" retries=" =3"')
    nodes = only(xml).nodes
    assert nodes["a"].loop.input_collection == "=[1,2]"
    assert [each.source for each in nodes["a"].inputs] == ["=1+1", " as it is "]
    assert (nodes["j"].job.type, nodes["j"].job.retries) == ("=kind", "=3")
    assert nodes["r"].event.correlation_key == "=key"

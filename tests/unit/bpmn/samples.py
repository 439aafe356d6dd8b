"""Diagrams with exactly one kind of mistake each, by the code of the finding they must cause."""

from __future__ import annotations

from tests.processes.diagrams import (
    ad_hoc,
    association,
    boundary,
    call,
    catch,
    compensable,
    compensate,
    conditional,
    cycle,
    date,
    document,
    duration,
    element,
    end,
    error,
    event,
    event_gateway,
    event_sub_process,
    exclusive,
    extension,
    flows,
    job,
    link,
    listeners,
    loop,
    mappings,
    message,
    one_process,
    parallel,
    process,
    receive,
    script,
    signal,
    standard_loop,
    start,
    sub_process,
    task_listeners,
    throw,
    user,
    zeebe,
)


def straight(*nodes, path):
    """Return a process with a start event s, these nodes along a path, and an end event e."""
    return one_process(start(), *nodes, end(), flows(path))


def text(xml):
    """Return a document as text, for edits that the builder cannot make."""
    return xml.decode()


def edited(xml, before, after):
    """Return a document with the first occurrence of a text replaced."""
    assert before in text(xml), f"{before!r} is not in {text(xml)}"
    return text(xml).replace(before, after, 1).encode()


SIMPLE = straight(user("u"), path="s>u>e")
CHOICE = one_process(start(), exclusive("g"), user("a"), user("b"), end(), flows("s>g>a[=x]>e g>b[*]>e"))
LISTENERS = '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="a"/></zeebe:executionListeners>'
LAYOUT = (
    '<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI" id="layout"><d:BPMNPlane id="plane">'
    '<d:BPMNShape id="shape" bpmnElement="s"/></d:BPMNPlane></d:BPMNDiagram></bpmn:definitions>'
)

SAMPLES: list[tuple[str, bytes]] = [
    ("not-well-formed", b"<bpmn:definitions"),
    ("not-well-formed", b""),
    ("doctype", b'<!DOCTYPE x [<!ENTITY e "boom">]><x>&e;</x>'),
    ("doctype", b"<!DOCTYPE html><html/>"),
    ("not-bpmn", b"<form/>"),
    ("no-executable-process", edited(SIMPLE, 'isExecutable="true"', 'isExecutable="false"')),
    ("process-not-executable", document(process(start(), end(), flows("s>e")), element("process", "Pool"))),
    ("missing-id", edited(SIMPLE, '<bpmn:userTask id="u"', "<bpmn:userTask")),
    ("duplicate-id", edited(SIMPLE, 'id="f_s_u_1"', 'id="u"')),
    ("dangling-reference", edited(SIMPLE, 'targetRef="u"', 'targetRef="gone"')),
    ("dangling-reference", straight(user("u"), boundary("q", "s", duration("PT1H")), path="s>u>e q>e")),
    ("dangling-reference", edited(CHOICE, 'default="f_g_b_4"', 'default="f_s_g_1"')),
    ("dangling-reference", edited(straight(receive("r", "M"), path="s>r>e"), 'messageRef="m_M"', 'messageRef="u"')),
    ("flow-across-scopes", straight(sub_process("S", start("s1"), user("u"), flows("s1>u")), path="s>S>e u>e")),
    ("unsupported-element", straight(element("complexGateway", "x"), user("u"), path="s>u>e")),
    ("unsupported-element", straight(element("transaction", "x"), user("u"), path="s>u>e")),
    ("unsupported-element", straight(user("u", element("potentialOwner", "o")), path="s>u>e")),
    ("unsupported-element", edited(SIMPLE, "</bpmn:definitions>", '<bpmn:choreography id="d"/></bpmn:definitions>')),
    ("unsupported-extension", straight(job("j", task_listeners("creating:a")), path="s>j>e")),
    (
        "unsupported-extension",
        straight(user("u", loop("=[1]", "i").replace("<zeebe:loop", LISTENERS + "<zeebe:loop", 1)), path="s>u>e"),
    ),
    (
        "unsupported-extension",
        straight(user("u", extension(LISTENERS.replace("/>", "><zeebe:x/></zeebe:executionListener>"))), path="s>u>e"),
    ),
    ("missing-attribute", straight(user("u", listeners("start:")), path="s>u>e")),
    ("missing-attribute", straight(user("u", task_listeners(":a")), path="s>u>e")),
    ("bad-value", straight(user("u", listeners("create:a")), path="s>u>e")),
    ("bad-value", straight(user("u", task_listeners("start:a")), path="s>u>e")),
    ("feel-syntax", straight(user("u", listeners("start:=1 +")), path="s>u>e")),
    ("feel-syntax", straight(user("u", task_listeners("creating:a:=(")), path="s>u>e")),
    ("listener-retries", straight(user("u", listeners("start:a:often")), path="s>u>e")),
    ("duplicate-listener", straight(user("u", listeners("start:a", "end:a", "start:a")), path="s>u>e")),
    ("listener-never-runs", one_process(start("s", listeners("start:a")), end(), flows("s>e"))),
    (
        "listener-never-runs",
        straight(user("u"), boundary("q", "u", duration("PT1H"), listeners("start:a")), path="s>u>e q>e"),
    ),
    (
        "listener-never-runs",
        straight(
            user("u"),
            boundary("q", "u", compensate(), listeners("end:a")),
            user("c", isForCompensation="true"),
            association("q", "c"),
            path="s>u>e",
        ),
    ),
    (
        "listener-never-runs",
        one_process(start(), element("parallelGateway", "g", listeners("end:a")), end(), flows("s>g>e")),
    ),
    ("listener-never-runs", one_process(start(), end("e", error("E"), listeners("end:a")), flows("s>e"))),
    (
        "listener-never-runs",
        one_process(
            start(),
            event_gateway("g"),
            receive("r", "M"),
            catch("c", duration("PT1H"), listeners("start:a")),
            end(),
            flows("s>g>r>e g>c>e"),
        ),
    ),
    ("mapping-never-applied", one_process(start("s", message("M"), mappings({"x": "=1"})), end(), flows("s>e"))),
    (
        "mapping-never-applied",
        straight(user("u"), boundary("q", "u", duration("PT1H"), mappings({"x": "=1"})), path="s>u>e q>e"),
    ),
    (
        "mapping-never-applied",
        straight(
            user("u"),
            boundary("q", "u", compensate(), mappings({}, {"x": "=1"})),
            user("c", isForCompensation="true"),
            association("q", "c"),
            path="s>u>e",
        ),
    ),
    (
        "mapping-never-applied",
        straight(compensable("a"), throw("t", compensate(), mappings({"x": "=1"})), path="s>a>t>e"),
    ),
    (
        "mapping-never-applied",
        one_process(start(), compensable("a"), end("e", compensate(), mappings({}, {"x": "=1"})), flows("s>a>e")),
    ),
    (
        "mapping-never-applied",
        straight(
            user("u"),
            event_sub_process("X", start("x", message("M"), mappings({"x": "=1"})), end("y"), flows("x>y")),
            path="s>u>e",
        ),
    ),
    ("mapping-never-applied", one_process(start(), end("e", error("E"), mappings({}, {"x": "=1"})), flows("s>e"))),
    (
        "mapping-never-applied",
        one_process(
            start(),
            event_gateway("g"),
            receive("r", "M"),
            catch("c", duration("PT1H"), mappings({"x": "=1"})),
            end(),
            flows("s>g>r>e g>c>e"),
        ),
    ),
    (
        "join-in-ad-hoc",
        straight(
            ad_hoc("S", '=["a","b"]', user("a"), user("b"), parallel("j"), user("z"), flows("a>j b>j j>z")),
            path="s>S>e",
        ),
    ),
    ("unsupported-extension", straight(job("j"), user("u", zeebe("taskDefinition", type="x")), path="s>j>u>e")),
    ("unsupported-extension", straight(throw("t", signal("S"), zeebe("taskDefinition", type="x")), path="s>t>e")),
    (
        "camunda-7-extension",
        edited(SIMPLE, 'id="u"', 'id="u" xmlns:c7="http://camunda.org/schema/1.0/bpmn" c7:assignee="x"'),
    ),
    (
        "camunda-7-extension",
        straight(user("u", extension('<c:formData xmlns:c="http://camunda.org/schema/1.0/bpmn"/>')), path="s>u>e"),
    ),
    ("foreign-extension", straight(user("u", extension('<x:hint xmlns:x="urn:other"/>')), path="s>u>e")),
    ("unsupported-attribute", edited(SIMPLE, 'id="u"', 'id="u" completionQuantity="2"')),
    ("unsupported-attribute", straight(user("u", zeebe("formDefinition", formKey="old")), path="s>u>e")),
    (
        "unsupported-attribute",
        straight(element("receiveTask", "r", messageRef="m_M", instantiate="true"), path="s>r>e"),
    ),
    ("missing-attribute", straight(element("serviceTask", "j", zeebe("taskDefinition", retries="3")), path="s>j>e")),
    ("missing-attribute", straight(user("u", loop("=x", "i", "outs")), path="s>u>e")),
    ("missing-attribute", straight(catch("c", event("signal")), path="s>c>e")),
    ("missing-attribute", straight(user("u", element("multiInstanceLoopCharacteristics", "l")), path="s>u>e")),
    ("bad-value", straight(call("c", "Q", bindingType="newest"), path="s>c>e")),
    ("bad-value", straight(call("c", "Q", propagateAllChildVariables="yes"), path="s>c>e")),
    ("bad-variable-name", straight(script("c", "=1", "two words"), path="s>c>e")),
    ("bad-variable-name", straight(user("u", mappings({"1st": "=x"})), path="s>u>e")),
    ("no-shape", edited(SIMPLE, "</bpmn:definitions>", LAYOUT)),
    ("no-diagram", SIMPLE),
    ("no-start-event", one_process(user("u"), end(), flows("u>e"))),
    ("several-none-start-events", one_process(start(), start("t"), user("u"), end(), flows("s>u>e t>u"))),
    ("duration-not-allowed", one_process(start("s", duration("P1D")), user("u"), end(), flows("s>u>e"))),
    ("missing-attribute", straight(call("c", "Q", bindingType="versionTag"), path="s>c>e")),
    (
        "timer-not-readable",
        straight(throw("t", message("M"), zeebe("publishMessage", timeToLive="soon")), path="s>t>e"),
    ),
    ("sub-process-start", straight(sub_process("S", user("u")), path="s>S>e")),
    ("sub-process-start", straight(sub_process("S", start("s1", message("M")), flows("")), path="s>S>e")),
    (
        "event-sub-process-start",
        straight(user("u"), event_sub_process("X", start("x"), end("y"), flows("x>y")), path="s>u>e"),
    ),
    ("unreachable", straight(user("u"), user("alone"), path="s>u>e alone>e")),
    ("unreachable", straight(user("u"), user("a"), user("b"), path="s>u>e a>b b>a")),
    ("unreachable", straight(user("u"), user("alone", isForCompensation="true"), path="s>u>e")),
    ("implicit-end", one_process(start(), user("u"), flows("s>u"))),
    ("no-incoming-allowed", straight(user("u"), path="s>u>e u>s")),
    ("no-outgoing-allowed", straight(user("u"), path="s>u>e e>u")),
    (
        "flow-without-condition",
        one_process(start(), exclusive("g"), user("a"), user("b"), end(), flows("s>g>a[=x]>e g>b>e")),
    ),
    (
        "no-default-flow",
        one_process(start(), exclusive("g"), user("a"), user("b"), end(), flows("s>g>a[=x]>e g>b[=y]>e")),
    ),
    (
        "default-with-condition",
        edited(
            CHOICE,
            'sourceRef="g" targetRef="b"/>',
            'sourceRef="g" targetRef="b"><bpmn:conditionExpression>=y</bpmn:conditionExpression></bpmn:sequenceFlow>',
        ),
    ),
    ("no-default-flow", straight(user("u"), user("a"), user("b"), path="s>u>a[=x]>e u>b[=y]>e")),
    ("default-without-choice", straight(user("u"), user("a"), user("b"), path="s>u>a[*]>e u>b>e")),
    (
        "condition-not-allowed",
        one_process(start(), parallel("p"), user("a"), user("b"), end(), flows("s>p>a[=x]>e p>b>e")),
    ),
    (
        "event-gateway-target",
        one_process(start(), event_gateway("g"), user("a"), receive("r", "M"), end(), flows("s>g>a>e g>r>e")),
    ),
    ("event-gateway-single", one_process(start(), event_gateway("g"), receive("r", "M"), end(), flows("s>g>r>e"))),
    ("link-without-target", one_process(start(), throw("l", link("L")), flows("s>l"))),
    ("compensation-handler", straight(user("u"), boundary("q", "u", compensate()), path="s>u>e")),
    ("nothing-to-compensate", straight(user("u"), throw("t", compensate("u")), path="s>u>t>e")),
    ("ad-hoc-content", straight(ad_hoc("S", "=[]"), path="s>S>e")),
    ("missing-attribute", straight(catch("c", event("conditional")), path="s>c>e")),
    ("bad-value", straight(catch("c", conditional("=x", variableEvents="create, delete")), path="s>c>e")),
    (
        "unsupported-attribute",
        one_process(start("s", conditional("=ok", variableEvents="create")), user("u"), end(), flows("s>u>e")),
    ),
    ("expression-needed", straight(catch("c", conditional("x > 1")), path="s>c>e")),
    ("feel-syntax", straight(catch("c", conditional("=x >")), path="s>c>e")),
    ("unsupported-attribute", straight(catch("c", conditional("=x", names="y")), path="s>c>e")),
    ("loop-without-end", straight(user("u", standard_loop()), path="s>u>e")),
    ("bad-value", straight(user("u", standard_loop(maximum="0")), path="s>u>e")),
    ("bad-value", straight(user("u", standard_loop(maximum="many")), path="s>u>e")),
    ("expression-needed", straight(user("u", standard_loop("again")), path="s>u>e")),
    ("two-implementations", straight(user("u", standard_loop("=x"), loop("=y", "i")), path="s>u>e")),
    ("missing-attribute", straight(ad_hoc("S", None, user("u"), output="outs"), path="s>S>e")),
    ("expression-needed", straight(ad_hoc("S", None, user("u"), condition="done"), path="s>S>e")),
    ("event-definition-not-supported", straight(catch("c"), path="s>c>e")),
    ("event-definition-not-supported", straight(throw("t", error("X")), path="s>t>e")),
    ("event-definition-not-supported", one_process(start(), end("e", event("cancel")), flows("s>e"))),
    (
        "duplicate-catch-event",
        straight(user("u"), boundary("q", "u", error("X")), boundary("r", "u", error("X")), path="s>u>e q>e r>e"),
    ),
    ("drawn-twice", straight(user("u", loop("=[1]", "i"), loop("=[1,2]", "i")), path="s>u>e")),
    ("several-event-definitions", straight(catch("c", message("M"), signal("S")), path="s>c>e")),
    (
        "cannot-be-non-interrupting",
        straight(user("u"), boundary("q", "u", error("X"), interrupting=False), path="s>u>e q>e"),
    ),
    ("error-without-code", one_process(start(), end("e", error()), flows("s>e"))),
    ("error-without-code", edited(one_process(start(), end("e", error("X")), flows("s>e")), 'errorCode="X"', "")),
    ("message-without-name", edited(straight(receive("r", "M"), path="s>r>e"), 'name="M"', "")),
    ("message-without-correlation-key", straight(receive("r", "M"), path="s>r>e")),
    ("timer-definition", straight(catch("c", event("timer")), path="s>c>e")),
    ("timer-not-readable", straight(catch("c", duration("one hour")), path="s>c>e")),
    ("timer-not-readable", straight(catch("c", date("2026-02-30")), path="s>c>e")),
    (
        "timer-not-readable",
        straight(user("u"), boundary("q", "u", cycle("0 9 * * *"), interrupting=False), path="s>u>e q>e"),
    ),
    ("cycle-not-allowed", straight(catch("c", cycle("R/P1D")), path="s>c>e")),
    ("cycle-not-allowed", straight(user("u"), boundary("q", "u", cycle("R/P1D")), path="s>u>e q>e")),
    ("script-refused", straight(element("scriptTask", "c", "<bpmn:script>import os</bpmn:script>"), path="s>c>e")),
    (
        "user-task-without-assignment",
        straight(user("u", zeebe("assignmentDefinition", candidateGroups=" , ")), path="s>u>e"),
    ),
    ("user-task-without-form", SIMPLE),
    ("no-implementation", straight(element("serviceTask", "j"), path="s>j>e")),
    ("no-implementation", straight(element("businessRuleTask", "j"), path="s>j>e")),
    ("no-implementation", straight(element("callActivity", "j"), path="s>j>e")),
    ("no-implementation", straight(element("receiveTask", "j"), path="s>j>e")),
    ("no-implementation", straight(element("sendTask", "j"), path="s>j>e")),
    ("two-implementations", straight(script("c", "=1", "x", zeebe("taskDefinition", type="t")), path="s>c>e")),
    (
        "unknown-distinct-from",
        straight(user("u", zeebe("properties", '<zeebe:property name="distinctFrom" value="nobody"/>')), path="s>u>e"),
    ),
    (
        "expression-needed",
        one_process(start(), exclusive("g"), user("a"), user("b"), end(), flows("s>g>a[x]>e g>b[*]>e")),
    ),
    ("expression-needed", straight(user("u", loop("items", "i")), path="s>u>e")),
    ("expression-language", straight(script("c", "=1", "x", scriptFormat="groovy"), path="s>c>e")),
    ("feel-syntax", straight(script("c", "=1 +", "x"), path="s>c>e")),
    ("feel-syntax", straight(user("u", zeebe("assignmentDefinition", candidateGroups="=[")), path="s>u>e")),
    ("feel-syntax", straight(receive("r", "M", "=)"), path="s>r>e")),
    ("feel-syntax", straight(catch("c", duration("=duration(")), path="s>c>e")),
    ("feel-always-wrong", straight(script("c", '=1 + "a"', "x"), path="s>c>e")),
    ("feel-always-wrong", straight(script("c", "=cuont([1])", "x"), path="s>c>e")),
    ("feel-doubtful", straight(script("c", "={a: 1}.b", "x"), path="s>c>e")),
]
"""Every code at least once."""

SAMPLES += [
    ("loop-never-waits", one_process(start(), element("task", "a"), flows("s>a>a"))),
    ("calls-itself", straight(call("c", "P"), path="s>c>e")),
    (
        "join-of-a-choice",
        one_process(
            start(),
            exclusive("x"),
            user("a"),
            user("b"),
            parallel("j"),
            end(),
            flows("s>x>a[=n]>j>e x>b[*]>j"),
        ),
    ),
    ("negative-duration", straight(catch("c", duration("-PT1H")), path="s>c>e")),
    ("unknown-group", straight(user("u", zeebe("assignmentDefinition", candidateGroups="nobody/clerk")), path="s>u>e")),
    ("unknown-job-type", straight(job("nothing"), path="s>nothing>e")),
    ("variable-name-taken", straight(script("x", "=1", "case"), path="s>x>e")),
]


CLEAN = edited(
    straight(
        user(
            "u",
            zeebe("formDefinition", formId="application"),
            zeebe("properties", '<zeebe:property name="legalBasis" value="9"/>'),
        ),
        element("serviceTask", "j", zeebe("taskDefinition", type="x"), element("documentation", "d")),
        path="s>u>j>e",
    ),
    "</bpmn:definitions>",
    LAYOUT.replace(
        '<d:BPMNShape id="shape" bpmnElement="s"/>',
        "".join(
            f'<d:BPMNShape id="shape_{each}" bpmnElement="{each}"/>'
            for each in ("s", "u", "j", "e", "f_s_u_1", "f_u_j_2", "f_j_e_3")
        ),
    ),
)
"""A diagram without any finding."""

"""One minimal diagram for every row of the page on BPMN support; the element in question has the id x."""

from __future__ import annotations

from tests.processes.diagrams import (
    NOT_INTERRUPTING,
    ad_hoc,
    association,
    boundary,
    call,
    called,
    catch,
    compensate,
    document,
    duration,
    element,
    end,
    event_gateway,
    event_sub_process,
    exclusive,
    extension,
    flows,
    inclusive,
    job,
    loop,
    mappings,
    message,
    one_process,
    parallel,
    process,
    script,
    standard_loop,
    start,
    sub_process,
    throw,
    user,
    zeebe,
)

TEMPLATE = (
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" zeebe:modelerTemplate="t" zeebe:modelerTemplateVersion="1" '
    'zeebe:modelerTemplateIcon="i" xmlns:modeler="http://camunda.org/schema/modeler/1.0" modeler:note="n"'
)
SEVEN = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:assignee="a"'
LANES = element("laneSet", "l", element("lane", "x", "<bpmn:flowNodeRef>u</bpmn:flowNodeRef>"))
POOLS = (
    '<bpmn:collaboration id="k"><bpmn:participant id="us" processRef="P"/><bpmn:participant id="x" name="Bank"/>'
    '<bpmn:messageFlow id="m" sourceRef="x" targetRef="u"/></bpmn:collaboration>'
)
HANDLER = user("x", isForCompensation="true") + association("q", "x")


def straight(*nodes, path="s>x>e"):
    return one_process(start(), *nodes, end(), flows(path))


def beside(drawn):
    """Return a process with a user task u and something drawn in it."""
    return straight(drawn, user("u"), path="s>u>e")


def above(drawn):
    """Return a document with a process and something drawn beside that."""
    return beside("").replace(b"<bpmn:process", drawn.encode() + b"<bpmn:process", 1)


def with_attributes(attributes):
    return beside("").replace(b'<bpmn:userTask id="u"', f'<bpmn:userTask id="u" {attributes}'.encode(), 1)


def calling(**attrs):
    return document(
        process(start(), call("x", "Q", **attrs), end(), flows("s>x>e")),
        called(start("qs"), user("qu"), end("qe"), flows("qs>qu>qe")),
    )


def listeners(tag, **attrs):
    pairs = "".join(f' {name}="{value}"' for name, value in attrs.items())
    return extension(f"<zeebe:{tag}s><zeebe:{tag}{pairs}/></zeebe:{tag}s>")


SAMPLES = {
    # ---- activities
    ("undefined task", "anywhere"): straight(element("task", "x")),
    ("manual task", "anywhere"): straight(element("manualTask", "x")),
    ("user task", "anywhere"): straight(user("x")),
    ("service task", "by a job or inside handler"): straight(job("x")),
    ("script task", "FEEL"): straight(script("x", "=1", "r")),
    ("script task", "by a job"): straight(element("scriptTask", "x", zeebe("taskDefinition", type="t"))),
    ("script task", "with script code"): straight(element("scriptTask", "x", "<bpmn:script>1</bpmn:script>")),
    ("business rule task", "by a decision"): straight(
        element("businessRuleTask", "x", zeebe("calledDecision", decisionId="d", resultVariable="r"))
    ),
    ("business rule task", "by a job"): straight(element("businessRuleTask", "x", zeebe("taskDefinition", type="t"))),
    ("send task", "by a message"): straight(element("sendTask", "x", messageRef="m_M")),
    ("send task", "by a job"): straight(element("sendTask", "x", zeebe("taskDefinition", type="t"))),
    ("receive task", "anywhere"): straight(element("receiveTask", "x", messageRef="m_M")),
    ("receive task", "behind an event-based gateway"): straight(
        event_gateway("g"),
        element("receiveTask", "x", messageRef="m_M"),
        catch("c", duration("PT1H")),
        path="s>g>x>e g>c>e",
    ),
    ("receive task", "that starts the process"): straight(
        element("receiveTask", "x", messageRef="m_M", instantiate="true")
    ),
    ("call activity", "anywhere"): calling(),
    ("call activity", "of a global task"): straight(element("callActivity", "x", calledElement="G")),
    # ---- sub-processes
    ("sub-process", "anywhere"): straight(sub_process("x", start("s1"), user("u"), end("e1"), flows("s1>u>e1"))),
    ("event sub-process", "in a process or sub-process"): straight(
        user("u"),
        event_sub_process("x", start("s1", message("M"), **NOT_INTERRUPTING), user("h"), end("e1"), flows("s1>h>e1")),
        path="s>u>e",
    ),
    ("ad-hoc sub-process", "anywhere"): straight(ad_hoc("x", '=["a"]', user("a"), user("b"), flows("a>b"))),
    ("ad-hoc sub-process", "by a job worker"): straight(
        element("adHocSubProcess", "x", zeebe("taskDefinition", type="t"), user("a"), user("b"))
    ),
    ("transaction", "anywhere"): straight(element("transaction", "x"), user("u"), path="s>u>e"),
    # ---- repetition and compensation
    ("multi-instance, parallel", "any activity"): straight(user("x", loop("=[1, 2]", "i", "r", "=i"))),
    ("multi-instance, sequential", "any activity"): straight(user("x", loop("=[1, 2]", "i", sequential=True))),
    ("multi-instance", "by a number of instances"): straight(
        user(
            "x", loop("=[1]", "i").replace("</bpmn:multi", "<bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multi")
        )
    ),
    ("standard loop", "any activity"): straight(user("x", standard_loop("=loopCounter < 2"))),
    ("standard loop", "without condition and maximum"): straight(user("x", standard_loop())),
    ("compensation activity", "at a compensation boundary event"): straight(
        user("u"), boundary("q", "u", compensate()), HANDLER, throw("t", compensate()), path="s>u>t>e"
    ),
    # ---- gateways and flows
    ("exclusive gateway", "anywhere"): straight(exclusive("x"), user("a"), path="s>x>a[=true]>e x>e[*]"),
    ("inclusive gateway", "anywhere"): straight(inclusive("x"), user("a"), path="s>x>a[=true]>e x>e[*]"),
    ("parallel gateway", "anywhere"): straight(parallel("x"), user("a"), user("b"), path="s>x>a>e x>b>e"),
    ("event-based gateway", "anywhere"): straight(
        event_gateway("x"), catch("c", message("M")), catch("d", duration("PT1H")), path="s>x>c>e x>d>e"
    ),
    ("event-based gateway", "that starts the process"): straight(
        element("eventBasedGateway", "x", instantiate="true"),
        catch("c", message("M")),
        catch("d", duration("PT1H")),
        path="s>x>c>e x>d>e",
    ),
    ("event-based gateway", "parallel"): straight(
        element("eventBasedGateway", "x", eventGatewayType="Parallel"),
        catch("c", message("M")),
        catch("d", duration("PT1H")),
        path="s>x>c>e x>d>e",
    ),
    ("complex gateway", "anywhere"): straight(element("complexGateway", "x"), user("u"), path="s>u>e"),
    ("conditional flow", "out of an activity"): straight(
        user("x"), user("a"), user("b"), path="s>x>a[=true]>e x>b[=true]>e"
    ),
    ("no end event", "after any element"): one_process(start(), user("x"), flows("s>x")),
    # ---- drawing
    ("lane", "process, sub-process"): beside(LANES),
    ("pool, message flow", "beside the process"): above(POOLS),
    ("data object", "anywhere"): beside(
        '<bpmn:dataObject id="o"/><bpmn:dataObjectReference id="x" dataObjectRef="o"/>'
    ),
    ("data store", "anywhere"): beside('<bpmn:dataStoreReference id="x" dataStoreRef="o"/>'),
    ("data input, data output", "process, activity"): beside(
        '<bpmn:ioSpecification id="x"><bpmn:dataInput id="i"/></bpmn:ioSpecification>'
    ),
    ("text annotation, association", "anywhere"): beside(
        '<bpmn:textAnnotation id="x"><bpmn:text>why</bpmn:text></bpmn:textAnnotation>' + association("u", "x")
    ),
    ("group, category", "anywhere"): beside('<bpmn:group id="x" categoryValueRef="v"/>'),
    ("import, global task, resource, item definition", "beside the process"): above(
        '<bpmn:import namespace="n" location="l" importType="t"/><bpmn:globalTask id="x"/><bpmn:resource id="r"/>'
        '<bpmn:itemDefinition id="i"/>'
    ),
    ("choreography, conversation", "beside the process"): above('<bpmn:choreography id="x"/>'),
    ("resource roles", "user task"): straight(user("x", '<bpmn:potentialOwner id="o"/>')),
    # ---- extensions
    ("zeebe:ioMapping", "activities and events"): straight(user("x", mappings({"a": "=1"}, {"b": "=a"}))),
    ("zeebe:properties", "anywhere"): straight(
        user("x", zeebe("properties", '<zeebe:property name="legalBasis" value="9"/>'))
    ),
    ("zeebe:userTask", "user task"): straight(user("x", zeebe("userTask"))),
    ("zeebe:assignmentDefinition", "user task"): straight(
        user("x", zeebe("assignmentDefinition", candidateGroups="=[1]", assignee="a").replace("=[1]", "township/clerk"))
    ),
    ("zeebe:taskSchedule, zeebe:priorityDefinition", "user task"): straight(
        user("x", zeebe("taskSchedule", dueDate="2026-05-01"), zeebe("priorityDefinition", priority="70"))
    ),
    ("zeebe:formDefinition", "formId"): straight(user("x", zeebe("formDefinition", formId="f"))),
    ("zeebe:formDefinition", "externalReference"): straight(user("x", zeebe("formDefinition", externalReference="f"))),
    ("zeebe:formDefinition", "formKey"): straight(user("x", zeebe("formDefinition", formKey="f"))),
    ("zeebe:formDefinition", "bindingType deployment, versionTag"): straight(
        user("x", zeebe("formDefinition", formId="f", bindingType="deployment"))
    ),
    ("zeebe:formDefinition", "start event"): one_process(
        start("x", zeebe("formDefinition", formId="f")), end(), flows("x>e")
    ),
    ("zeebe:userTaskForm", "process"): beside(zeebe("userTaskForm", id="f")),
    ("zeebe:taskHeaders", "elements with a job"): straight(
        element(
            "serviceTask",
            "x",
            zeebe("taskDefinition", type="t"),
            zeebe("taskHeaders", '<zeebe:header key="k" value="v"/>'),
        )
    ),
    ("zeebe:taskHeaders", "user task"): straight(user("x", zeebe("taskHeaders", '<zeebe:header key="k" value="v"/>'))),
    ("zeebe:calledElement", "bindingType latest, deployment"): calling(bindingType="deployment"),
    ("zeebe:calledElement", "bindingType versionTag"): calling(bindingType="versionTag", versionTag="v1"),
    ("zeebe:calledElement", "businessId"): calling(businessId="=1"),
    ("zeebe:versionTag", "process"): straight(zeebe("versionTag", value="v1"), user("x")),
    ("zeebe:executionListeners", "anywhere"): straight(
        user("x", listeners("executionListener", eventType="start", type="t"))
    ),
    ("zeebe:taskListeners", "user task"): straight(
        user("x", listeners("taskListener", eventType="creating", type="t"))
    ),
    ("zeebe:linkedResources", "service task"): straight(
        element("serviceTask", "x", zeebe("taskDefinition", type="t"), zeebe("linkedResources"))
    ),
    ("element templates, modeler attributes", "anywhere"): with_attributes(TEMPLATE),
    ("extensions of Camunda 7", "anywhere"): with_attributes(SEVEN),
    ("extensions of other products", "anywhere"): straight(
        user("u", extension('<o:x xmlns:o="urn:o" id="x"/>')), path="s>u>e"
    ),
}

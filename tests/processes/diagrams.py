"""A small builder of diagrams for tests: no layout, one function an element, texts in, one document out."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
HEAD = f'<bpmn:definitions xmlns:bpmn="{BPMN}" xmlns:zeebe="{ZEEBE}" id="Definitions" targetNamespace="test">'
NOT_INTERRUPTING = {"isInterrupting": "false"}
ROOTS = {  # reference attribute -> tag, prefix of its ids, attribute that carries the code
    "messageRef": ("message", "m_", None),
    "signalRef": ("signal", "g_", None),
    "errorRef": ("error", "r_", "errorCode"),
    "escalationRef": ("escalation", "c_", "escalationCode"),
}


def attributes(pairs):
    return "".join(f" {name}={quoteattr(str(value))}" for name, value in pairs.items() if value is not None)


def element(tag, element_id, *body, **attrs):
    return f"<bpmn:{tag}{attributes({'id': element_id, **attrs})}>{''.join(body)}</bpmn:{tag}>"


def extension(xml):
    return f"<bpmn:extensionElements>{xml}</bpmn:extensionElements>"


def zeebe(tag, body="", **attrs):
    return extension(f"<zeebe:{tag}{attributes(attrs)}>{body}</zeebe:{tag}>")


# ---- nodes


def start(element_id="s", *body, **attrs):
    return element("startEvent", element_id, *body, **attrs)


def end(element_id="e", *body):
    return element("endEvent", element_id, *body)


def user(element_id, *body, **attrs):
    return element("userTask", element_id, *body, **attrs)


def job(element_id, *body):
    return element("serviceTask", element_id, zeebe("taskDefinition", type=element_id), *body)


def task(element_id, *body):
    return element("task", element_id, *body)


def script(element_id, expression, result, *body, **attrs):
    drawn = zeebe("script", expression=expression, resultVariable=result)
    return element("scriptTask", element_id, drawn, *body, **attrs)


def catch(element_id, *body):
    return element("intermediateCatchEvent", element_id, *body)


def throw(element_id, *body):
    return element("intermediateThrowEvent", element_id, *body)


def receive(element_id, name, key=None):
    return element("receiveTask", element_id, messageRef=f"m_{name}", key=key)


def boundary(element_id, host, *body, interrupting=True):
    cancel = None if interrupting else "false"
    return element("boundaryEvent", element_id, *body, attachedToRef=host, cancelActivity=cancel)


def exclusive(element_id):
    return element("exclusiveGateway", element_id)


def parallel(element_id):
    return element("parallelGateway", element_id)


def inclusive(element_id):
    return element("inclusiveGateway", element_id)


def event_gateway(element_id):
    return element("eventBasedGateway", element_id)


def sub_process(element_id, *body, **attrs):
    return element("subProcess", element_id, *body, **attrs)


def event_sub_process(element_id, *body):
    return element("subProcess", element_id, *body, triggeredByEvent="true")


def ad_hoc(element_id, active, *body, output=None, result=None, condition=None, **attrs):
    drawn = {"activeElementsCollection": active, "outputCollection": output, "outputElement": result}
    until = f"<bpmn:completionCondition>{escape(condition)}</bpmn:completionCondition>" if condition else ""
    return element("adHocSubProcess", element_id, zeebe("adHoc", **drawn), *body, until, **attrs)


def call(element_id, process_id, *body, **attrs):
    return element("callActivity", element_id, zeebe("calledElement", processId=process_id, **attrs), *body)


# ---- event definitions


def event(kind, body="", **attrs):
    return f"<bpmn:{kind}EventDefinition{attributes(attrs)}>{body}</bpmn:{kind}EventDefinition>"


def message(name, key=None):
    return event("message", messageRef=f"m_{name}", key=key)


def signal(name):
    return event("signal", signalRef=f"g_{name}")


def error(code=None):
    return event("error", errorRef=code and f"r_{code}")


def escalation(code=None):
    return event("escalation", escalationRef=code and f"c_{code}")


def duration(text):
    return event("timer", f"<bpmn:timeDuration>{escape(text)}</bpmn:timeDuration>")


def cycle(text):
    return event("timer", f"<bpmn:timeCycle>{escape(text)}</bpmn:timeCycle>")


def date(text):
    return event("timer", f"<bpmn:timeDate>{escape(text)}</bpmn:timeDate>")


def conditional(condition, **filters):
    drawn = zeebe("conditionalFilter", **filters) if filters else ""
    return event("conditional", f"<bpmn:condition>{escape(condition)}</bpmn:condition>{drawn}")


def terminate():
    return event("terminate")


def link(name):
    return event("link", name=name)


def compensate(activity=None):
    return event("compensate", activityRef=activity)


# ---- parts of activities


def loop(collection, item=None, output=None, result=None, *, sequential=False, condition=None):
    drawn = {"inputCollection": collection, "inputElement": item, "outputCollection": output, "outputElement": result}
    until = f"<bpmn:completionCondition>{escape(condition)}</bpmn:completionCondition>" if condition else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"{zeebe('loopCharacteristics', **drawn)}{until}</bpmn:multiInstanceLoopCharacteristics>"
    )


def standard_loop(condition=None, maximum=None, *, before=False):
    drawn = f"<bpmn:loopCondition>{escape(condition)}</bpmn:loopCondition>" if condition else ""
    attrs = {"id": "loop", "testBefore": "true" if before else None, "loopMaximum": maximum}
    return f"<bpmn:standardLoopCharacteristics{attributes(attrs)}>{drawn}</bpmn:standardLoopCharacteristics>"


def mappings(inputs=None, outputs=None):
    drawn = [f"<zeebe:input{attributes({'source': s, 'target': t})}/>" for t, s in (inputs or {}).items()]
    drawn += [f"<zeebe:output{attributes({'source': s, 'target': t})}/>" for t, s in (outputs or {}).items()]
    return zeebe("ioMapping", "".join(drawn))


def listeners(*drawn, kind="execution"):
    """Read texts such as 'start:type' or 'end:type:retries' into execution listeners, or with kind task."""
    entries = []
    for text in drawn:
        event_type, job_type, retries = (*text.split(":"), None)[:3]
        pairs = {"eventType": event_type, "type": job_type, "retries": retries}
        entries.append(f"<zeebe:{kind}Listener{attributes(pairs)}/>")
    return zeebe(f"{kind}Listeners", "".join(entries))


def task_listeners(*drawn):
    return listeners(*drawn, kind="task")


def association(source, target):
    return f'<bpmn:association id="as_{source}" sourceRef="{source}" targetRef="{target}" associationDirection="One"/>'


def compensable(element_id):
    """Return a user task with a handler that undoes it: task a, boundary event qa, handler ca."""
    return (
        user(element_id)
        + boundary(f"q{element_id}", element_id, compensate())
        + user(f"c{element_id}", isForCompensation="true")
        + association(f"q{element_id}", f"c{element_id}")
    )


def flows(text):
    """Read chains such as 's>a>b>e  g>c[=x=1]>e  g>d[*]>e': [=...] is a condition, [*] marks the default flow."""
    drawn = []
    for chain in re.findall(r"\w+(?:>\w+(?:\[[^\]]*\])?)+", text):
        parts = re.findall(r"(\w+)(?:\[([^\]]*)\])?(?=>|$)", chain)
        for (source, _), (target, mark) in pairwise(parts):
            has_condition = mark and mark != "*"
            body = f"<bpmn:conditionExpression>{escape(mark)}</bpmn:conditionExpression>" if has_condition else ""
            pairs = {
                "id": f"f_{source}_{target}_{len(drawn) + 1}",
                "sourceRef": source,
                "targetRef": target,
                "default": "true" if mark == "*" else None,
            }
            drawn.append(f"<bpmn:sequenceFlow{attributes(pairs)}>{body}</bpmn:sequenceFlow>")
    return "".join(drawn)


# ---- documents


def process(*body, process_id="P"):
    return element("process", process_id, *body, isExecutable="true")


def called(*body):
    """Return the second process of a document, to be called."""
    return process(*body, process_id="Q")


def document(*processes):
    root = etree.fromstring(f"{HEAD}{''.join(processes)}</bpmn:definitions>")
    _mark_default_flows(root)
    _merge_extensions(root)
    _assign_user_tasks(root)
    _declare_roots(root)
    return etree.tostring(root)


def one_process(*body):
    return document(process(*body))


def _mark_default_flows(root):
    for flow in root.iter(f"{{{BPMN}}}sequenceFlow"):
        if flow.attrib.pop("default", None):
            source = root.find(f".//*[@id='{flow.get('sourceRef')}']")
            source.set("default", flow.get("id"))


def _merge_extensions(root):
    for node in root.iter():
        first, *others = node.findall(f"{{{BPMN}}}extensionElements") or [None]
        for other in others:
            first.extend(list(other))
            node.remove(other)


def _assign_user_tasks(root):
    for node in root.iter(f"{{{BPMN}}}userTask"):
        extensions = node.find(f"{{{BPMN}}}extensionElements")
        if extensions is None:
            extensions = etree.SubElement(node, f"{{{BPMN}}}extensionElements")
        if extensions.find(f"{{{ZEEBE}}}assignmentDefinition") is None:
            etree.SubElement(extensions, f"{{{ZEEBE}}}assignmentDefinition", candidateGroups="clerk")


def _declare_roots(root):
    declared = {}
    for node in list(root.iter()):
        key = node.attrib.pop("key", None) if node.get("messageRef") else None
        for attribute, (tag, prefix, code) in ROOTS.items():
            reference = node.get(attribute)
            if reference is None:
                continue
            name = reference.removeprefix(prefix)
            if reference not in declared:
                declared[reference] = etree.Element(f"{{{BPMN}}}{tag}", id=reference, name=name)
                if code is not None:
                    declared[reference].set(code, name)
            if key is not None:
                extensions = etree.SubElement(declared[reference], f"{{{BPMN}}}extensionElements")
                etree.SubElement(extensions, f"{{{ZEEBE}}}subscription", correlationKey=key)
    for position, node in enumerate(declared.values()):
        root.insert(position, node)

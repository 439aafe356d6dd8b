"""What would be accepted and then have no effect is refused, with the element that it stands at."""

from __future__ import annotations

import pytest

from engine.bpmn.lint import lint
from tests.processes.diagrams import (
    ad_hoc,
    association,
    boundary,
    call,
    catch,
    compensate,
    element,
    end,
    error,
    escalation,
    event_sub_process,
    extension,
    flows,
    job,
    link,
    loop,
    message,
    one_process,
    script,
    signal,
    standard_loop,
    start,
    sub_process,
    terminate,
    throw,
    user,
    zeebe,
)

HEADERS = zeebe("taskHeaders", '<zeebe:header key="k" value="v"/>')
PUBLISH = zeebe("publishMessage", timeToLive="PT1H")


def errors(*body):
    return {(each.code, each.element_id) for each in lint(one_process(*body)) if each.severity == "error"}


def ending(*drawn):
    return errors(start(), user("u"), end("e", *drawn), flows("s>u>e"))


def along(*nodes):
    """Return the errors of a process with start, one node x with what belongs to it, and end."""
    return errors(start(), *nodes, end(), flows("s>x>e"))


@pytest.mark.parametrize("repeated", [loop("=[1,2]", "i"), standard_loop(maximum=2)], ids=["many", "loop"])
def test_an_event_sub_process_is_not_repeated(repeated):
    drawn = event_sub_process("X", repeated, start("y", message("M")), user("h"), end("ye"), flows("y>h>ye"))
    assert along(user("x"), drawn) == {("unsupported-element", "X")}


def test_a_boundary_event_stands_at_no_compensation_handler_and_at_no_event_sub_process():
    undone = (user("x"), boundary("q", "x", compensate()), user("c", isForCompensation="true"), association("q", "c"))
    guarded = (*undone, boundary("r", "c", message("M")), end("r1"), flows("r>r1"))
    assert along(*undone) == set()
    assert along(*guarded) == {("dangling-reference", "r")}
    handler = event_sub_process("X", start("y", message("M")), end("ye"), flows("y>ye"))
    assert along(user("x"), handler, boundary("r", "X", message("N")), end("r1"), flows("r>r1")) == {
        ("dangling-reference", "r")
    }


@pytest.mark.parametrize("event", [(), (terminate(),), (signal("S"),), (error("E"),)])
def test_end_events_that_open_no_job_and_publish_no_message_take_no_headers_and_no_life_time(event):
    assert ending(*event, HEADERS) == {("unsupported-extension", "e")}
    assert ending(*event, PUBLISH) == {("unsupported-extension", "e")}


def test_an_end_event_that_publishes_a_message_says_how_long_it_lives():
    assert ending(message("M"), PUBLISH) == set()
    assert ending(message("M"), HEADERS) == {("unsupported-extension", "e")}
    assert ending(message("M"), zeebe("taskDefinition", type="send"), HEADERS) == set()


def test_headers_go_with_a_job_only():
    assert along(job("x", HEADERS)) == set()
    assert along(script("x", "=1", "r", HEADERS)) == {("unsupported-extension", "x")}
    sent = element("sendTask", "x", HEADERS, messageRef="m_M")
    assert along(sent) == {("unsupported-extension", "x")}


@pytest.mark.parametrize(
    "drawn",
    [
        element(
            "task",
            "x",
            extension(
                '<zeebe:ioMapping><zeebe:input source="=1" target="a"/></zeebe:ioMapping>'
                '<zeebe:ioMapping><zeebe:input source="=2" target="b"/></zeebe:ioMapping>'
            ),
        ),
        element("serviceTask", "x", extension('<zeebe:taskDefinition type="a"/><zeebe:taskDefinition type="b"/>')),
        user("x", loop("=[1]", "i"), loop("=[1,2]", "j")),
    ],
    ids=["mappings", "job", "multi-instance"],
)
def test_what_is_drawn_once_is_not_drawn_twice(drawn):
    assert along(drawn) == {("drawn-twice", "x")}


def test_a_flow_has_one_condition():
    condition = b"<bpmn:conditionExpression>=x</bpmn:conditionExpression>"
    xml = one_process(start(), user("u"), user("v"), end(), flows("s>u>v[=x]>e u>e[*]")).replace(
        condition, condition * 2
    )
    assert [each.code for each in lint(xml) if each.severity == "error"] == ["drawn-twice"]


def test_a_link_that_nothing_leads_to_is_never_reached():
    linked = (user("x"), catch("c", link("L")), user("v"), end("f"), flows("c>v>f"))
    assert along(*linked) == {("unreachable", "c"), ("unreachable", "v"), ("unreachable", "f")}
    assert errors(start(), throw("t", link("L")), *linked[1:], flows("s>t")) == set()


def test_only_what_has_content_catches_an_escalation_at_its_boundary():
    def caught(host):
        return along(host, boundary("q", "x", escalation("E")), end("f"), flows("q>f"))

    assert caught(user("x")) == {("event-definition-not-supported", "q")}
    assert caught(sub_process("x", start("s1"), user("u"), end("e1"), flows("s1>u>e1"))) == set()
    assert caught(ad_hoc("x", None, user("u"))) == set()
    assert caught(call("x", "Q")) == set()


@pytest.mark.parametrize(
    "drawn",
    [
        script("x", "=1", "r.s"),
        user("x", loop("=[1]", "i.j")),
        user("x", loop("=[1]", "i", "o.p", "=i")),
        ad_hoc("x", None, user("u"), output="o.p", result="=1"),
    ],
    ids=["result", "item", "outputs", "ad-hoc outputs"],
)
def test_a_variable_that_is_set_as_a_whole_has_no_dots(drawn):
    assert along(drawn) == {("bad-variable-name", "x")}

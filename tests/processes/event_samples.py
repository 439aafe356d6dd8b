"""One minimal diagram for every type of event at every position; the event in question has the id x."""

from __future__ import annotations

from tests.processes.diagrams import (
    association,
    boundary,
    catch,
    compensate,
    conditional,
    cycle,
    date,
    duration,
    element,
    end,
    error,
    escalation,
    event,
    event_gateway,
    event_sub_process,
    flows,
    job,
    link,
    message,
    one_process,
    signal,
    start,
    sub_process,
    terminate,
    throw,
    user,
)

DEFINITIONS = {
    "none": "",
    "message": message("M"),
    "timer, date": date("2026-02-01"),
    "timer, duration": duration("PT1H"),
    "timer, cycle": cycle("R2/PT1H"),
    "timer, cron": cycle("0 0 9 * * MON-FRI"),
    "signal": signal("G"),
    "conditional": conditional("=ok"),
    "error": error("X"),
    "escalation": escalation("E"),
    "compensation": compensate(),
    "link": link("L"),
    "terminate": terminate(),
    "cancel": event("cancel"),
    "multiple": message("M") + signal("G"),
    "parallel multiple": message("M") + signal("G"),
}


def start_of_process(kind, drawn, attrs):
    return one_process(start("x", drawn, **attrs), user("a"), end(), flows("x>a>e"))


def start_of_sub_process(kind, drawn, attrs):
    inner = sub_process("S", start("x", drawn, **attrs), user("a"), end("y"), flows("x>a>y"))
    return one_process(start(), inner, end(), flows("s>S>e"))


def start_of_event_sub_process(kind, drawn, attrs):
    inner = event_sub_process("X", start("x", drawn, **attrs), user("h"), end("y"), flows("x>h>y"))
    return one_process(start(), *around(kind), end(), flows(f"s>{way(kind)}>e"), inner)


def start_of_non_interrupting_event_sub_process(kind, drawn, attrs):
    return start_of_event_sub_process(kind, drawn, {**attrs, "isInterrupting": "false"})


def intermediate_catch(kind, drawn, attrs):
    partner = throw("t", drawn) + flows("s>t") if kind == "link" else flows("s>x")
    return one_process(start(), element("intermediateCatchEvent", "x", drawn, **attrs), partner, end(), flows("x>e"))


def behind_event_gateway(kind, drawn, attrs):
    return one_process(
        start(),
        event_gateway("g"),
        element("intermediateCatchEvent", "x", drawn, **attrs),
        catch("c", message("Other")),
        end(),
        flows("s>g>x>e g>c>e"),
    )


def boundary_event(kind, drawn, attrs, *, interrupting=True):
    handled = user("h", isForCompensation="true") + association("x", "h") if kind == "compensation" else user("h")
    leads = "" if kind == "compensation" else flows("x>h>e")
    undo = throw("t", compensate()) if kind == "compensation" else user("t")
    host = sub_process("H", start("s1"), *around(kind), end("e1"), flows(f"s1>{way(kind)}>e1"))
    return one_process(
        start(),
        host,
        undo,
        end(),
        flows("s>H>t>e"),
        boundary("x", "H", drawn, interrupting=interrupting),
        handled,
        leads,
    )


def non_interrupting_boundary_event(kind, drawn, attrs):
    return boundary_event(kind, drawn, attrs, interrupting=False)


def intermediate_throw(kind, drawn, attrs):
    partner = catch("t", drawn) + flows("t>e") if kind == "link" else flows("x>e")
    return one_process(start(), element("intermediateThrowEvent", "x", drawn, **attrs), end(), flows("s>x"), partner)


def end_event(kind, drawn, attrs):
    inner = sub_process("S", start("s1"), user("a"), element("endEvent", "x", drawn, **attrs), flows("s1>a>x"))
    caught = boundary("q", "S", error("X")) + flows("q>e") if kind == "error" else ""
    return one_process(start(), inner, end(), flows("s>S>e"), caught)


POSITIONS = {
    "start of a process": start_of_process,
    "start of a sub-process": start_of_sub_process,
    "start of an event sub-process": start_of_event_sub_process,
    "the same, non-interrupting": start_of_non_interrupting_event_sub_process,
    "catch": intermediate_catch,
    "behind an event-based gateway": behind_event_gateway,
    "boundary": boundary_event,
    "boundary, non-interrupting": non_interrupting_boundary_event,
    "throw": intermediate_throw,
    "end": end_event,
}


def event_sample(kind, position):
    """Return the diagram of an event type at a position."""
    attrs = {"parallelMultiple": "true"} if kind == "parallel multiple" else {}
    return POSITIONS[position](kind, DEFINITIONS[kind], attrs)


def around(kind):
    """Return what must happen in a scope so that its event of this type fires: nodes along `way`."""
    if kind == "error":
        return [job("a")]
    if kind == "escalation":
        return [throw("a", escalation("E")), user("b")]
    return [user("a")]


def way(kind):
    return "a>b" if kind == "escalation" else "a"

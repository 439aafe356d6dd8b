"""Diagrams to deploy: small, of an office that has nothing of its own to do in them."""

from __future__ import annotations

from tests.processes.diagrams import (
    boundary,
    end,
    error,
    extension,
    flows,
    job,
    message,
    one_process,
    receive,
    start,
    user,
)

GROUP = "civil_affairs/clerk"
SIZE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="sizes" name="Sizes" namespace="test">
  <decision id="size" name="Size"><variable id="v" name="Size"/>
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="i" label="area"><inputExpression id="x" typeRef="number"><text>area</text></inputExpression></input>
      <output id="o" name="size" typeRef="string"/>
      <rule id="r1"><inputEntry id="i1"><text>&lt; 5</text></inputEntry>
        <outputEntry id="o1"><text>"small"</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="i2"><text>&gt;= 5</text></inputEntry>
        <outputEntry id="o2"><text>"large"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""
FORM = """{"id": "look", "type": "default", "schemaVersion": 16,
"components": [{"type": "checkbox", "key": "looked", "label": "看过", "id": "Field_looked"}]}"""


def look(form: str | None = None) -> str:
    """A user task of the civil affairs clerks."""
    mapped = '<zeebe:ioMapping><zeebe:input source="=hint" target="hint"/></zeebe:ioMapping>'
    drawn = "" if form is None else f'<zeebe:formDefinition formId="{form}"/>{mapped}'
    return user(
        "Task_Look",
        extension(f'<zeebe:userTask/>{drawn}<zeebe:assignmentDefinition candidateGroups="{GROUP}"/>'),
        name="查看",
    )


def measured(form: str | None = None) -> bytes:
    """A job for a worker outside, whose error is caught, then a user task."""
    return one_process(
        start(),
        job("measure"),
        boundary("Refused", "measure", error("refused")),
        look(form),
        end(),
        end("e2"),
        flows("s>measure>Task_Look>e Refused>e2"),
    )


def looked_at(form: str | None = None) -> bytes:
    """One user task."""
    return one_process(start(), look(form), end(), flows("s>Task_Look>e"))


def paid() -> bytes:
    """Waits for a message."""
    return one_process(start(), receive("Wait", "paid", "=number"), end(), flows("s>Wait>e"))


def begun_by_message() -> bytes:
    """Begins by a message and waits for a person."""
    return one_process(start("s", message("called")), look(), end(), flows("s>Task_Look>e"))


def straight() -> bytes:
    """Nothing to wait for."""
    return one_process(start(), end(), flows("s>e"))

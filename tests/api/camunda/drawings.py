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
FORM = """{"id": "look", "type": "default", "schemaVersion": 16,
"components": [{"type": "checkbox", "key": "looked", "label": "看过", "id": "Field_looked"}]}"""


def look(form: str | None = None) -> str:
    """A user task of the civil affairs clerks."""
    mapped = '<zeebe:ioMapping><zeebe:input source="=looked" target="looked"/></zeebe:ioMapping>'
    drawn = "" if form is None else f'<zeebe:formDefinition formId="{form}"/>{mapped}'
    return user(
        "Task_Look",
        extension(f'<zeebe:userTask/>{drawn}<zeebe:assignmentDefinition candidateGroups="{GROUP}"/>'),
        name="查看",
    )


def measured() -> bytes:
    """A job for a worker outside, whose error is caught, then a user task."""
    return one_process(
        start(),
        job("measure"),
        boundary("Refused", "measure", error("refused")),
        look(),
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

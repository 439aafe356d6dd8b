"""The page of the words scenarios may use, made from the code."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from api.demo.county import shipped_resources
from api.scenario.forms import required_fields
from api.scenario.people import known_names
from api.scenario.registry import Registered, known_acts, known_expectations
from api.scenario.shapes import words
from engine.json_values import load_json

HEAD = """# Words of scenarios

What a [scenario](scenarios.md) may name: acts, expectations, tasks of the shipped diagrams, people. A module of
`api/scenario/acts` adds acts and expectations; their descriptions are its docstrings. This page is made from the code
by `python -m api.reference`.
"""
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"


def words_of_scenarios() -> str:
    """Return the page."""
    return "\n".join([HEAD, *_acts(), *_expectations(), *_tasks(), *_people()]) + "\n"


def _acts() -> Iterator[str]:
    yield "## Acts: `do`\n"
    yield "| act | topic | by | `with` | what it does |\n|---|---|---|---|---|"
    for act in known_acts().values():
        who = "nobody" if act.needs_nobody else "a person"
        yield f"| `{act.name}` | {act.topic} | {who} | {_keys(act)} | {_cell(act.description)} |"
    yield ""


def _keys(act: Registered) -> str:
    if act.keys is None:
        return "anything"
    return ", ".join(f"`{key}`" + ("" if needed else "?") for key, needed in act.keys.items()) or "nothing"


def _expectations() -> Iterator[str]:
    yield "## Expectations: `expect` and `expected`\n"
    yield "| name | topic | written as | what is compared |\n|---|---|---|---|"
    for one in known_expectations().values():
        yield f"| `{one.name}` | {one.topic} | {words(one.shape)[1]} | {_cell(one.description)} |"
    yield ""


def _tasks() -> Iterator[str]:
    yield "## Tasks\n"
    yield "Beside each task: its process and what its form requires. The staff of the demo know an answer to all.\n"
    yield "| task | name | process | required |\n|---|---|---|---|"
    forms = {one.name: load_json(one.content) for one in shipped_resources() if one.name.endswith(".form")}
    required = {form["id"]: "；".join(required_fields(form)) for form in forms.values()}
    for task, name, process, form_id in sorted(_user_tasks()):
        yield f"| `{task}` | {name} | {process} | {_cell(required.get(form_id, ''))} |"
    yield ""


def _user_tasks() -> Iterator[tuple[str, str, str, str]]:
    for resource in shipped_resources():
        if not resource.name.endswith(".bpmn"):
            continue
        for task in etree.fromstring(resource.content).iter(f"{BPMN}userTask"):
            form = task.find(f".//{ZEEBE}formDefinition")
            form_id = form.get("formId", "") if form is not None else ""
            yield task.get("id", ""), task.get("name", ""), resource.name.removesuffix(".bpmn"), form_id


def _people() -> Iterator[str]:
    yield "## People: `by` and `window`\n"
    logins = [one for one in known_names() if "/" not in one]
    roles = [one for one in known_names() if "/" in one]
    yield "Logins: " + ", ".join(f"`{one}`" for one in logins) + ".\n"
    yield "Roles: " + ", ".join(f"`{one}`" for one in roles) + "."


def _cell(text: str) -> str:
    return text.replace("|", "\\|")

"""The case that is measured: its diagram, its forms, and the answers of its fourteen tasks.

It is the course of a relief application as offices handle it: ten tasks in sequence, four in parallel, four
computations, two questions, a time limit of thirty days on one task. Each task hands in some 190 bytes of JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from uuid import UUID

from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.executor import Engine
from engine.json_values import JsonObject, dump_json
from engine.model import SYSTEM, Actor, Membership, ProcessInstance, Resource
from engine.queries import Queries, TaskTab, UserTaskFilter

PROCESS = "measured_case"
REGION = "320481001"
GROUP = "township/caseworkers"
TASKS = ("u1", "u2", "u3", "u4", "u5", "u6", "p1", "p2", "p3", "p4", "u7", "u8", "u9", "u10")
OPINION = "材料齐全，情况属实，与入户所见一致，建议按规定办理；"  # 26 characters, 78 bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One task of the case as every run of it meets it: the key of its element instance and the answers' prefix."""

    key: int
    task: str


def caseworker() -> Actor:
    """Return who does all of it: one of the group."""
    unit_kind, _, role = GROUP.partition("/")
    return Actor(id="bench", name="测速员", memberships=(Membership(unit_kind=unit_kind, role=role, region=REGION),))


def resources() -> tuple[Resource, ...]:
    """Return the diagram and a form for each task."""
    diagram = files("api.benchmark").joinpath(f"{PROCESS}.bpmn").read_bytes()
    forms = [
        Resource(name=f"measured_{task}.form", kind="form", content=dump_json(_form(task)).encode()) for task in TASKS
    ]
    return (Resource(name=f"{PROCESS}.bpmn", kind="process", content=diagram), *forms)


def answers(task: str, number: int) -> JsonObject:
    """Return what is handed in for a task of a case: three values of its own."""
    return {
        f"{task}_opinion": f"{OPINION}{number:012d}",
        f"{task}_amount": 1200 + number % 700,
        f"{task}_checked": True,
    }


class MeasuredCases:
    """Starts, claims and completes measured cases through an engine."""

    def __init__(self, engine: Engine[Any], queries: Queries) -> None:
        self._engine = engine
        self._queries = queries
        self.actor = caseworker()
        self._number = 0

    def deploy(self) -> None:
        """Deploy the diagram and its forms."""
        self._engine.execute(DeployResources(resources=resources()), actor=SYSTEM)

    def start(self, *, assigned: bool) -> ProcessInstance:
        """Start a case whose tasks the diagram assigns to our caseworker, or leaves to be claimed."""
        self._number += 1
        size = 1 + self._number % 5
        variables: JsonObject = {
            "clerk": self.actor.id if assigned else None,
            "income": 900 * size + self._number % 97,
            "household_size": size,
        }
        start = StartProcessInstance(
            process_id=PROCESS, variables=variables, region=REGION, business_key=f"CS{self._number:010d}"
        )
        return self._engine.execute(start, actor=SYSTEM)

    def open_tasks(self, instance_id: UUID) -> Sequence[Step]:
        """Return the open tasks of a case in the order they were opened."""
        wanted = UserTaskFilter(actor=SYSTEM, tab=TaskTab.UNIT, process_instance_id=instance_id)
        tasks = sorted(self._queries.user_tasks(wanted).tasks, key=lambda task: task.key)
        return [Step(key=task.key, task=str(task.form_id).removeprefix("measured_")) for task in tasks]

    def claim(self, instance: ProcessInstance, step: Step) -> None:
        """Claim the task of a step."""
        self._engine.execute(ClaimUserTask(user_task_id=instance.row_id(step.key)), actor=self.actor)

    def complete(self, instance: ProcessInstance, step: Step, number: int) -> None:
        """Complete the task of a step."""
        values = answers(step.task, number)
        command = CompleteUserTask(user_task_id=instance.row_id(step.key), values=values)
        self._engine.execute(command, actor=self.actor)


def _form(task: str) -> JsonObject:
    return {
        "type": "default",
        "id": f"measured_{task}",
        "schemaVersion": 19,
        "executionPlatform": "Camunda Cloud",
        "executionPlatformVersion": "8.9.0",
        "components": [
            _field("textfield", f"{task}_opinion", "意见", {"required": True, "maxLength": 200}),
            _field("number", f"{task}_amount", "金额（元）", {"required": True, "min": 0, "max": 100000}),
            _field("checkbox", f"{task}_checked", "同意", {}),
        ],
    }


def _field(kind: str, key: str, label: str, rules: JsonObject) -> JsonObject:
    return {"type": kind, "id": f"Field_{key}", "key": key, "label": label, "validate": rules}

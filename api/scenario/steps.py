"""Reading the steps of a scenario, in their order of time, with the names that earlier steps gave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from api.scenario.checking import Checker
from api.scenario.course import MAIN_CASE
from api.scenario.model import ActDeed, Step, Submission, TaskDeed
from api.scenario.people import known_names
from api.scenario.registry import known_acts
from api.scenario.source import Path
from api.scenario.vocabulary import expectations, known_tasks, refusal
from engine.json_values import JsonObject

STEP_KEYS = ("by", "case", "facts", "apply", "do", "with", "as", "refused", "tasks", "expect")
TASK_KEYS = ("answers", "where", "refused")
NO_CASE = "none"

CheckFact = Callable[[Path, JsonObject | None], JsonObject]


class CheckApplication(Protocol):
    """Looks at an application."""

    def __call__(self, path: Path, *, may_be_refused: bool) -> JsonObject:
        """Return it."""
        ...


class StepReader:
    """Reads all steps of one file."""

    def __init__(self, check: Checker, check_application: CheckApplication, check_fact: CheckFact) -> None:
        self._check = check
        self._check_application = check_application
        self._check_fact = check_fact
        self._applications: dict[str, JsonObject | None] = {}
        self._names: set[str] = {NO_CASE}

    def read(self, starts_at: datetime | None, application: JsonObject | None) -> tuple[Step, ...]:
        """Return the steps."""
        if application is not None:
            self._applications[MAIN_CASE] = application
            self._names.add(MAIN_CASE)
        steps = [self._step(("steps", index)) for index in range(len(self._check.rows(("steps",))))]
        self._require_order(starts_at, steps)
        return tuple(one for one in steps if one is not None)

    def _require_order(self, starts_at: datetime | None, steps: list[Step | None]) -> None:
        last = starts_at
        for index, step in enumerate(steps):
            if step is None:
                continue
            if last is not None and step.at < last:
                self._check.find(
                    ("steps", index, "at"),
                    f"时间早于前一步（{last.isoformat()}）；步骤须按时间先后排列。",
                    f"This is before the step above ({last.isoformat()}); steps stand in the order of time.",
                )
            last = step.at

    def _step(self, path: Path) -> Step | None:
        check = self._check
        document = check.mapping(path, required=("at",), optional=STEP_KEYS)
        at = check.moment((*path, "at")) if "at" in document else None
        by = check.choice((*path, "by"), known_names(), "人员", "person") if "by" in document else None
        case = self._case(path, document)
        submission = self._submission(path, document)
        application = submission.application if submission else self._applications.get(case)
        facts = check.rows((*path, "facts")) if "facts" in document else []
        known = tuple(self._check_fact((*path, "facts", index), application) for index in range(len(facts)))
        act = self._act(path, document)
        tasks = self._tasks(path, document)
        expect = expectations(check, (*path, "expect")) if "expect" in document else {}
        self._require_somebody(path, document, act)
        self._keep_name(path, document)
        if at is None:
            return None
        return Step(
            index=int(path[-1]),
            at=at,
            by=by,
            case=case,
            facts=known,
            submission=submission,
            act=act,
            tasks=tasks,
            expect=dict(expect),
        )

    def _case(self, path: Path, document: dict[str, Any]) -> str:
        if "case" not in document:
            return MAIN_CASE
        return self._check.choice((*path, "case"), sorted(self._names), "案件", "case")

    def _submission(self, path: Path, document: dict[str, Any]) -> Submission | None:
        if "apply" not in document:
            return None
        refused = self._refused(path, document)
        application = self._check_application((*path, "apply"), may_be_refused=refused is not None)
        label = document.get("as")
        if label is None and MAIN_CASE in self._applications and refused is None:
            self._check.find(
                path,
                "再次申请须用 as 起名，以便后面的步骤写 case。",
                "Another application needs a name by `as`, so that later steps can say `case`.",
            )
        name = label if isinstance(label, str) else MAIN_CASE
        self._applications[name] = application
        if label is None:
            self._names.add(MAIN_CASE)
        return Submission(application=application, label=name, refused=refused)

    def _act(self, path: Path, document: dict[str, Any]) -> ActDeed | None:
        check = self._check
        if "do" not in document:
            if "with" in document:
                check.find((*path, "with"), "有 with 却没有 do。", "`with` stands here without `do`.")
            return None
        name = check.choice((*path, "do"), known_acts(), "操作", "act")
        given = document.get("with", {})
        known = known_acts().get(name)
        if known is not None and known.keys is not None and "with" in document:
            required = tuple(key for key, needed in known.keys.items() if needed)
            optional = tuple(key for key in known.keys if key not in required)
            given = check.mapping((*path, "with"), required=required, optional=optional)
        elif known is not None and known.keys is not None and any(known.keys.values()):
            named = ", ".join(known.keys)
            check.find(path, f"{name} 需要 with：{named}。", f"{name} needs `with`: {named}.")
        elif not isinstance(given, dict):
            given = check.mapping((*path, "with"), required=(), optional=())
        label = document.get("as")
        return ActDeed(name=name, given=given, label=label, refused=self._refused(path, document))

    def _tasks(self, path: Path, document: dict[str, Any]) -> tuple[TaskDeed, ...]:
        if "tasks" not in document:
            return ()
        rows = self._check.rows((*path, "tasks"))
        return tuple(self._task((*path, "tasks", index), row) for index, row in enumerate(rows))

    def _task(self, path: Path, row: object) -> TaskDeed:
        check = self._check
        if isinstance(row, str):
            return TaskDeed(task=check.choice(path, known_tasks(), "任务", "task"))
        document = check.mapping(path, required=("task",), optional=TASK_KEYS)
        task = check.choice((*path, "task"), known_tasks(), "任务", "task") if "task" in document else ""
        return TaskDeed(
            task=task,
            answers=self._values((*path, "answers"), document),
            where=self._values((*path, "where"), document),
            refused=self._refused(path, document),
        )

    def _values(self, path: Path, document: dict[str, Any]) -> JsonObject:
        """Return an object with any keys: the form or the task knows which there are."""
        found = document.get(str(path[-1]), {})
        return found if isinstance(found, dict) else self._check.mapping(path, required=(), optional=())

    def _refused(self, path: Path, document: dict[str, Any]) -> str | None:
        return refusal(self._check, (*path, "refused")) if "refused" in document else None

    def _require_somebody(self, path: Path, document: dict[str, Any], act: ActDeed | None) -> None:
        known = known_acts().get(act.name) if act else None
        needed = bool(document.get("tasks")) or (known is not None and not known.needs_nobody)
        if needed and "by" not in document:
            self._check.find(path, "缺少 by：由谁办理？", "`by` is missing: who does it?")
        if "refused" in document and "do" not in document and "apply" not in document:
            self._check.find(
                (*path, "refused"),
                "refused 须写在 do、apply 或单个任务下。",
                "`refused` belongs to `do`, `apply` or one of the tasks.",
            )

    def _keep_name(self, path: Path, document: dict[str, Any]) -> None:
        label = document.get("as")
        if label is None:
            return
        if "do" not in document and "apply" not in document:
            self._check.find((*path, "as"), "没有 do 或 apply，无可命名。", "There is no `do` or `apply` to name.")
        name = self._check.text((*path, "as"))
        if name in self._names:
            self._check.find((*path, "as"), f"名称 {name} 已被使用。", f"The name {name} is taken.")
        self._names.add(name)

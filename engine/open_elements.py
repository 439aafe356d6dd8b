"""What stands open in an instance, and what a command does to it: for previews, records and lists in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.core import codec
from engine.core.texts import said
from engine.definitions import InstanceDefinitions
from engine.host import Context, Work
from engine.json_values import JsonObject, JsonValue
from engine.model import InstanceState, ProcessInstance

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenElement:
    """A living element instance. `incident` is its kind and reason where it is stuck."""

    key: int
    element_id: str
    name: str
    tag: str
    scope_key: int
    definition_id: str
    incident: str | None

    @property
    def title(self) -> str:
        """Return what it is called: its name, else its id."""
        return self.name or self.element_id


@dataclass(frozen=True, slots=True, kw_only=True)
class LostTask:
    """A user task that is taken from whoever has it, and whether a half-filled form goes with it."""

    key: int
    element_id: str
    name: str
    assignee_name: str | None
    has_draft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitedEvent:
    """Something an element waits for beside its own work: a message, a time, an error. `element_id` is what catches."""

    key: int
    element_id: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a command did, or would do, to one instance."""

    instance: ProcessInstance
    before: Sequence[OpenElement]
    after: Sequence[OpenElement]
    lost_tasks: Sequence[LostTask]
    given_up: Sequence[AwaitedEvent] = ()  # by a migration: not waited for any more
    begun_anew: Sequence[AwaitedEvent] = ()  # by a migration: waited for from now

    @property
    def ended(self) -> list[OpenElement]:
        """Return what was open and is not any more."""
        kept = {one.key for one in self.after}
        return [one for one in self.before if one.key not in kept]

    @property
    def begun(self) -> list[OpenElement]:
        """Return what began and is still open."""
        known = {one.key for one in self.before}
        return [one for one in self.after if one.key not in known]

    @property
    def incidents(self) -> list[OpenElement]:
        """Return what is stuck now and was not, or not for this reason."""
        known = {one.key: one.incident for one in self.before}
        return [one for one in self.after if one.incident is not None and known.get(one.key) != one.incident]

    @property
    def text_zh(self) -> str:
        """Say it in Chinese."""
        parts = [f"结束：{_listed(self.ended, '、')}", f"开始：{_listed(self.begun, '、')}"]
        parts += [f"失去任务“{one.name}”{_who_zh(one)}" for one in self.lost_tasks]
        parts += [f"“{one.title}”发生故障：{said(one.incident or '', 'zh')}" for one in self.incidents]
        parts += ["流程随之结束"] if self.is_over else []
        return "；".join(parts)

    @property
    def text_en(self) -> str:
        """Say it in English."""
        parts = [f"ends: {_listed(self.ended, ', ')}", f"begins: {_listed(self.begun, ', ')}"]
        parts += [f"the task {one.name!r}{_who_en(one)} is lost" for one in self.lost_tasks]
        parts += [f"{one.title!r} is stuck: {said(one.incident or '', 'en')}" for one in self.incidents]
        parts += ["the process instance ends"] if self.is_over else []
        return "; ".join(parts)

    @property
    def waits_zh(self) -> str:
        """Say in Chinese what is not waited for any more, and what from now; nothing where all goes on."""
        parts = [f"不再等待：{_listed(self.given_up, '、')}"] if self.given_up else []
        parts += [f"重新开始等待（计时从迁移时起）：{_listed(self.begun_anew, '、')}"] if self.begun_anew else []
        return "；".join(parts)

    @property
    def waits_en(self) -> str:
        """Say it in English."""
        parts = [f"no longer waits for {_listed(self.given_up, ', ')}"] if self.given_up else []
        parts += [f"waits from now for {_listed(self.begun_anew, ', ')}"] if self.begun_anew else []
        return "; ".join(parts)

    @property
    def is_over(self) -> bool:
        """Say whether the instance ended."""
        return self.instance.state in (InstanceState.COMPLETED, InstanceState.CANCELLED)

    def details(self) -> JsonObject:
        """Return what the history keeps of it: keys, ids and codes, no names of persons."""
        return {
            "before": _places(leaves(self.before)),
            "after": _places(leaves(self.after)),
            "ended": _places(self.ended),
            "begun": _places(self.begun),
            "drafts_lost": sum(one.has_draft for one in self.lost_tasks),
        }


class _NotKept(Exception):
    """Undoes a savepoint whose outcome is known."""

    def __init__(self, result: Any) -> None:
        self.result = result
        super().__init__()


def without_keeping(context: Context[Work], attempt: Callable[[], Result]) -> Result:
    """Run something and undo all its writes; what it raises is raised. It reaches nothing outside the database.

    It does not count: what watches the engine hears nothing of it.
    """
    try:
        with context.savepoint():
            _undo_with(attempt())
    except _NotKept as done:
        result: Result = done.result
        return result
    raise AssertionError("a savepoint swallowed what was to undo it")


def _undo_with(result: object) -> None:
    raise _NotKept(result)


def observed(context: Context[Work], instance: ProcessInstance, attempt: Callable[[], ProcessInstance]) -> Effect:
    """Run something on a locked instance and return what it did to it."""
    before = open_elements(context, instance)
    user_tasks = context.unit_of_work.user_tasks
    tasks, drafted = user_tasks.open_of(instance.id), user_tasks.drafted(instance.id)
    after = attempt()
    still_open = {task.id for task in user_tasks.open_of(instance.id)}
    lost = [
        LostTask(
            key=task.key,
            element_id=task.element_id,
            name=task.name,
            assignee_name=task.assignee_name,
            has_draft=task.id in drafted,
        )
        for task in sorted(tasks, key=lambda one: one.key)
        if task.id not in still_open
    ]
    return Effect(instance=after, before=before, after=open_elements(context, after), lost_tasks=lost)


def open_elements(context: Context[Work], instance: ProcessInstance) -> list[OpenElement]:
    """Return every living element instance, scopes before what is in them."""
    if instance.snapshot is None:
        return []
    definitions = InstanceDefinitions(context.definitions, context.unit_of_work.definitions)
    found = []
    for one in codec.decode(instance.snapshot).instances:
        node = definitions.get(one.definition).nodes[one.element]
        is_body = node.loop is not None and one.loop_counter is None
        found.append(
            OpenElement(
                key=one.key,
                element_id=one.element,
                name=node.name,
                tag="multiInstanceBody" if is_body else node.tag,
                scope_key=one.scope,
                definition_id=one.definition,
                incident=one.incident,
            )
        )
    return found


def awaited_events(context: Context[Work], instance: ProcessInstance) -> list[AwaitedEvent]:
    """Return everything an instance waits for."""
    if instance.snapshot is None:
        return []
    definitions = InstanceDefinitions(context.definitions, context.unit_of_work.definitions)
    found = []
    for one in codec.decode(instance.snapshot).instances:
        nodes = definitions.get(one.definition).nodes
        for each in one.subscriptions:
            title = nodes[each.element].name or each.element
            found.append(AwaitedEvent(key=each.key, element_id=each.element, title=title, kind=each.kind))
    return found


def leaves(elements: Sequence[OpenElement]) -> list[OpenElement]:
    """Return where the tokens stand: what holds nothing else."""
    scopes = {one.scope_key for one in elements}
    return [one for one in elements if one.key not in scopes]


def _places(elements: Sequence[OpenElement]) -> list[JsonValue]:
    return [{"key": one.key, "element": one.element_id} for one in elements]


def _listed(elements: Sequence[OpenElement | AwaitedEvent], separator: str) -> str:
    return separator.join(f"“{one.title}”" for one in elements) or "—"


def _who_zh(task: LostTask) -> str:
    holder = f"(办理人：{task.assignee_name})" if task.assignee_name else ""
    return holder + ("及其草稿" if task.has_draft else "")


def _who_en(task: LostTask) -> str:
    holder = f" of {task.assignee_name}" if task.assignee_name else ""
    return holder + (" with its draft" if task.has_draft else "")

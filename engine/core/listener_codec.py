"""The stored form of what listeners add to an element instance: written only where there is something."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.core.listener_model import Ending, Listening, Person, TaskAttributes

if TYPE_CHECKING:
    from engine.core.model import ElementInstance


def written(element: ElementInstance) -> dict[str, Any]:
    """Return what an element adds to its stored rest."""
    rest: dict[str, Any] = {}
    if element.listening is not None:
        rest["listens"] = _listening(element.listening)
    if element.ending is not None:
        rest["ending"] = [element.ending.kind, element.ending.element, element.ending.variables]
    if element.task is not None:
        rest["task"] = _task(element.task)
    return rest


def read_listening(stored: dict[str, Any] | None) -> Listening | None:
    """Read the listeners an element waits for."""
    if stored is None:
        return None
    by = stored.get("by")
    values = {**stored, "by": None if by is None else _person(*by)}
    return Listening(**{**values, "task": read_task(stored.get("task"))})


def read_ending(stored: list[Any] | None) -> Ending | None:
    """Read what happens when an element has ended."""
    return None if stored is None else Ending(kind=stored[0], element=stored[1], variables=stored[2])


def read_task(stored: list[Any] | None) -> TaskAttributes | None:
    """Read the attributes of a user task."""
    if stored is None:
        return None
    assignee, name, groups, users, due, follow_up, priority = stored
    return TaskAttributes(
        assignee=assignee,
        assignee_name=name,
        candidate_groups=tuple(groups),
        candidate_users=tuple(users),
        due=None if due is None else datetime.fromisoformat(due),
        follow_up=None if follow_up is None else datetime.fromisoformat(follow_up),
        priority=priority,
    )


def _person(login: str, name: str, acts_for: str | None = None) -> Person:
    return Person(id=login, name=name, acts_for=acts_for)


def _listening(listening: Listening) -> dict[str, Any]:
    plain = replace(listening, task=None, by=None)
    nothing = Listening(event=listening.event)
    stored = {each.name: getattr(plain, each.name) for each in fields(plain)}
    stored = {name: value for name, value in stored.items() if name == "event" or value != getattr(nothing, name)}
    if listening.task is not None:
        stored["task"] = _task(listening.task)
    if listening.by is not None:
        by = listening.by
        stored["by"] = [by.id, by.name] if by.acts_for is None else [by.id, by.name, by.acts_for]
    return stored


def _task(task: TaskAttributes) -> list[Any]:
    due = None if task.due is None else task.due.isoformat()
    follow_up = None if task.follow_up is None else task.follow_up.isoformat()
    names = [task.candidate_groups, task.candidate_users]
    return [task.assignee, task.assignee_name, *names, due, follow_up, task.priority]

"""What a supervisor acts on: the tasks ticked in a list, or a whole case, and who may be named for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from engine.errors import EngineError, NotFound
from engine.model import Actor, UserTask
from web import i18n
from web.labels import in_language
from web.services import services
from workflows.casework.orders.errors import OrderKeyTaken
from workflows.casework.orders.telling import answering_group
from workflows.casework.queries import CaseSummary, CaseView
from workflows.casework.sight import WHOLE_REGION_KINDS
from workflows.organisation.model import Account

MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is acted on: tasks that are seen, or one case; never both."""

    tasks: Sequence[UserTask] = ()
    case: CaseView | None = None
    left_out: int = 0  # of what was ticked: done meanwhile, out of sight, or too many

    @property
    def numbers(self) -> list[str]:
        """The cases and processes it is about."""
        return sorted({task.business_key for task in self.tasks})

    @property
    def unit_kinds(self) -> list[str]:
        """The kinds of units an order about the case may go to."""
        if self.case is None:
            return []
        sent = {one.referral.unit_kind for one in self.case.referrals if one.referral.sent_at is not None}
        return sorted(WHOLE_REGION_KINDS | sent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an act on several tasks: how many it was done for, and what was said of the others."""

    done: int
    refused: Sequence[tuple[str, str]]
    is_key_taken: bool = False


def chosen_tasks(task_ids: Sequence[str], actor: Actor) -> Chosen:
    """Return the tasks of an address as far as the actor sees them; what names none is left out."""
    tasks = []
    for task_id in dict.fromkeys(task_ids[:MOST_AT_ONCE]):
        try:
            tasks.append(services().queries.user_task(UUID(task_id), actor))
        except (ValueError, NotFound):
            continue
    is_open = [task for task in tasks if task.completed_at is None]
    return Chosen(tasks=is_open, left_out=len(set(task_ids)) - len(is_open))


def cases_of(chosen: Chosen, actor: Actor) -> Mapping[str, CaseSummary]:
    """Return the cases of the tasks, by number, as far as the actor sees them."""
    return services().casework.summaries(chosen.numbers, actor) if chosen.tasks else {}


def addressable(chosen: Chosen) -> list[Account]:
    """Return who may be named as the person to answer orders about every one of the tasks."""
    kinds = [(next(iter(task.candidate_groups), "").partition("/")[0], task.region) for task in chosen.tasks]
    return _everywhere([((answering_group(kind),), region) for kind, region in kinds])


def each_by_itself(tasks: Sequence[UserTask], act: Callable[[UserTask], object]) -> Outcome:
    """Act on tasks one after the other, each in a transaction of its own; a refusal stops none of the others."""
    done, refused, is_key_taken = 0, [], False
    for task in tasks:
        try:
            act(task)
        except EngineError as error:
            is_key_taken |= isinstance(error, OrderKeyTaken)
            name = in_language(task.name, task.name_en)
            refused.append((f"{task.business_key} {name}", i18n.refusal_text(error)))
        else:
            done += 1
    return Outcome(done=done, refused=refused, is_key_taken=is_key_taken)


def _everywhere(places: Sequence[tuple[Sequence[str], str]]) -> list[Account]:
    found = {place: _people(*place) for place in {(tuple(groups), region) for groups, region in places}}
    if not found:
        return []
    logins = set.intersection(*(set(people) for people in found.values()))
    first = next(iter(found.values()))
    return [first[login] for login in sorted(logins)]


def _people(groups: Sequence[str], region: str) -> dict[str, Account]:
    return {one.login: one for one in services().organisation.colleagues([(group, region) for group in groups])}

"""What another county unit than civil affairs sees of a case's process: its own work, and where the case stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from engine.model import ActivityInstance, Actor, Incident, UserTask
from engine.queries import DiagramState, InstanceView
from workflows.casework.queries import CaseView
from workflows.casework.sight import unit_kinds


def within_purpose(view: InstanceView, case: CaseView, actor: Actor) -> InstanceView:
    """Return the process instance of a case as far as the actor may see it.

    Who sees the case for a purpose keeps the tasks of its own unit, the diagrams they stand in, its own doings, and
    the diagram of the whole case without how often a step was taken. What came of others' steps is left out.
    """
    if not case.purpose_limited:
        return view
    sight = _Sight.of(view, case, actor)
    return replace(
        view,
        diagrams=[sight.diagram(state) for state in view.diagrams if sight.covers(state.definition.id)],
        activities=sight.activities(view.activities),
        waiting=[one for one in view.waiting if sight.covers(one.definition_id)],
        tasks=sight.tasks,
        jobs=(),
        timers=(),
        subscriptions=(),
        incidents=[_without_reason(one) for one in view.incidents if sight.covers(one.definition_id)],
        decisions=(),
        history=[entry for entry in view.history if entry.actor == actor.id],
        variables={},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sight:
    """The tasks of the actor's units, the processes they work in, and the process of the whole case."""

    tasks: Sequence[UserTask]
    own: frozenset[UUID]
    root: UUID

    @classmethod
    def of(cls, view: InstanceView, case: CaseView, actor: Actor) -> _Sight:
        kinds = unit_kinds(actor, case.summary.region)
        tasks = [task for task in view.tasks if _is_own(task, actor, kinds)]
        processes = {one.referral.process_id for one in case.referrals if one.referral.unit_kind in kinds}
        referred = {state.definition.id for state in view.diagrams if state.definition.key in processes}
        root = view.instance.definition_id
        return cls(tasks=tasks, own=frozenset({task.definition_id for task in tasks} | referred) - {root}, root=root)

    def covers(self, definition_id: UUID) -> bool:
        return definition_id == self.root or definition_id in self.own

    def diagram(self, state: DiagramState) -> DiagramState:
        untold = replace(state, incidents=dict.fromkeys(state.incidents, ""))
        if state.definition.id in self.own:
            return untold
        return replace(
            untold,
            active=dict.fromkeys(state.active, 1),
            completed=dict.fromkeys(state.completed, 1),
            flows=dict.fromkeys(state.flows, 1),
        )

    def activities(self, found: Iterable[ActivityInstance]) -> list[ActivityInstance]:
        return [one for one in found if one.definition_id in self.own]


def _is_own(task: UserTask, actor: Actor, kinds: frozenset[str]) -> bool:
    by_unit = any(group.partition("/")[0] in kinds for group in task.candidate_groups)
    return by_unit or actor.id in (*task.candidate_users, task.assignee, task.completed_by)


def _without_reason(incident: Incident) -> Incident:
    return replace(incident, reason="")

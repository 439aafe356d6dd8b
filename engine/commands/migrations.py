"""Running instances go on by another version of their diagram, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID, uuid4

from engine.batches import BatchKind, InstanceSnapshot, roles_for
from engine.commands.task_listeners import attributes_of
from engine.core import codec
from engine.core import model as core
from engine.core.counterparts import can_take_over, is_stood_at
from engine.core.graph import Node, Process
from engine.core.joined_events import joined_events
from engine.errors import NotFound
from engine.execution import operated_instance, record
from engine.host import Context, Work
from engine.json_values import JsonObject
from engine.model import Definition, HistoryAction
from engine.open_elements import AwaitedEvent, Effect, awaited_events, observed
from engine.operation_errors import MigrationRefused, RevertRefused
from engine.permissions import checked_reason
from engine.relay import advance

Unnamed = Literal["kept", "refused"]
UNNAMED: Mapping[str, Unnamed] = {"kept": "kept", "refused": "refused"}
"""What becomes of active elements that a plan does not name: those of the same id go on, or it is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationPlan:
    """From which version to which; `mapping` names elements that have another id there, all others keep theirs.

    With `unnamed` refused it must name every element at which something stands, as in Camunda.
    """

    source: UUID
    target: UUID
    mapping: Mapping[str, str] = field(default_factory=dict)
    unnamed: Unnamed = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingLine:
    """Where an element goes: by the same id, or by the same name and kind; None where nothing fits.

    `candidates` are the elements that can take over what stands at it: of its kind, repeated, done and waiting alike.
    """

    element_id: str
    name: str
    tag: str
    target_id: str | None
    by: Literal["id", "name", "nothing"]
    candidates: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestMapping:
    """Suggest where elements go in another version: to the same id and kind, else to the only one of name and kind.

    Said of everything something can stand or be waited for at. Events that wait together and of which there is only one
    are not decided between.

    Raises:
        NotFound: a version is not deployed.
    """

    source: UUID
    target: UUID

    def execute(self, context: Context[Work]) -> list[MappingLine]:
        """Suggest it."""
        old = _process(context, self.source)
        new = _process(context, self.target)
        taken = {id_ for id_, node in old.nodes.items() if id_ in new.nodes and can_take_over(node, new.nodes[id_])}
        lines = [_line(node, new, taken) for node in old.nodes.values() if is_stood_at(node, old)]
        named = {line.element_id: line.target_id for line in lines if line.target_id is not None}
        unclear = {event for each in joined_events(old, new, named) for event in each.events}
        return [
            replace(one, target_id=None, by="nothing") if one.by == "name" and one.element_id in unclear else one
            for one in lines
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrateProcessInstance:
    """Let an instance go on by another version: tasks, drafts, timers, subscriptions and incidents come along.

    Finished tasks follow the mapping for four eyes: who did what is now `record` may not do what must be distinct from
    it. In the history they stay what they were.

    Who holds a task, its groups, dates and priority stay; its name, form and properties are those of the new diagram.
    How it stood before is kept, so that it can go back as long as nothing has happened.

    Raises:
        MigrationRefused: with every obstacle; nothing is changed.
        InstanceEnded, NotFound, NotPermitted, ReasonMissing
    """

    process_instance_id: UUID
    plan: MigrationPlan
    reason: str
    batch_id: UUID | None = None

    def execute(self, context: Context[Work]) -> Effect:
        """Migrate it."""
        reason = checked_reason(self.reason)
        instance = operated_instance(
            context, self.process_instance_id, action="迁移流程", roles=roles_for(BatchKind.MIGRATE)
        )
        check_plan(context, self.plan)
        before = instance.snapshot
        if before is None:
            raise NotFound("active process instance", self.process_instance_id)
        plan = self.plan
        if plan.unnamed == "refused":
            _require_named(context, plan, codec.decode(before))
        tasks = {one.key: attributes_of(one) for one in context.unit_of_work.user_tasks.open_of(instance.id)}
        awaited = awaited_events(context, instance)
        move = core.Migrate(source=str(plan.source), target=str(plan.target), mapping=dict(plan.mapping), tasks=tasks)
        try:
            effect = observed(context, instance, lambda: advance(context, instance, move))
        except core.CannotModify as refused:
            raise MigrationRefused(refused.reasons) from refused
        counted = context.unit_of_work.user_tasks.count_as(
            instance.id, source=plan.source, target=plan.target, mapping=plan.mapping
        )
        details: JsonObject = {"source": str(plan.source), "target": str(plan.target), "reason": reason}
        record(context, effect.instance, HistoryAction.MIGRATED, details=details)
        kept = InstanceSnapshot(
            id=uuid4(),
            process_instance_id=instance.id,
            taken_at=context.now(),
            taken_by=context.actor.id,
            batch_id=self.batch_id,
            source=plan.source,
            target=plan.target,
            version=effect.instance.version,
            snapshot=before,
            counted=counted or None,
        )
        context.unit_of_work.instance_snapshots.add(kept)
        return _with_waits(effect, awaited, awaited_events(context, effect.instance), plan.mapping)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevertMigration:
    """Let an instance stand again as before its newest migration; only as long as nothing happened to it since.

    An event of the new version that fired in the migration itself is such a thing.

    With `batch_id`, only when that batch migrated it.

    Raises:
        RevertRefused: it was not migrated, or something happened since.
        InstanceEnded, NotFound, NotPermitted, ReasonMissing
    """

    process_instance_id: UUID
    reason: str
    batch_id: UUID | None = None

    def execute(self, context: Context[Work]) -> Effect:
        """Go back."""
        reason = checked_reason(self.reason)
        instance = operated_instance(
            context, self.process_instance_id, action="撤销迁移", roles=roles_for(BatchKind.REVERT_MIGRATION)
        )
        kept = context.unit_of_work.instance_snapshots.latest(instance.id)
        if kept is None or (self.batch_id is not None and kept.batch_id != self.batch_id):
            nothing = core.Obstacle("no such migration of it is kept", "没有留存它的这次迁移")
            raise RevertRefused(instance.id, nothing)
        if kept.version != instance.version:
            since = core.Obstacle(
                f"it went on since (version {kept.version} then, {instance.version} now)",
                f"迁移之后流程又有变化（当时第 {kept.version} 版，现为第 {instance.version} 版）",
            )
            raise RevertRefused(instance.id, since)
        back = core.Restore(snapshot=codec.decode(kept.snapshot))
        try:
            effect = observed(context, instance, lambda: advance(context, instance, back))
        except core.CannotModify as refused:
            raise RevertRefused(instance.id, refused.reasons[0]) from refused
        details: JsonObject = {"source": str(kept.target), "target": str(kept.source), "reason": reason}
        record(context, effect.instance, HistoryAction.MIGRATION_REVERTED, details=details)
        context.unit_of_work.user_tasks.count_again(instance.id, kept.counted or {})
        context.unit_of_work.instance_snapshots.remove(kept.id)
        return effect


def check_plan(context: Context[Work], plan: MigrationPlan) -> None:
    """Refuse a plan that names what is not there.

    Raises:
        NotFound: a version is not deployed.
        MigrationRefused: an element of the mapping is not drawn, events that wait together would be one, or source and
            target are the same.
    """
    old, new = _process(context, plan.source), _process(context, plan.target)
    obstacles = [
        core.Obstacle(f"{id_} is not drawn in the source", f"源版本中没有 {id_}")
        for id_ in plan.mapping
        if id_ not in old.nodes
    ]
    obstacles += [
        core.Obstacle(f"{id_} is not drawn in the target", f"目标版本中没有 {id_}")
        for id_ in plan.mapping.values()
        if id_ not in new.nodes
    ]
    obstacles += [each.obstacle() for each in joined_events(old, new, plan.mapping)]
    if plan.source == plan.target:
        obstacles.append(core.Obstacle("source and target are the same version", "源版本与目标版本相同"))
    if obstacles:
        raise MigrationRefused(obstacles)


def versions(context: Context[Work], *ids: UUID) -> Sequence[Definition]:
    """Return process definitions by id.

    Raises:
        NotFound: one is not deployed, or is no process.
    """
    found = []
    for id_ in ids:
        definition = context.unit_of_work.definitions.get(id_)
        if definition is None or definition.kind != "process":
            raise NotFound("process definition", id_)
        found.append(definition)
    return found


def _require_named(context: Context[Work], plan: MigrationPlan, snapshot: core.Snapshot) -> None:
    nodes = _process(context, plan.source).nodes
    standing = {each.element for each in snapshot.instances if each.definition == str(plan.source)}
    missing = sorted(id_ for id_ in standing if nodes[id_].tag != "process" and id_ not in plan.mapping)
    if missing:
        raise MigrationRefused(
            [
                core.Obstacle(f"{id_} is active and the mapping does not name it", f"{id_} 正在进行，对应关系中没有它")
                for id_ in missing
            ]
        )


def _process(context: Context[Work], definition_id: UUID) -> Process:
    versions(context, definition_id)
    return context.definitions.process(definition_id, context.unit_of_work.definitions)


def _with_waits(
    effect: Effect, before: Sequence[AwaitedEvent], after: Sequence[AwaitedEvent], mapping: Mapping[str, str]
) -> Effect:
    """Return an effect with what is waited for no longer, and from now; an error by its new code is waited for on."""
    went = {one.key for one in before} & {one.key for one in after}
    gone = {(mapping.get(one.element_id, one.element_id), one.kind): one for one in before if one.key not in went}
    come = {(one.element_id, one.kind): one for one in after if one.key not in went}
    return replace(
        effect,
        given_up=[one for at, one in gone.items() if at not in come],
        begun_anew=[one for at, one in come.items() if at not in gone],
    )


def _line(node: Node, new: Process, taken: set[str]) -> MappingLine:
    candidates = [one.id for one in new.nodes.values() if can_take_over(node, one)]
    by: Literal["id", "name", "nothing"] = "id"
    target: str | None = node.id
    if node.id not in taken:
        alike = [id_ for id_ in candidates if id_ not in taken and node.name and new.nodes[id_].name == node.name]
        target, by = (alike[0], "name") if len(alike) == 1 else (None, "nothing")
    return MappingLine(element_id=node.id, name=node.name, tag=node.tag, target_id=target, by=by, candidates=candidates)

"""Which process instances an operator means: one rule for lists, counts, dry runs and batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, cast, exists, false, func, literal, or_, select, true

from engine.batches import InstanceFilter
from engine.model import Actor, InstanceState
from storage.kin import numbers_of_kin
from storage.tables.engine import activity_instance, incident
from storage.tables.engine import definition as definitions
from storage.tables.engine import process_instance as instances

activities = activity_instance.alias("living")  # aliases, so that the questions around may use the tables too
incidents = incident.alias("stuck")
waiting = instances.alias("waiting")


def meant(wanted: InstanceFilter, actor: Actor, *, roles: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that an instance is meant and lies in a region for which the actor has one of the roles."""
    return and_(in_regions_of(actor, roles), *_conditions(wanted))


def in_regions_of(actor: Actor, roles: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that an instance lies in a region for which the actor has one of the roles.

    Of the cases of their kin nobody operates anything.
    """
    if actor.system:
        return literal(True)
    regions = {one.region for one in actor.memberships if one.role in roles}
    ours = or_(false(), *(instances.c.region.startswith(region, autoescape=True) for region in sorted(regions)))
    return and_(ours, instances.c.business_key.not_in(numbers_of_kin(actor.id)))


def suspended() -> Select[tuple[UUID]]:
    """Return the ids of the instances that rest: few, and under an index of their own."""
    return select(instances.c.id).where(instances.c.state == InstanceState.SUSPENDED)


def stuck(*, kind: str | None = None) -> ColumnElement[bool]:
    """Return the condition that an instance has an open incident, of a kind where one is given."""
    found = exists().where(incidents.c.process_instance_id == instances.c.id, incidents.c.resolved_at.is_(None))
    return found if kind is None else found.where(incidents.c.kind == kind)


def tokens_waiting(source: UUID | None, element_id: str | None) -> Select[tuple[UUID, str]]:
    """Return the ids of the instances in which tokens wait at joins of a process or of a name, with the join's id.

    Only of those that go on: a node of the release before that ends an instance leaves what was written of its joins.
    """
    place = func.unnest(waiting.c.waiting_at).table_valued("place").render_derived()
    definition, element = (func.split_part(place.c.place, "/", number) for number in (1, 2))
    found = select(waiting.c.id, element.label("element_id")).select_from(waiting).join(place, true())
    if source is not None:
        found = found.where(definition == str(source))
    if element_id is not None:
        found = found.where(element == element_id)
    goes_on = waiting.c.state.in_((InstanceState.ACTIVE, InstanceState.SUSPENDED))
    return found.where(waiting.c.waiting_at != cast([], waiting.c.waiting_at.type), goes_on)


def _stands(source: UUID | None, element_id: str | None) -> ColumnElement[bool]:
    """Return the condition that an element lives, or a token waits at a join, of a process and of a name."""
    living = select(activities.c.process_instance_id).where(activities.c.left_at.is_(None))
    if source is not None:
        living = living.where(activities.c.definition_id == source)
    if element_id is None:
        return instances.c.id.in_(living)
    living = living.where(activities.c.element_id == element_id)
    return instances.c.id.in_(living.union_all(select(tokens_waiting(source, element_id).subquery().c.id)))


def _conditions(wanted: InstanceFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.ids is not None:
        yield instances.c.id.in_(wanted.ids)
    if wanted.process_id is not None:
        yield instances.c.process_id == wanted.process_id
    if wanted.version is not None:
        of_version = select(definitions.c.id).where(
            definitions.c.kind == "process", definitions.c.version == wanted.version
        )
        yield instances.c.definition_id.in_(of_version)
    if wanted.state is not None:
        yield instances.c.state == wanted.state
    if wanted.business_key is not None:
        yield instances.c.business_key == wanted.business_key
    if wanted.region is not None:
        yield instances.c.region.startswith(wanted.region, autoescape=True)
    if wanted.started_before is not None:
        yield instances.c.started_at < wanted.started_before
    if wanted.started_after is not None:
        yield instances.c.started_at >= wanted.started_after
    yield from _by_what_is_open(wanted)


def _by_what_is_open(wanted: InstanceFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.source is not None or wanted.element_id is not None:
        yield _stands(wanted.source, wanted.element_id)
    if wanted.has_incident is not None:
        yield stuck() if wanted.has_incident else ~stuck()
    if wanted.incident_kind is not None:
        yield stuck(kind=wanted.incident_kind)

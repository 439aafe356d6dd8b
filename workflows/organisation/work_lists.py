"""What people may do with the filters and columns of their work list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from engine.errors import NotFound, NotPermitted, StaleVersion
from engine.host import Context
from engine.model import Actor
from workflows.organisation.errors import FilterNameTaken, TooManyFilters, TooManySharedFilters
from workflows.organisation.list_filters import MOST_FILTERS, MOST_SHARED, ListColumn, ListFilter
from workflows.organisation.model import SUPERVISOR, AccountAction, AccountEvent, Unit
from workflows.organisation.ports import OrganisationUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepListFilter:
    """Keep the state of a work list under a name, for oneself or for a unit one works in or supervises.

    Raises:
        FilterNameTaken: the actor has a filter of this name.
        TooManyFilters: the actor keeps as many as one may.
        TooManySharedFilters: the unit is shown as many as it may be.
        NotFound: there is no such unit.
        NotPermitted: the actor has no post in the unit and does not supervise it.
    """

    filter_id: UUID
    name: str
    arguments: Mapping[str, str]
    unit_id: str | None = None

    def execute(self, context: Context[OrganisationUnitOfWork]) -> ListFilter:
        """Return the filter."""
        filters = context.unit_of_work.accounts.list_filters
        kept = ListFilter(
            id=self.filter_id,
            owner=context.actor.id,
            unit_id=self.unit_id,
            name=self.name.strip(),
            arguments=dict(self.arguments),
            version=1,
            changed_at=context.now(),
        )
        _require_shareable(context, self.unit_id)
        _require_free_name(context, kept)
        if filters.count(kept.owner) >= MOST_FILTERS:
            raise TooManyFilters(MOST_FILTERS)
        filters.add(kept)
        _record(context, "filter-kept")
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeListFilter:
    """Give a filter another name, another unit to share it with, or another state (None: as it was).

    Raises:
        NotFound: there is none that the actor sees, or no such unit.
        NotPermitted: it is somebody else's, and the actor does not supervise the unit it is shared with.
        StaleVersion: it changed since it was shown.
        FilterNameTaken: its owner has another filter of this name.
        TooManySharedFilters: the other unit is shown as many as it may be.
    """

    filter_id: UUID
    name: str
    unit_id: str | None
    version: int
    arguments: Mapping[str, str] | None = None

    def execute(self, context: Context[OrganisationUnitOfWork]) -> ListFilter:
        """Return the filter as it is now."""
        before = _changeable(context, self.filter_id, self.version)
        if self.unit_id != before.unit_id:
            _require_shareable(context, self.unit_id)
        changed = replace(
            before,
            name=self.name.strip(),
            unit_id=self.unit_id,
            arguments=before.arguments if self.arguments is None else dict(self.arguments),
            version=before.version + 1,
            changed_at=context.now(),
        )
        _require_free_name(context, changed)
        context.unit_of_work.accounts.list_filters.save(changed)
        _record(context, "filter-changed")
        return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveListFilter:
    """Forget a filter.

    Raises:
        NotFound: there is none that the actor sees.
        NotPermitted: it is somebody else's, and the actor does not supervise the unit it is shared with.
        StaleVersion: it changed since it was shown.
    """

    filter_id: UUID
    version: int

    def execute(self, context: Context[OrganisationUnitOfWork]) -> None:
        """Remove it."""
        removed = _changeable(context, self.filter_id, self.version)
        context.unit_of_work.accounts.list_filters.remove(removed.id)
        _record(context, "filter-removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseListColumns:
    """Choose the columns of the actor's own work lists, in order; none at all: the usual ones."""

    columns: tuple[ListColumn, ...]

    def execute(self, context: Context[OrganisationUnitOfWork]) -> None:
        """Keep them."""
        columns = tuple(dict.fromkeys(self.columns))
        context.unit_of_work.accounts.list_filters.choose_columns(context.actor.id, columns)
        _record(context, "columns-chosen")


def _changeable(context: Context[OrganisationUnitOfWork], filter_id: UUID, version: int) -> ListFilter:
    found = context.unit_of_work.accounts.list_filters.lock(filter_id)
    unit = context.unit_of_work.units.get(found.unit_id) if found and found.unit_id else None
    is_own = found is not None and found.owner == context.actor.id
    is_member = unit is not None and _works_in(context.actor, unit)
    is_supervised = unit is not None and context.actor.has_role(SUPERVISOR, unit.region)
    if found is None or not (is_own or is_member or is_supervised):
        raise NotFound("list filter", filter_id)
    if not is_own and not is_supervised:
        raise NotPermitted("更改他人共享的筛选", SUPERVISOR)
    if found.version != version:
        raise StaleVersion("list filter", version, found.version)
    return found


def _require_shareable(context: Context[OrganisationUnitOfWork], unit_id: str | None) -> None:
    if unit_id is None:
        return
    unit = context.unit_of_work.units.get(unit_id)
    if unit is None:
        raise NotFound("unit", unit_id)
    has_post = _works_in(context.actor, unit)
    if not has_post and not context.actor.has_role(SUPERVISOR, unit.region):
        raise NotPermitted("与该单位共享筛选", SUPERVISOR)
    if context.unit_of_work.accounts.list_filters.count_shared(unit_id) >= MOST_SHARED:
        raise TooManySharedFilters(MOST_SHARED)


def _works_in(actor: Actor, unit: Unit) -> bool:
    return any((one.unit_kind, one.region) == (unit.kind, unit.region) for one in actor.memberships)


def _require_free_name(context: Context[OrganisationUnitOfWork], kept: ListFilter) -> None:
    accounts = context.unit_of_work.accounts
    accounts.lock(kept.owner)  # the same person at a second screen waits here
    if accounts.list_filters.is_taken(kept.owner, kept.name, besides=kept.id):
        raise FilterNameTaken(kept.name)


def _record(context: Context[OrganisationUnitOfWork], action: AccountAction) -> None:
    event = AccountEvent(login=context.actor.id, at=context.now(), actor=context.actor.id, action=action)
    context.unit_of_work.accounts.record(event)

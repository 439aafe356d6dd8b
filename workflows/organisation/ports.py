"""What the organisation needs from whoever keeps its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from engine.model import Actor
from engine.ports import UnitOfWork
from workflows.organisation.list_filters import ListColumn, ListFilter, ListSettings
from workflows.organisation.model import Account, AccountEvent, Unit


class Units(Protocol):
    """The units, by id."""

    def get(self, unit_id: str) -> Unit | None:
        """Return one unit."""
        ...

    def add(self, unit: Unit) -> None:
        """Keep a new unit.

        Raises:
            AlreadyExists: the id is taken.
        """
        ...


class ListFilters(Protocol):
    """Filters and columns, in one transaction."""

    def lock(self, filter_id: UUID) -> ListFilter | None:
        """Return a filter and let other changes of it wait."""
        ...

    def count(self, owner: str) -> int:
        """Return how many filters a person keeps."""
        ...

    def count_shared(self, unit_id: str) -> int:
        """Return how many filters a unit is shown; others who share with it wait."""
        ...

    def is_taken(self, owner: str, name: str, *, besides: UUID) -> bool:
        """Say whether another filter of this person has the name."""
        ...

    def add(self, kept: ListFilter) -> None:
        """Keep a new filter."""
        ...

    def save(self, kept: ListFilter) -> None:
        """Write a filter that is there."""
        ...

    def remove(self, filter_id: UUID) -> None:
        """Forget a filter."""
        ...

    def choose_columns(self, login: str, columns: Sequence[ListColumn]) -> None:
        """Keep the columns of a person; none at all: the usual ones."""
        ...


class Accounts(Protocol):
    """The accounts with their posts, by login."""

    def lock(self, login: str) -> Account | None:
        """Return one account for a change: other sign-ins of it wait."""
        ...

    def add(self, account: Account) -> None:
        """Keep a new account with its posts.

        Raises:
            AlreadyExists: the login is taken.
        """
        ...

    def save(self, account: Account) -> None:
        """Write everything of the account but login and posts."""
        ...

    def record(self, event: AccountEvent) -> None:
        """Append to the record of access."""
        ...

    @property
    def list_filters(self) -> ListFilters:
        """The filters and columns of people's work lists."""
        ...


class OrganisationUnitOfWork(UnitOfWork, Protocol):
    """The engine's unit of work with units and accounts in the same transaction."""

    @property
    def units(self) -> Units:
        """The units."""
        ...

    @property
    def accounts(self) -> Accounts:
        """The accounts."""
        ...


class OrganisationQueries(Protocol):
    """What may be asked about the organisation; every method reads one committed state."""

    def account(self, login: str, /) -> Account | None:
        """Return an account with its posts."""
        ...

    def accounts(self) -> Sequence[Account]:
        """Return every account, by login."""
        ...

    def colleagues(self, offers: Sequence[tuple[str, str]], /) -> Sequence[Account]:
        """Return who holds a post of a candidate group in a unit responsible for the region beside it."""
        ...

    def units(self) -> Sequence[Unit]:
        """Return every unit, by region and kind."""
        ...

    def list_settings(self, actor: Actor, /) -> ListSettings:
        """Return the filters somebody sees, own ones first, and the columns this person chose."""
        ...

    def names(self, logins: Sequence[str], /) -> Mapping[str, str]:
        """Return the names of those logins that are known."""
        ...

"""What handing tasks on needs from whoever keeps the office's data."""

from __future__ import annotations

from typing import Protocol

from workflows.casework.ports import CaseworkUnitOfWork
from workflows.organisation.ports import OrganisationUnitOfWork


class HandOverUnitOfWork(CaseworkUnitOfWork, OrganisationUnitOfWork, Protocol):
    """Casework and accounts in one transaction."""

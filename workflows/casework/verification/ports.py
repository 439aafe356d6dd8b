"""What the economic check needs of whoever keeps its data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from workflows.casework.verification.model import (
    AgencyRest,
    Authorisation,
    BankFile,
    RefusedQuery,
    ReportObjection,
    Supporter,
)


class Authorisations(Protocol):
    """Signed consents, withdrawn and replaced ones included."""

    def add(self, authorisation: Authorisation) -> None:
        """Keep a consent."""
        ...

    def save(self, authorisation: Authorisation) -> None:
        """Write that a consent was withdrawn or replaced."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[Authorisation]:
        """Return the consents of a case, by person and time."""
        ...


class Supporters(Protocol):
    """Persons outside the home with a duty to support a member."""

    def add(self, supporter: Supporter) -> bool:
        """Keep one; say False and keep nothing when the number is taken."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[Supporter]:
        """Return those of a case by number; none of an erased case."""
        ...


class ReportObjections(Protocol):
    """Objections to check reports."""

    def add(self, objection: ReportObjection) -> bool:
        """Keep one; say False and keep nothing while another of the case is open."""
        ...

    def get(self, objection_id: UUID) -> ReportObjection | None:
        """Return one; None also when its case was erased."""
        ...

    def save(self, objection: ReportObjection) -> None:
        """Write how it goes on."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[ReportObjection]:
        """Return those of a case, oldest first."""
        ...

    def has_open(self, case_id: UUID) -> bool:
        """Tell whether one of the case waits for its answer."""
        ...


class QueryLedger(Protocol):
    """What is kept of queries beside the questions themselves."""

    def refuse(self, refused: RefusedQuery) -> None:
        """Keep a query that was not let out."""
        ...

    def rest_of(self, agency: str) -> AgencyRest | None:
        """Return how often an agency failed in a row, and until when it is left in peace."""
        ...

    def count_failure(self, agency: str) -> int:
        """Count one more failure in a row and return how many there are."""
        ...

    def set_rest(self, rest: AgencyRest) -> None:
        """Write until when an agency is left in peace."""
        ...

    def clear_rest(self, agency: str) -> None:
        """Forget the failures of an agency that answered."""
        ...

    def add_file(self, file: BankFile) -> bool:
        """Keep a table file; say False and keep nothing when its number is taken."""
        ...

    def save_file(self, file: BankFile) -> None:
        """Write what was handed out or came back."""
        ...

    def file(self, file_id: UUID) -> BankFile | None:
        """Return a table file, locked until the transaction ends."""
        ...

    def files_of(self, region: str) -> Sequence[BankFile]:
        """Return the table files of a region, newest first."""
        ...

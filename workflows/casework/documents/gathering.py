"""Filling a document from the records of its case: one function a kind, each says what it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from engine.host import Context
from workflows.casework.days import local_day
from workflows.casework.documents.errors import DocumentSubjectMissing
from workflows.casework.documents.kinds import PaperKind
from workflows.casework.documents.persons import programmes, town_office
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import Standards, standards_on
from workflows.printing.fields import Value

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the records say; `number` where the record has an official number already."""

    values: Mapping[str, Value]
    subject: str = ""
    number: str | None = None
    unit: str | None = None
    day: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be filled: the kind, the case, and which of its records, by id or number; None takes the newest."""

    context: Context[CaseworkUnitOfWork]
    kind: PaperKind
    case: Case
    subject: str | None = None
    standards: Standards = field(init=False)

    def __post_init__(self) -> None:
        today = local_day(self.context.now())
        object.__setattr__(self, "standards", standards_on(self.context.unit_of_work, today))

    @property
    def unit_of_work(self) -> CaseworkUnitOfWork:
        """Return the transaction."""
        return self.context.unit_of_work

    @property
    def about(self) -> dict[str, Value]:
        """Return the values most documents share."""
        return {
            "applicant": self.case.applicant.person.name,
            "address": self.case.household.address,
            "programmes": programmes(self.case),
            "complaint_phone": self.figure("complaint_phone"),
        }

    @property
    def town_office(self) -> str:
        """Return whose seal the papers of the town bear."""
        return town_office(self.case)

    def people(self, *logins: str) -> str:
        """Return the names of who did something, in order; one without an account as it was written down."""
        names = self.unit_of_work.documents.people(logins)
        return "、".join(names.get(one, one) for one in dict.fromkeys(logins) if one)

    def figure(self, key: str) -> str:
        """Return a parameter of policy as text; nothing where it has no value."""
        return str(self.standards.values.get(key, ""))

    def newest(self, records: Sequence[Record], name: str, *, keys: Callable[[Record], Sequence[object]]) -> Record:
        """Return the record that was asked for, or the newest.

        Raises:
            DocumentSubjectMissing: there is none, or not that one.
        """
        wanted = [one for one in records if self.subject is None or self.subject in map(str, keys(one))]
        if not wanted:
            raise self.missing(name)
        return wanted[-1]

    def missing(self, name: str) -> DocumentSubjectMissing:
        """Return the error that there is nothing to make the document of."""
        subject = name if self.subject is None else f"{name} {self.subject}"
        return DocumentSubjectMissing(number=self.case.number, kind=self.kind.name, subject=subject)

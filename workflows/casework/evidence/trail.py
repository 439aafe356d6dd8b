"""The case evidence belongs to, kept from being erased meanwhile, and the lines its history gets."""

from __future__ import annotations

from uuid import UUID

from engine.host import Context
from engine.json_values import JsonObject
from engine.model import HistoryEntry
from workflows.casework.errors import CaseErased, CaseNotFound
from workflows.casework.evidence.model import Evidence
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork


def case_held(context: Context[CaseworkUnitOfWork], case_id: UUID, *, action: str) -> Case:
    """Return a case while nobody can erase it: its main process is what erasing asks, and waits for.

    Raises:
        CaseNotFound: unknown.
        CaseErased: nobody knows any more who it was about.
    """
    case = context.unit_of_work.cases.get(case_id)
    if case is None:
        raise CaseNotFound(case_id)
    if case.process_instance_id is not None:
        context.unit_of_work.process_instances.lock(case.process_instance_id)
        case = context.unit_of_work.cases.get(case_id) or case
    if case.erased:
        raise CaseErased(number=case.number, action=action)
    return case


def write_down(
    context: Context[CaseworkUnitOfWork], case: Case, action: str, evidence: Evidence, *, by: str, reason: str = ""
) -> None:
    """Leave a line in the history of the case: which file by its digest, never what it is called."""
    if case.process_instance_id is None:
        return
    details: JsonObject = {"evidence": str(evidence.id), "kind": evidence.kind.value, "sha256": evidence.sha256}
    context.unit_of_work.history.add(
        HistoryEntry(
            process_instance_id=case.process_instance_id,
            at=context.now(),
            actor=by,
            action=action,
            details={**details, "reason": reason} if reason else details,
        )
    )

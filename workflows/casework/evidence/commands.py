"""What can be done with evidence: add, look at, download, remove. Who looked stands in the history of the case."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid4

from engine.host import Context
from engine.permissions import checked_reason
from workflows.casework.days import local_day
from workflows.casework.errors import CaseNotFound
from workflows.casework.evidence.errors import EvidenceFull, EvidenceNotFound, EvidenceNotYours
from workflows.casework.evidence.model import Evidence, EvidenceFile, adding_unit
from workflows.casework.evidence.rules import EvidenceRules, checked_file, rules_on
from workflows.casework.evidence.trail import case_held, write_down
from workflows.casework.holds.model import HoldEvent
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.guard import is_kin
from workflows.organisation.model import SUPERVISOR

MOST_NAME = 120


class Look(StrEnum):
    """How a file is taken out with a watermark: to look at it on a page, or as a copy to keep."""

    SHOWN = "evidence_read"
    DOWNLOADED = "evidence_downloaded"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEvidenceRules:
    """Tell which files may be handed in today."""

    def execute(self, context: Context[CaseworkUnitOfWork]) -> EvidenceRules:
        """Return the rules."""
        return rules_on(context.unit_of_work, local_day(context.now()))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvidence:
    """Add a file to a case; the same content again, from the same kind of unit, is the same piece of evidence.

    Whether the actor sees the case is asked by who calls.

    Raises:
        CaseNotFound: unknown, or the register of relatives bars the actor.
        CaseErased: nobody knows any more who it was about.
        EvidenceEmpty, EvidenceKindRefused, EvidenceBroken, EvidenceTooLarge, PictureTooLarge: the file is not kept.
        EvidenceFull: the case has as much as it may have.
    """

    case_id: UUID
    name: str
    content: bytes

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Evidence:
        """Check it by its content, and keep it."""
        rules = rules_on(context.unit_of_work, local_day(context.now()))
        clean = checked_file(self.content, rules)  # before the lock: others need not wait for a long look
        case = case_held(context, self.case_id, action="添加佐证材料")
        if is_kin(context, case):
            raise CaseNotFound(self.case_id)
        evidence = Evidence(
            id=uuid4(),
            case_id=case.id,
            name=_plain_name(self.name) or f"{clean.kind.value}",
            kind=clean.kind,
            size_bytes=len(clean.content),
            sha256=hashlib.sha256(clean.content).hexdigest(),
            unit_kind=adding_unit(context.actor, case.region),
            added_at=context.now(),
            added_by=context.actor.id,
        )
        files = context.unit_of_work.evidence
        known = files.same(case.id, evidence.unit_kind, evidence.sha256)
        if known is not None:
            return known
        if files.count(case.id) >= rules.most_files:
            raise EvidenceFull(rules.most_files)
        if not files.add(evidence, clean.content):
            return files.same(case.id, evidence.unit_kind, evidence.sha256) or evidence
        write_down(context, case, "evidence_added", evidence, by=context.actor.id)
        context.unit_of_work.holds.end(case.id, HoldEvent.EVIDENCE)
        return evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEvidence:
    """Take a file out to be marked with who did and when; `NoteEvidenceLook` goes before it is handed out.

    Whether the actor sees it is asked by who calls.

    Raises:
        EvidenceNotFound: it was removed meanwhile, its case was erased, or the register of relatives bars the actor.
    """

    evidence_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> EvidenceFile:
        """Return the file."""
        _case, found = _seen(context, self.evidence_id)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEvidenceLook:
    """Keep in the history of its case who is handed a marked file, and how: it is marked by now, and told of no other.

    Raises:
        EvidenceNotFound: it was removed meanwhile, its case was erased, or the register of relatives bars the actor.
    """

    evidence_id: UUID
    look: Look

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Write down the look."""
        case, found = _seen(context, self.evidence_id)
        write_down(context, case, self.look.value, found.evidence, by=context.actor.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOriginalEvidence:
    """Take a file out as it is kept, without a watermark; who did, and what for, is kept in the history of its case.

    Whether the actor sees it is asked by who calls.

    Raises:
        EvidenceNotFound: it was removed meanwhile, its case was erased, or the register of relatives bars the actor.
        ReasonMissing: nobody would know what for.
    """

    evidence_id: UUID
    reason: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> EvidenceFile:
        """Write down what for, then hand it out."""
        case, found = _seen(context, self.evidence_id)
        reason = checked_reason(self.reason)
        write_down(context, case, "evidence_original_taken", found.evidence, by=context.actor.id, reason=reason)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveEvidence:
    """Destroy a file that does not belong to the case; that there was one, its digest and why it went stays.

    Raises:
        EvidenceNotFound: there is none any more, or the register of relatives bars the actor.
        EvidenceNotYours: somebody else added it.
        ReasonMissing: the reason is empty or too long.
    """

    evidence_id: UUID
    reason: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Destroy it."""
        found = context.unit_of_work.evidence.get(self.evidence_id)
        if found is None:
            raise EvidenceNotFound
        evidence = found.evidence
        case = case_held(context, evidence.case_id, action="移除佐证材料")
        if is_kin(context, case) or context.unit_of_work.evidence.get(evidence.id) is None:
            raise EvidenceNotFound
        leads = any(
            one.role == SUPERVISOR and one.unit_kind == evidence.unit_kind and case.region.startswith(one.region)
            for one in context.actor.memberships
        )
        if not (context.actor.system or leads or evidence.added_by == context.actor.id):
            raise EvidenceNotYours
        context.unit_of_work.evidence.remove(evidence.id)
        reason = checked_reason(self.reason)
        write_down(context, case, "evidence_removed", evidence, by=context.actor.id, reason=reason)


def _seen(context: Context[CaseworkUnitOfWork], evidence_id: UUID) -> tuple[Case, EvidenceFile]:
    found = context.unit_of_work.evidence.get(evidence_id)
    case = context.unit_of_work.cases.get(found.evidence.case_id) if found else None
    if found is None or case is None or is_kin(context, case):
        raise EvidenceNotFound
    return case, found


def _plain_name(name: str) -> str:
    """Return the last part of a file's name without signs that steer a terminal or a page."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-MOST_NAME:]

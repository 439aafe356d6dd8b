"""Which files may be evidence on a day, by dated parameters; checked by content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workflows.casework.errors import ParameterMissing
from workflows.casework.evidence.errors import (
    EvidenceBroken,
    EvidenceEmpty,
    EvidenceKindRefused,
    EvidenceTooLarge,
    PictureTooLarge,
)
from workflows.casework.evidence.file_kinds import BrokenFile, CleanFile, FileKind, cleaned
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import Standards, standards_on

MEGA = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRules:
    """Kinds, the size of a file, the size of a picture, and how many files a case may have."""

    kinds: Sequence[FileKind]
    most_megabytes: int
    most_megapixels: int
    most_files: int


def rules_on(unit_of_work: CaseworkUnitOfWork, day: date) -> EvidenceRules:
    """Return the rules in force on a day.

    Raises:
        ParameterMissing: the county has not set one.
    """
    standards = standards_on(unit_of_work, day)
    return EvidenceRules(
        kinds=_kinds(standards),
        most_megabytes=standards.days("evidence_megabytes_most"),
        most_megapixels=standards.days("evidence_megapixels_most"),
        most_files=standards.days("evidence_files_most"),
    )


def checked_file(content: bytes, rules: EvidenceRules) -> CleanFile:
    """Return a file as it may be kept.

    Raises:
        EvidenceEmpty, EvidenceTooLarge, EvidenceKindRefused, EvidenceBroken, PictureTooLarge: it may not.
    """
    if not content:
        raise EvidenceEmpty
    if len(content) > rules.most_megabytes * MEGA:
        raise EvidenceTooLarge(found=f"{len(content) / MEGA:.1f}", most=rules.most_megabytes)
    try:
        clean = cleaned(content)
    except BrokenFile as broken:
        raise EvidenceBroken from broken
    if clean is None or clean.kind not in rules.kinds:
        raise EvidenceKindRefused([kind.value for kind in rules.kinds])
    if clean.size is not None and clean.size.pixels > rules.most_megapixels * 1_000_000:
        raise PictureTooLarge(found=-(-clean.size.pixels // 1_000_000), most=rules.most_megapixels)
    return clean


def _kinds(standards: Standards) -> list[FileKind]:
    found = standards.values.get("evidence_types")
    if not isinstance(found, list):
        raise ParameterMissing(key="evidence_types", day=standards.day)
    return [kind for kind in FileKind if kind.value in found]

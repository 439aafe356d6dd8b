"""Photos from a phone without an account: a link for a few minutes, of one person and one case, to hand in alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from engine.host import Context
from workflows.casework.days import COUNTY_TIME, local_day
from workflows.casework.errors import CaseErased, CaseNotFound
from workflows.casework.evidence.errors import EvidenceFull, PhotoLinkOver
from workflows.casework.evidence.file_kinds import PICTURES, CleanFile
from workflows.casework.evidence.model import (
    Evidence,
    NewPhotoLink,
    PhotoLink,
    adding_unit,
    new_token,
    token_hash,
)
from workflows.casework.evidence.rules import checked_file, rules_on
from workflows.casework.evidence.trail import case_held, write_down
from workflows.casework.holds.model import HoldEvent
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.guard import is_kin
from workflows.casework.register.codes import SPAN, TRIES_A_CALLER, Unanswered
from workflows.casework.standards import standards_on


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPhotoLink:
    """Make a link by which a phone adds photos to a case in the actor's name, for some minutes.

    Whether the actor sees the case is asked by who calls.

    Raises:
        CaseNotFound: unknown, or the register of relatives bars the actor.
        CaseErased: nobody knows any more who it was about.
    """

    case_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> NewPhotoLink:
        """Keep the link; its word is told once."""
        case = case_held(context, self.case_id, action="手机拍照")
        if is_kin(context, case):
            raise CaseNotFound(self.case_id)
        minutes = standards_on(context.unit_of_work, local_day(context.now())).days("photo_link_minutes")
        token = new_token()
        link = PhotoLink(
            id=uuid4(),
            case_id=case.id,
            token_hash=token_hash(token),
            unit_kind=adding_unit(context.actor, case.region),
            made_by=context.actor.id,
            made_at=context.now(),
            expires_at=context.now() + timedelta(minutes=minutes),
        )
        context.unit_of_work.evidence.add_link(link)
        return NewPhotoLink(link=link, token=token)


@dataclass(frozen=True, slots=True, kw_only=True)
class TryPhotoLink:
    """Say whether a link works, before anything is read of what comes by it; None: it does.

    `caller` is where the request comes from, only to count links that do not. The refusals are returned, so that the
    count is kept.
    """

    token: str
    caller: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Unanswered | None:
        """Look the link up; count it where it does not work."""
        now = context.now()
        link = context.unit_of_work.evidence.link(token_hash(self.token))
        if link is not None and now < link.expires_at:
            return None
        tried = context.unit_of_work.register.codes.tries(f"photo-link:{self.caller}", at=now, begun_after=now - SPAN)
        return Unanswered(wait=SPAN if tried > TRIES_A_CALLER else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPhoto:
    """Add a photo by a link; the same photo again is the same piece of evidence.

    Raises:
        PhotoLinkOver: there is no such link, it has expired or is used up, or its maker may not touch the case now.
        EvidenceEmpty, EvidenceKindRefused, EvidenceBroken, EvidenceTooLarge, PictureTooLarge: the photo is not kept.
        EvidenceFull: the case has as much as it may have.
    """

    token: str
    content: bytes

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Evidence:
        """Check it by its content, and keep it."""
        link = context.unit_of_work.evidence.link(token_hash(self.token))
        if link is None or context.now() >= link.expires_at:
            raise PhotoLinkOver
        rules = rules_on(context.unit_of_work, local_day(context.now()))
        pictures = replace(rules, kinds=[kind for kind in rules.kinds if kind in PICTURES])
        clean = checked_file(self.content, pictures)  # before the lock: others need not wait for a long look
        try:
            case = case_held(context, link.case_id, action="手机拍照")
        except CaseErased as erased:
            raise PhotoLinkOver from erased
        if context.unit_of_work.procedure.kin.holds(number=case.number, login=link.made_by):
            raise PhotoLinkOver
        files, sha256 = context.unit_of_work.evidence, hashlib.sha256(clean.content).hexdigest()
        known = files.same(case.id, link.unit_kind, sha256)
        if known is not None:
            return known
        if files.count(case.id) >= rules.most_files:
            raise EvidenceFull(rules.most_files)
        evidence = self._photo(context, link, clean, sha256)
        if not files.add(evidence, clean.content):
            return files.same(case.id, link.unit_kind, sha256) or evidence
        write_down(context, case, "evidence_added", evidence, by=link.made_by)
        context.unit_of_work.holds.end(case.id, HoldEvent.EVIDENCE)
        return evidence

    def _photo(self, context: Context[CaseworkUnitOfWork], link: PhotoLink, clean: CleanFile, sha256: str) -> Evidence:
        number = context.unit_of_work.evidence.count_photo(link.id)
        standards = standards_on(context.unit_of_work, local_day(context.now()))
        if number > standards.days("photo_link_photos_most"):
            raise PhotoLinkOver
        taken = link.made_at.astimezone(COUNTY_TIME)
        return Evidence(
            id=uuid4(),
            case_id=link.case_id,
            name=f"手机照片 {taken:%Y-%m-%d %H%M}-{number}.{clean.kind.value}",
            kind=clean.kind,
            size_bytes=len(clean.content),
            sha256=sha256,
            unit_kind=link.unit_kind,
            added_at=context.now(),
            added_by=link.made_by,
            photo_link_id=link.id,
        )

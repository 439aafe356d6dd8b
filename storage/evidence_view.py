"""What may be asked of evidence, over connections of their own; no content is opened for a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy import Engine as Database

from engine.model import Actor
from storage.case_visibility import in_whole_region, is_visible, reader_of
from storage.database import for_reading
from storage.encryption import KeyRing
from storage.evidence import LISTED, to_evidence
from storage.tables.advice import advice, advice_evidence
from storage.tables.casework import case_file
from storage.tables.evidence import evidence, photo_link
from storage.tables.organisation import account
from workflows.casework.advice.model import AdviceState
from workflows.casework.evidence.errors import EvidenceNotFound
from workflows.casework.evidence.model import token_hash
from workflows.casework.evidence.queries import EvidenceLine, PhotoLinkState


class SqlEvidenceQueries:
    """Questions about evidence."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = for_reading(database)
        self._keys = keys

    def of_case(self, case_id: UUID, actor: Actor, /) -> Sequence[EvidenceLine]:
        """Return the evidence of a case in sight."""
        return self._lines(actor, evidence.c.case_id == case_id)

    def one(self, evidence_id: UUID, actor: Actor, /) -> EvidenceLine:
        """Return a piece of evidence in sight."""
        found = self._lines(actor, evidence.c.id == evidence_id)
        if not found:
            raise EvidenceNotFound
        return found[0]

    def photo_link(self, token: str, /) -> PhotoLinkState | None:
        """Return how a link stands."""
        statement = select(photo_link.c.expires_at, photo_link.c.photos).where(
            photo_link.c.token_hash == token_hash(token)
        )
        with self._database.connect() as connection:
            row = connection.execute(statement).first()
        return PhotoLinkState(expires_at=row.expires_at, photos=row.photos) if row else None

    def _lines(self, actor: Actor, is_meant: ColumnElement[bool]) -> list[EvidenceLine]:
        of_case = case_file.c.id.in_(select(evidence.c.case_id).where(is_meant))
        newest = (evidence.c.added_at.desc(), evidence.c.id)
        with self._database.connect() as connection:
            reader = reader_of(connection, of_case, actor)
            rows = connection.execute(_seen(actor, reader).where(is_meant).order_by(*newest)).mappings().all()
        return [
            EvidenceLine(
                evidence=to_evidence(row, self._keys.seal(row["wrapped_key"])),
                case_number=row["case_number"],
                added_by_name=row["added_by_name"],
            )
            for row in rows
        ]


def _seen(actor: Actor, reader: Actor) -> Select[Any]:
    name = select(account.c.name).where(account.c.login == evidence.c.added_by).scalar_subquery()
    return (
        select(
            *LISTED,
            case_file.c.wrapped_key,
            case_file.c.number.label("case_number"),
            func.coalesce(name, evidence.c.added_by).label("added_by_name"),
        )
        .join(case_file, case_file.c.id == evidence.c.case_id)
        .where(case_file.c.wrapped_key.is_not(None), is_visible(actor), _is_for(reader))
    )


def _is_for(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that evidence is for this actor.

    It belongs to a case seen whole, came from the actor's own unit, or is shown to it with a question it has to answer.
    """
    shown = (
        select(advice_evidence.c.evidence_id, advice.c.unit_kind)
        .join(advice, advice.c.id == advice_evidence.c.advice_id)
        .where(advice.c.state == AdviceState.OPEN)
        .subquery()
    )
    own = (
        and_(
            or_(
                evidence.c.unit_kind == post.unit_kind,
                exists().where(shown.c.evidence_id == evidence.c.id, shown.c.unit_kind == post.unit_kind),
            ),
            case_file.c.region.startswith(post.region, autoescape=True),
        )
        for post in actor.memberships
    )
    return or_(in_whole_region(case_file.c.region, actor), false(), *own)

"""Evidence in PostgreSQL: name and content are sealed under the key of the case, and go with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.case_files import case_seal
from storage.encryption import CaseSeal, KeyRing
from storage.rows import Row, to_row, to_value
from storage.tables.casework import case_file
from storage.tables.evidence import evidence as table
from storage.tables.evidence import photo_link
from workflows.casework.evidence.file_kinds import FileKind
from workflows.casework.evidence.model import Evidence, EvidenceFile, PhotoLink

LISTED = tuple(column for column in table.c if column.name != "content_sealed")
"""What a list reads: all but the contents, which may be many megabytes."""


class SqlEvidence:
    """Files and links, in one transaction."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, evidence: Evidence, content: bytes) -> bool:
        """Keep a file, unless the unit added the same before."""
        seal = case_seal(self._connection, self._keys, evidence.case_id)
        row: dict[str, Any] = {
            **to_row(evidence, "name"),
            "name_sealed": seal.encrypt(evidence.name, where=_name_place(evidence.id)),
            "content_sealed": seal.encrypt_bytes(content, where=_content_place(evidence.id)),
        }
        once = upsert(table).values(row).on_conflict_do_nothing()
        return self._connection.execute(once.returning(literal(1))).first() is not None

    def same(self, case_id: UUID, unit_kind: str, sha256: str) -> Evidence | None:
        """Return what a unit added with this content."""
        is_same = (table.c.case_id == case_id, table.c.unit_kind == unit_kind, table.c.sha256 == sha256)
        row = self._connection.execute(select(*LISTED).where(*is_same)).mappings().first()
        return to_evidence(row, case_seal(self._connection, self._keys, case_id)) if row else None

    def get(self, evidence_id: UUID) -> EvidenceFile | None:
        """Return a file with its content."""
        statement = (
            select(table, case_file.c.wrapped_key)
            .join(case_file, case_file.c.id == table.c.case_id)
            .where(table.c.id == evidence_id, case_file.c.wrapped_key.is_not(None))
        )
        row = self._connection.execute(statement).mappings().first()
        if row is None:
            return None
        seal = self._keys.seal(row["wrapped_key"])
        content = seal.decrypt_bytes(row["content_sealed"], where=_content_place(evidence_id))
        return EvidenceFile(evidence=to_evidence(row, seal), content=content)

    def units_of(self, case_id: UUID, evidence_ids: Sequence[UUID]) -> Mapping[UUID, str]:
        """Return the units that added files of a case."""
        if not evidence_ids:
            return {}
        of_case = (table.c.case_id == case_id, table.c.id.in_(evidence_ids))
        return {
            row.id: row.unit_kind
            for row in self._connection.execute(select(table.c.id, table.c.unit_kind).where(*of_case))
        }

    def count(self, case_id: UUID) -> int:
        """Return how many files a case has."""
        statement = select(func.count()).select_from(table).where(table.c.case_id == case_id)
        return int(self._connection.execute(statement).scalar_one())

    def remove(self, evidence_id: UUID) -> None:
        """Destroy a file."""
        self._connection.execute(delete(table).where(table.c.id == evidence_id))

    def add_link(self, link: PhotoLink) -> None:
        """Keep a link."""
        self._connection.execute(insert(photo_link).values(to_row(link)))

    def link(self, token_hash: str) -> PhotoLink | None:
        """Return the link of a word."""
        statement = select(photo_link).where(photo_link.c.token_hash == token_hash)
        row = self._connection.execute(statement).mappings().first()
        return to_value(PhotoLink, row) if row else None

    def count_photo(self, link_id: UUID) -> int:
        """Count one photo more."""
        statement = update(photo_link).where(photo_link.c.id == link_id).values(photos=photo_link.c.photos + 1)
        return int(self._connection.execute(statement.returning(photo_link.c.photos)).scalar_one())


def to_evidence(row: Row, seal: CaseSeal) -> Evidence:
    """Return the piece of evidence of a row."""
    name = seal.decrypt(row["name_sealed"], where=_name_place(row["id"]))
    return to_value(Evidence, {**row, "kind": FileKind(row["kind"]), "name": name})


def _name_place(evidence_id: UUID) -> str:
    return f"evidence-name:{evidence_id}"


def _content_place(evidence_id: UUID) -> str:
    return f"evidence:{evidence_id}"

"""Tables of evidence: files with name and content sealed under the key of their case, and links for photos."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from storage.tables.base import Id, Instant, metadata

photo_link = Table(
    "photo_link",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("unit_kind", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("photos", Integer, nullable=False),
    Index(None, "case_id"),
)
evidence = Table(
    "evidence",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("unit_kind", Text, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("photo_link_id", Id, ForeignKey("photo_link.id")),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),
    UniqueConstraint("case_id", "unit_kind", "sha256"),
    Index(None, "case_id", "added_at"),
    Index(None, "photo_link_id"),
)

"""Tables of printed documents: what they say is bytes under the key of their case, or under one of their own."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from storage.tables.base import Id, Instant, metadata

document_template = Table(
    "document_template",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("is_shipped", Boolean, nullable=False),
    Index(None, "sha256"),
)

issued_document = Table(
    "issued_document",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("case_id", Id, ForeignKey("case_file.id")),
    Column("subject", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("issued_by", Text, nullable=False),
    Column("template_sha256", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("wrapped_key", LargeBinary),  # of a document of the county; one of a case has the case's
    Column("content_sealed", LargeBinary, nullable=False),
    UniqueConstraint("number", "kind", "version"),
    Index(None, "case_id"),
    Index(None, "region", "issued_at"),
)
Index(
    "uq_issued_document_subject",
    issued_document.c.case_id,
    issued_document.c.kind,
    issued_document.c.subject,
    issued_document.c.version,
    unique=True,
    postgresql_where=issued_document.c.case_id.is_not(None),
)

document_print = Table(
    "document_print",
    metadata,
    Column("document_id", Id, ForeignKey("issued_document.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("is_original", Boolean, nullable=False),
    Column("printed_at", Instant, nullable=False),
    Column("printed_by", Text, nullable=False),
)

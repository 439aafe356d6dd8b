"""What all tables share: one metadata, constraint names that migrations can rely on, JSON with exact decimals."""

from __future__ import annotations

from sqlalchemy import DateTime, MetaData, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Instant = DateTime(timezone=True)
Json = JSONB(none_as_null=False)
Id = Uuid(as_uuid=True)
LATER = {"is_written_later": True}  # info of a column that a new row leaves empty

READY_AT = "GREATEST(due_at, claimed_until)"
"""When a row that is due and may be claimed is to be looked at next."""

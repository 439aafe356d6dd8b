"""What people chose to be told by mail, and the digests made of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0049_mail"
down_revision = "0048_workbench"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables and a column that a release before leaves empty."""
    op.create_table(
        "mail_choice",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("causes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("pause_hours", sa.SmallInteger(), nullable=False),
        sa.Column("quiet_from", sa.SmallInteger(), nullable=False),
        sa.Column("quiet_until", sa.SmallInteger(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["login"], ["account.login"], name=op.f("fk_mail_choice_login")),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_mail_choice")),
    )
    op.create_table(
        "mail_digest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["login"], ["account.login"], name=op.f("fk_mail_digest_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_digest")),
    )
    op.create_index(op.f("ix_mail_digest_login_made_at"), "mail_digest", ["login", "made_at"])
    op.create_index("ix_mail_digest_waiting", "mail_digest", ["next_at"], postgresql_where=sa.text("ended_at IS NULL"))
    op.add_column("staff_notice_recipient", sa.Column("digest_id", sa.Uuid()))

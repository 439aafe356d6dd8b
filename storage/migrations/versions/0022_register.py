"""The register of persons and households, suspected duplicates, entries on line, query codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022_register"
down_revision = "0021_money"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add tables and one index; the release before writes none of them and reads none."""
    _persons()
    _parts()
    _doings()
    _public()
    op.execute("CREATE SEQUENCE online_entry_number")
    op.create_index("ix_member_name_birth_date", "member", ["name", "birth_date"])


def _persons() -> None:
    op.create_table(
        "register_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary()),
        sa.Column("identity_hash", sa.Text(), nullable=False),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary()),
        sa.Column("phone_hash", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=False),
        sa.Column("source_case_id", sa.Uuid()),
        sa.Column("merged_into", sa.Uuid()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_person")),
    )
    op.create_index(op.f("ix_register_person_phone_hash"), "register_person", ["phone_hash"])
    op.create_index(
        "uq_register_person_identity",
        "register_person",
        ["identity_hash"],
        unique=True,
        postgresql_where=sa.text("identity_hash <> ''"),
    )
    op.create_table(
        "register_household",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary()),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("head_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=False),
        sa.Column("source_case_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["head_id"], ["register_person.id"], name=op.f("fk_register_household_head_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_household")),
    )
    op.create_index(op.f("ix_register_household_region"), "register_household", ["region"])


def _parts() -> None:
    op.create_table(
        "register_membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date()),
        sa.Column("source_case_id", sa.Uuid()),
        sa.ForeignKeyConstraint(
            ["household_id"], ["register_household.id"], name=op.f("fk_register_membership_household_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["register_person.id"], name=op.f("fk_register_membership_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_membership")),
    )
    op.create_index(op.f("ix_register_membership_household_id"), "register_membership", ["household_id"])
    op.create_index(op.f("ix_register_membership_person_id"), "register_membership", ["person_id"])
    op.create_table(
        "register_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("division", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date()),
        sa.Column("source_case_id", sa.Uuid()),
        sa.ForeignKeyConstraint(
            ["household_id"], ["register_household.id"], name=op.f("fk_register_address_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_address")),
    )
    op.create_index(op.f("ix_register_address_household_id"), "register_address", ["household_id"])
    op.create_table(
        "register_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("bank", sa.Text(), nullable=False),
        sa.Column("holder_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("number_hash", sa.Text(), nullable=False),
        sa.Column("is_card_number", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date()),
        sa.Column("source_case_id", sa.Uuid()),
        sa.ForeignKeyConstraint(
            ["household_id"], ["register_household.id"], name=op.f("fk_register_account_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_account")),
    )
    op.create_index(op.f("ix_register_account_household_id"), "register_account", ["household_id"])
    op.create_index(op.f("ix_register_account_number_hash"), "register_account", ["number_hash"])
    op.create_table(
        "register_case",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("fed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_register_case_case_id")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["register_household.id"], name=op.f("fk_register_case_household_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_register_case")),
    )
    op.create_index(op.f("ix_register_case_household_id"), "register_case", ["household_id"])


def _doings() -> None:
    op.create_table(
        "register_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid()),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entry")),
    )
    op.create_index(op.f("ix_register_entry_subject_id"), "register_entry", ["subject_id"])
    op.create_table(
        "register_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("household_id", sa.Uuid()),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("subject_version", sa.Integer(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", INSTANT),
        sa.ForeignKeyConstraint(
            ["household_id"], ["register_household.id"], name=op.f("fk_register_correction_household_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["register_person.id"], name=op.f("fk_register_correction_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_correction")),
    )
    op.create_index(op.f("ix_register_correction_household_id"), "register_correction", ["household_id"])
    op.create_index(op.f("ix_register_correction_person_id"), "register_correction", ["person_id"])
    op.create_table(
        "duplicate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("member", sa.SmallInteger(), nullable=False),
        sa.Column("other_case_id", sa.Uuid(), nullable=False),
        sa.Column("other_member", sa.SmallInteger(), nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.Column("decision", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", INSTANT),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_duplicate_case_id")),
        sa.ForeignKeyConstraint(["other_case_id"], ["case_file.id"], name=op.f("fk_duplicate_other_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate")),
        sa.UniqueConstraint(
            "case_id",
            "other_case_id",
            "kind",
            "member",
            "other_member",
            name=op.f("uq_duplicate_case_id_other_case_id_kind_member_other_member"),
        ),
    )
    op.create_index("ix_duplicate_open", "duplicate", ["found_at"], postgresql_where=sa.text("decision IS NULL"))
    op.create_index("ix_duplicate_other_case_id", "duplicate", ["other_case_id"])


def _public() -> None:
    op.create_table(
        "online_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary()),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", INSTANT),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_entry")),
        sa.UniqueConstraint("number", name=op.f("uq_online_entry_number")),
    )
    op.create_index("ix_online_entry_case_id", "online_entry", ["case_id"])
    op.create_index("ix_online_entry_state_region", "online_entry", ["state", "region"])
    op.create_table(
        "query_code",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("entry_id", sa.Uuid()),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("code_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_query_code")),
    )
    op.create_index(op.f("ix_query_code_case_id"), "query_code", ["case_id"])
    op.create_index(op.f("ix_query_code_entry_id"), "query_code", ["entry_id"])
    op.create_table(
        "public_attempt",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_public_attempt")),
    )
    op.create_index(op.f("ix_public_attempt_since"), "public_attempt", ["since"])

"""The tables of the engine."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_engine"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "deployment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deployed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
    )
    op.create_table(
        "deployment_resource",
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_deployment_resource_deployment_id")
        ),
        sa.PrimaryKeyConstraint("deployment_id", "name", name=op.f("pk_deployment_resource")),
    )
    op.create_table(
        "definition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id", "resource_name"],
            ["deployment_resource.deployment_id", "deployment_resource.name"],
            name=op.f("fk_definition_deployment_id_resource_name"),
        ),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_definition_deployment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition")),
        sa.UniqueConstraint("kind", "key", "version", name=op.f("uq_definition_kind_key_version")),
    )
    op.create_index(op.f("ix_definition_deployment_id"), "definition", ["deployment_id"], unique=False)
    op.create_table(
        "deployment_definition",
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name=op.f("fk_deployment_definition_definition_id")
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_deployment_definition_deployment_id")
        ),
        sa.PrimaryKeyConstraint("deployment_id", "definition_id", name=op.f("pk_deployment_definition")),
    )
    op.create_index(
        op.f("ix_deployment_definition_definition_id"), "deployment_definition", ["definition_id"], unique=False
    )
    op.create_table(
        "process_instance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=True),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"], name=op.f("fk_process_instance_definition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_instance")),
    )
    op.create_index(op.f("ix_process_instance_business_key"), "process_instance", ["business_key"], unique=False)
    op.create_index(op.f("ix_process_instance_definition_id"), "process_instance", ["definition_id"], unique=False)
    op.create_table(
        "activity_instance",
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("scope_key", sa.Integer(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["process_instance_id"], ["process_instance.id"], name=op.f("fk_activity_instance_process_instance_id")
        ),
        sa.PrimaryKeyConstraint("process_instance_id", "key", name=op.f("pk_activity_instance")),
    )
    op.create_table(
        "decision_evaluation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_instance_id"], ["process_instance.id"], name=op.f("fk_decision_evaluation_process_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_evaluation")),
    )
    op.create_index(
        op.f("ix_decision_evaluation_process_instance_id"), "decision_evaluation", ["process_instance_id"], unique=False
    )
    op.create_table(
        "event_subscription",
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_key", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_instance_id"], ["process_instance.id"], name=op.f("fk_event_subscription_process_instance_id")
        ),
        sa.PrimaryKeyConstraint("process_instance_id", "subscription_key", name=op.f("pk_event_subscription")),
    )
    op.create_index(
        "ix_event_subscription_kind_name", "event_subscription", ["kind", "name", "correlation_key"], unique=False
    )
    op.create_table(
        "flow_taken",
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("flow_id", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_instance_id"], ["process_instance.id"], name=op.f("fk_flow_taken_process_instance_id")
        ),
        sa.PrimaryKeyConstraint("process_instance_id", "definition_id", "flow_id", name=op.f("pk_flow_taken")),
    )
    op.create_table(
        "history_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=True),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_instance_id"], ["process_instance.id"], name=op.f("fk_history_entry_process_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_entry")),
    )
    op.create_index(
        op.f("ix_history_entry_process_instance_id"), "history_entry", ["process_instance_id"], unique=False
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["process_instance_id"], ["process_instance.id"], name=op.f("fk_incident_process_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(
        "ix_incident_open", "incident", ["raised_at"], unique=False, postgresql_where=sa.text("resolved_at IS NULL")
    )
    op.create_index(op.f("ix_incident_process_instance_id"), "incident", ["process_instance_id"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("headers", postgresql.JSONB(), nullable=False),
        sa.Column("variables", sa.LargeBinary(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_by", sa.Text(), nullable=True),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_instance_id"], ["process_instance.id"], name=op.f("fk_job_process_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("process_instance_id", "key", name=op.f("uq_job_process_instance_id_key")),
    )
    op.create_index("ix_job_due_at", "job", ["due_at"], unique=False)
    op.create_table(
        "timer",
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_key", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_instance_id"], ["process_instance.id"], name=op.f("fk_timer_process_instance_id")
        ),
        sa.PrimaryKeyConstraint("process_instance_id", "subscription_key", name=op.f("pk_timer")),
    )
    op.create_index(op.f("ix_timer_due_at"), "timer", ["due_at"], unique=False)
    op.create_table(
        "user_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=True),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("candidate_groups", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("candidate_users", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("assignee_name", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("distinct_from", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("properties", postgresql.JSONB(), nullable=False),
        sa.Column("variables", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.Text(), nullable=True),
        sa.Column("completed_by_name", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["process_instance_id"], ["process_instance.id"], name=op.f("fk_user_task_process_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_task")),
        sa.UniqueConstraint("process_instance_id", "key", name=op.f("uq_user_task_process_instance_id_key")),
    )
    op.create_index("ix_user_task_business_key", "user_task", ["business_key"], unique=False)
    op.create_index("ix_user_task_done_by", "user_task", ["completed_by", "completed_at"], unique=False)
    op.create_index(
        "ix_user_task_open_assignee",
        "user_task",
        ["assignee"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_user_task_open_due",
        "user_task",
        ["region", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_user_task_open_groups",
        "user_task",
        ["candidate_groups"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "variable",
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.Column("scope_key", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_instance_id"], ["process_instance.id"], name=op.f("fk_variable_process_instance_id")
        ),
        sa.PrimaryKeyConstraint("process_instance_id", "scope_key", "name", name=op.f("pk_variable")),
    )
    op.create_table(
        "user_task_draft",
        sa.Column("user_task_id", sa.Uuid(), nullable=False),
        sa.Column("values", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_task_id"], ["user_task.id"], name=op.f("fk_user_task_draft_user_task_id")),
        sa.PrimaryKeyConstraint("user_task_id", name=op.f("pk_user_task_draft")),
    )

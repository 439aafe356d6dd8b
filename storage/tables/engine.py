"""Tables of the engine. Every row of a running case carries its process instance and region."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from storage.tables.base import LATER, READY_AT, Id, Instant, Json, metadata
from storage.tables.desks import DESK, FREE, OPEN, SEARCHED, TAKEN

deployment = Table(
    "deployment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deployed_at", Instant, nullable=False),
    Column("deployed_by", Text, nullable=False),
)

definition = Table(
    "definition",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("deployment_id", Id, ForeignKey("deployment.id"), nullable=False, index=True),
    Column("resource_name", Text, nullable=False),
    Column("checksum", Text, nullable=False),
    Column("version_tag", Text),
    Column("is_described", Boolean, nullable=False, server_default=false()),  # false: deployed before tags were read
    Column("name_en", Text, nullable=False, server_default=""),
    UniqueConstraint("kind", "key", "version"),
    ForeignKeyConstraint(
        ["deployment_id", "resource_name"], ["deployment_resource.deployment_id", "deployment_resource.name"]
    ),
)
Index("ix_definition_version_tag", definition.c.kind, definition.c.key, definition.c.version_tag)

deployment_resource = Table(
    "deployment_resource",
    metadata,
    Column("deployment_id", Id, ForeignKey("deployment.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

deployment_definition = Table(
    "deployment_definition",
    metadata,
    Column("deployment_id", Id, ForeignKey("deployment.id"), primary_key=True),
    Column("definition_id", Id, ForeignKey("definition.id"), primary_key=True, index=True),
)

process_instance = Table(
    "process_instance",
    metadata,
    Column("id", Id, primary_key=True),
    Column("definition_id", Id, ForeignKey("definition.id"), nullable=False, index=True),
    Column("process_id", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("business_key", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("snapshot", LargeBinary),  # sealed
    Column("wrapped_key", LargeBinary),  # of what is sealed here and in the instance's rows; null once erased
    Column("version", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("correlation_key", Text),  # of the message that started it
    Column("history_removed_at", Instant),
    Column("waiting_at", ARRAY(Text), nullable=False, server_default=text("'{}'")),  # definition/join/scope
)
Index("ix_process_instance_started", process_instance.c.started_at, process_instance.c.id)  # lists by date
Index("ix_process_instance_waiting", process_instance.c.id, postgresql_where=text("waiting_at <> '{}'"))
Index(
    "ix_process_instance_ended",
    process_instance.c.process_id,
    process_instance.c.ended_at,
    postgresql_where=text("ended_at IS NOT NULL AND history_removed_at IS NULL"),
)
Index(
    "uq_process_instance_correlation_key",
    process_instance.c.process_id,
    process_instance.c.correlation_key,
    unique=True,
    postgresql_where=text("ended_at IS NULL AND correlation_key IS NOT NULL"),
)
Index(
    "ix_process_instance_running",
    process_instance.c.process_id,
    process_instance.c.state,
    postgresql_where=text("ended_at IS NULL"),
)


def _instance() -> Column[object]:
    return Column("process_instance_id", Id, ForeignKey("process_instance.id"), primary_key=True)


activity_instance = Table(
    "activity_instance",
    metadata,
    _instance(),
    Column("key", Integer, primary_key=True),
    Column("definition_id", Id, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("scope_key", Integer, nullable=False),
    Column("tag", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("left_at", Instant),
    Column("outcome", Text),
)
Index(
    "ix_activity_instance_living",  # of the history only what lives: where something stands, and by which versions
    activity_instance.c.definition_id,
    activity_instance.c.element_id,
    postgresql_include=["process_instance_id", "key", "tag"],  # so that the table is not read
    postgresql_where=text("left_at IS NULL"),
)

journal = Table(
    "journal",
    metadata,
    _instance(),
    Column("version", Integer, primary_key=True),  # of the process instance after this run
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("entry", LargeBinary, nullable=False),  # sealed
)
Index(
    "ix_journal_at",  # a page of it stands for a megabyte: what was written of late is found, and writing costs nothing
    journal.c.at,
    postgresql_using="brin",
    postgresql_with={"pages_per_range": 32, "autosummarize": "on"},
)

# What releases before the journal wrote in place of it; read for the cases they left, no longer written.
flow_taken = Table(
    "flow_taken",
    metadata,
    _instance(),
    Column("definition_id", Id, primary_key=True),
    Column("flow_id", Text, primary_key=True),
    Column("times", Integer, nullable=False),
)

variable = Table(
    "variable",
    metadata,
    _instance(),
    Column("scope_key", Integer, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

user_task = Table(
    "user_task",
    metadata,
    Column("id", Id, primary_key=True),
    Column("process_instance_id", Id, ForeignKey("process_instance.id"), nullable=False),
    Column("key", Integer, nullable=False),
    Column("definition_id", Id, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("form_id", Text),
    Column("form_definition_id", Id),  # the version it is bound to; null: the newest when the task is completed
    Column("business_key", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("candidate_groups", ARRAY(Text), nullable=False),
    Column("candidate_users", ARRAY(Text), nullable=False),
    Column("assignee", Text),
    Column("assignee_name", Text),
    Column("due_at", Instant),
    Column("follow_up_at", Instant),
    Column("priority", SmallInteger, nullable=False),
    Column("subject", Text),  # what the task is about, in the clear: the number of a referral
    Column("distinct_from", ARRAY(Text), nullable=False),
    Column("properties", Json, nullable=False),
    Column("variables", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("completed_at", Instant),
    Column("completed_by", Text),
    Column("completed_by_name", Text),
    Column("completed_for", Text, info=LATER),  # in whose name a substitute completed it
    Column("desk", Text, Computed(DESK, persisted=True)),  # the one group it is offered to, for the index of desks
    Column("transition", Text),  # the task listeners it waits for
    # of a finished task whose instance was migrated: the element it counts as now, and the definition that draws it
    Column("counts_as", Text, info=LATER),
    Column("counts_in", Id, info=LATER),
    Column("headers", Json, nullable=False, server_default=text("'{}'")),
    UniqueConstraint("process_instance_id", "key"),
    Index("ix_user_task_business_key", "business_key"),
)
# Everything a list filters and sorts by; what has no desk is found by its region and groups.
Index(
    "ix_user_task_listed",
    user_task.c.desk,
    user_task.c.region,
    user_task.c.due_at,
    user_task.c.id,
    text(SEARCHED),
    postgresql_include=[
        "assignee",
        "priority",
        "created_at",
        "name",
        "name_en",
        "business_key",
        "element_id",
        "process_instance_id",
        "distinct_from",
    ],
    postgresql_ops={"region": "text_pattern_ops"},
    postgresql_where=text(f"{OPEN} AND desk IS NOT NULL"),
)
# Two that are small, for counting: PostgreSQL keeps equal entries as one.
Index(
    "ix_user_task_free",
    user_task.c.desk,
    user_task.c.region,
    postgresql_ops={"region": "text_pattern_ops"},
    postgresql_where=text(f"{OPEN} AND {FREE}"),
)
Index(
    "ix_user_task_taken",
    user_task.c.desk,
    user_task.c.region,
    user_task.c.assignee,
    postgresql_include=["process_instance_id", "distinct_from"],
    postgresql_ops={"region": "text_pattern_ops"},
    postgresql_where=text(f"{OPEN} AND {TAKEN}"),
)
Index(
    "ix_user_task_without_desk",
    user_task.c.region,
    postgresql_ops={"region": "text_pattern_ops"},
    postgresql_where=text(f"{OPEN} AND desk IS NULL"),
)
Index(
    "ix_user_task_open_groups",
    user_task.c.candidate_groups,
    postgresql_using="gin",
    postgresql_where=text(f"{OPEN} AND desk IS NULL"),
)
Index(
    "ix_user_task_open_users",
    user_task.c.candidate_users,
    postgresql_using="gin",
    postgresql_where=text(f"{OPEN} AND candidate_users <> '{{}}'::text[]"),
)
Index(
    "ix_user_task_open_region",
    user_task.c.region,
    user_task.c.due_at,
    user_task.c.id,
    postgresql_include=["desk"],
    postgresql_ops={"region": "text_pattern_ops"},
    postgresql_where=text(OPEN),
)
Index("ix_user_task_created", user_task.c.created_at, user_task.c.id)
Index("ix_user_task_open_assignee", user_task.c.assignee, postgresql_where=text(OPEN))
Index(
    "ix_user_task_done_in",
    user_task.c.completed_by,
    user_task.c.completed_at,
    postgresql_include=["process_instance_id"],
    postgresql_where=text("completed_by IS NOT NULL"),
)
Index(
    "ix_user_task_done_for",
    user_task.c.completed_for,
    user_task.c.completed_at,
    postgresql_include=["process_instance_id"],
    postgresql_where=text("completed_for IS NOT NULL"),
)

user_task_draft = Table(
    "user_task_draft",
    metadata,
    Column("user_task_id", Id, ForeignKey("user_task.id"), primary_key=True),
    Column("values", LargeBinary, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("saved_by", Text, nullable=False),
)

user_task_denial = Table(
    "user_task_denial",
    metadata,
    Column("user_task_id", Id, ForeignKey("user_task.id"), primary_key=True),
    Column("process_instance_id", Id, ForeignKey("process_instance.id"), nullable=False, index=True),
    Column("event", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", LargeBinary, nullable=False),  # sealed
    Column("denied_at", Instant, nullable=False),
)

job = Table(
    "job",
    metadata,
    Column("id", Id, primary_key=True),
    Column("process_instance_id", Id, ForeignKey("process_instance.id"), nullable=False),
    Column("key", Integer, nullable=False),
    Column("definition_id", Id, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("business_key", Text, nullable=False),
    Column("headers", Json, nullable=False),
    Column("variables", LargeBinary, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("locked_by", Text),
    Column("locked_until", Instant),
    Column("last_error", Text),
    Column("failures", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("kind", Text, nullable=False, server_default="service"),
    Column("event", Text),  # of a listener
    Column("request_id", Text),  # of the command that opened it, for logs and traces
    Column("trace_parent", Text),
    Column("lease_id", Id),  # of who has it in hand
    Column("suspended", Boolean, nullable=False, server_default=false()),  # kept by a trigger of process_instance
    Column("left_undone", Integer, nullable=False, server_default="0"),
    UniqueConstraint("process_instance_id", "key"),
)
Index("ix_job_free", job.c.type, job.c.due_at, postgresql_where=text("locked_by IS NULL AND NOT suspended"))
Index("ix_job_in_hand", job.c.locked_until, postgresql_where=text("locked_by IS NOT NULL AND NOT suspended"))
Index(
    "ix_job_suspect",
    job.c.due_at,
    postgresql_where=text("left_undone >= 2 AND locked_by IS NULL AND NOT suspended"),
)

# When what workers claim is due again: at its time, or when the claim or the pause after a failure is over.
timer = Table(
    "timer",
    metadata,
    _instance(),
    Column("subscription_key", Integer, primary_key=True),
    Column("element_id", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("claimed_until", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("unanswered", Integer, nullable=False, server_default="0"),
    Column("suspended", Boolean, nullable=False, server_default=false()),  # kept by a trigger of process_instance
    Column("ready_at", Instant, Computed(READY_AT, persisted=True)),
)
Index("ix_timer_claimed", timer.c.claimed_until, postgresql_where=text("claimed_until IS NOT NULL"))
Index("ix_timer_ready_at", timer.c.ready_at, postgresql_where=text("NOT suspended"))

event_subscription = Table(
    "event_subscription",
    metadata,
    _instance(),
    Column("subscription_key", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("correlation_key", Text),
    Column("opened_at", Instant, nullable=False),
    Column("definition_id", Id),  # the process the event is drawn in
)
Index(
    "ix_event_subscription_kind_name_key",
    event_subscription.c.kind,
    event_subscription.c.name,
    func.coalesce(event_subscription.c.correlation_key, ""),
)

incident = Table(
    "incident",
    metadata,
    Column("id", Id, primary_key=True),
    Column("process_instance_id", Id, ForeignKey("process_instance.id"), nullable=False, index=True),
    Column("key", Integer, nullable=False),
    Column("definition_id", Id, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("last_failed_at", Instant),
    Column("failures", Integer, nullable=False, server_default=text("1")),
)
Index("ix_incident_raised", incident.c.raised_at, incident.c.id)
Index("ix_incident_open", incident.c.raised_at, postgresql_where=text("resolved_at IS NULL"))

decision_evaluation = Table(
    "decision_evaluation",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("process_instance_id", Id, ForeignKey("process_instance.id"), nullable=False, index=True),
    Column("key", Integer, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("decision_id", Text, nullable=False),
    Column("definition_id", Id, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("record", LargeBinary, nullable=False),
)
Index("ix_decision_evaluation_decision_id", decision_evaluation.c.decision_id, decision_evaluation.c.id)

history_entry = Table(
    "history_entry",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("process_instance_id", Id, ForeignKey("process_instance.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("element_id", Text),
    Column("details", Json, nullable=False),
)

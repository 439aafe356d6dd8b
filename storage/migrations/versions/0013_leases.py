"""Leases of jobs with ids of their own; what rests with its instance is marked; indexes lead to what is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_leases"
down_revision = "0012_task_headers"
branch_labels = None
depends_on = None

READY_AT = "GREATEST(due_at, claimed_until)"

# In the database, not in the program: also what an earlier release suspends or resumes beside this one is marked.
MARK = """
CREATE FUNCTION mark_what_rests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE job SET suspended = (NEW.state = 'suspended') WHERE process_instance_id = NEW.id;
    UPDATE timer SET suspended = (NEW.state = 'suspended') WHERE process_instance_id = NEW.id;
    RETURN NULL;
END $$
"""
WHEN_IT_RESTS = """
CREATE TRIGGER mark_what_rests AFTER UPDATE OF state ON process_instance FOR EACH ROW
WHEN ((OLD.state = 'suspended') <> (NEW.state = 'suspended')) EXECUTE FUNCTION mark_what_rests()
"""


def upgrade() -> None:
    """Add the columns with the trigger that keeps them, mark what rests now, and exchange the indexes."""
    op.add_column("job", sa.Column("lease_id", sa.Uuid()))
    op.add_column("job", sa.Column("left_undone", sa.Integer(), server_default="0", nullable=False))
    for table in ("job", "timer"):
        op.add_column(table, sa.Column("suspended", sa.Boolean(), server_default=sa.false(), nullable=False))
    for table in ("timer", "delivery"):
        ready_at = sa.Computed(READY_AT, persisted=True)
        op.add_column(table, sa.Column("ready_at", sa.DateTime(timezone=True), ready_at))
    op.execute(MARK)
    op.execute(WHEN_IT_RESTS)
    resting = sa.table("process_instance", sa.column("id"), sa.column("state"))
    for name in ("job", "timer"):
        marked = sa.table(name, sa.column("process_instance_id"), sa.column("suspended"))
        rests = marked.c.process_instance_id.in_(sa.select(resting.c.id).where(resting.c.state == "suspended"))
        op.execute(sa.update(marked).where(rests).values(suspended=True))
    _close_incidents_of_timers_gone()
    _exchange_indexes()


def _close_incidents_of_timers_gone() -> None:
    op.execute(
        "UPDATE incident SET resolved_at = now() WHERE kind = 'timer-firing' AND resolved_at IS NULL AND NOT EXISTS ("
        "SELECT FROM timer WHERE timer.process_instance_id = incident.process_instance_id "
        "AND timer.subscription_key = incident.key)"
    )


def _exchange_indexes() -> None:
    op.drop_index("ix_job_due_at", "job")
    free, in_hand = "locked_by IS NULL AND NOT suspended", "locked_by IS NOT NULL AND NOT suspended"
    op.create_index("ix_job_free", "job", ["type", "due_at"], postgresql_where=sa.text(free))
    op.create_index("ix_job_suspect", "job", ["due_at"], postgresql_where=sa.text(f"left_undone >= 2 AND {free}"))
    op.create_index("ix_job_in_hand", "job", ["locked_until"], postgresql_where=sa.text(in_hand))
    op.drop_index("ix_timer_due_at", "timer")
    op.create_index("ix_timer_ready_at", "timer", ["ready_at"], postgresql_where=sa.text("NOT suspended"))
    op.drop_index("ix_delivery_due_at", "delivery")
    claimed = sa.text("claimed_until IS NOT NULL")
    op.create_index("ix_delivery_claimed", "delivery", ["claimed_until"], postgresql_where=claimed)
    op.create_index("ix_delivery_ready_at", "delivery", ["ready_at", "id"])

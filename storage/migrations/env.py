"""Run by Alembic: the connection comes from `storage.database.migrate`."""

from __future__ import annotations

from alembic import context

import storage.tables.advice
import storage.tables.benefits
import storage.tables.casework
import storage.tables.comments
import storage.tables.conference
import storage.tables.decisions
import storage.tables.distribution
import storage.tables.documents
import storage.tables.engine
import storage.tables.evidence
import storage.tables.messages
import storage.tables.money
import storage.tables.operations
import storage.tables.organisation
import storage.tables.playing
import storage.tables.procedure
import storage.tables.programmes
import storage.tables.register
import storage.tables.relief
import storage.tables.spot_checks
import storage.tables.supervision
import storage.tables.verification
import storage.tables.winter
import storage.tables.workbench  # noqa: F401  registers its tables
from storage.tables.base import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
)
LOCK_WAIT = "3s"
"""How long a migration may wait for one lock; everybody who asks for the table meanwhile waits behind it."""

context.config.attributes["connection"].exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
with context.begin_transaction():
    context.run_migrations()

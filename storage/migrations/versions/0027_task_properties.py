"""What hung on the names of user tasks hangs on their properties: open and finished tasks get theirs."""

from __future__ import annotations

from alembic import op

revision = "0027_task_properties"
down_revision = "0026_rounds"
branch_labels = None
depends_on = None

STATEMENTS = (
    """UPDATE user_task SET properties = properties || '{"requires": "county_visit"}'::jsonb
       WHERE state = 'open' AND left(element_id, 18) = 'Task_CountyConfirm'""",
    """UPDATE user_task SET properties = properties || '{"barred": "extension_asker"}'::jsonb
       WHERE state = 'open' AND element_id = 'Task_DecideExtension'""",
    """UPDATE user_task SET properties = properties || '{"surveyor": "first"}'::jsonb
       WHERE element_id IN ('Task_FirstSurveyor', 'Task_CountyVisitor')""",
)


def upgrade() -> None:
    """Write the properties that the diagrams of this release draw; a release before reads none of them."""
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)

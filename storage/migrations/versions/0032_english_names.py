"""The English names of processes, as their diagrams say them, beside the Chinese ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from lxml import etree

revision = "0032_english_names"
down_revision = "0030_supervision"
branch_labels = None
depends_on = None

_SPACES = {"bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL", "zeebe": "http://camunda.org/schema/zeebe/1.0"}
_PATH = "bpmn:extensionElements/zeebe:properties/zeebe:property"


def upgrade() -> None:
    """Add the column; the release before leaves it empty, and an empty one shows the Chinese name."""
    op.add_column("definition", sa.Column("name_en", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    deployed = connection.exec_driver_sql(
        "SELECT d.id, d.key, r.content FROM definition d"
        " JOIN deployment_resource r ON r.deployment_id = d.deployment_id AND r.name = d.resource_name"
        " WHERE d.kind = 'process'"
    )
    for definition_id, key, content in deployed.fetchall():
        name = _english_name(bytes(content), key)
        if name:
            connection.execute(
                sa.text("UPDATE definition SET name_en = :name WHERE id = :id"), {"name": name, "id": definition_id}
            )


def _english_name(content: bytes, process_id: str) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    process = f"bpmn:process[@id='{process_id}']"  # an id is an NCName, which holds no quotes
    found = etree.fromstring(content, parser).iterfind(f"{process}/{_PATH}", _SPACES)
    return next((str(one.get("value", "")) for one in found if one.get("name") == "name.en"), "")

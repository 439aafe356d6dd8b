"""Deployed processes, decisions and forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, FromClause, Select, insert, literal_column, select, text, update

from engine.model import Definition, Deployment, Resource, ResourceKind
from storage.rows import Row, to_rows, to_value
from storage.tables.engine import definition as definitions
from storage.tables.engine import deployment as deployments
from storage.tables.engine import deployment_definition as deployed_together
from storage.tables.engine import deployment_resource as resources_of_deployments

DEPLOYMENT_LOCK = 7_310_002

_COLUMNS = tuple(column.name for column in definitions.c)


def latest_form(form_id: ColumnElement[Any]) -> FromClause:
    """Return, beside each row of another table, the newest version of the form that the row names."""
    newest = _newest_first(definitions.c.kind == literal_column("'form'"), definitions.c.key == form_id)
    return newest.lateral("latest_form")


def _newest_first(*conditions: ColumnElement[bool]) -> Select[Any]:
    ordered = select(definitions).where(*conditions).order_by(definitions.c.version.desc())
    return ordered.limit(literal_column("1"))


class SqlDefinitions:
    """Definitions in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._latest: dict[tuple[ResourceKind, str], Definition] = {}  # as this transaction has read them

    def lock(self) -> None:
        """Let deployments run one after the other."""
        self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": DEPLOYMENT_LOCK})

    def add(self, deployment: Deployment, resources: Sequence[Resource]) -> None:
        """Keep a deployment, its new resources and the definitions in them."""
        self._latest.clear()
        self._connection.execute(
            insert(deployments),
            {"id": deployment.id, "deployed_at": deployment.deployed_at, "deployed_by": deployment.deployed_by},
        )
        if resources:
            self._connection.execute(
                insert(resources_of_deployments),
                [{"deployment_id": deployment.id, **row} for row in to_rows(resources)],
            )
            made = [row | {"is_described": True} for row in to_rows(deployment.made)]
            self._connection.execute(insert(definitions), made)
        if deployment.definitions:
            together = [{"deployment_id": deployment.id, "definition_id": one.id} for one in deployment.definitions]
            self._connection.execute(insert(deployed_together), together)

    def deployment(self, deployment_id: UUID) -> Deployment | None:
        """Return what was deployed together, in the order it was made."""
        of_it = deployments.c.id == deployment_id
        row = self._connection.execute(select(deployments).where(of_it)).mappings().first()
        if row is None:
            return None
        query = (
            select(definitions)
            .join(deployed_together, deployed_together.c.definition_id == definitions.c.id)
            .where(deployed_together.c.deployment_id == deployment_id)
            .order_by(definitions.c.resource_name, definitions.c.kind, definitions.c.key)
        )
        found = self._connection.execute(query).mappings()
        return to_value(Deployment, {**row, "definitions": tuple(to_value(Definition, one) for one in found)})

    def latest(self, kind: ResourceKind, key: str) -> Definition | None:
        """Return the newest version of a key."""
        known = self._latest.get((kind, key))
        if known is not None:
            return known
        query = _newest_first(definitions.c.kind == kind, definitions.c.key == key)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else self._remembered(row)

    def remember_latest(self, columns: Sequence[Any]) -> None:
        """Take over the newest version that another read brought along, in the table's columns; all null for none."""
        row = dict(zip(_COLUMNS, columns, strict=True))
        if row["id"] is not None:
            self._remembered(row)

    def _remembered(self, row: Row) -> Definition:
        found = to_value(Definition, row)
        self._latest[found.kind, found.key] = found
        return found

    def get(self, definition_id: UUID) -> Definition | None:
        """Return one version."""
        row = self._connection.execute(select(definitions).where(definitions.c.id == definition_id)).mappings().first()
        return None if row is None else to_value(Definition, row)

    def numbered(self, kind: ResourceKind, key: str, version: int) -> Definition | None:
        """Return the version of this number."""
        query = select(definitions).where(
            definitions.c.kind == kind, definitions.c.key == key, definitions.c.version == version
        )
        row = self._connection.execute(query).mappings().first()
        return None if row is None else to_value(Definition, row)

    def tagged(self, kind: ResourceKind, key: str, version_tag: str) -> Definition | None:
        """Return the newest version that carries a version tag."""
        query = (
            select(definitions)
            .where(definitions.c.kind == kind, definitions.c.key == key, definitions.c.version_tag == version_tag)
            .order_by(definitions.c.version.desc())
            .limit(1)
        )
        row = self._connection.execute(query).mappings().first()
        return None if row is None else to_value(Definition, row)

    def describe(self, definition_id: UUID, version_tag: str | None) -> bool:
        """Add the tag of a version deployed before tags were read; say whether it was such a one."""
        old = (definitions.c.id == definition_id) & ~definitions.c.is_described
        statement = update(definitions).where(old).values(version_tag=version_tag, is_described=True)
        return self._connection.execute(statement).rowcount == 1

    def content(self, definition_id: UUID) -> bytes:
        """Return the resource as deployed."""
        query = (
            select(resources_of_deployments.c.content)
            .join(
                definitions,
                (definitions.c.deployment_id == resources_of_deployments.c.deployment_id)
                & (definitions.c.resource_name == resources_of_deployments.c.name),
            )
            .where(definitions.c.id == definition_id)
        )
        content: bytes = self._connection.execute(query).scalar_one()
        return content

    def beside(self, definition_id: UUID, kind: ResourceKind, key: str) -> Definition | None:
        """Return what was deployed together with a definition in its newest deployment."""
        newest = (
            select(deployed_together.c.deployment_id)
            .join(deployments, deployments.c.id == deployed_together.c.deployment_id)
            .where(deployed_together.c.definition_id == definition_id)
            .order_by(deployments.c.deployed_at.desc())
            .limit(1)
            .scalar_subquery()
        )
        query = (
            select(definitions)
            .join(deployed_together, deployed_together.c.definition_id == definitions.c.id)
            .where(
                deployed_together.c.deployment_id == newest,
                definitions.c.kind == kind,
                definitions.c.key == key,
            )
        )
        row = self._connection.execute(query).mappings().first()
        return None if row is None else to_value(Definition, row)

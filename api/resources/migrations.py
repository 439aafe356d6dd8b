"""Running instances go on by another version: versions, suggested mapping, dry run, batch, and back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.operations import Operation, operation
from api.resources.applications import IDEMPOTENCY_KEY
from api.resources.batches import made
from api.resources.blueprint import api
from api.schemas.operation_answers import (
    BatchMade,
    BatchMadeSchema,
    MappingSuggestion,
    MappingSuggestionSchema,
    StandingList,
    StandingListSchema,
    VersionAnswer,
    VersionList,
    VersionListSchema,
)
from api.schemas.operation_requests import MappingSuggestionSchema as SuggestionQuerySchema
from api.schemas.operation_requests import MigrationSchema, ReversalSchema, StandingSchema, VersionsSchema
from api.services import current
from engine.batches import BatchKind
from engine.commands.migrations import SuggestMapping
from web.authentication import current_actor
from workflows.organisation.rights import Right


@api.get("/migrations/versions")
@operation(
    Operation(
        summary="The versions of a process, or of every process, with how many instances run by each",
        right=Right.OPERATE,
        query=VersionsSchema,
        answer=VersionListSchema,
    )
)
def list_versions(query: dict[str, Any]) -> VersionList:
    """List versions."""
    found = current().operations.versions(query["process_id"], current_actor())
    return VersionList(
        versions=[
            VersionAnswer(
                definition_id=one.definition.id,
                process_id=one.definition.key,
                name=one.definition.name,
                version=one.definition.version,
                running=one.running,
            )
            for one in found
        ]
    )


@api.get("/migrations/standing")
@operation(
    Operation(
        summary="Where something stands in a version: by element, in how many instances, with how many open tasks",
        right=Right.ADMINISTER,
        query=StandingSchema,
        answer=StandingListSchema,
    )
)
def list_standing(query: dict[str, Any]) -> StandingList:
    """List the elements."""
    return StandingList(elements=current().operations.standing(query["source"], current_actor()))


@api.get("/migrations/suggestion")
@operation(
    Operation(
        summary="Where the elements of a version would go in another: by id and kind, else by name and kind",
        right=Right.ADMINISTER,
        query=SuggestionQuerySchema,
        answer=MappingSuggestionSchema,
    )
)
def suggest_mapping(query: dict[str, Any]) -> MappingSuggestion:
    """Suggest a mapping."""
    lines = current().engine.execute(SuggestMapping(**query), actor=current_actor())
    mapping = {one.element_id: one.target_id for one in lines if one.by == "name" and one.target_id}
    return MappingSuggestion(lines=lines, mapping=mapping)


@api.post("/migrations")
@operation(
    Operation(
        summary="Migrate what a filter finds of a version, as a batch; a dry run tries it and keeps nothing",
        right=Right.ADMINISTER,
        body=MigrationSchema,
        answer=BatchMadeSchema,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def create_migration(body: dict[str, Any]) -> BatchMade:
    """Migrate, or try it."""
    plan = {"source": str(body.pop("source")), "target": str(body.pop("target")), "mapping": body.pop("mapping")}
    return made({**body, "kind": BatchKind.MIGRATE, "parameters": plan})


@api.post("/migrations/<uuid:batch_id>/reversal")
@operation(
    Operation(
        summary="Let everything a batch migrated stand again as before, where nothing has happened since",
        right=Right.ADMINISTER,
        body=ReversalSchema,
        answer=BatchMadeSchema,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def revert_migration(batch_id: UUID, body: dict[str, Any]) -> BatchMade:
    """Undo a migration, or try it."""
    return made({**body, "kind": BatchKind.REVERT_MIGRATION, "parameters": {"batch_id": str(batch_id)}})

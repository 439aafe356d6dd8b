"""How work lies on people."""

from __future__ import annotations

from api.operations import Operation, operation
from api.resources.blueprint import api
from api.schemas.supervision import LoadSchema
from web.authentication import current_actor
from web.load import load
from workflows.casework.load import Load
from workflows.organisation.rights import Right


@api.get("/load")
@operation(
    Operation(
        summary="What each person of the units in sight holds and has done this month, what is late, and who is away",
        right=Right.SUPERVISE,
        answer=LoadSchema,
    )
)
def get_load() -> Load:
    """Show the load."""
    return load(current_actor())

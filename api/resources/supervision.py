"""The board by which supervisors see what is late, resting, held by nobody or stuck."""

from __future__ import annotations

from api.operations import Operation, operation
from api.resources.blueprint import api
from api.schemas.supervision import BoardSchema
from web.authentication import current_actor
from web.supervision import board
from workflows.casework.supervision import Board
from workflows.organisation.rights import Right


@api.get("/supervision")
@operation(
    Operation(
        summary="How the open tasks and faults of each unit in sight stand, and the cases most over their limit",
        right=Right.SUPERVISE,
        answer=BoardSchema,
    )
)
def get_board() -> Board:
    """Show the board."""
    return board(current_actor())

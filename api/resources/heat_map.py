"""How many cases passed each element of a process, how long that took, and where they stand."""

from __future__ import annotations

from typing import Any

from api.operations import Operation, operation
from api.resources.blueprint import api
from api.schemas.heat_map import HeatMapQuerySchema, HeatMapSchema
from api.services import current
from engine.errors import NotFound
from web.authentication import current_actor
from web.heat import heat_map
from workflows.casework.flow.heat import HeatFilter, HeatMap
from workflows.organisation.rights import Right


@api.get("/heat-map")
@operation(
    Operation(
        summary="By element of a process: passages, working days (median, p90), over the norm or limit, waiting now",
        right=Right.OPERATE,
        query=HeatMapQuerySchema,
        answer=HeatMapSchema,
    )
)
def get_heat_map(query: dict[str, Any]) -> HeatMap:
    """Count the passages of what the asker operates."""
    process_id, version = query.pop("process_id"), query.pop("version")
    named = (one for one in current().heat.processes() if one.key == process_id)
    found = next((one for one in named if version in (None, one.version)), None)
    if found is None:
        raise NotFound("process definition", process_id if version is None else f"{process_id} v{version}")
    return heat_map(HeatFilter(actor=current_actor(), definition_id=found.id, **query))

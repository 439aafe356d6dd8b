"""The figures by which supervisors watch the office."""

from __future__ import annotations

from typing import Any

from api.operations import Operation, operation
from api.resources.blueprint import api
from api.schemas.figures import FiguresSchema, SupervisorFiguresSchema
from api.services import current
from web.authentication import current_actor
from workflows.casework.figures.model import SupervisorFigures
from workflows.casework.figures.ports import FigureFilter
from workflows.organisation.rights import Right


@api.get("/figures")
@operation(
    Operation(
        summary="Figures of a period: cases, limits, ages, desks, sources, objections, urgent relief, benefits",
        right=Right.SUPERVISE,
        query=FiguresSchema,
        answer=SupervisorFiguresSchema,
    )
)
def get_figures(query: dict[str, Any]) -> SupervisorFigures:
    """Count the figures of what the asker may see."""
    return current().figures.figures(FigureFilter(actor=current_actor(), **query))

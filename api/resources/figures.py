"""The figures by which supervisors watch the office."""

from __future__ import annotations

from typing import Any

from api.operations import FileAnswer, Operation, operation
from api.resources.blueprint import api
from api.schemas.figures import FigureExportSchema, FiguresSchema, SupervisorFiguresSchema
from api.services import current
from web.authentication import current_actor
from web.figures.export import exported
from web.figures.files import MEDIA_TYPES
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


@api.post("/figures/exports")
@operation(
    Operation(
        summary="Take the figures of a period away as a file; who did stands in the record of access",
        right=Right.SUPERVISE,
        body=FigureExportSchema,
        media_types=tuple(MEDIA_TYPES.values()),
    )
)
def export_figures(body: dict[str, Any]) -> FileAnswer:
    """Write the act down and give the file."""
    kind = body.pop("format")
    file = exported(FigureFilter(actor=current_actor(), **body), kind)
    return FileAnswer(content=file.content, media_type=file.media_type, name=file.name)

"""The heat map of a process, for its page and the API alike."""

from __future__ import annotations

from web.services import services
from workflows.casework.flow.drawing import drawn_elements
from workflows.casework.flow.heat import HeatFilter, HeatMap, heated


def heat_map(wanted: HeatFilter) -> HeatMap:
    """Return the heat of a version of a process.

    Raises:
        NotFound: no such version is deployed.
        HeatTakesTooLong: so much was to be counted that it took too long.
    """
    definition, xml = services().heat.drawing(wanted.definition_id)
    drawn = drawn_elements(xml)
    norms = {node.id: node.norm for node in drawn.values() if node.norm is not None}
    figures = services().heat.figures(wanted, norms)
    return HeatMap(
        definition_id=definition.id,
        process_id=definition.key,
        name=definition.name,
        name_en=definition.name_en,
        version=definition.version,
        since=wanted.since,
        until=wanted.until,
        region=wanted.region,
        unit_kind=wanted.unit_kind,
        working_days_known=not any(one.untimed for one in figures),
        elements=heated(drawn, figures),
    )

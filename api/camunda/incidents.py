"""Incidents: what is stuck, and trying it again."""

from __future__ import annotations

from api.camunda.lists import INCIDENTS
from api.camunda.operations import answers, camunda
from api.camunda.schemas import NothingSchema
from api.camunda.searches import SearchSchema, one_of_list, searched
from api.services import current
from engine.commands.incidents import ResolutionOutcome, ResolveIncident
from engine.errors import EngineError
from engine.json_values import JsonObject
from web.authentication import current_actor
from web.i18n import in_reader_language
from workflows.organisation.rights import Right


class FailedAgain(EngineError):
    """What was stuck was tried again and is stuck as before."""

    code = "failed-again"
    text_zh = "已重试，但再次失败：{reason_zh}"
    text_en = "It was tried again and failed again: {reason}"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)


@camunda.post("/incidents/search")
@answers(Right.OPERATE, body=SearchSchema)
def search_incidents(body: JsonObject) -> JsonObject:
    """List incidents."""
    return searched(INCIDENTS, body)


@camunda.get("/incidents/<key>")
@answers(Right.OPERATE)
def get_incident(key: str) -> JsonObject:
    """Show an incident."""
    return INCIDENTS.write(one_of_list(INCIDENTS, "incidentKey", key))


@camunda.post("/incidents/<key>/resolution")
@answers(Right.OPERATE, body=NothingSchema)
def resolve_incident(key: str, body: JsonObject) -> None:
    """Do again what failed; that it failed again is told, not passed over."""
    found = one_of_list(INCIDENTS, "incidentKey", key)
    resolution = current().engine.execute(ResolveIncident(incident_id=found["id"]), actor=current_actor())
    if resolution.outcome is ResolutionOutcome.FAILED:
        told = in_reader_language(resolution.reason or "")
        raise FailedAgain(reason=told, reason_zh=told)

"""The joint conference for pages and API alike: who sees it, its year, files handed in and out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from engine.model import Actor
from web.evidence import UploadedFile
from web.services import services
from workflows.casework.conference.commands import AddMaterial
from workflows.casework.conference.errors import ConferenceNotYours
from workflows.casework.conference.model import Material, MaterialOf, takes_part
from workflows.casework.conference.queries import ConferenceYear, NamedRecord
from workflows.casework.days import local_day
from workflows.casework.parameters import parameters_on


def require_part(actor: Actor) -> None:
    """Let those pass who see the conference.

    Raises:
        ConferenceNotYours: none of the actor's posts does.
    """
    if not takes_part(actor):
        raise ConferenceNotYours


def conference_year(year: int) -> ConferenceYear:
    """Return a year of the conference, with the days by which a meeting should have been held."""
    figures = parameters_on(_today(), services().casework.parameters())
    return services().conference.year(year, expected_by=_days(figures.get("conference_expected_by")))


def record_of(number: str, actor: Actor) -> NamedRecord | None:
    """Return the record of the conference that a task is about; None where it is about none, or the actor sees none."""
    return services().conference.named(number) if takes_part(actor) else None


def this_year() -> int:
    """Return the year it is in the county."""
    return _today().year


def add_material(beside: MaterialOf, record_id: UUID, upload: UploadedFile, actor: Actor) -> Material:
    """Keep a file beside a record."""
    command = AddMaterial(beside=beside, record_id=record_id, name=upload.name, content=upload.content)
    kept: Material = services().engine.execute(command, actor=actor)
    return kept


def _today() -> date:
    return local_day(services().now())


def _days(value: object) -> Sequence[str]:
    return [str(one) for one in value] if isinstance(value, list) else []

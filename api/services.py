"""Everything an application is put together from; `api.bootstrap` builds it, tests may build their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import current_app

from api.settings import Settings
from api.watching.watch import Watch
from engine.executor import Engine
from engine.operation_queries import OperationQueries
from engine.ports import WorkSignal
from engine.pulse import WorkPulse
from engine.queries import Queries
from engine.searching import SearchQueries
from web.services import EXTENSION
from workflows.casework.absences.ports import AbsenceQueries
from workflows.casework.advice.queries import AdviceQueries
from workflows.casework.circulars.queries import CircularQueries
from workflows.casework.comments.queries import CommentQueries
from workflows.casework.conference.queries import ConferenceQueries
from workflows.casework.distribution.ports import DistributionQueries
from workflows.casework.documents.queries import DocumentQueries
from workflows.casework.evidence.queries import EvidenceQueries
from workflows.casework.figures.ports import FigureQueries
from workflows.casework.flow.heat import HeatQueries
from workflows.casework.mail.ports import MailQueries
from workflows.casework.orders.queries import SupervisionQueries
from workflows.casework.presence import PresenceQueries
from workflows.casework.procedure.queries import ProcedureQueries
from workflows.casework.programmes.queries import ProgrammeQueries
from workflows.casework.queries import CaseworkQueries
from workflows.casework.register.queries import RegisterQueries
from workflows.casework.relief.queries import ReliefQueries
from workflows.casework.spot_checks.queries import SpotCheckQueries
from workflows.casework.verification.queries import CheckQueries
from workflows.organisation.ports import OrganisationQueries
from workflows.playing.ports import PlayQueries
from workflows.workbench.ports import WorkbenchQueries


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The write side, the read sides, the settings and the clock."""

    engine: Engine[Any]  # runs the commands of every room; each names the unit of work it needs
    queries: Queries
    casework: CaseworkQueries
    checks: CheckQueries
    programmes: ProgrammeQueries
    procedure: ProcedureQueries
    documents: DocumentQueries
    comments: CommentQueries
    presence: PresenceQueries
    pulse: WorkPulse
    search: SearchQueries
    work_signal: Callable[[], WorkSignal]  # hears of new work, until it is closed
    evidence: EvidenceQueries
    advice: AdviceQueries
    organisation: OrganisationQueries
    absences: AbsenceQueries
    operations: OperationQueries
    register: RegisterQueries
    relief: ReliefQueries
    figures: FigureQueries
    heat: HeatQueries
    supervision: SupervisionQueries
    mail: MailQueries
    distribution: DistributionQueries
    spot_checks: SpotCheckQueries
    conference: ConferenceQueries
    circulars: CircularQueries
    workbench: WorkbenchQueries
    plays: PlayQueries
    settings: Settings
    now: Callable[[], datetime]
    watch: Watch

    @property
    def county(self) -> str:
        """The name of the county, for the head of every page."""
        return self.settings.county

    @property
    def public_url(self) -> str | None:
        """Where households reach the pages, as it stands on papers."""
        return self.settings.public_url

    @property
    def can_mail(self) -> bool:
        """Say whether staff are told of their notices by mail."""
        return self.settings.mail is not None

    @property
    def region(self) -> str:
        """The division code of the county."""
        return self.settings.region


def current() -> Services:
    """Return the services of the running application."""
    return cast("Services", current_app.extensions[EXTENSION])

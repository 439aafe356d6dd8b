"""What pages may use: the engine's commands and the questions of the rooms, handed in by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, cast

from flask import current_app

from engine.executor import Engine
from engine.operation_queries import OperationQueries
from engine.pulse import WorkPulse
from engine.queries import Queries
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
from workflows.casework.spot_checks.queries import SpotCheckQueries
from workflows.casework.verification.queries import CheckQueries
from workflows.organisation.ports import OrganisationQueries
from workflows.playing.ports import PlayQueries
from workflows.workbench.ports import WorkbenchQueries

EXTENSION = "reliefdesk"


class WebServices(Protocol):
    """The read and write sides of the house, as the pages see them."""

    @property
    def engine(self) -> Engine[Any]:
        """Runs commands, one transaction each."""
        ...

    @property
    def queries(self) -> Queries:
        """Answers about tasks, process instances and definitions."""
        ...

    @property
    def casework(self) -> CaseworkQueries:
        """Answers about cases."""
        ...

    @property
    def register(self) -> RegisterQueries:
        """Answers about the register and what comes in on line."""
        ...

    @property
    def checks(self) -> CheckQueries:
        """Answers about the economic check of cases."""
        ...

    @property
    def programmes(self) -> ProgrammeQueries:
        """Answers about the records of units."""
        ...

    @property
    def procedure(self) -> ProcedureQueries:
        """Answers about visits, notices on their boards, objections and kin."""
        ...

    @property
    def documents(self) -> DocumentQueries:
        """Answers about printed documents."""
        ...

    @property
    def comments(self) -> CommentQueries:
        """Answers about the comments on cases."""
        ...

    @property
    def presence(self) -> PresenceQueries:
        """Answers who has what open just now."""
        ...

    @property
    def pulse(self) -> WorkPulse:
        """Says whether something happened since."""
        ...

    @property
    def advice(self) -> AdviceQueries:
        """Answers about questions to other units."""
        ...

    @property
    def evidence(self) -> EvidenceQueries:
        """Answers about the evidence of cases."""
        ...

    @property
    def figures(self) -> FigureQueries:
        """Answers with the supervisors' figures."""
        ...

    @property
    def heat(self) -> HeatQueries:
        """Answers with the heat of processes."""
        ...

    @property
    def operations(self) -> OperationQueries:
        """Answers operators about running instances."""
        ...

    @property
    def supervision(self) -> SupervisionQueries:
        """Answers about supervision orders and notices inside the system."""
        ...

    @property
    def mail(self) -> MailQueries:
        """Answers what one is told by mail."""
        ...

    @property
    def distribution(self) -> DistributionQueries:
        """Answers about the rules by which units give out tasks."""
        ...

    @property
    def spot_checks(self) -> SpotCheckQueries:
        """Answers about spot checks."""
        ...

    @property
    def circulars(self) -> CircularQueries:
        """Answers about the monthly circulars."""
        ...

    @property
    def conference(self) -> ConferenceQueries:
        """Answers about the joint conference."""
        ...

    @property
    def workbench(self) -> WorkbenchQueries:
        """Answers about drafts and versions of definitions."""
        ...

    @property
    def plays(self) -> PlayQueries:
        """Answers about plays and scenarios of processes."""
        ...

    @property
    def organisation(self) -> OrganisationQueries:
        """Answers about units and accounts."""
        ...

    @property
    def absences(self) -> AbsenceQueries:
        """Answers about absences and substitutes."""
        ...

    @property
    def now(self) -> Callable[[], datetime]:
        """Tells the time, in UTC."""
        ...

    @property
    def county(self) -> str:
        """The name of the county, for the head of every page."""
        ...

    @property
    def public_url(self) -> str | None:
        """Where households reach the pages, as it stands on papers; None: as the reader reached them."""
        ...

    @property
    def can_mail(self) -> bool:
        """Say whether staff are told of their notices by mail at all."""
        ...

    @property
    def region(self) -> str:
        """The division code of the county."""
        ...


def services() -> WebServices:
    """Return the services of the running application."""
    return cast("WebServices", current_app.extensions[EXTENSION])

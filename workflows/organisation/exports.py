"""Taking files away: an act of its own that stays in the record of access."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from engine.errors import NotPermitted
from engine.host import Context
from workflows.organisation.model import SUPERVISOR, AccountEvent
from workflows.organisation.ports import OrganisationUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFigures:
    """Write down that the actor takes the supervisors' figures away, and which; who makes the file executes it before.

    Raises:
        NotPermitted: the actor supervises nothing.
    """

    since: date
    until: date
    region: str  # empty: all the actor sees
    unit_kind: str  # empty: every kind
    format: str  # of the file

    def execute(self, context: Context[OrganisationUnitOfWork]) -> None:
        """Append to the record of access."""
        actor = context.actor
        if not any(one.role == SUPERVISOR for one in actor.memberships):
            raise NotPermitted("导出统计数据", SUPERVISOR)
        taken = {**asdict(self), "since": self.since.isoformat(), "until": self.until.isoformat()}
        context.unit_of_work.accounts.record(
            AccountEvent(login=actor.id, at=context.now(), actor=actor.id, action="figures-exported", details=taken)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBankFileTaken:
    """Write down that the actor takes the file of a batch away; whoever handed it out has looked at who may."""

    number: str
    checksum: str

    def execute(self, context: Context[OrganisationUnitOfWork]) -> None:
        """Append to the record of access."""
        actor = context.actor
        taken = asdict(self)
        context.unit_of_work.accounts.record(
            AccountEvent(login=actor.id, at=context.now(), actor=actor.id, action="bank-file-taken", details=taken)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSpotCheck:
    """Write down that the actor takes the result of a spot check away; who makes the file executes it before.

    Raises:
        NotPermitted: the actor supervises nothing.
    """

    spot_check_id: UUID
    number: str
    format: str  # of the file

    def execute(self, context: Context[OrganisationUnitOfWork]) -> None:
        """Append to the record of access."""
        actor = context.actor
        if not any(one.role == SUPERVISOR for one in actor.memberships):
            raise NotPermitted("导出抽查结果", SUPERVISOR)
        taken = {"spot_check_id": str(self.spot_check_id), "number": self.number, "format": self.format}
        context.unit_of_work.accounts.record(
            AccountEvent(login=actor.id, at=context.now(), actor=actor.id, action="spot-check-exported", details=taken)
        )

"""What casework needs from whoever keeps its data; each repository works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from engine.json_values import JsonValue
from engine.ports import UnitOfWork
from workflows.casework.advice.ports import AdviceRegister
from workflows.casework.benefits.ports import Benefits, CaseLinks, Recognitions
from workflows.casework.comments.ports import Comments
from workflows.casework.decisions.ports import Decisions
from workflows.casework.documents.ports import IssuedDocuments
from workflows.casework.evidence.ports import EvidenceFiles
from workflows.casework.holds.ports import Holds
from workflows.casework.model import Case
from workflows.casework.parameter_changes.model import ParameterChange
from workflows.casework.payments.ports import Money
from workflows.casework.procedure.ports import Procedure
from workflows.casework.programmes.ports import Programmes
from workflows.casework.records import (
    AgencyRequest,
    CheckReport,
    CorrectionNotice,
    DeliveryWay,
    Notice,
    Parameter,
    PublicNotice,
    Referral,
)
from workflows.casework.register.ports import Register
from workflows.casework.relief.ports import ReliefClaims
from workflows.casework.verification.ports import Authorisations, QueryLedger, ReportObjections, Supporters
from workflows.casework.winter.ports import WinterRelief
from workflows.rules.calendar import CalendarDay, WorkingCalendar


class Presence(Protocol):
    """Where people are just now, and which tasks they opened."""

    def take(self, login: str, *, business_key: str, task_id: UUID | None, at: datetime) -> datetime:
        """Write where somebody is, unless that was written less than a minute ago; return when it was."""
        ...

    def note_opened(self, task_id: UUID, login: str, *, as_holder: bool, at: datetime) -> None:
        """Write that somebody opened a task, unless that is known."""
        ...


class Cases(Protocol):
    """Case files with household, members and account, and what was found out about them."""

    def next_number(self, *, region: str, year: int) -> str:
        """Return a case number nobody has; a number may stay unused when its transaction is rolled back."""
        ...

    def add(self, case: Case) -> bool:
        """Keep a new case; say False and keep nothing when its submission key is known already."""
        ...

    def get(self, case_id: UUID) -> Case | None:
        """Return a case file."""
        ...

    def lock(self, case_id: UUID) -> Case | None:
        """Return a case file and keep others from changing it."""
        ...

    def by_number(self, number: str) -> Case | None:
        """Return a case file by the number the household asks by."""
        ...

    def by_submission_key(self, submission_key: str) -> Case | None:
        """Return the case that came of a submission."""
        ...

    def save(self, case: Case) -> None:
        """Write where the case stands, its dates, papers and authorisations."""
        ...

    def save_facts(self, case: Case) -> None:
        """Write what is known of household and members after a change; names and identity numbers stay."""
        ...

    def save_account(self, case: Case) -> None:
        """Write where a case is paid to."""
        ...

    def renew_search(self, *, limit: int) -> int:
        """Let some cases be found by all that cases are found by now; return how many were looked at."""
        ...

    def erase(self, case_id: UUID) -> None:
        """Destroy the keys of a case and of its process, blank names and letters; numbers and decisions stay."""
        ...

    def add_check_report(self, report: CheckReport) -> None:
        """Keep a version of the means-check report."""
        ...

    def save_check_report(self, report: CheckReport) -> None:
        """Write what a version concludes; it is made and concluded in one transaction."""
        ...

    def check_report(self, case_id: UUID) -> CheckReport | None:
        """Return the newest version of the means-check report."""
        ...

    @property
    def revision(self) -> int:
        """Return how often case files were written in this transaction, so that readers know when to read again."""
        ...


class Referrals(Protocol):
    """Needs handed to units."""

    def add(self, referral: Referral) -> bool:
        """Keep a new referral; say False and keep nothing when its number is known already."""
        ...

    @property
    def revision(self) -> int:
        """Return how often referrals were written in this transaction."""
        ...

    def by_number(self, number: str) -> Referral | None:
        """Return a referral by its number."""
        ...

    def get(self, referral_id: UUID) -> Referral | None:
        """Return a referral."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[Referral]:
        """Return the referrals of a case by number."""
        ...

    def save(self, referral: Referral) -> None:
        """Write state, clocks and answer of a referral."""
        ...


class AgencyRequests(Protocol):
    """The ledger of questions to agencies."""

    def add(self, request: AgencyRequest) -> bool:
        """Keep a new question; say False and keep nothing when its number is taken."""
        ...

    def get(self, request_id: UUID) -> AgencyRequest | None:
        """Return a question."""
        ...

    def by_number(self, number: str) -> AgencyRequest | None:
        """Return a question by its number."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[AgencyRequest]:
        """Return every question of a case, in the order of their numbers."""
        ...

    def unanswered_by(self, agencies: Sequence[str], *, region: str) -> Sequence[AgencyRequest]:
        """Return the questions of a region to these agencies that nobody answered, oldest first."""
        ...

    def save(self, request: AgencyRequest) -> None:
        """Write the answer of a question."""
        ...


class Notices(Protocol):
    """What was written to the household and posted in public."""

    def add_correction(self, notice: CorrectionNotice) -> bool:
        """Keep a correction notice; say False and keep nothing when the case has one of this round already."""
        ...

    def correction(self, case_id: UUID) -> CorrectionNotice | None:
        """Return the newest correction notice of a case."""
        ...

    def save_correction(self, notice: CorrectionNotice) -> None:
        """Write when the corrections came."""
        ...

    def add(self, notice: Notice) -> Notice:
        """Keep a message to the household; return the one on file when this result was written of already."""
        ...

    def get(self, notice_id: UUID) -> Notice | None:
        """Return a message to the household."""
        ...

    def findings_since(self, case_id: UUID, at: datetime) -> Notice | None:
        """Return the first message about a check that was written to a household from a moment on."""
        ...

    def record_delivery(self, notice_id: UUID, *, sent_at: datetime, gateway_reference: str) -> None:
        """Write that the gateway took a message; the first time counts."""
        ...

    def record_delivery_on_paper(self, notice_id: UUID, *, sent_at: datetime, way: DeliveryWay) -> None:
        """Write when and how a letter reached the household on paper; the first time counts."""
        ...

    def add_public(self, notice: PublicNotice) -> None:
        """Keep a public notice; a case may need another when it comes back from the county."""
        ...


class Policy(Protocol):
    """Dated figures of policy and the county's working calendar."""

    def parameters_on(self, day: date) -> Mapping[str, JsonValue]:
        """Return the value of every parameter in force on a day."""
        ...

    def set_parameters(self, parameters: Sequence[Parameter]) -> None:
        """Keep parameters; the same key and day are replaced."""
        ...

    def values_of(self, key: str) -> Sequence[Parameter]:
        """Return every value of a parameter, the earliest first."""
        ...

    def hold_figures(self) -> None:
        """Keep every other writer of figures waiting until the end of this transaction; readers go on."""
        ...

    def add_change(self, change: ParameterChange) -> bool:
        """Keep a change that is asked for; say False and keep nothing while another one of its key waits."""
        ...

    def lock_change(self, change_id: UUID) -> ParameterChange | None:
        """Return a change and keep others from deciding it."""
        ...

    def save_change(self, change: ParameterChange) -> None:
        """Write what became of a change."""
        ...

    def calendar(self) -> WorkingCalendar:
        """Return the county's calendar with its local closures."""
        ...

    def load_calendar(self, days: Sequence[CalendarDay], *, source: str) -> None:
        """Keep days of whole years; days known already are replaced."""
        ...

    def override_day(self, day: CalendarDay) -> None:
        """Keep a local exception: a closure, or an ordered working day."""
        ...


class CaseworkUnitOfWork(UnitOfWork, Protocol):
    """One transaction over the engine's and the casework's data."""

    @property
    def cases(self) -> Cases:
        """Return the case files."""
        ...

    @property
    def referrals(self) -> Referrals:
        """Return the referrals."""
        ...

    @property
    def agency_requests(self) -> AgencyRequests:
        """Return the ledger of questions."""
        ...

    @property
    def authorisations(self) -> Authorisations:
        """Return the consents."""
        ...

    @property
    def supporters(self) -> Supporters:
        """Return the supporters outside the home."""
        ...

    @property
    def report_objections(self) -> ReportObjections:
        """Return the objections to check reports."""
        ...

    @property
    def query_ledger(self) -> QueryLedger:
        """Return the refused queries, resting agencies and table files."""
        ...

    @property
    def notices(self) -> Notices:
        """Return the notices."""
        ...

    @property
    def benefits(self) -> Benefits:
        """Return the benefits."""
        ...

    @property
    def recognitions(self) -> Recognitions:
        """Return the recognised statuses."""
        ...

    @property
    def case_links(self) -> CaseLinks:
        """Return which cases came of which."""
        ...

    @property
    def decisions(self) -> Decisions:
        """Return the decisions."""
        ...

    @property
    def documents(self) -> IssuedDocuments:
        """Return the printed documents."""
        ...

    @property
    def comments(self) -> Comments:
        """Return the comments of staff."""
        ...

    @property
    def presence(self) -> Presence:
        """Return where people are just now."""
        ...

    @property
    def advice(self) -> AdviceRegister:
        """Return the questions to other units."""
        ...

    @property
    def holds(self) -> Holds:
        """Return the tasks that wait for an event."""
        ...

    @property
    def evidence(self) -> EvidenceFiles:
        """Return the evidence of cases, and the links for photos of it."""
        ...

    @property
    def relief_claims(self) -> ReliefClaims:
        """Return the claims to temporary relief."""
        ...

    @property
    def winter(self) -> WinterRelief:
        """Return the registers of winter and spring relief."""
        ...

    @property
    def programmes(self) -> Programmes:
        """Return what units keep while they answer referrals."""
        ...

    @property
    def money(self) -> Money:
        """Return payments, price figures, new standards, recoveries."""
        ...

    @property
    def policy(self) -> Policy:
        """Return figures of policy and calendar."""
        ...

    @property
    def procedure(self) -> Procedure:
        """Return clocks, kin of staff, visits, notices on boards, appraisals."""
        ...

    @property
    def register(self) -> Register:
        """Return the register of persons and households, and what comes in from the public."""
        ...

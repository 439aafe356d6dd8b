"""One transaction on PostgreSQL with every repository on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from types import TracebackType
from typing import Self, TypeVar

import psycopg
from sqlalchemy import Connection, bindparam, func, literal_column, select
from sqlalchemy import Engine as Database

from engine.errors import OutcomeUnknown, StorageFull
from storage.absences import SqlAbsences
from storage.advice import AskingTasks, SqlAdvice
from storage.attempts import SqlAttempts
from storage.batches import SqlBatches, SqlInstanceSnapshots
from storage.benefits import SqlBenefits, SqlCaseLinks, SqlRecognitions
from storage.case_files import SqlCases
from storage.casework import CaseworkStorage, SqlAgencyRequests, SqlNotices, SqlPolicy, SqlReferrals
from storage.comments import SqlComments
from storage.database import SERVER_DEAD_LINE, lifelines
from storage.decisions import SqlDecisions
from storage.definitions import SqlDefinitions
from storage.distribution import SqlDistribution
from storage.documents import SqlIssuedDocuments
from storage.encryption import KeyRing
from storage.evidence import SqlEvidence
from storage.holds import SqlHolds
from storage.incidents import SqlIncidents
from storage.kin import BarredLogins
from storage.messages import SqlDeliveries, SqlMessages
from storage.money import SqlMoney
from storage.organisation import SqlAccounts, SqlPosts, SqlUnits
from storage.pipeline import Pipeline, Statement
from storage.playing import SqlPlays
from storage.presence import SqlPresence
from storage.procedure import SqlProcedure
from storage.process_instances import SqlProcessInstances
from storage.programmes import ProgrammeRepositories
from storage.register import SqlRegister
from storage.relief import SqlReliefClaims
from storage.retention import SqlHistoryRetention
from storage.sealing import InstanceSeals
from storage.start_subscriptions import SqlStartSubscriptions
from storage.submissions import SqlSubmissions
from storage.user_tasks import SqlUserTasks
from storage.verification import SqlAuthorisations, SqlQueryLedger, SqlReportObjections, SqlSupporters
from storage.winter import SqlWinterRelief
from storage.work import SqlHistory, SqlJobs, SqlSubscriptions, SqlTimers
from storage.workbench import SqlDefinitionDrafts

Repository = TypeVar("Repository")

WAKE_CHANNEL = "relief_work"
DUTY_LOCK = 7_310_005  # held by the worker that does the duties of the office
WAKE = Statement.of(select(func.pg_notify(bindparam("channel"), literal_column("''"))))


def on_connection(make: Callable[[Connection], Repository]) -> cached_property[Repository]:
    """Return a repository that is made when a command first asks for it: most ask for three or four of them all."""
    return cached_property(lambda unit: make(unit.connection))


def with_keys(make: Callable[[Connection, KeyRing], Repository]) -> cached_property[Repository]:
    """Return a repository, made when first asked for, that seals what it keeps."""
    return cached_property(lambda unit: make(unit.connection, unit.keys))


class SqlUnitOfWork:
    """A unit of work: leaving the block commits, an exception rolls back. It is entered once."""

    def __init__(self, database: Database, casework: CaseworkStorage) -> None:
        self._database = database
        self._casework = casework
        self.keys = casework.keys

    definitions = on_connection(SqlDefinitions)
    subscriptions = on_connection(SqlSubscriptions)
    start_subscriptions = on_connection(SqlStartSubscriptions)
    messages = with_keys(SqlMessages)
    deliveries = on_connection(SqlDeliveries)
    incidents = on_connection(SqlIncidents)
    attempts = on_connection(SqlAttempts)
    batches = with_keys(SqlBatches)
    history_retention = on_connection(SqlHistoryRetention)
    submissions = on_connection(SqlSubmissions)

    cases = with_keys(SqlCases)
    referrals = on_connection(SqlReferrals)
    agency_requests = with_keys(SqlAgencyRequests)
    authorisations = with_keys(SqlAuthorisations)
    supporters = with_keys(SqlSupporters)
    report_objections = with_keys(SqlReportObjections)
    query_ledger = on_connection(SqlQueryLedger)
    notices = on_connection(SqlNotices)
    benefits = with_keys(SqlBenefits)
    recognitions = on_connection(SqlRecognitions)
    case_links = on_connection(SqlCaseLinks)
    decisions = with_keys(SqlDecisions)
    presence = on_connection(SqlPresence)
    relief_claims = on_connection(SqlReliefClaims)
    winter = on_connection(SqlWinterRelief)
    programmes = with_keys(ProgrammeRepositories.over)
    money = with_keys(SqlMoney.over)
    documents = with_keys(SqlIssuedDocuments)
    comments = with_keys(SqlComments)
    evidence = with_keys(SqlEvidence)
    register = with_keys(SqlRegister.over)

    definition_drafts = on_connection(SqlDefinitionDrafts)
    plays = on_connection(SqlPlays)
    holds = on_connection(SqlHolds)
    distribution = on_connection(SqlDistribution)

    units = on_connection(SqlUnits)
    accounts = on_connection(SqlAccounts)
    posts = on_connection(SqlPosts)
    absences = with_keys(SqlAbsences)

    def __enter__(self) -> Self:
        self.connection: Connection = self._database.connect()  # begins with its first statement
        self._pipeline = pipeline = Pipeline(self.connection)
        self._seals = seals = InstanceSeals(self.connection, self.keys)
        self._barred = BarredLogins(pipeline)
        self._asking = AskingTasks()
        self.process_instances = SqlProcessInstances(self.connection, pipeline, seals)
        self.history = SqlHistory(pipeline)
        return self

    @cached_property
    def user_tasks(self) -> SqlUserTasks:
        """User tasks, as everybody sees them whom no register of relatives bars."""
        return SqlUserTasks(
            self.connection,
            self._seals,
            self._pipeline,
            instances=self.process_instances,
            definitions=self.definitions,
            barred=self._barred,
            asking=self._asking,
        )

    @cached_property
    def jobs(self) -> SqlJobs:
        """Jobs of the instances of this unit."""
        return SqlJobs(self.connection, self._seals, self._pipeline, self.process_instances)

    @cached_property
    def timers(self) -> SqlTimers:
        """Due times of the instances of this unit."""
        return SqlTimers(self.connection, self._pipeline, self.process_instances)

    @cached_property
    def instance_snapshots(self) -> SqlInstanceSnapshots:
        """What instances were before a batch changed them."""
        return SqlInstanceSnapshots(self.connection, self._seals)

    @cached_property
    def policy(self) -> SqlPolicy:
        """The county's calendar and figures."""
        return SqlPolicy(self.connection, self._casework)

    @cached_property
    def advice(self) -> SqlAdvice:
        """Questions to other units."""
        return SqlAdvice(self.connection, self._pipeline, self.keys, self._asking)

    @cached_property
    def procedure(self) -> SqlProcedure:
        """Clocks, kin of staff, visits, appraisals."""
        return SqlProcedure(self.connection, self.keys, self._barred)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        try:
            if error is None:
                self._commit()
        finally:
            self._pipeline.close()
            self.connection.close()

    def _commit(self) -> None:
        """Commit; where the line breaks meanwhile, nobody here can know whether the server was done already."""
        try:
            self._pipeline.commit()
        except StorageFull:
            raise
        except ConnectionError as lost:
            raise OutcomeUnknown("the line to the database broke during the commit") from lost

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Open a block whose writes alone are undone when it raises."""
        versions = self.process_instances.versions()
        with self.connection.begin_nested():
            try:
                yield
                self._pipeline.flush()  # what the database refuses of it is to be refused here, not at the release
            except BaseException:
                self._pipeline.discard()
                self.process_instances.go_back_to(versions)
                raise

    def wake_workers(self) -> None:
        """Tell waiting workers after the commit that there is work."""
        self._pipeline.write(WAKE, {"channel": WAKE_CHANNEL})


class ListenSignal:
    """Wakes a worker when another transaction made work for it."""

    def __init__(self, database: Database) -> None:
        url = database.url.set(drivername="postgresql")
        self._leads = False
        try:
            self._connection = psycopg.connect(
                url.render_as_string(hide_password=False),
                autocommit=True,
                application_name="reliefdesk listening",
                **lifelines(url, SERVER_DEAD_LINE),
            )
            self._connection.execute(f"LISTEN {WAKE_CHANNEL}")
        except psycopg.OperationalError as error:
            raise ConnectionError(str(error)) from error

    def wait(self, timeout: timedelta) -> bool:
        """Block until woken or the time is over."""
        try:
            return any(True for _ in self._connection.notifies(timeout=timeout.total_seconds(), stop_after=1))
        except psycopg.OperationalError as error:
            raise ConnectionError(str(error)) from error

    def leads(self) -> bool:
        """Say whether this connection holds the one lock of them all; the first that asks does, until it is closed."""
        if not self._leads:
            statement = "SELECT pg_try_advisory_lock(%s)"
            try:
                row = self._connection.execute(statement, (DUTY_LOCK,)).fetchone()
            except psycopg.OperationalError as error:
                raise ConnectionError(str(error)) from error
            self._leads = row is not None and bool(row[0])
        return self._leads

    def close(self) -> None:
        """Stop listening."""
        self._connection.close()


def units_of_work(database: Database, keys: KeyRing) -> Callable[[], SqlUnitOfWork]:
    """Return a maker of units of work over one database, with the keys of its personal facts."""
    casework = CaseworkStorage(keys=keys)
    return lambda: SqlUnitOfWork(database, casework)

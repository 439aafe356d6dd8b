"""One transaction on PostgreSQL with every repository on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import TracebackType
from typing import Self

import psycopg
from sqlalchemy import Connection, bindparam, func, literal_column, select
from sqlalchemy import Engine as Database

from engine.errors import OutcomeUnknown, StorageFull
from storage.attempts import SqlAttempts
from storage.batches import SqlBatches, SqlInstanceSnapshots
from storage.casework import CaseworkRepositories, CaseworkStorage
from storage.database import SERVER_DEAD_LINE, lifelines
from storage.definitions import SqlDefinitions
from storage.documents import SqlIssuedDocuments
from storage.encryption import KeyRing
from storage.kin import BarredLogins
from storage.messages import SqlDeliveries, SqlMessages
from storage.money import SqlMoney
from storage.organisation import SqlAccounts, SqlPosts, SqlUnits
from storage.pipeline import Pipeline, Statement
from storage.procedure import SqlProcedure
from storage.process_instances import SqlProcessInstances
from storage.programmes import ProgrammeRepositories
from storage.register import SqlRegister
from storage.retention import SqlHistoryRetention
from storage.sealing import InstanceSeals
from storage.start_subscriptions import SqlStartSubscriptions
from storage.user_tasks import SqlUserTasks
from storage.work import SqlHistory, SqlIncidents, SqlJobs, SqlSubscriptions, SqlTimers

WAKE_CHANNEL = "relief_work"
WAKE = Statement.of(select(func.pg_notify(bindparam("channel"), literal_column("''"))))


class SqlUnitOfWork:
    """A unit of work: leaving the block commits, an exception rolls back."""

    def __init__(self, database: Database, casework: CaseworkStorage) -> None:
        self._database = database
        self._casework = casework

    def __enter__(self) -> Self:
        self._connection: Connection = self._database.connect()
        self._connection.begin()
        self._pipeline = pipeline = Pipeline(self._connection)
        self.definitions = SqlDefinitions(self._connection)
        seals = InstanceSeals(self._connection, self._casework.keys)
        self.process_instances = instances = SqlProcessInstances(self._connection, pipeline, seals)
        barred = BarredLogins(pipeline)
        self.user_tasks = SqlUserTasks(
            self._connection, seals, pipeline, instances=instances, definitions=self.definitions, barred=barred
        )
        self.jobs = SqlJobs(self._connection, seals, pipeline, instances)
        self.timers = SqlTimers(self._connection)
        self.subscriptions = SqlSubscriptions(self._connection)
        self.start_subscriptions = SqlStartSubscriptions(self._connection)
        self.messages = SqlMessages(self._connection, self._casework.keys)
        self.deliveries = SqlDeliveries(self._connection)
        self.incidents = SqlIncidents(self._connection)
        self.history = SqlHistory(pipeline)
        self.attempts = SqlAttempts(self._connection)
        self.batches = SqlBatches(self._connection, self._casework.keys)
        self.instance_snapshots = SqlInstanceSnapshots(self._connection, seals)
        self.history_retention = SqlHistoryRetention(self._connection)
        casework = CaseworkRepositories.over(self._connection, self._casework)
        self.cases = casework.cases
        self.referrals = casework.referrals
        self.agency_requests = casework.agency_requests
        self.authorisations = casework.authorisations
        self.supporters = casework.supporters
        self.report_objections = casework.report_objections
        self.query_ledger = casework.query_ledger
        self.notices = casework.notices
        self.benefits = casework.benefits
        self.recognitions = casework.recognitions
        self.case_links = casework.case_links
        self.decisions = casework.decisions
        self.relief_claims = casework.relief_claims
        self.programmes = ProgrammeRepositories.over(self._connection, self._casework.keys)
        self.money = SqlMoney.over(self._connection, self._casework.keys)
        self.policy = casework.policy
        self.documents = SqlIssuedDocuments(self._connection, self._casework.keys)
        self.procedure = SqlProcedure(self._connection, self._casework.keys, barred)
        self.register = SqlRegister.over(self._connection, self._casework.keys)
        self.units = SqlUnits(self._connection)
        self.accounts = SqlAccounts(self._connection)
        self.posts = SqlPosts(self._connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        try:
            if error is None:
                self._commit()
        finally:
            self._pipeline.close()
            self._connection.close()

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
        with self._connection.begin_nested():
            try:
                yield
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

    def close(self) -> None:
        """Stop listening."""
        self._connection.close()


def units_of_work(database: Database, keys: KeyRing) -> Callable[[], SqlUnitOfWork]:
    """Return a maker of units of work over one database, with the keys of its personal facts."""
    casework = CaseworkStorage(keys=keys)
    return lambda: SqlUnitOfWork(database, casework)

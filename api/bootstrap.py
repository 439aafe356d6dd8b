"""The composition root: the one place that knows which storage, which outside and which clock are used."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

from api.clock import clock
from api.services import Services
from api.setting_values import DATABASE, SettingInvalid, shown
from api.settings import Settings
from api.watching.tracing import Beginning, NoTracing, Tracing, tracing
from api.watching.watch import Sources, Watch
from engine.core.texts import Words
from engine.executor import Engine
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM
from storage.absence_view import SqlAbsenceQueries
from storage.advice_view import SqlAdviceQueries
from storage.benchmark.scratch import scratch_database
from storage.benchmark.yardstick import Yardstick
from storage.casework_read_models import SqlCaseworkQueries
from storage.circular_view import SqlCircularQueries
from storage.comment_view import SqlCommentQueries
from storage.conference_view import SqlConferenceQueries
from storage.database import Database, EmbeddedServer, address_fault, connect, migrate, pending_migrations
from storage.distribution import SqlDistributionQueries
from storage.document_view import SqlDocumentQueries
from storage.encryption import KeyRing, KeyRingBroken
from storage.evidence_view import SqlEvidenceQueries
from storage.figures import SqlFigures
from storage.heat_map import SqlHeatQueries
from storage.held_keys import opens_all, sealed_samples
from storage.mail import SqlMailQueries
from storage.operation_read_models import SqlOperationQueries
from storage.organisation import SqlOrganisationQueries
from storage.playing import SqlPlayQueries
from storage.presence import SqlPresenceQueries
from storage.procedure_view import SqlProcedureQueries
from storage.programme_read_models import SqlProgrammeQueries
from storage.pulse import SqlWorkPulse
from storage.read_models import SqlQueries
from storage.readiness import Readiness
from storage.register_view import SqlRegisterQueries
from storage.relief import SqlReliefQueries
from storage.searching import SqlSearchQueries
from storage.spot_check_view import SqlSpotCheckQueries
from storage.statement_spans import pool_state, surround_statements
from storage.supervision_figures import SqlFigureQueries
from storage.supervision_view import SqlSupervisionQueries
from storage.unit_of_work import ListenSignal, units_of_work
from storage.verification_view import SqlCheckQueries
from storage.workbench import SqlWorkbenchQueries
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.connectors.channels import ChannelledAgencies
from workflows.connectors.http import HttpConnector, HttpInsurer, HttpMessageGateway
from workflows.host import Connectors, build_host

USUAL_THREADS = 20  # for which there are always connections
LONGEST_STATEMENT = 1_000  # characters kept of a statement's text in a trace

REPEATABLE_SEARCH_KEY = sha256(b"throw-away county 175").digest()  # its lot meets none of a town's first cases


class NoHouse(Exception):
    """There is no installation where the settings lead to; whoever only reads or operates makes none."""


class MigrationsPending(Exception):
    """The database is older than this version and is not ours to change unasked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A house on a scratch database, the settings that lead to it, and what it is measured with."""

    house: House
    settings: Settings
    yardstick: Yardstick


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a house of one process stands in: a clock in its hand, and everybody outside reached without a network."""

    now: Callable[[], datetime]
    transport: httpx.BaseTransport


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything put together, for the time it is open."""

    services: Services
    database: Database

    def worker(self, settings: WorkerSettings) -> JobExecutor[CaseworkUnitOfWork]:
        """Return a job executor on this house's engine."""
        return JobExecutor(self.services.engine, signal=lambda: ListenSignal(self.database), settings=settings)


def database_url(settings: Settings) -> str:
    """Return the URL of the installation's database, starting the embedded server where no URL is set.

    Raises:
        SettingInvalid: the database's driver cannot read the URL.
    """
    if settings.database_url is None:
        return EmbeddedServer(folder=settings.data_folder / "postgresql").start()
    fault = address_fault(settings.database_url)
    if fault is not None:
        raise SettingInvalid("RELIEF_DATABASE_URL", Words(f"不能识别的内容（{fault}）", fault), DATABASE)
    return settings.database_url


def stop_embedded_database(settings: Settings) -> None:
    """Stop the embedded server of a data folder, if it was ever started; for folders that are about to go away."""
    folder = settings.data_folder / "postgresql"
    if settings.database_url is None and folder.exists():
        EmbeddedServer(folder=folder).stop()


def require_house(settings: Settings) -> None:
    """See that there is an installation, and make nothing.

    Raises:
        NoHouse: neither the embedded database of the data folder nor, for a foreign one, its keys are there.
    """
    folder = settings.data_folder
    if settings.database_url is None and not (folder / "postgresql" / "PG_VERSION").exists():
        raise NoHouse(
            f"这里没有救助通办的数据：“{folder}”中没有数据库，未创建任何内容。\n"
            "请在其所在目录运行，或以 RELIEF_DATA_FOLDER、RELIEF_DATABASE_URL 指明；"
            "新建请运行 relief migrate，试用请运行 relief demo。\n"
            f"There is no ReliefDesk here: {folder} holds no database; nothing was made.\n"
            "Run this where it is, or name it by RELIEF_DATA_FOLDER or RELIEF_DATABASE_URL; "
            "`relief migrate` makes an empty one, `relief demo` one to try things in."
        )
    if settings.database_url is not None and not settings.keys_at.exists():
        raise NoHouse(
            f"没有密钥文件“{settings.keys_at}”，无法读取数据库中的个人信息，未创建任何内容。\n"
            "请以 RELIEF_KEY_FILE 或 RELIEF_DATA_FOLDER 指明该安装的密钥；新建请运行 relief serve。\n"
            f"There is no key file {settings.keys_at}, without which nothing personal can be read; nothing was made.\n"
            "Name the keys of the installation by RELIEF_KEY_FILE or RELIEF_DATA_FOLDER; "
            "`relief serve` makes those of a new one."
        )


def migrate_database(settings: Settings) -> None:
    """Bring the installation's database to this version."""
    database = connect(database_url(settings))
    try:
        migrate(database)
    finally:
        database.dispose()


@contextmanager
def open_house(
    settings: Settings, surroundings: Surroundings | None = None, *, threads: int = USUAL_THREADS
) -> Iterator[House]:
    """Connect everything; the embedded database is migrated, a foreign one must be already.

    Of connections there are enough for so many threads, and as many again for what they ask beside.

    Raises:
        MigrationsPending: run `relief migrate` first.
    """
    database = connect(database_url(settings), pool_size=max(threads, USUAL_THREADS))
    traces = tracing(os.environ)
    transport = surroundings.transport if surroundings else None
    urls = (settings.agencies_url, settings.gateway_url, settings.insurer_url)
    connectors = [HttpConnector(url, transport=transport) for url in urls]
    now = surroundings.now if surroundings else None
    try:
        _require_current_tables(database, settings)
        services = build_services(settings, database, _outside(settings, *connectors), traces, now=now)
        yield House(services=services, database=database)
    finally:
        for connector in connectors:
            connector.close()
        database.dispose()
        traces.close()


@contextmanager
def open_bench(settings: Settings) -> Iterator[Bench]:
    """Open a house on a migrated scratch database of the installation's server; nothing of it stays.

    Raises:
        ConnectionError: the server cannot be reached, or lets us make no database.
    """
    with scratch_database(database_url(settings)) as url, tempfile.TemporaryDirectory() as folder:
        scratch = replace(settings, database_url=url, data_folder=Path(folder), key_file=None, test_clock=None)
        migrate_database(scratch)
        with open_house(scratch) as house:
            yield Bench(house=house, settings=scratch, yardstick=Yardstick(house.database))


@contextmanager
def throw_away(settings: Settings, *, like: Settings | None = None) -> Iterator[Settings]:
    """Yield settings that lead to a migrated database beside the installation's, gone afterwards.

    `like` leads to another one of this kind, nobody in it, that is copied with all its rows and read with its keys.

    Raises:
        ConnectionError: the server cannot be reached, or lets us make no database.
    """
    server = database_url(settings)
    with scratch_database(server, like=like.database_url if like else None, is_safe=False) as url:
        scratch = replace(like or settings, database_url=url)
        if like is None:
            migrate_database(scratch)
        yield scratch


def build_services(
    settings: Settings,
    database: Database,
    connectors: Connectors,
    traces: Tracing | None = None,
    *,
    now: Callable[[], datetime] | None = None,
) -> Services:
    """Return the write side and the read sides on one database."""
    keys = _keys(settings, database)
    now = now or clock(settings.test_clock)
    watch = _watch(settings, database, now, traces or NoTracing())

    def execute(command: Any) -> Any:  # generic in the command; see Execute
        return engine.execute(command, actor=SYSTEM)

    engine: Engine[CaseworkUnitOfWork] = Engine(
        units_of_work(database, keys),
        now=now,
        host=build_host(connectors, execute=execute),
        telemetry=watch.telemetry,
    )
    return Services(
        engine=engine,
        queries=SqlQueries(database, keys),
        casework=SqlCaseworkQueries(database, keys, now=now),
        register=SqlRegisterQueries(database, keys),
        relief=SqlReliefQueries(database, now=now),
        figures=SqlFigureQueries(database, now),
        heat=SqlHeatQueries(database, now),
        supervision=SqlSupervisionQueries(database),
        mail=SqlMailQueries(database),
        distribution=SqlDistributionQueries(database),
        spot_checks=SqlSpotCheckQueries(database, keys, now=now),
        conference=SqlConferenceQueries(database, now=now),
        circulars=SqlCircularQueries(database, now=now),
        workbench=SqlWorkbenchQueries(database),
        plays=SqlPlayQueries(database),
        checks=SqlCheckQueries(database, keys, now=now),
        programmes=SqlProgrammeQueries(database, keys),
        procedure=SqlProcedureQueries(database, keys),
        documents=SqlDocumentQueries(database),
        comments=SqlCommentQueries(database, keys),
        presence=SqlPresenceQueries(database, now=now),
        pulse=SqlWorkPulse(database, now),
        search=SqlSearchQueries(database, region=engine.host.region),
        work_signal=lambda: ListenSignal(database),
        organisation=SqlOrganisationQueries(database, now),
        absences=SqlAbsenceQueries(database, keys, now),
        evidence=SqlEvidenceQueries(database, keys),
        advice=SqlAdviceQueries(database, keys),
        operations=SqlOperationQueries(database, keys, region=engine.host.region),
        settings=settings,
        now=now,
        watch=watch,
    )


def make_repeatable_keys(settings: Settings) -> None:
    """Write the keys of a county that is thrown away: new ones, but lots drawn for visits fall as in every such county.

    A real county must not have them: its staff could tell whom the lot will meet.
    """
    path = settings.keys_at
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(KeyRing.generate(search_key=REPEATABLE_SEARCH_KEY).to_bytes())


def _keys(settings: Settings, database: Database) -> KeyRing:
    """Return the installation's keys; a new file is begun only where nothing is sealed with another one yet."""
    path, samples = shown(str(settings.keys_at)), sealed_samples(database)
    if samples and not settings.keys_at.exists():
        raise _wrong_keys(Words(f"{path.zh}（没有这个文件）", f"{path.en} (there is no such file)"))
    try:
        keys = KeyRing.load_or_create(settings.keys_at)
    except (KeyRingBroken, OSError) as broken:
        found = Words(f"{path.zh}（无法读取）", f"{path.en} ({broken})")
        allowed = Words("本系统生成的密钥文件", "a key file that ReliefDesk wrote")
        raise SettingInvalid("RELIEF_KEY_FILE", found, allowed) from broken
    if not opens_all(keys, samples):
        raise _wrong_keys(Words(f"{path.zh}（是另一个安装的密钥）", f"{path.en} (keys of another installation)"))
    return keys


def _wrong_keys(found: Words) -> SettingInvalid:
    allowed = Words(
        "此数据库的密钥文件；没有它就读不出已登记的个人信息，请从备份中取回",
        "the key file of this database; without it what is entered cannot be read, so bring it back from a backup",
    )
    return SettingInvalid("RELIEF_KEY_FILE", found, allowed)


def _watch(settings: Settings, database: Database, now: Callable[[], datetime], traces: Tracing) -> Watch:
    own = settings.database_url is None
    readiness = Readiness(
        url=database.url,
        key_file=settings.keys_at,
        embedded_folder=settings.data_folder / "postgresql" if own else None,
    )
    sources = Sources(
        missing=readiness.missing,
        figures=SqlFigures(url=database.url, now=now).count,
        pool=lambda: pool_state(database),
    )
    if traces.on:
        surround_statements(database, lambda statement: traces.span(_statement_span(statement)))
    return Watch.over(sources, tracing=traces, token=settings.metrics_token)


def _statement_span(statement: str) -> Beginning:
    attributes = {"db.system.name": "postgresql", "db.query.text": statement[:LONGEST_STATEMENT]}
    return Beginning(name=f"SQL {statement.split(maxsplit=1)[0]}", kind="client", attributes=attributes)


def _outside(settings: Settings, agencies: HttpConnector, gateway: HttpConnector, insurer: HttpConnector) -> Connectors:
    return Connectors(
        agencies=ChannelledAgencies(agencies),
        gateway=HttpMessageGateway(gateway),
        insurer=HttpInsurer(insurer),
        mail=settings.mail,
        pages=settings.public_url,
    )


def _require_current_tables(database: Database, settings: Settings) -> None:
    if settings.database_url is None:
        migrate(database)
        return
    pending = pending_migrations(database)
    if pending:
        raise MigrationsPending(
            f"数据库缺少 {len(pending)} 个结构版本({'、'.join(reversed(pending))})。请先运行 relief migrate。\n"
            f"The database lacks migrations ({len(pending)}). Run `relief migrate` first."
        )

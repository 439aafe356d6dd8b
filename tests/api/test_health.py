"""What the house says of itself to whoever runs it: alive, ready, and if not, what is missing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import httpx
import psutil
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from api.bootstrap import open_house
from api.services import Services
from api.settings import Settings
from api.watching.metrics import Metrics
from api.watching.patience import Patience
from api.watching.tower import MISSING, Tower
from storage.database import connect, pending_migrations


def tower(missing: list[str]) -> FlaskClient:
    app = Flask("tower")
    app.wsgi_app = Tower(Metrics(), missing=lambda: missing, token=None)  # type: ignore[assignment]
    return app.test_client()


def test_a_living_process_says_so_without_the_database() -> None:
    def unreachable() -> list[str]:
        raise AssertionError("asked")

    app = Flask("tower")
    app.wsgi_app = Tower(Metrics(), missing=unreachable, token=None)  # type: ignore[assignment]
    answer = app.test_client().get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_a_house_with_everything_is_ready_for_anybody(anonymous: FlaskClient) -> None:
    answer = anonymous.get("/readyz")

    assert (answer.status_code, answer.text) == (200, "ready\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_database_without_tables_makes_the_house_unready(services: Services, app: Flask) -> None:
    database = connect(str(services.settings.database_url))
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001_engine'"))
    database.dispose()
    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert "tables: 数据库结构不是本版本的。" in answer.text
    assert "Run relief migrate." in answer.text


def test_a_database_of_a_later_version_serves_this_one_too(services: Services, app: Flask) -> None:
    database = connect(str(services.settings.database_url))
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))

    assert pending_migrations(database) == []
    database.dispose()
    assert app.test_client().get("/readyz").status_code == 200


def test_a_database_that_went_away_makes_the_house_unready_but_not_dead(services: Services, app: Flask) -> None:
    url = create_engine(str(services.settings.database_url)).url
    maintenance = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with maintenance.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS false'))
    maintenance.dispose()
    client = app.test_client()
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.text.startswith("尚未就绪 not ready\ndatabase: 数据库没有回答。")
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("damage", ["away", "broken"])
def test_lost_keys_make_the_house_unready(services: Services, app: Flask, damage: str) -> None:
    keys = services.settings.data_folder / "keys.json"
    if damage == "away":
        keys.unlink()
    else:
        keys.write_text("{}")
    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert "keys: 个人信息密钥文件无法读取。" in answer.text


def test_every_missing_thing_is_named_in_both_languages() -> None:
    answer = tower(list(MISSING)).get("/readyz")

    assert answer.status_code == 503
    assert all(zh in answer.text and en in answer.text for zh, en in MISSING.values())


def test_only_reading_is_answered_and_a_port_of_its_own_has_nothing_else() -> None:
    client = tower([])

    assert client.post("/healthz").status_code == 405
    assert client.get("/cases").status_code == 404
    assert client.head("/readyz").status_code == 200


def test_however_many_ask_a_hanging_database_one_thread_waits_for_it() -> None:
    hang = Event()
    before = threading.active_count()
    question: Patience[bool] = Patience(hang.wait, patience=2, keep=lambda _last: 0)
    for _ in range(200):  # the first waits for two seconds; waiting as long each, the others would meet the time limit
        with pytest.raises(TimeoutError):
            question.answer()

    assert threading.active_count() == before + 1
    hang.set()
    while threading.active_count() > before:
        hang.wait(0.01)
    assert question.last is not None
    assert question.last.value


def test_an_answer_is_kept_for_a_while_and_a_failed_question_is_asked_again() -> None:
    answers: list[int | Exception] = [ValueError("no"), 1, 2]

    def ask() -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    question = Patience(ask, patience=5, keep=lambda _last: 3600)
    with pytest.raises(ValueError, match="no"):
        question.answer()
    assert [question.answer().value, question.answer().value] == [1, 1]
    assert answers == [2]


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A worker as a process of its own on an embedded database, and where it tells how it is."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RELIEF_")}
    environment |= {"RELIEF_DATA_FOLDER": str(tmp_path / "data"), "PYTHONUNBUFFERED": "1"}
    tmp_path.chmod(0o755)
    subprocess.run([sys.executable, "-m", "api", "migrate"], env=environment, check=True, capture_output=True)
    with subprocess.Popen(
        [sys.executable, "-m", "api", "work", "--health-port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.stdout.readline().split()[-1].removesuffix("/healthz"), tmp_path / "data"
        process.send_signal(signal.SIGTERM)


def test_a_worker_tells_how_it_is_and_a_frozen_database_is_answered_in_time(worker: tuple[str, Path]) -> None:
    url, folder = worker
    postmaster = int((folder / "postgresql" / "postmaster.pid").read_text().partition("\n")[0])
    server = psutil.Process(postmaster)
    with httpx.Client(base_url=url, timeout=30) as client:
        assert client.get("/healthz").text == "ok\n"
        assert client.get("/readyz").text == "ready\n"
        assert "relief_commands_total" in client.get("/metrics").text
        frozen = [server, *server.children()]
        for process in frozen:
            process.suspend()
        try:
            began = monotonic()
            while (answer := client.get("/readyz")).status_code == 200:  # the last answer is good for a second
                assert monotonic() - began < 20
            alive = client.get("/healthz")
        finally:
            for process in frozen:
                process.resume()

        assert answer.status_code == 503
        assert "database: " in answer.text
        assert alive.status_code == 200
        while client.get("/readyz").status_code != 200:
            assert monotonic() - began < 60


def test_a_house_of_its_own_database_misses_it_when_its_server_is_gone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    settings = Settings(database_url=None, data_folder=tmp_path / "data", secret_key="s" * 64)
    with open_house(settings) as house:
        app = Flask("tower")
        app.wsgi_app = house.services.watch.tower  # type: ignore[assignment]
        postmaster = int((settings.data_folder / "postgresql" / "postmaster.pid").read_text().partition("\n")[0])
        server = psutil.Process(postmaster)
        house.database.dispose()
        server.send_signal(signal.SIGINT)
        server.wait(30)
        answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert "embedded-database: 数据目录中的数据库没有运行。" in answer.text
    assert "database: 数据库没有回答。" in answer.text

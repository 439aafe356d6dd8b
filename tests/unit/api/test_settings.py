"""Settings: a wrong one is named with what it holds and what it may hold, before anything is made or opened."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli import main
from api.clock import FileClock
from api.setting_values import SettingInvalid
from api.settings import Settings

SECRET_SHOWN = "hunter2"

WRONG = [
    ("RELIEF_DATABASE_URL", f"mysql://me:{SECRET_SHOWN}@host/x"),
    ("RELIEF_DATABASE_URL", f"postgresql://me:{SECRET_SHOWN}@host:many/x"),
    ("RELIEF_DATABASE_URL", SECRET_SHOWN),
    ("RELIEF_DATA_FOLDER", "a-file"),
    ("RELIEF_DATA_FOLDER", "a-file/below"),
    ("RELIEF_SECRET_KEY", SECRET_SHOWN),
    ("RELIEF_KEY_FILE", "a-folder"),
    ("RELIEF_KEY_FILE", "a-file/keys.json"),
    ("RELIEF_HTTPS", "maybe"),
    ("RELIEF_TRUSTED_PROXIES", "-1"),
    ("RELIEF_TRUSTED_PROXIES", "11"),
    ("RELIEF_TRUSTED_PROXIES", "²"),
    ("RELIEF_COUNTY", "a\tb"),
    ("RELIEF_COUNTY", "县" * 61),
    ("RELIEF_REGION", "Liyang"),
    ("RELIEF_REGION", "1"),
    ("RELIEF_AGENCIES_URL", "agencies.example"),
    ("RELIEF_GATEWAY_URL", "ftp://gateway"),
    ("RELIEF_INSURER_URL", "http://"),
    ("RELIEF_PUBLIC_URL", "https://relief example"),
    ("RELIEF_MAIL_SERVER", "mail.example"),
    ("RELIEF_MAIL_SERVER", "mail.example:65536"),
    ("RELIEF_MAIL_SERVER", "mail example:25"),
    ("RELIEF_MAIL_SERVER", ":25"),
    ("RELIEF_LOG_FORMAT", "xml"),
    ("RELIEF_METRICS_TOKEN", SECRET_SHOWN),
    ("RELIEF_TEST_CLOCK", "nowhere"),
    ("RELIEF_TEST_CLOCK", "a-folder"),
    ("RELIEF_TEST_CLOCK", "a-file"),
    ("RELIEF_TEST_CLOCK", "without-zone"),
    ("RELIEF_TEST_CLOCK", "three-instants"),
    ("RELIEF_TEST_CLOCK", "no-text"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a-file").write_text("soon", encoding="utf-8")
    (tmp_path / "without-zone").write_text("2026-07-01T08:00:00", encoding="utf-8")
    (tmp_path / "three-instants").write_text(" ".join(["2026-07-01T08:00:00+08:00"] * 3), encoding="utf-8")
    (tmp_path / "no-text").write_bytes(b"\xff\xfe")
    (tmp_path / "a-folder").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("name", "word"), WRONG)
def test_a_wrong_setting_is_named_in_both_languages_and_nothing_is_made(folder: Path, name: str, word: str) -> None:
    before = sorted(folder.rglob("*"))
    with pytest.raises(SettingInvalid) as refused:
        Settings.from_environment({name: word})
    chinese, english = str(refused.value).split("\n")
    assert (name in chinese, name in english) == (True, True)
    assert "应为" in chinese
    assert "may hold" in english
    assert SECRET_SHOWN not in str(refused.value)
    assert sorted(folder.rglob("*")) == before


def test_all_wrong_settings_are_told_at_once(folder: Path) -> None:
    wrong = {"RELIEF_HTTPS": "perhaps", "RELIEF_DATABASE_URL": SECRET_SHOWN, "RELIEF_LOG_FORMAT": "xml"}
    told = CliRunner().invoke(main, ["work"], env=wrong)
    assert told.exit_code == 2
    assert [name for name in wrong if told.output.count(name) != 2] == []
    assert SECRET_SHOWN not in told.output


@pytest.mark.parametrize("command", [["instances", "list"], ["migrate"], ["bench"], ["work"], ["deploy", "a.bpmn"]])
def test_a_wrong_setting_is_wrong_usage_on_the_command_line(folder: Path, command: list[str]) -> None:
    (folder / "a.bpmn").touch()
    done = CliRunner().invoke(main, command, env={"RELIEF_HTTPS": "maybe", "RELIEF_DATA_FOLDER": str(folder)})
    assert (done.exit_code, "RELIEF_HTTPS" in done.output) == (2, True)
    assert isinstance(done.exception, SystemExit)


def test_an_address_that_the_driver_cannot_read_is_a_wrong_setting(folder: Path) -> None:
    environment = {"RELIEF_DATABASE_URL": f"postgresql://me:{SECRET_SHOWN}@127.0.0.1:9/x?colour=red"}
    done = CliRunner().invoke(main, ["migrate"], env=environment)
    assert (done.exit_code, "RELIEF_DATABASE_URL" in done.output, "colour" in done.output) == (2, True, True)
    assert SECRET_SHOWN not in done.output


def test_a_database_that_is_away_is_said_in_both_languages(folder: Path) -> None:
    done = CliRunner().invoke(main, ["migrate"], env={"RELIEF_DATABASE_URL": "postgresql://x@127.0.0.1:9/x"})
    assert (done.exit_code, done.output.count("RELIEF_DATABASE_URL")) == (1, 2)


def test_a_clock_runs_on_from_the_instant_somebody_wrote_into_its_file(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    path.write_text("2026-07-01T08:00:00+08:00\n", encoding="ascii")
    an_hour_ago = datetime.now(UTC).timestamp() - 3600
    os.utime(path, (an_hour_ago, an_hour_ago))
    shown = Settings.read({"RELIEF_TEST_CLOCK": str(path)}).test_clock
    assert shown is not None
    passed = FileClock(shown)() - datetime(2026, 7, 1, 0, tzinfo=UTC)
    assert timedelta(minutes=60) <= passed < timedelta(minutes=70)


READING = [
    ["instances", "list"],
    ["incidents", "list"],
    ["incidents", "firings"],
    ["batches", "list"],
    ["history", "policy"],
    ["history", "prune", "--dry-run"],
    ["units", "list"],
    ["accounts", "list"],
    ["migrate-instances", "plan", "--process", "P", "--from", "1", "--to", "2"],
]


@pytest.mark.parametrize("command", READING)
def test_who_only_reads_founds_no_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    for environment in ({}, {"RELIEF_DATABASE_URL": "postgresql://x@127.0.0.1:9/x"}):
        done = CliRunner().invoke(main, command, env=environment)
        assert done.exit_code == 1
        assert isinstance(done.exception, SystemExit)
        assert "未创建任何内容" in done.output
        assert "nothing was made" in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_worker_founds_no_house_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["work"])
    assert (done.exit_code, "nothing was made" in done.output) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_a_wrong_setting_for_root_too() -> None:
    with pytest.raises(SettingInvalid, match="RELIEF_DATA_FOLDER"):
        Settings.from_environment({"RELIEF_DATA_FOLDER": "/proc/relief"})


def test_a_folder_without_resources_is_no_deployment(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    done = CliRunner().invoke(main, ["deploy", str(tmp_path)])
    assert (done.exit_code, "nothing was deployed" in done.output) == (2, True)


MAIL = {"RELIEF_MAIL_SERVER": "mail.example.gov.cn:587", "RELIEF_MAIL_FROM": "relief@example.gov.cn"}


def test_a_mail_server_is_spoken_to_over_tls_unless_told_otherwise() -> None:
    found = Settings.read({**MAIL, "RELIEF_MAIL_USER": "relief", "RELIEF_MAIL_PASSWORD": SECRET_SHOWN}).mail
    assert found is not None
    assert (found.host, found.port, found.security, found.user) == ("mail.example.gov.cn", 587, "starttls", "relief")
    assert found.password == SECRET_SHOWN
    assert SECRET_SHOWN not in repr(found)
    sixth = Settings.read({**MAIL, "RELIEF_MAIL_SERVER": "[::1]:25", "RELIEF_MAIL_SECURITY": "none"}).mail
    assert sixth is not None
    assert (sixth.host, sixth.port, sixth.security) == ("::1", 25, "none")
    assert Settings.read({}).mail is None


@pytest.mark.parametrize(
    ("named", "wrong"),
    [
        ("RELIEF_MAIL_FROM", {"RELIEF_MAIL_FROM": ""}),
        ("RELIEF_MAIL_FROM", {"RELIEF_MAIL_FROM": "relief"}),
        ("RELIEF_MAIL_SECURITY", {"RELIEF_MAIL_SECURITY": "ssl"}),
        ("RELIEF_MAIL_SECURITY", {"RELIEF_MAIL_SECURITY": "none", "RELIEF_MAIL_USER": "relief"}),
        ("RELIEF_MAIL_USER", {"RELIEF_MAIL_USER": "救助"}),
        ("RELIEF_MAIL_PASSWORD", {"RELIEF_MAIL_PASSWORD": f"{SECRET_SHOWN}\n"}),
        ("RELIEF_MAIL_PASSWORD", {"RELIEF_MAIL_PASSWORD": f"{SECRET_SHOWN}密"}),
    ],
)
def test_a_mail_server_that_cannot_be_used_is_named(named: str, wrong: dict[str, str]) -> None:
    with pytest.raises(SettingInvalid, match=named) as refused:
        Settings.read(MAIL | wrong)
    assert SECRET_SHOWN not in str(refused.value)

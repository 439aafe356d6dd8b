"""What two installations may differ in; read once from the environment, typed, and listed in the docs."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from workflows.casework.county import COUNTY_NAME, COUNTY_REGION

SECRET_BYTES = 32
CONNECTORS_URL = "http://127.0.0.1:8090"  # `relief agencies` listens there
FALSE_WORDS = frozenset({"", "0", "no", "false", "off"})
LOG_FORMATS = ("text", "json")
SHORTEST_TOKEN = 16
TRUE_WORDS = frozenset({"1", "yes", "true", "on"})


class SettingInvalid(ValueError):
    """A setting cannot be read; the message names the variable and what it may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One installation.

    Without a database URL a PostgreSQL of our own lives in the data folder.
    """

    database_url: str | None
    data_folder: Path
    secret_key: str = field(repr=False)
    https: bool = False  # cookies are sent over https alone
    trusted_proxies: int = 0  # reverse proxies in front whose X-Forwarded headers are believed
    county: str = COUNTY_NAME
    region: str = COUNTY_REGION
    test_clock: Path | None = None  # a file with an instant: the clock runs from there
    key_file: Path | None = None  # the keys of personal facts; without it they stand in the data folder
    agencies_url: str = CONNECTORS_URL  # where the agencies' exchange is reached
    gateway_url: str = CONNECTORS_URL  # where text messages are sent
    insurer_url: str = CONNECTORS_URL  # where the medical insurance is told of a status
    public_url: str | None = None  # where households reach the pages; it stands on papers
    log_format: str = "text"  # or "json": one object a line
    metrics_token: str | None = field(default=None, repr=False)  # asked of everybody; without it metrics are local

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings, and make the data folder and its secret key when they are missing.

        Raises:
            SettingInvalid: a variable holds what it may not.
        """
        found = os.environ if environment is None else environment
        folder = Path(found.get("RELIEF_DATA_FOLDER") or "relief-data").resolve()
        clock = found.get("RELIEF_TEST_CLOCK")
        key_file = found.get("RELIEF_KEY_FILE")
        return cls(
            database_url=found.get("RELIEF_DATABASE_URL") or None,
            data_folder=folder,
            secret_key=found.get("RELIEF_SECRET_KEY") or kept_secret(folder),
            https=_flag(found, "RELIEF_HTTPS"),
            trusted_proxies=_count(found, "RELIEF_TRUSTED_PROXIES"),
            county=found.get("RELIEF_COUNTY") or COUNTY_NAME,
            region=found.get("RELIEF_REGION") or COUNTY_REGION,
            test_clock=Path(clock) if clock else None,
            key_file=Path(key_file) if key_file else None,
            agencies_url=found.get("RELIEF_AGENCIES_URL") or CONNECTORS_URL,
            gateway_url=found.get("RELIEF_GATEWAY_URL") or CONNECTORS_URL,
            insurer_url=found.get("RELIEF_INSURER_URL") or CONNECTORS_URL,
            public_url=found.get("RELIEF_PUBLIC_URL") or None,
            log_format=_word(found, "RELIEF_LOG_FORMAT", LOG_FORMATS),
            metrics_token=_token(found, "RELIEF_METRICS_TOKEN"),
        )


def kept_secret(folder: Path) -> str:
    """Return the secret of a data folder, made at the first call; it signs sessions, so it must stay the same."""
    path = folder / "secret-key"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        mine = folder / f"secret-key.{os.getpid()}"
        with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as target:
            target.write(secrets.token_hex(SECRET_BYTES))
        with suppress(FileExistsError):  # another process was first: its secret counts
            path.hardlink_to(mine)
        mine.unlink()
    return path.read_text(encoding="ascii").strip()


def _flag(found: Mapping[str, str], name: str) -> bool:
    word = found.get(name, "").strip().lower()
    if word in FALSE_WORDS:
        return False
    if word in TRUE_WORDS:
        return True
    raise SettingInvalid(f"{name} holds {word!r}; write 1 or 0")


def _count(found: Mapping[str, str], name: str) -> int:
    word = found.get(name, "").strip() or "0"
    if not word.isdigit() or int(word) > 10:
        raise SettingInvalid(f"{name} holds {word!r}; write a number from 0 to 10")
    return int(word)


def _word(found: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    """Return one of some words; the first where none is given."""
    word = found.get(name, "").strip().lower() or words[0]
    if word not in words:
        raise SettingInvalid(f"{name} holds {word!r}; write {' or '.join(words)}")
    return word


def _token(found: Mapping[str, str], name: str) -> str | None:
    token = found.get(name, "").strip()
    if not token:
        return None
    if len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise SettingInvalid(f"{name} needs at least {SHORTEST_TOKEN} letters, digits and signs without a space")
    return token

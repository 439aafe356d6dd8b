"""What two installations may differ in; read once from the environment, typed, and listed in the docs."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from api import setting_values
from api.setting_values import SettingInvalid, SettingsInvalid
from engine.core.texts import Words
from workflows.casework.county import COUNTY_NAME, COUNTY_REGION
from workflows.connectors.mail import Security, SmtpServer

SECRET_BYTES = 32
CONNECTORS_URL = "http://127.0.0.1:8090"  # `relief agencies` listens there
LOG_FORMATS = ("text", "json")
MAIL_SECURITY = ("starttls", "tls", "none")


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
    mail: SmtpServer | None = None  # who takes mail to staff; None: they are told nothing by mail
    log_format: str = "text"  # or "json": one object a line
    metrics_token: str | None = field(default=None, repr=False)  # asked of everybody; without it metrics are local

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings, and make the data folder and its secret key when they are missing.

        Raises:
            SettingsInvalid: variables hold what they may not; SettingInvalid, where it is one.
        """
        settings = cls.read(environment)
        if settings.secret_key:
            return settings
        try:
            return replace(settings, secret_key=kept_secret(settings.data_folder))
        except OSError as error:
            raise setting_values.not_writable("RELIEF_DATA_FOLDER", settings.data_folder) from error

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings and make nothing: the secret key is empty where none is given.

        Raises:
            SettingsInvalid: variables hold what they may not; SettingInvalid, where it is one.
        """
        found = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        faults = []
        for name, read in _READERS.items():
            try:
                values[name] = read(found)
            except SettingInvalid as fault:
                faults.append(fault)
        if faults:
            raise faults[0] if len(faults) == 1 else SettingsInvalid("\n".join(map(str, faults)))
        return cls(**values)

    @property
    def keys_at(self) -> Path:
        """Return where the keys of personal facts stand."""
        return self.key_file or self.data_folder / "keys.json"


def mail_settings(found: Mapping[str, str]) -> SmtpServer | None:
    """Return the mail server; None where none is named.

    Raises:
        SettingInvalid: a variable holds what it may not, or a password would go over an open line.
    """
    server = setting_values.mail_server(found, "RELIEF_MAIL_SERVER")
    if server is None:
        return None
    host, port = server
    security = setting_values.one_of(found, "RELIEF_MAIL_SECURITY", MAIL_SECURITY)
    user = setting_values.user(found, "RELIEF_MAIL_USER")
    if user and security == "none":
        raise SettingInvalid(
            "RELIEF_MAIL_SECURITY",
            setting_values.shown(security),
            Words(
                " starttls 或 tls：设置了用户名，密码不能明文传送", "starttls or tls: with a user a password is sent"
            ),
        )
    return SmtpServer(
        host=host,
        port=port,
        security=cast("Security", security),
        sender=setting_values.mailbox(found, "RELIEF_MAIL_FROM"),
        user=user,
        password=setting_values.password(found, "RELIEF_MAIL_PASSWORD"),
    )


_READERS: dict[str, Callable[[Mapping[str, str]], object]] = {
    "database_url": lambda found: setting_values.database(found, "RELIEF_DATABASE_URL"),
    "data_folder": lambda found: setting_values.folder(found, "RELIEF_DATA_FOLDER", "relief-data"),
    "secret_key": lambda found: setting_values.secret(found, "RELIEF_SECRET_KEY") or "",
    "https": lambda found: setting_values.flag(found, "RELIEF_HTTPS"),
    "trusted_proxies": lambda found: setting_values.count(found, "RELIEF_TRUSTED_PROXIES"),
    "county": lambda found: setting_values.name_of(found, "RELIEF_COUNTY", COUNTY_NAME),
    "region": lambda found: setting_values.region(found, "RELIEF_REGION", COUNTY_REGION),
    "test_clock": lambda found: setting_values.clock_file(found, "RELIEF_TEST_CLOCK"),
    "key_file": lambda found: setting_values.file(found, "RELIEF_KEY_FILE"),
    "agencies_url": lambda found: setting_values.web_address(found, "RELIEF_AGENCIES_URL") or CONNECTORS_URL,
    "gateway_url": lambda found: setting_values.web_address(found, "RELIEF_GATEWAY_URL") or CONNECTORS_URL,
    "insurer_url": lambda found: setting_values.web_address(found, "RELIEF_INSURER_URL") or CONNECTORS_URL,
    "public_url": lambda found: setting_values.web_address(found, "RELIEF_PUBLIC_URL"),
    "mail": mail_settings,
    "log_format": lambda found: setting_values.one_of(found, "RELIEF_LOG_FORMAT", LOG_FORMATS),
    "metrics_token": lambda found: setting_values.secret(found, "RELIEF_METRICS_TOKEN"),
}


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

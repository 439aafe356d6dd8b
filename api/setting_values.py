"""Reads one setting each: what it may hold is checked before anything is opened with it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from api.clock import ClockUnreadable, FileClock
from engine.core.texts import Words
from workflows.casework.mail.model import is_address

FALSE_WORDS = frozenset({"", "0", "no", "false", "off"})
TRUE_WORDS = frozenset({"1", "yes", "true", "on"})
SHORTEST_SECRET = 16
LONGEST_NAME = 60
MOST_PROXIES = 10
_REGION = re.compile(r"\d{2,12}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]")
_DATABASES = ("postgresql", "postgres", "postgresql+psycopg")

Found = Mapping[str, str]


class SettingsInvalid(ValueError):
    """Settings cannot be used; the message tells of every wrong one, so that all are mended in one go."""


class SettingInvalid(SettingsInvalid):
    """A setting cannot be used; the message names the variable, what it holds and what it may hold."""

    def __init__(self, name: str, found: Words, allowed: Words) -> None:
        self.name = name
        super().__init__(
            f"设置 {name} 无法使用：现为{found.zh}；应为{allowed.zh}。\n"
            f"The setting {name} cannot be used: it holds {found.en}; it may hold {allowed.en}."
        )


def flag(found: Found, name: str) -> bool:
    """Return a yes or no; no where nothing is given."""
    word = found.get(name, "").strip().lower()
    if word in FALSE_WORDS:
        return False
    if word in TRUE_WORDS:
        return True
    raise SettingInvalid(name, shown(word), Words(" 1 或 0", "1 or 0"))


def count(found: Found, name: str) -> int:
    """Return a small number; 0 where nothing is given."""
    word = found.get(name, "").strip() or "0"
    if not (word.isascii() and word.isdigit() and int(word) <= MOST_PROXIES):
        allowed = Words(f" 0–{MOST_PROXIES} 的整数", f"a whole number from 0 to {MOST_PROXIES}")
        raise SettingInvalid(name, shown(word), allowed)
    return int(word)


def one_of(found: Found, name: str, words: tuple[str, ...]) -> str:
    """Return one of some words; the first where none is given."""
    word = found.get(name, "").strip().lower() or words[0]
    if word not in words:
        raise SettingInvalid(name, shown(word), Words(" " + " 或 ".join(words), " or ".join(words)))
    return word


def secret(found: Found, name: str) -> str | None:
    """Return a secret that is never shown; None where none is given."""
    word = found.get(name, "").strip()
    if not word:
        return None
    if len(word) < SHORTEST_SECRET or not word.isascii() or not word.isprintable() or " " in word:
        hidden = Words(f" {len(word)} 个字符（内容不显示）", f"{len(word)} characters (not shown)")
        allowed = Words(
            f"至少 {SHORTEST_SECRET} 个字母、数字或符号，不含空格",
            f"at least {SHORTEST_SECRET} letters, digits and signs without a space",
        )
        raise SettingInvalid(name, hidden, allowed)
    return word


def mail_server(found: Found, name: str) -> tuple[str, int] | None:
    """Return host and port of a mail server; None where none is given."""
    word = found.get(name, "").strip()
    if not word:
        return None
    host, _colon, port = word.rpartition(":")
    if not (_HOST.fullmatch(host) and port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        allowed = Words("“主机:端口”，例如 mail.example.gov.cn:587", "host:port like mail.example.gov.cn:587")
        raise SettingInvalid(name, shown(word), allowed)
    return host.strip("[]"), int(port)


def mailbox(found: Found, name: str) -> str:
    """Return the address mail comes from.

    Raises:
        SettingInvalid: there is none, or it is no address.
    """
    word = found.get(name, "").strip()
    if not is_address(word):
        allowed = Words("邮箱地址，例如 relief@example.gov.cn", "a mail address like relief@example.gov.cn")
        raise SettingInvalid(name, shown(word), allowed)
    return word


def user(found: Found, name: str) -> str:
    """Return as whom another system is spoken to; empty where none is given.

    Raises:
        SettingInvalid: the other system cannot be told it.
    """
    word = found.get(name, "").strip()
    if not (word.isascii() and word.isprintable()):
        raise SettingInvalid(name, shown(word), ASCII)
    return word


def password(found: Found, name: str) -> str:
    """Return a password as another system gave it, never shown; empty where none is given.

    Raises:
        SettingInvalid: the other system cannot be told it.
    """
    word = found.get(name, "")
    if not (word.isascii() and word.isprintable()):
        raise SettingInvalid(name, UNSHOWN, ASCII)
    return word


def name_of(found: Found, name: str, otherwise: str) -> str:
    """Return what a place is called."""
    word = found.get(name, "").strip() or otherwise
    if len(word) > LONGEST_NAME or not word.isprintable():
        raise SettingInvalid(name, shown(word), Words(f" 1–{LONGEST_NAME} 个字", f"1 to {LONGEST_NAME} characters"))
    return word


def region(found: Found, name: str, otherwise: str) -> str:
    """Return a division code."""
    word = found.get(name, "").strip() or otherwise
    if not (word.isascii() and _REGION.fullmatch(word)):
        raise SettingInvalid(
            name,
            shown(word),
            Words(" 2–12 位数字的区划代码，例如 320481", "a division code of 2 to 12 digits like 320481"),
        )
    return word


def web_address(found: Found, name: str) -> str | None:
    """Return where something is reached by http; None where nothing is given."""
    word = found.get(name, "").strip()
    if not word:
        return None
    if not _is_web_address(word):
        allowed = Words(
            " http:// 或 https:// 开头的地址，例如 https://relief.example.gov.cn",
            "an address that begins with http:// or https:// like https://relief.example.gov.cn",
        )
        raise SettingInvalid(name, shown(word), allowed)
    return word


def database(found: Found, name: str) -> str | None:
    """Return the URL of a PostgreSQL; None where none is given. It is never shown: it may hold a password."""
    word = found.get(name, "").strip()
    if not word:
        return None
    try:
        parts = urlsplit(word)
        is_right = parts.scheme in _DATABASES and "://" in word and (parts.port is None or parts.port > 0)
    except ValueError:
        is_right = False
    if not is_right:
        raise SettingInvalid(name, UNSHOWN, DATABASE)
    return word


def folder(found: Found, name: str, otherwise: str) -> Path:
    """Return a folder that is there or can be made."""
    path = Path(found.get(name) or otherwise).absolute()
    nearest = _nearest(path)
    if not nearest.is_dir():
        raise SettingInvalid(name, shown(str(path)), Words("目录（该路径是文件）", "a folder (this is a file)"))
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise not_writable(name, path)
    return path.resolve()


def not_writable(name: str, path: Path) -> SettingInvalid:
    """Return what is said of a folder in which nothing can be made."""
    return SettingInvalid(name, shown(str(path)), Words("可写的目录", "a folder that can be written to"))


def file(found: Found, name: str) -> Path | None:
    """Return a file that is there or can be made; None where none is given."""
    given = found.get(name)
    if not given:
        return None
    path = Path(given)
    if path.is_dir() or not _nearest(path.absolute().parent).is_dir():
        raise SettingInvalid(name, shown(given), Words("文件的路径", "the path of a file"))
    return path


def clock_file(found: Found, name: str) -> Path | None:
    """Return a file that a clock can be read from; None where none is given."""
    given = found.get(name)
    if not given:
        return None
    path = Path(given)
    try:
        FileClock(path)()
    except ClockUnreadable as unreadable:
        said = shown(given)
        told = Words(f"{said.zh}（{unreadable.found.zh}）", f"{said.en} ({unreadable.found.en})")
        allowed = Words(
            "文件，内容为一个带时区的时刻，例如 2026-07-01T08:00:00+08:00",
            "a file with an instant and its time zone like 2026-07-01T08:00:00+08:00",
        )
        raise SettingInvalid(name, told, allowed) from unreadable
    return path


def shown(word: str) -> Words:
    """Return what a setting holds, to stand in a message."""
    short = word if len(word) <= LONGEST_NAME else f"{word[:LONGEST_NAME]}…"
    return Words(f"“{short}”", repr(short))


UNSHOWN = Words("其他内容（可能含密码，不显示）", "something else (not shown, it may hold a password)")
ASCII = Words("英文字母、数字和英文符号", "ASCII letters, digits and signs")
DATABASE = Words(
    " PostgreSQL 地址，例如 postgresql://用户:密码@主机:5432/数据库",
    "the address of a PostgreSQL like postgresql://user:password@host:5432/database",
)


def _nearest(path: Path) -> Path:
    """Return the path, or the first above it that exists."""
    return next(one for one in (path, *path.parents) if one.exists())


def _is_web_address(word: str) -> bool:
    try:
        parts = urlsplit(word)
        is_reachable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_reachable and word.isprintable() and " " not in word

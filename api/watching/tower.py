"""`/healthz`, `/readyz` and `/metrics`: plain WSGI before everything else, without sessions, pages or the pool."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST

from api.watching.metrics import Metrics
from api.watching.patience import Answered, Patience

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

READY_PATIENCE = 5  # seconds
READY_KEPT = 1
TEXT = "text/plain; charset=utf-8"

MISSING = {
    "embedded-database": (
        "数据目录中的数据库没有运行。请重启 relief serve 或 relief work，它会将其恢复。",
        "The database in the data folder does not run. Restart relief serve or relief work, which recover it.",
    ),
    "database": (
        "数据库没有回答。请检查数据库服务器、网络和 RELIEF_DATABASE_URL。",
        "The database does not answer. Check its server, the network and RELIEF_DATABASE_URL.",
    ),
    "tables": (
        "数据库结构不是本版本的。请运行 relief migrate。",
        "The tables are not at this version. Run relief migrate.",
    ),
    "keys": (
        "个人信息密钥文件无法读取。请检查 RELIEF_KEY_FILE，或从备份恢复该文件。",
        "The key file of personal facts cannot be read. Check RELIEF_KEY_FILE, or restore the file from its backup.",
    ),
}
_WHERE = (
    "指标只提供给本机，或持有 RELIEF_METRICS_TOKEN 令牌者（Authorization: Bearer …）。\n"
    "Metrics are for this machine, or for who holds the token RELIEF_METRICS_TOKEN (Authorization: Bearer ...).\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: HTTPStatus
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", TEXT),)


class Tower:
    """Answers three addresses; as an application of its own, nothing else is there."""

    def __init__(self, metrics: Metrics, *, missing: Callable[[], list[str]], token: str | None) -> None:
        self._metrics = metrics
        self._token = token
        self._missing: Patience[list[str]] = Patience(missing, patience=READY_PATIENCE, keep=_kept)
        self._answers: dict[str, Callable[[WSGIEnvironment], _Answer]] = {
            "/healthz": lambda _environ: _plain(HTTPStatus.OK, "ok\n"),
            "/readyz": lambda _environ: self._ready(),
            "/metrics": self._measured,
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request at a port of its own."""
        answer = self._answers.get(environ.get("PATH_INFO", ""), _nowhere)
        return _respond(answer, environ, start_response)

    def before(self, app: WSGIApplication) -> WSGIApplication:
        """Return an application that answers these addresses and leaves every other to `app`."""

        def either(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            answer = self._answers.get(environ.get("PATH_INFO", ""))
            if answer is None:
                return app(environ, start_response)
            return _respond(answer, environ, start_response)

        return either

    def _ready(self) -> _Answer:
        try:
            missing = self._missing.answer().value
        except TimeoutError:
            missing = ["database"]  # the only thing asked that can hang
        if not missing:
            return _plain(HTTPStatus.OK, "ready\n")
        lines = [f"{code}: {MISSING[code][0]} {MISSING[code][1]}\n" for code in missing]
        return _plain(HTTPStatus.SERVICE_UNAVAILABLE, "尚未就绪 not ready\n" + "".join(lines))

    def _measured(self, environ: WSGIEnvironment) -> _Answer:
        if self._token is None:
            if not _is_local(environ.get("REMOTE_ADDR", "")):
                return _plain(HTTPStatus.FORBIDDEN, _WHERE)
        elif not hmac.compare_digest(_bearer(environ), self._token.encode()):
            headers = (("Content-Type", TEXT), ("WWW-Authenticate", 'Bearer realm="reliefdesk metrics"'))
            return _Answer(status=HTTPStatus.UNAUTHORIZED, body=_WHERE.encode(), headers=headers)
        content_type = ("Content-Type", CONTENT_TYPE_LATEST)
        return _Answer(status=HTTPStatus.OK, body=self._metrics.text(), headers=(content_type,))


def _respond(
    answer: Callable[[WSGIEnvironment], _Answer], environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    method = environ.get("REQUEST_METHOD", "GET")
    if method in ("GET", "HEAD"):
        found = answer(environ)
    else:
        found = _plain(HTTPStatus.METHOD_NOT_ALLOWED, "只支持 GET。 Only GET is answered.\n")
    length = ("Content-Length", str(len(found.body)))
    private = ("Cache-Control", "no-store")
    start_response(f"{found.status.value} {found.status.phrase}", [*found.headers, length, private])
    return [b"" if method == "HEAD" else found.body]


def _plain(status: HTTPStatus, text: str) -> _Answer:
    return _Answer(status=status, body=text.encode())


def _nowhere(_environ: WSGIEnvironment) -> _Answer:
    here = "/healthz, /readyz, /metrics"
    return _plain(HTTPStatus.NOT_FOUND, f"这里只有 {here}。 Only {here} are here.\n")


def _kept(_last: Answered[list[str]]) -> float:
    return READY_KEPT


def _is_local(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _bearer(environ: WSGIEnvironment) -> bytes:
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip().encode("latin-1", "replace") if scheme.lower() == "bearer" else b""

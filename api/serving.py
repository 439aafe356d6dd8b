"""Running servers in the foreground: listen, run until told to stop, and say plainly when the port is taken."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable
from contextlib import suppress
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Any

import waitress
from waitress.server import BaseWSGIServer

from api.dispatching import warmest_thread_first

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class PortTaken(RuntimeError):
    """Somebody else listens there already."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"端口 {port} 已被占用,请用 --port 另选一个(0 为任意空闲端口)。\n"
            f"Port {port} of {host} is taken; choose another with --port (0 takes a free one)."
        )


FORWARDED = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}


def listening(app: WSGIApplication, *, host: str, port: int, threads: int, trusted_proxies: int) -> BaseWSGIServer:
    """Return a server that listens already and believes the forwarded headers of so many proxies before it.

    Raises:
        PortTaken: the port is not free.
    """
    try:
        return waitress.create_server(
            app,
            host=host,
            port=port,
            threads=threads,
            ident=None,
            _dispatcher=warmest_thread_first(threads),
            **_proxy_options(trusted_proxies),
        )
    except OSError as error:
        raise PortTaken(host, port) from error


def _proxy_options(trusted_proxies: int) -> dict[str, Any]:
    strict: dict[str, Any] = {"clear_untrusted_proxy_headers": True}
    if trusted_proxies == 0:
        return strict
    return strict | {
        "trusted_proxy": "*",
        "trusted_proxy_count": trusted_proxies,
        "trusted_proxy_headers": FORWARDED,
    }


def settle_in() -> None:
    """Let a process that works for long look for garbage where it arises alone, and less often.

    What it has loaded by now stays until it ends: a search through all of that takes a fifth of a second, in the midst
    of somebody's request.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def until_stopped(run: Callable[[], None]) -> None:
    """Run a server until SIGTERM or SIGINT."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)
    with suppress(KeyboardInterrupt, SystemExit):
        run()


def told_to_stop() -> Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = Event()

    def set_it(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, set_it)
    signal.signal(signal.SIGINT, set_it)
    return stop

"""Running servers in the foreground: listen, run until told to stop, and say plainly when the port is taken."""

from __future__ import annotations

import gc
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from threading import Event, Thread
from types import FrameType
from typing import TYPE_CHECKING, Any

import waitress
from waitress import wasyncore
from waitress.server import BaseWSGIServer, MultiSocketServer

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


MOST_CONNECTIONS = 4_000
"""Open at once: each screen keeps one or more, and who is one too many waits until another goes."""
OTHER_FILES = 200  # that a server has open beside its connections
REST_SECONDS = 75
"""After which a connection nobody uses is closed: longer than proxies keep one (nginx 60 s), or than a line stalls."""
FORWARDED = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}


def listening(app: WSGIApplication, *, host: str, port: int, threads: int, trusted_proxies: int) -> BaseWSGIServer:
    """Return a server that listens already and believes the forwarded headers of so many proxies before it.

    Raises:
        PortTaken: the port is not free.
    """
    connections = min(MOST_CONNECTIONS, _files_allowed(MOST_CONNECTIONS + OTHER_FILES) - OTHER_FILES)
    try:
        return waitress.create_server(
            app,
            host=host,
            port=port,
            threads=threads,
            ident=None,
            connection_limit=max(connections, 1),
            channel_timeout=REST_SECONDS,
            cleanup_interval=REST_SECONDS,
            asyncore_use_poll=True,
            _dispatcher=warmest_thread_first(threads),
            **_proxy_options(trusted_proxies),
        )
    except OSError as error:
        raise PortTaken(host, port) from error


def _files_allowed(wanted: int) -> int:
    """Let this process have so many files open, as far as it may ask for that, and return how many it may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed


def _proxy_options(trusted_proxies: int) -> dict[str, Any]:
    strict: dict[str, Any] = {"clear_untrusted_proxy_headers": True}
    if trusted_proxies == 0:
        return strict
    return strict | {
        "trusted_proxy": "*",
        "trusted_proxy_count": trusted_proxies,
        "trusted_proxy_headers": FORWARDED,
    }


@contextmanager
def served_beside(server: BaseWSGIServer | MultiSocketServer) -> Iterator[None]:
    """Let a server run in a thread of its own while the block runs; what it has in hand is answered before it ends.

    Its sockets are closed in the thread of its loop, which else would wait on numbers that are somebody else's by then.
    """
    thread = Thread(target=server.run, name="server", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.task_dispatcher.shutdown()
        sockets = server.map if isinstance(server, MultiSocketServer) else server._map  # its own name for the same
        listener = next(one for one in sockets.values() if isinstance(one, BaseWSGIServer))
        listener.trigger.pull_trigger(partial(wasyncore.close_all, sockets))
        thread.join()


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

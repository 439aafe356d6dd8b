"""A relay between a client and PostgreSQL that counts what a network would make slow: turns, statements, bytes."""

from __future__ import annotations

import select
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from sqlalchemy import make_url

QUIET = 0.002  # seconds: a client that pauses this long has said what it wanted to say
_EXECUTES = frozenset(b"EQ")  # Execute, and a simple Query


@dataclass(slots=True)
class Counts:
    """What went over the wire; a turn is one time that the client spoke and then waited."""

    turns: int = 0
    statements: int = 0
    sent: int = 0
    received: int = 0

    def copy(self) -> Counts:
        """Return the counts as they stand."""
        return Counts(self.turns, self.statements, self.sent, self.received)

    def since(self, before: Counts) -> Counts:
        """Return what came after an earlier count."""
        return Counts(
            self.turns - before.turns,
            self.statements - before.statements,
            self.sent - before.sent,
            self.received - before.received,
        )


class _Messages:
    """Finds the messages in what a client sends; the first one has no kind."""

    def __init__(self) -> None:
        self._rest = b""
        self._started = False

    def kinds(self, sent: bytes) -> Iterator[int]:
        self._rest += sent
        while True:
            head = 1 if self._started else 0
            if len(self._rest) < head + 4:
                return
            (length,) = struct.unpack_from("!I", self._rest, head)
            if len(self._rest) < head + length:
                return
            if self._started:
                yield self._rest[0]
            self._started = True
            self._rest = self._rest[head + length :]


class CountingRelay:
    """Listens on a port of this machine, passes everything on to the server, and counts."""

    def __init__(self, database_url: str) -> None:
        self._target = make_url(database_url)
        self.counts = Counts()
        self._listener = socket.create_server(("127.0.0.1", 0))
        Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Return the URL under which the database is reached through the relay."""
        port = self._listener.getsockname()[1]
        query = {name: value for name, value in self._target.query.items() if name not in ("host", "port")}
        plain = {**query, "sslmode": "disable", "gssencmode": "disable"}
        return self._target.set(host="127.0.0.1", port=port, query=plain).render_as_string(hide_password=False)

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=self._relay, args=(client, self._server()), daemon=True).start()

    def _server(self) -> socket.socket:
        folder = self._target.query.get("host")
        if isinstance(folder, str) and folder.startswith("/"):
            server = socket.socket(socket.AF_UNIX)
            server.connect(f"{folder}/.s.PGSQL.{self._target.query.get('port') or self._target.port or 5432}")
            return server
        return socket.create_connection((self._target.host or "127.0.0.1", self._target.port or 5432))

    def _relay(self, client: socket.socket, server: socket.socket) -> None:
        messages = _Messages()
        with client, server:
            while sent := _all_said(client):
                self.counts.turns += 1
                self.counts.sent += len(sent)
                self.counts.statements += sum(kind in _EXECUTES for kind in messages.kinds(sent))
                server.sendall(sent)
                if not self._answers(client, server):
                    return

    def _answers(self, client: socket.socket, server: socket.socket) -> bool:
        """Pass answers back until the client speaks again; False when the server is gone."""
        while True:
            ready, _, _ = select.select([client, server], [], [])
            if server in ready:
                answer = server.recv(65536)
                if not answer:
                    return False
                self.counts.received += len(answer)
                client.sendall(answer)
            elif client in ready:
                return True


def _all_said(client: socket.socket) -> bytes:
    """Return what the client says until it waits; empty when it hangs up."""
    try:
        said = client.recv(65536)
        while said and select.select([client], [], [], QUIET)[0]:
            more = client.recv(65536)
            if not more:
                break
            said += more
    except ConnectionError:
        return b""
    return said


@contextmanager
def counting_relay(database_url: str) -> Iterator[CountingRelay]:
    """Open a relay to a database."""
    relay = CountingRelay(database_url)
    try:
        yield relay
    finally:
        relay.close()

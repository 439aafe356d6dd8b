"""The adapter of the mail server: which answers are about the mailbox, and what is taken stays taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from socket import create_server, socket
from threading import Event, Thread
from uuid import uuid4

import pytest

from workflows.casework.mail.letters import Letter
from workflows.connectors.mail import SmtpServer
from workflows.connectors.ports import ConnectorError, MailboxRefused

LETTER = Letter(id=uuid4(), to="zhou@county.example", subject="s", text="t", language="zh")
USUAL = {"": "220 here", "EHLO": "250 here", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", ".": "250 taken"}


@contextmanager
def scripted(**answers: str) -> Iterator[tuple[SmtpServer, list[str]]]:
    """Serve one talk: each word of the client is answered as said here; an empty answer hangs up."""
    said, heard = {**USUAL, "QUIT": "221 bye", "RSET": "250 ok", **answers}, list[str]()

    def talk() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb") as line:
            line.write(said[""].encode() + b"\r\n")
            line.flush()
            is_letter = False
            while word := line.readline().decode().strip() or (" " if is_letter else ""):
                if is_letter and word != ".":
                    continue
                verb = word.split()[0].upper()
                heard.append(verb)
                if not (answer := said.get(verb, "500 what")):
                    return
                is_letter = verb == "DATA" and answer.startswith("354")
                line.write(answer.encode() + b"\r\n")
                line.flush()
                if verb == "QUIT":
                    return

    with create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=talk, daemon=True)
        thread.start()
        port = listening.getsockname()[1]
        yield SmtpServer(host="127.0.0.1", port=port, security="none", sender="r@county.example", timeout=5), heard
        thread.join(5)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    "answer",
    ["550 5.1.1 unknown", "550 5.1.10 null mx", "551 5.1.6 moved", "553 5.1.3 odd", "550-5.1.1 no\r\n550 5.1.1 such"],
)
def test_a_mailbox_that_is_not_there_is_refused(answer: str) -> None:
    with scripted(RCPT=answer) as (server, _), pytest.raises(MailboxRefused, match=answer[:3]):
        server.send(LETTER)


@pytest.mark.parametrize(
    "answer",
    [
        "450 4.2.1 later",
        "530 5.7.0 must issue STARTTLS first",
        "550 5.7.1 relaying denied",
        "550 5.1.8 sender's system",
        "550 5.1.7 sender's syntax",
        "550 5.2.1 disabled",
        "550 no",
        "552 5.2.2 full",
        "554 5.7.1 spam",
        "554 5.1.1 odd",
    ],
)
def test_any_other_no_is_worth_another_try(answer: str) -> None:
    with scripted(RCPT=answer) as (server, _), pytest.raises(ConnectorError, match=answer[:3]):
        server.send(LETTER)


@pytest.mark.parametrize("goodbye", ["500 what", "", "no number at all", "421 closing"])
def test_what_was_taken_is_taken_whatever_the_goodbye(goodbye: str) -> None:
    with scripted(QUIT=goodbye) as (server, heard):
        server.send(LETTER)
    assert heard[-2:] == [".", "QUIT"]


def test_what_was_not_taken_is_an_error_whatever_the_goodbye() -> None:
    with (
        scripted(**{".": "451 4.3.0 later", "QUIT": "500 what"}) as (server, _),
        pytest.raises(ConnectorError, match="451"),
    ):
        server.send(LETTER)


def test_a_server_that_speaks_no_smtp_is_away() -> None:
    with scripted(**{"": "SSH-2.0-server", "QUIT": ""}) as (server, _), pytest.raises(ConnectorError):
        server.send(LETTER)


def test_a_server_that_answers_sign_by_sign_is_left_in_time() -> None:
    is_left = Event()

    def drip(listening: socket) -> None:
        connection, _ = listening.accept()
        with connection:
            while not is_left.wait(0.02):
                connection.sendall(b"2")

    with create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=drip, args=(listening,), daemon=True)
        thread.start()
        host, port = listening.getsockname()[:2]
        slow = SmtpServer(host=host, port=port, security="none", sender="r@county.example", timeout=5, deadline=0.3)
        with pytest.raises(ConnectorError, match=r"not done after 0\.3 s"):
            slow.send(LETTER)
        is_left.set()
        thread.join(5)
        assert not thread.is_alive()


def test_a_name_the_server_cannot_be_told_is_an_error_of_the_server() -> None:
    hello = "250-here\r\n250 AUTH PLAIN LOGIN"
    with scripted(EHLO=hello) as (server, _), pytest.raises(ConnectorError):
        replace(server, user="救助", password="pw").send(LETTER)


def test_what_nobody_foresaw_is_no_letter_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_letter: object) -> None:
        raise RuntimeError("nobody foresaw it")

    with scripted() as (server, heard):
        with pytest.raises(AttributeError):
            server.send(replace(LETTER, to="a@["))
        monkeypatch.setattr(SmtpServer, "_hand_in", lambda _server, letter: broken(letter))
        with pytest.raises(RuntimeError, match="nobody foresaw it"):
            server.send(LETTER)
    assert "DATA" not in heard

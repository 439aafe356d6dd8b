"""Notices told by mail: by a real mail server, of what one chose, at hours one chose, once, with nothing personal."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from api.app import create_app
from api.bootstrap import Surroundings
from api.scenario.clock import VirtualClock
from api.services import Services
from engine.host import Duty
from engine.model import SYSTEM
from tests.api.conftest import PASSWORD, Client
from tests.api.test_hand_overs import REASON, hand_over
from tests.api.test_task_batches import begin  # noqa: F401  (a fixture)
from workflows.casework.mail.commands import FIRST_PAUSE
from workflows.casework.mail.duties import SendDigests
from workflows.connectors.mail import SmtpServer
from workflows.host import Connectors, build_host

SignIn = Callable[[str], Client]
Begin = Callable[..., list[str]]
MAIL = "/api/v1/notices/mail"
SENDER = "relief@county.example"
MINE = {"address": "zhou.qiang@county.example", "pause_hours": 4, "quiet_from": 19, "quiet_until": 7}
MORNING = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # ten by the county's clocks


class Mailbox:
    """What a mail server took; it says no as it is told to."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.answer = "250 OK"
        self.answer_to_recipient = ""
        self.answers: list[str] = []

    async def handle_RCPT(  # noqa: N802  (named by the library)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.answer_to_recipient:
            return self.answer_to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else self.answer
        assert isinstance(envelope.content, bytes)
        if answer.startswith("250"):
            found = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(found, EmailMessage)
            self.taken.append(found)
            self.envelopes.append(envelope)
        return answer


class OnAnyPort(Controller):
    """Listens on whichever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(mailbox: Mailbox, **options: Any) -> Iterator[SmtpServer]:
    controller = OnAnyPort(mailbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield SmtpServer(host="127.0.0.1", port=controller.port, security="none", sender=SENDER, timeout=5)
    finally:
        controller.stop()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(MORNING)


@pytest.fixture
def surroundings(clock: VirtualClock) -> Surroundings:
    return Surroundings(now=clock, transport=None)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[SmtpServer]:
    with mail_server(mailbox) as server:
        yield server


@pytest.fixture
def told(sign_in: SignIn, begin: Begin) -> Callable[[], None]:  # noqa: F811
    """Lets the clerk hand a task to the colleague, who gets a notice of it."""
    tasks = iter(begin(6))

    def handed() -> None:
        task, clerk = next(tasks), sign_in("clerk")
        assert clerk.post(f"/api/v1/tasks/{task}/claim").status_code == 200
        assert hand_over(clerk, task, assignee="other-clerk").status_code == 200

    return handed


def worker(services: Services, server: Any, pages: str | None = None) -> SendDigests:
    def execute(command: Any) -> Any:
        return services.engine.execute(command, actor=SYSTEM)

    return SendDigests(execute=execute, server=server, pages=pages)


def test_a_digest_tells_numbers_by_kind_and_nothing_of_a_case_or_a_person(
    services: Services, sign_in: SignIn, told: Callable[[], None], mailbox: Mailbox, server: SmtpServer
) -> None:
    other, send = sign_in("other-clerk"), worker(services, server, "https://relief.county.example/")
    told()
    assert other.put(MAIL, MINE).status_code == 200
    assert send().done == 0, "what was written before the choice is not told"
    told()
    told()
    assert send().done == 1
    assert send().done == 0

    [mail] = mailbox.taken
    text = mail.get_content()
    assert (mail["To"], mail["From"], mail["Auto-Submitted"]) == (MINE["address"], SENDER, "auto-generated")
    assert mail["Subject"] == "救助通办：2 条未读通知"
    assert "- 任务转交：2 条" in text
    assert "https://relief.county.example/notices" in text
    for personal in (REASON, "陈敏", "周强", "note-", "记一笔", "clerk"):
        assert personal not in mail.as_string() + text
    assert mail["Message-ID"].endswith("@county.example>")
    newest = other.get(MAIL).json["newest"]
    assert (newest["counts"], newest["tries"], newest["reason"]) == ({"task_handed_over": 2}, 1, "")
    assert newest["sent_at"]


def test_an_english_reader_gets_an_english_mail(
    services: Services, sign_in: SignIn, told: Callable[[], None], mailbox: Mailbox, server: SmtpServer
) -> None:
    other = sign_in("other-clerk")
    other.form("/profile/language", language="en")
    other.put(MAIL, MINE)
    told()
    worker(services, server)()
    assert mailbox.taken[0]["Subject"] == "ReliefDesk: 1 unread notice"
    assert mailbox.taken[0]["Content-Language"] == "en"
    assert "- Task handed over: 1" in mailbox.taken[0].get_content()


def test_quiet_hours_the_pause_and_the_kinds_are_kept(
    services: Services,
    sign_in: SignIn,
    told: Callable[[], None],
    mailbox: Mailbox,
    server: SmtpServer,
    clock: VirtualClock,
) -> None:
    other, send = sign_in("other-clerk"), worker(services, server)
    other.put(MAIL, {**MINE, "causes": ["mention"]})
    told()
    assert send().done == 0, "nobody asked for this kind"
    other.put(MAIL, MINE)
    assert send().done == 1
    told()
    clock.time += timedelta(hours=3, minutes=59)
    assert send().done == 0, "the pause is not over"
    clock.time = MORNING.replace(hour=11)  # seven in the evening
    assert send().done == 0
    clock.time += timedelta(hours=11, minutes=59)
    assert send().done == 0
    clock.time += timedelta(minutes=1)
    assert send().done == 1
    told()
    sign_in("other-clerk").post("/api/v1/notices/read", {})
    clock.time += timedelta(hours=5)
    assert send().done == 0, "all was read"
    assert len(mailbox.taken) == 2


def test_a_mail_that_was_not_taken_is_tried_again_after_a_pause(
    services: Services,
    sign_in: SignIn,
    told: Callable[[], None],
    mailbox: Mailbox,
    server: SmtpServer,
    clock: VirtualClock,
) -> None:
    other = sign_in("other-clerk")
    other.put(MAIL, MINE)
    told()
    away = replace(server, port=1)
    assert worker(services, away)().done == 0
    assert other.get(MAIL).json["newest"]["reason"]
    assert worker(services, server)().done == 0, "not before its pause is over"
    clock.time += FIRST_PAUSE
    mailbox.answers = ["451 greylisted"]
    send = worker(services, server)
    assert send().done == 0
    clock.time += FIRST_PAUSE * 2
    assert send().done == 0, "the server is left in peace for a turn"
    assert send().done == 1
    assert other.get(MAIL).json["newest"]["tries"] == 3


def test_who_dies_after_the_server_took_a_mail_sends_the_same_one_again(
    services: Services,
    sign_in: SignIn,
    told: Callable[[], None],
    mailbox: Mailbox,
    server: SmtpServer,
    clock: VirtualClock,
) -> None:
    class Dying:
        def send(self, letter: Any) -> None:
            server.send(letter)
            raise KeyboardInterrupt

    sign_in("other-clerk").put(MAIL, MINE)
    told()
    with pytest.raises(KeyboardInterrupt):
        worker(services, Dying())()
    assert worker(services, server)().done == 0, "somebody may still be at it"
    clock.time += FIRST_PAUSE
    assert worker(services, server)().done == 1
    assert len({one["Message-ID"] for one in mailbox.taken}) == 1


def test_who_stops_gets_nothing_more_not_even_what_waits(
    services: Services,
    sign_in: SignIn,
    told: Callable[[], None],
    mailbox: Mailbox,
    server: SmtpServer,
    clock: VirtualClock,
) -> None:
    other = sign_in("other-clerk")
    other.put(MAIL, MINE)
    told()
    worker(services, replace(server, port=1))()
    assert other.delete(MAIL).json["choice"] is None
    clock.time += timedelta(hours=6)
    told()
    assert worker(services, server)().done == 0
    assert mailbox.taken == []


def test_a_wrong_choice_is_refused_by_api_and_page_and_keeps_nothing(sign_in: SignIn) -> None:
    other = sign_in("other-clerk")
    for address in ("zhou", "zhou@county", "a b@county.example", "x@y.example\r\nBcc: z@y.example", "@y.example"):
        wrong_one = {**MINE, "address": address}
        refused = other.put(MAIL, wrong_one)
        assert (refused.status_code, refused.json["code"]) == (422, "mail-address-wrong"), address
        assert other.form("/profile/mail", **wrong_one, causes="mention").status_code == 422
    for wrong in ({"causes": []}, {"causes": ["gossip"]}, {"pause_hours": 2}, {"quiet_from": 24}, {"quiet_until": -1}):
        assert other.put(MAIL, {**MINE, **wrong}).status_code == 422, wrong
    page = other.form("/profile/mail", **MINE)
    assert page.status_code == 422
    assert 'value="zhou.qiang@county.example"' in page.text
    assert other.form("/profile/mail", **{**MINE, "quiet_from": "x"}, causes="mention").status_code == 422
    assert other.get(MAIL).json == {"choice": None, "newest": None, "is_sent": False}


def test_the_page_keeps_and_stops_what_the_api_shows(sign_in: SignIn) -> None:
    other = sign_in("other-clerk")
    assert "尚未设置邮件服务器" in other.get("/profile/mail").text
    assert other.form("/profile/mail", **MINE, causes=["mention", "reminder"]).status_code == 303
    choice = other.get(MAIL).json["choice"]
    assert {name: choice[name] for name in (*MINE, "causes")} == {**MINE, "causes": ["mention", "reminder"]}
    assert "停止邮件提醒" in other.get("/profile/mail").text
    assert other.form("/profile/mail/stop").status_code == 303
    assert other.get(MAIL).json["choice"] is None


def test_where_a_server_is_set_workers_send_and_the_page_says_nothing_of_it(
    services: Services, server: SmtpServer
) -> None:
    def duties(mail: SmtpServer | None) -> list[Duty]:
        outside = Connectors(agencies=None, gateway=None, insurer=None, mail=mail)  # type: ignore[arg-type]  # not asked
        return [one for one in build_host(outside, execute=None).duties if isinstance(one.some, SendDigests)]  # type: ignore[arg-type]

    assert (len(duties(None)), len(duties(server))) == (0, 1)
    with_mail = replace(services, settings=replace(services.settings, mail=server))
    client = create_app(with_mail).test_client()
    client.post("/api/v1/session", json={"login": "other-clerk", "password": PASSWORD})
    assert "尚未设置邮件服务器" not in client.get("/profile/mail").text
    assert client.get(MAIL).json["is_sent"] is True


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[ssl.SSLContext, str]:
    """What a server shows, and the file by which it is trusted."""
    key, paper = tmp_path / "key.pem", tmp_path / "paper.pem"
    asked = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command = ["openssl", *asked, "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(paper)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(paper, key)
    return context, str(paper)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it is TLS that the server does not see
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_over_tls_with_a_password_and_to_no_server_that_nobody_vouches_for(
    services: Services,
    sign_in: SignIn,
    told: Callable[[], None],
    mailbox: Mailbox,
    certificate: tuple[ssl.SSLContext, str],
    clock: VirtualClock,
    monkeypatch: pytest.MonkeyPatch,
    security: Any,
) -> None:
    def right(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
        is_right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"relief", b"pw")
        return AuthResult(success=is_right)

    context, paper = certificate
    options: dict[str, Any] = {"authenticator": right, "auth_required": True}
    if security == "tls":
        options |= {"ssl_context": context, "auth_require_tls": False}
    else:
        options |= {"tls_context": context, "require_starttls": True}
    sign_in("other-clerk").put(MAIL, {**MINE, "quiet_from": 0, "quiet_until": 0})
    told()
    with mail_server(mailbox, **options) as found:
        safe = replace(found, security=security, user="relief", password="pw")
        assert worker(services, safe)().done == 0, "nobody vouches for this server"
        monkeypatch.setenv("SSL_CERT_FILE", paper)
        clock.time += FIRST_PAUSE
        assert worker(services, replace(safe, password="odd"))().done == 0
        assert mailbox.taken == []
        clock.time += FIRST_PAUSE * 2
        assert worker(services, safe)().done == 1
    assert len(mailbox.taken) == 1

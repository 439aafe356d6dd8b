"""Mail that does not get through: no notice is lost, nobody gets old numbers, and one mail stops no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from api.scenario.clock import VirtualClock
from api.services import Services
from engine.model import SYSTEM
from tests.api.test_mail import (  # noqa: F401  (fixtures among them)
    MAIL,
    MINE,
    Mailbox,
    SignIn,
    begin,
    clock,
    mailbox,
    server,
    surroundings,
    told,
    worker,
)
from workflows.casework.mail.commands import FIRST_PAUSE, KEPT_FOR, LONGEST_PAUSE, MOST_TRIES, ForgetDigests
from workflows.connectors.mail import SmtpServer
from workflows.connectors.ports import ConnectorError

ALWAYS = {**MINE, "quiet_from": 0, "quiet_until": 0, "pause_hours": 1}


class Outside:
    """A mail server as a worker sees it, which does as it is told."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.subjects: list[str] = []

    def send(self, letter: Any) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.subjects.append(letter.subject)


def test_a_server_that_wants_no_mail_from_us_loses_no_notice(
    services: Services,
    sign_in: SignIn,
    told: Callable[[], None],  # noqa: F811
    mailbox: Mailbox,  # noqa: F811
    server: SmtpServer,  # noqa: F811
    clock: VirtualClock,  # noqa: F811
) -> None:
    other = sign_in("other-clerk")
    other.put(MAIL, ALWAYS)
    told()
    mailbox.answer_to_recipient = "554 5.7.1 relay access denied"
    for _ in range(MOST_TRIES):
        newest = sign_in("other-clerk").get(MAIL).json["newest"]
        assert newest is None or newest["ended_at"] is None, newest
        worker(services, server)()
        clock.time += LONGEST_PAUSE
    newest = sign_in("other-clerk").get(MAIL).json["newest"]
    assert (newest["tries"], newest["reason"]) == (MOST_TRIES, "554 5.7.1 relay access denied")
    assert newest["ended_at"]
    mailbox.answer_to_recipient = ""
    assert worker(services, server)().done == 1
    assert mailbox.taken[0]["Subject"] == "救助通办：1 条未读通知"
    assert worker(services, server)().done == 0


def test_a_mailbox_that_is_not_there_is_asked_for_once_and_another_address_gets_what_waited(
    services: Services,
    sign_in: SignIn,
    told: Callable[[], None],  # noqa: F811
    mailbox: Mailbox,  # noqa: F811
    server: SmtpServer,  # noqa: F811
    clock: VirtualClock,  # noqa: F811
) -> None:
    other = sign_in("other-clerk")
    other.put(MAIL, ALWAYS)
    told()
    mailbox.answer_to_recipient = "550 5.1.1 no such mailbox"
    worker(services, server)()
    newest = other.get(MAIL).json["newest"]
    assert (newest["sent_at"], newest["reason"]) == (None, "550 5.1.1 no such mailbox")
    assert newest["ended_at"]
    assert "550 5.1.1 no such mailbox" in other.get("/profile/mail").text
    mailbox.answer_to_recipient = ""
    clock.time += timedelta(days=1)
    assert worker(services, server)().done == 0, "nothing is new, and the address is the same"
    sign_in("other-clerk").put(MAIL, {**ALWAYS, "address": "zhou@county.example"})
    assert worker(services, server)().done == 1
    assert (mailbox.taken[0]["To"], mailbox.taken[0]["Subject"]) == ("zhou@county.example", "救助通办：1 条未读通知")


def test_what_a_missing_mailbox_was_not_told_is_told_with_the_next_news(
    services: Services,
    sign_in: SignIn,
    told: Callable[[], None],  # noqa: F811
    mailbox: Mailbox,  # noqa: F811
    server: SmtpServer,  # noqa: F811
    clock: VirtualClock,  # noqa: F811
) -> None:
    sign_in("other-clerk").put(MAIL, ALWAYS)
    told()
    mailbox.answer_to_recipient = "550 5.1.1 no such mailbox"
    worker(services, server)()
    mailbox.answer_to_recipient = ""
    told()
    clock.time += timedelta(hours=1)
    assert worker(services, server)().done == 1
    assert mailbox.taken[0]["Subject"] == "救助通办：2 条未读通知"


def test_while_a_mail_waits_no_other_is_made_and_the_pause_counts_from_when_it_left(
    services: Services,
    sign_in: SignIn,
    told: Callable[[], None],  # noqa: F811
    clock: VirtualClock,  # noqa: F811
) -> None:
    other, outside, made = sign_in("other-clerk"), Outside(*[ConnectorError("away")] * 4), set()
    other.put(MAIL, ALWAYS)
    for _ in range(4):
        told()
        worker(services, outside)()
        made.add(other.get(MAIL).json["newest"]["made_at"])
        clock.time += timedelta(hours=2)
    assert len(made) == 1
    assert worker(services, outside)().done == 1
    assert worker(services, outside)().done == 0, "the pause begins when a mail leaves, not when it was made"
    clock.time += timedelta(hours=1)
    assert worker(services, outside)().done == 1
    assert outside.subjects == ["救助通办：1 条未读通知", "救助通办：3 条未读通知"]


def test_a_mail_tells_what_is_unread_when_it_leaves_and_none_leaves_when_all_was_read(
    services: Services,
    sign_in: SignIn,
    told: Callable[[], None],  # noqa: F811
    clock: VirtualClock,  # noqa: F811
) -> None:
    other, outside = sign_in("other-clerk"), Outside(ConnectorError("away"), ConnectorError("away"))
    other.put(MAIL, ALWAYS)
    told()
    told()
    worker(services, outside)()
    first = other.get("/api/v1/notices").json["notices"][0]["notice"]["id"]
    assert other.post("/api/v1/notices/read", {"notice_ids": [first]}).status_code == 200
    clock.time += FIRST_PAUSE
    worker(services, outside)()
    assert other.get(MAIL).json["newest"]["counts"] == {"task_handed_over": 1}
    other.post("/api/v1/notices/read", {})
    clock.time += FIRST_PAUSE * 2
    assert worker(services, outside)().done == 0
    newest = other.get(MAIL).json["newest"]
    assert (outside.subjects, newest["sent_at"], newest["reason"], newest["tries"]) == ([], None, "", 2)
    assert newest["ended_at"]
    page = other.get("/profile/mail").text
    assert "通知在发送前均已阅读" in page
    assert "message-danger" not in page


def test_a_mail_whose_takers_die_ends_after_its_tries_and_stops_nobody_elses(
    services: Services,
    sign_in: SignIn,
    told: Callable[[], None],  # noqa: F811
    clock: VirtualClock,  # noqa: F811
) -> None:
    sign_in("other-clerk").put(MAIL, ALWAYS)
    told()
    outside = Outside(*[KeyboardInterrupt()] * MOST_TRIES)
    for _ in range(MOST_TRIES):
        with pytest.raises(KeyboardInterrupt):
            worker(services, outside)()
        clock.time += LONGEST_PAUSE
    assert worker(services, outside)().done == 0
    assert sign_in("other-clerk").get(MAIL).json["newest"]["ended_at"]
    assert worker(services, outside)().done == 1, "what was not told is told in a new mail"


def test_what_a_server_says_is_kept_in_signs_that_can_be_shown(
    services: Services,
    sign_in: SignIn,
    told: Callable[[], None],  # noqa: F811
) -> None:
    sign_in("other-clerk").put(MAIL, ALWAYS)
    told()
    worker(services, Outside(ConnectorError("421 \x00 not\r\n now\x1b[31m \ud800" + "x" * 300)))()
    reason = sign_in("other-clerk").get(MAIL).json["newest"]["reason"]
    assert reason.startswith("421 not now [31m xxx")
    assert reason.isprintable()


def test_old_digests_are_forgotten_also_of_who_stopped_mail(
    services: Services,
    sign_in: SignIn,
    told: Callable[[], None],  # noqa: F811
    clock: VirtualClock,  # noqa: F811
) -> None:
    other = sign_in("other-clerk")
    other.put(MAIL, ALWAYS)
    told()
    assert worker(services, Outside())().done == 1
    other.delete(MAIL)
    clock.time += KEPT_FOR - timedelta(hours=1)
    assert services.engine.execute(ForgetDigests(), actor=SYSTEM) == 0
    clock.time += timedelta(hours=2)
    assert services.engine.execute(ForgetDigests(), actor=SYSTEM) == 1


def test_a_server_that_cannot_be_told_a_name_stops_nobodys_mail(
    services: Services,
    sign_in: SignIn,
    told: Callable[[], None],  # noqa: F811
    server: SmtpServer,  # noqa: F811
) -> None:
    sign_in("other-clerk").put(MAIL, ALWAYS)
    told()
    worker(services, Outside(ConnectorError("away")))()
    worker(services, replace(server, user="救助", password="pw"))()
    assert sign_in("other-clerk").get(MAIL).json["newest"]["reason"]

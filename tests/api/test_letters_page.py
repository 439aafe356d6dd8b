"""The list of letters that nobody delivered yet: for supervisors, with a link to the task, overdue ones apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from api.services import Services
from engine.commands.process_instances import StartProcessInstance
from engine.model import SYSTEM
from tests.api.conftest import TOWN, Client
from tests.api.test_supervision import Hand, hand, hand_in, surroundings, task_of  # noqa: F401  fixtures

PAGE = "/supervision/letters"


def letter(services: Services, case: str) -> None:
    variables = {"caseId": "C", "notice_id": "N", "letter_kind": "result", "written_on": "2026-06-08"}
    start = StartProcessInstance(process_id="letter_delivery", variables=variables, region=TOWN, business_key=case)
    services.engine.execute(start, actor=SYSTEM)


def test_a_supervisor_finds_each_letter_and_the_task_that_delivers_it(
    services: Services,
    sign_in: Callable[[str], Client],
    hand: Hand,  # noqa: F811
) -> None:
    clerk, supervisor = sign_in("clerk"), sign_in("supervisor")
    case, other = hand_in(clerk, 1), hand_in(clerk, 2)
    assert "没有未送达的纸面告知" in supervisor.get(PAGE).text
    letter(services, case)

    page = supervisor.get(PAGE).text
    assert f">{case}</a>" in page
    assert other not in page
    assert "陈*国" in page
    [task] = [
        one
        for one in supervisor.get(f"/api/v1/tasks?tab=unit&case={case}").json["tasks"]
        if one["element_id"] == "Task_DeliverLetter"
    ]
    assert f'href="/tasks/{task["id"]}"' in page

    assert case not in supervisor.get(f"{PAGE}?overdue=1").text
    hand.moment += timedelta(days=21)
    late = sign_in("supervisor")
    assert case in late.get(f"{PAGE}?overdue=1").text
    assert PAGE in late.get("/supervision").text


def test_who_does_not_supervise_is_not_led_there(sign_in: Callable[[str], Client]) -> None:
    clerk = sign_in("clerk")
    assert clerk.get(PAGE).status_code == 403
    assert PAGE not in clerk.get("/").text

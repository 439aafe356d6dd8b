"""Referring over pages and API: the holder of a task refers what was found, the unit sees it, the case shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.api.conftest import Client
from tests.api.test_advice import held

SignIn = Callable[[str], Client]
GIVEN = {"need": "shelter", "reason": "走访时发现老人流落在外"}  # before acceptance only what cannot wait


def refer(client: Client, task: str, key: str = "k", **changes: Any) -> Any:
    return client.post(f"/api/v1/tasks/{task}/referrals", GIVEN | changes, headers={"Idempotency-Key": key})


def test_a_need_is_referred_from_a_task_once_and_stands_with_the_case(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case, task = held(clerk)
    offered = clerk.get(f"/api/v1/tasks/{task}/referrals").json["programmes"]
    assert {"need": "shelter", "programme": "shelter", "title": "生活无着人员救助",
            "title_en": "Shelter of stranded persons", "unit_kind": "rescue_station",
            "legal_basis": "社会救助法（2026）第三十一条、第五十二条"} in offered  # fmt: skip
    sent = refer(clerk, task)
    assert sent.status_code == 201
    assert (sent.json["state"], sent.json["referred_by"], sent.json["referring_unit"]) == ("sent", "clerk", "township")
    assert refer(clerk, task).json["id"] == sent.json["id"]
    assert refer(clerk, task, "k2").json["code"] == "need-with-unit"
    assert "shelter" not in [one["need"] for one in clerk.get(f"/api/v1/tasks/{task}/referrals").json["programmes"]]

    [one] = clerk.get(case).json["referrals"]
    assert one["referral"]["number"] == sent.json["number"]


def test_what_is_wrong_is_said_in_both_languages_and_nothing_is_referred(sign_in: SignIn) -> None:
    clerk, far = sign_in("clerk"), sign_in("far-clerk")
    case, task = held(clerk)
    refused = refer(clerk, task, need="nonsense")
    assert (refused.status_code, refused.json["code"]) == (422, "programme-not-offered")
    assert refer(clerk, task, reason=" ").json["code"] == "reason-missing"
    early = refer(clerk, task, need="housing")
    assert (early.status_code, early.json["code"]) == (409, "case-not-accepted")
    assert refer(far, task).status_code == 404
    assert far.get(f"/api/v1/tasks/{task}/referrals").status_code == 404
    assert refer(sign_in("other-clerk"), task).json["code"] == "not-assignee"
    assert clerk.get(case).json["referrals"] == []


def test_the_page_refers_and_keeps_what_was_typed_when_it_is_refused(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case, task = held(clerk)
    path = f"/tasks/{task}/referral"
    assert path in clerk.get(f"/tasks/{task}").text
    assert "生活无着人员救助（" in clerk.get(path).text
    assert "Shelter of stranded persons (" in clerk.get(f"{path}?lang=en").text
    clerk.get("/tasks?lang=zh")
    refused = clerk.form(path, need="nonsense", reason="走访时发现")
    assert refused.status_code == 422
    assert "走访时发现" in refused.text
    assert clerk.form(path, **GIVEN).status_code == 303
    for page in (f"/tasks/{task}", case.removeprefix("/api/v1")):
        assert "走访时发现老人流落在外" in clerk.get(page).text
        assert "办理中转来" in clerk.get(page).text

    other = sign_in("other-clerk").get(path)
    assert other.status_code == 303  # whoever does not hold the task is led back to it


def test_the_page_of_a_task_that_is_done_leads_back_to_it(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    _, task = held(clerk)
    done = clerk.post(f"/api/v1/tasks/{task}/complete", {"variables": {"completeness": "complete", "kin": []}})
    assert done.status_code < 300, done.json
    assert clerk.get(f"/tasks/{task}/referral").status_code == 303

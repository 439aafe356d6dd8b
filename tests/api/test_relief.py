"""Claims to temporary relief and procedures about a benefit over HTTP: who sees them, what is refused and how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.api.applications import application_json
from tests.api.conftest import Client

SignIn = Callable[[str], Client]
CLAIMS = "/api/v1/relief-claims"


def case_number(clerk: Client, **changes: Any) -> str:
    number: str = clerk.post("/api/v1/applications", application_json(**changes)).json["number"]
    return number


def test_a_procedure_about_a_benefit_needs_one_that_goes_on(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    path = f"/api/v1/cases/{case_number(clerk)}/procedures"
    answer = clerk.post(path, {"procedure": "self_care_review", "note": "近来卧床"})

    assert (answer.status_code, answer.json["code"]) == (409, "nothing-drawn")
    assert clerk.post(path, {"procedure": "self_care_review", "note": ""}).status_code == 422
    assert clerk.post(path, {"procedure": "relief_case", "note": "近来卧床"}).status_code == 422


def test_a_procedure_is_not_started_about_a_case_one_may_not_see(sign_in: SignIn) -> None:
    number = case_number(sign_in("clerk"))
    body = {"procedure": "tekun_ending", "note": "去世"}
    answer = sign_in("far-clerk").post(f"/api/v1/cases/{number}/procedures", body)

    assert (answer.status_code, answer.json["code"]) == (404, "case-not-found")


def test_claims_are_listed_by_page_and_a_wrong_filter_is_refused(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")

    assert clerk.get(CLAIMS).json == {"claims": [], "total": 0}
    assert clerk.get(f"{CLAIMS}?overdue_only=true&duplicates_only=true").json["total"] == 0
    assert clerk.get(f"{CLAIMS}?overdue_only=perhaps").status_code == 422


def test_an_event_and_a_card_of_an_application_are_checked(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    answer = clerk.post(
        "/api/v1/applications",
        application_json(
            event={"kind": "fire", "happened_on": "2099-01-01"}, bills=[{"kind": "medical", "amount": -1}]
        ),
    )

    assert answer.status_code == 422
    assert {error["path"] for error in answer.json["errors"]} == {"event.happened_on", "bills[0].amount"}

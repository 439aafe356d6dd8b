"""The economic check over HTTP: consents, refusals that are kept, and what is said of bad input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.api.applications import application_json
from tests.api.conftest import Client

SignIn = Callable[[str], Client]


def opened(clerk: Client) -> str:
    answer = clerk.post("/api/v1/applications", application_json())
    return f"/api/v1/cases/{answer.json['number']}"


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def test_a_consent_is_signed_shown_withdrawn_and_signed_anew(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = opened(clerk)
    signed = clerk.post(f"{case}/authorisations", {"person": 1})
    assert (signed.status_code, signed.json["holds"], len(signed.json["copies"])) == (201, True, 3)

    withdrawn = clerk.post(f"{case}/authorisations/1/withdrawal", {"reason": "不愿核对"})
    assert (withdrawn.status_code, withdrawn.json["holds"]) == (200, False)
    assert clerk.get(f"{case}/check").json["blocked"] == "authorisation_withdrawn"
    assert code(clerk.post(f"{case}/authorisations/1/withdrawal", {})) == (409, "no-authorisation")

    assert clerk.post(f"{case}/authorisations", {"person": 1}).status_code == 201
    assert clerk.get(f"{case}/check").json["blocked"] is None


def test_a_query_without_ground_is_refused_and_supervisors_see_the_attempt(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = opened(clerk)

    assert code(clerk.post(f"{case}/checks", {"purpose": "complaint"})) == (403, "query-refused")
    assert code(clerk.post("/api/v1/cases/none/checks", {"purpose": "complaint"})) == (403, "query-refused")
    kept = sign_in("supervisor").get("/api/v1/refused-queries").json["queries"]
    assert [one["ground"] for one in kept] == ["no_case", "not_authorised"]
    assert clerk.get("/api/v1/refused-queries").status_code == 403


def test_bad_input_is_named_and_never_an_error_of_ours(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = opened(clerk)
    file = "/api/v1/bank-files/00000000-0000-0000-0000-000000000001"
    refusals = {
        code(clerk.post(f"{case}/authorisations", {"person": 1, "signed_by": "neighbour"}))[0],
        code(clerk.post(f"{case}/authorisations", {"person": 99}))[0],
        code(clerk.post(f"{case}/supporters", {"name": "陈", "identity_number": "1", "relation": "兄", "supports": 1}))[
            0
        ],
        code(clerk.post(f"{case}/report-objections", {"report_version": 0}))[0],
        code(clerk.post(f"{file}/returns", {"content": "not base64!", "digest": "0" * 64}))[0],
        code(clerk.post(f"{file}/returns", {"content": "", "digest": "0" * 64}))[0],
        code(clerk.post("/api/v1/bank-files", {"agency": "nobody"}))[0],
        code(clerk.post("/api/v1/agency-answers", {"number": "x", "answer": {}}))[0],
    }

    assert refusals <= {400, 403, 404, 409, 422}
    report = {"report_version": 1, "agencies": ["bank"], "grounds": "x", "evidence": [{"title": "x"}]}
    assert code(clerk.post(f"{case}/report-objections", report)) == (404, "report-missing")


def test_another_unit_sees_nothing_of_the_check(sign_in: SignIn) -> None:
    case = opened(sign_in("clerk"))

    assert sign_in("teacher").get(f"{case}/check").status_code == 404
    assert sign_in("far-clerk").post(f"{case}/authorisations", {"person": 1}).status_code == 404
    quality = sign_in("teacher").get("/api/v1/agencies").json["agencies"]
    assert {one["asked"] for one in quality} == {0}
    assert len(quality) == 23

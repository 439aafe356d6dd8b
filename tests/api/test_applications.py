"""Taking in applications and reading the cases they become."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.applications import application_json
from tests.api.conftest import TOWN, Client

SignIn = Callable[[str], Client]
PATH = "/api/v1/applications"


def codes(answer: Any) -> dict[str, str]:
    return {error["path"]: error["code"] for error in answer.json["errors"]}


def test_an_application_becomes_a_case_that_can_be_read_where_it_is(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    answer = clerk.post(PATH, application_json())

    assert answer.status_code == 201
    case = clerk.get(answer.headers["Location"])
    assert case.status_code == 200
    assert case.json["summary"]["number"] == answer.json["number"]
    assert case.json["household"]["assets_declared"] == 9000.5
    assert case.json["members"][0]["identity_number"].count("*") == 8


def test_what_was_spent_in_the_last_year_is_kept_by_kind(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    spending = {"medical": "38000.50", "education": 12000}
    household = application_json()["household"] | {"yearly_spending": spending}
    created = clerk.post(PATH, application_json(household=household))
    wrong = clerk.post(PATH, application_json(household=household | {"yearly_spending": {"rehabilitation": -1}}))

    case = clerk.get(created.headers["Location"]).json
    assert case["household"]["yearly_spending"] == {"medical": 38000.5, "education": 12000, "rehabilitation": 0}
    assert codes(wrong) == {"household.yearly_spending.rehabilitation": "amount-out-of-range"}


def test_the_same_idempotency_key_gives_the_same_case(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    first = clerk.post(PATH, application_json(), headers={"Idempotency-Key": "counter-1-0001"})
    again = clerk.post(PATH, application_json(), headers={"Idempotency-Key": "counter-1-0001"})

    assert again.status_code == first.status_code == 201
    assert again.json == first.json
    assert clerk.get("/api/v1/cases").json["total"] == 1


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_idempotency_key_is_refused_in_words(sign_in: SignIn, blank: str) -> None:
    clerk = sign_in("clerk")
    answer = clerk.post(PATH, application_json(), headers={"Idempotency-Key": blank})

    assert (answer.status_code, answer.json["code"]) == (400, "bad-request")
    assert answer.json["detail"] == "请求无法读取：Idempotency-Key 为空；请填写或不发送"
    assert clerk.get("/api/v1/cases").json["total"] == 0


def test_the_same_idempotency_key_with_another_application_is_a_conflict(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    clerk.post(PATH, application_json(), headers={"Idempotency-Key": "counter-1-0001"})
    answer = clerk.post(PATH, application_json(remark="另一份"), headers={"Idempotency-Key": "counter-1-0001"})

    assert (answer.status_code, answer.json["code"]) == (409, "idempotency-conflict")
    assert "“counter-1-0001”" in answer.json["detail"]  # as it was sent, not as it is kept
    assert clerk.get("/api/v1/cases").json["total"] == 1


def test_the_key_of_somebody_else_gives_no_case_away(sign_in: SignIn) -> None:
    headers = {"Idempotency-Key": "counter-1-0001"}
    mine = sign_in("clerk").post(PATH, application_json(), headers=headers)
    theirs = sign_in("other-clerk").post(PATH, application_json(), headers=headers)

    assert mine.json["number"] != theirs.json["number"]


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"needs": []}, "needs", "needs-missing"),
        ({"needs": ["gold"]}, "needs[0]", "choice-unknown"),
        ({"colour": "red"}, "colour", "unknown-field"),
        ({"members": []}, "members", "wrong-length"),
        ({"members": "two"}, "members", "not-a-list"),
        ({"household": 7}, "household", "not-an-object"),
        ({"region": None}, "region", "not-null"),
        ({"received_on": "2026-02-30"}, "received_on", "not-a-date"),
        ({"received_on": "2199-01-01"}, "received_on", "date-in-future"),
        ({"received_on": "9999-12-31"}, "received_on", "out-of-range"),
        ({"remark": "x" * 2001}, "remark", "too-long"),
    ],
)
def test_what_is_wrong_is_named_at_its_place(sign_in: SignIn, change: dict[str, Any], path: str, code: str) -> None:
    answer = sign_in("clerk").post(PATH, application_json(**change))

    assert answer.status_code == 422
    assert codes(answer)[path] == code


@pytest.mark.parametrize("amount", ["-1", "1e999999999", "1.005", "NaN", "x", True, None, [], "9" * 40, 1e300])
def test_an_amount_that_is_no_sum_of_money_is_refused(sign_in: SignIn, amount: Any) -> None:
    application = application_json()
    application["household"]["monthly_rent"] = amount
    answer = sign_in("clerk").post(PATH, application)

    assert answer.status_code in (400, 422)


def test_a_wrong_identity_number_is_named_at_the_member_in_both_languages(sign_in: SignIn) -> None:
    application = application_json()
    application["members"][1]["identity_number"] = "320499201602010330"
    clerk = sign_in("clerk")
    chinese = clerk.post(PATH, application, headers={"Accept-Language": "zh-CN"})
    english = clerk.post(PATH, application, headers={"Accept-Language": "en"})

    assert codes(chinese) == codes(english) == {"members[1].identity_number": "identity-number-check-digit-wrong"}
    assert chinese.json["detail"] != english.json["detail"]
    assert english.json["detail"].isascii()
    assert "320499201602010330" not in english.text


def test_a_clerk_of_another_town_may_not_register_here_nor_see_the_case(sign_in: SignIn) -> None:
    number = sign_in("clerk").post(PATH, application_json()).json["number"]
    far = sign_in("far-clerk")

    assert far.post(PATH, application_json()).status_code == 403
    assert far.get(f"/api/v1/cases/{number}").status_code == 404
    assert far.get(f"/api/v1/cases/{number}/progress").status_code == 404
    assert far.get("/api/v1/cases").json["total"] == 0


def test_cases_are_found_by_name_and_status_and_town(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    number = clerk.post(PATH, application_json()).json["number"]

    for query in ("text=陈建国", f"text={number}", "status=received", f"region={TOWN}", "order=due&descending=false"):
        assert clerk.get(f"/api/v1/cases?{query}").json["total"] == 1, query
    for query in ("text=无此人", "status=closed", "overdue_only=true"):
        assert clerk.get(f"/api/v1/cases?{query}").json["total"] == 0, query


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=9999", "offset=-1", "status=lost", "order=luck", "region=a%25b", "limit=x", "colour=1"]
)
def test_a_list_refuses_what_it_does_not_know(sign_in: SignIn, query: str) -> None:
    assert sign_in("clerk").get(f"/api/v1/cases?{query}").status_code == 422


def test_a_new_case_stands_in_its_diagrams_at_the_first_task(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    location = clerk.post(PATH, application_json()).headers["Location"]
    progress = clerk.get(f"{location}/progress").json

    standing = {element for diagram in progress["diagrams"] for element in diagram["active"]}
    assert "Task_CheckCompleteness" in standing
    assert all(diagram["xml"].startswith("<?xml") for diagram in progress["diagrams"])


def test_full_numbers_are_given_for_a_purpose_alone(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = f"/api/v1/cases/{clerk.post(PATH, application_json()).json['number']}"

    assert clerk.post(f"{case}/members/1/numbers", {}).status_code == 422
    assert clerk.post(f"{case}/members/1/numbers", {"purpose": "curiosity"}).status_code == 422
    shown = clerk.post(f"{case}/members/1/numbers", {"purpose": "identity_check"})
    assert shown.json["identity_number"] == application_json()["members"][0]["identity_number"]
    assert sign_in("far-clerk").post(f"{case}/members/1/numbers", {"purpose": "contact"}).status_code == 404
    history = clerk.get(f"{case}/progress").json["history"]
    assert {"actor": "clerk", "action": "revealed"}.items() <= history[-1].items()


def test_an_open_case_is_not_forgotten(sign_in: SignIn) -> None:
    case = f"/api/v1/cases/{sign_in('clerk').post(PATH, application_json()).json['number']}"

    assert sign_in("administrator").post(f"{case}/erase").json["code"] == "case-still-open"
    assert sign_in("clerk").post(f"{case}/erase").status_code == 403

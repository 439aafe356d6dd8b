"""The register on pages: found, shown masked, changed by two people; suspected duplicates side by side."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest

from api.services import Services
from engine.model import SYSTEM
from tests.api.applications import APPLICANT, application_json
from tests.api.conftest import PASSWORD, Client
from tests.api.test_procedure import next_year, taken_in  # noqa: F401 - limits run into next year
from workflows.organisation.commands import CreateAccount

SignIn = Callable[[str], Client]
NUMBER, PHONE = "19900001234", "199****1234"
KIN_AT_THE_COUNTY = {"name": "沈洁", "relation": "兄弟", "post": "staff", "unit": "民政局", "login": "county"}


def person_of(client: Client) -> str:
    """Return the address of the applicant's page."""
    [line] = client.get(f"/api/v1/register/persons?text={quote(APPLICANT)}").json["persons"]
    return f"/register/persons/{line['id']}"


def household_of(client: Client, person: str) -> str:
    [held] = client.get(f"/api/v1{person}").json["households"]
    return f"/register/households/{held['household_id']}"


def hidden_key(page: str) -> str:
    """Return the key that a page gave its form."""
    [key] = re.findall(r'name="submission_key" value="([0-9a-f]{32})"', page)
    return str(key)


def hire_at_the_county(services: Services) -> None:
    """Let the county have a reviewer of its own."""
    services.engine.execute(
        CreateAccount(
            login="county",
            name="沈洁",
            password=PASSWORD,
            posts=(("civil-affairs", "reviewer"),),
            must_change_password=False,
        ),
        actor=SYSTEM,
    )


@pytest.fixture
def person(sign_in: SignIn) -> str:
    """The page of somebody in the register."""
    clerk = sign_in("clerk")
    taken_in(clerk)
    return person_of(clerk)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_the_register_stands_in_both_languages(sign_in: SignIn, person: str, language: str) -> None:
    clerk = sign_in("clerk")
    household = household_of(clerk, person)
    for path in ("/register", person, f"{person}/numbers", household, "/register/corrections", "/duplicates"):
        page = clerk.get(f"{path}?lang={language}")
        assert (page.status_code, page.text.count("<h1>")) == (200, 1), path


def test_a_person_is_found_by_name_and_shown_masked(sign_in: SignIn, person: str) -> None:
    clerk = sign_in("clerk")
    assert person in clerk.get(f"/register?q={quote(APPLICANT)}").text
    assert person in clerk.get(f"/register?q={NUMBER}").text
    assert person not in clerk.get("/register?q=nobody").text
    page = clerk.get(person).text
    assert (PHONE in page, NUMBER in page) == (True, False)


def test_numbers_are_shown_for_a_purpose_that_stands_in_the_history(sign_in: SignIn, person: str) -> None:
    clerk = sign_in("clerk")
    assert NUMBER not in clerk.get(f"{person}/numbers").text
    assert clerk.form(f"{person}/numbers", purpose="curiosity").status_code == 400
    assert NUMBER in clerk.form(f"{person}/numbers", purpose="contact").text
    assert "联系当事人" in clerk.get(person).text


def test_a_household_is_shown_as_of_a_day_with_members_and_cases(sign_in: SignIn, person: str) -> None:
    clerk = sign_in("clerk")
    household = household_of(clerk, person)
    now = clerk.get(household).text
    assert (APPLICANT in now, "相关案件" in now) == (True, True)
    before = clerk.get(f"{household}?on=2020-01-01").text
    assert "当日没有登记成员" in before
    assert clerk.get(f"{household}?on=soon").status_code == 200


def test_a_change_is_asked_for_by_one_person_and_approved_by_another(sign_in: SignIn, person: str) -> None:
    clerk, reviewer = sign_in("clerk"), sign_in("reviewer")
    asked = clerk.form(f"{person}/corrections", **{"changes.phone": "19911112222", "reason": "换号"})
    assert asked.status_code == 303
    change = asked.headers["Location"]
    assert change in clerk.get("/register/corrections").text
    assert "199****2222" in reviewer.get(change).text
    assert clerk.form(f"{change}/decision", decision="approve", note="好").status_code == 403
    assert reviewer.form(f"{change}/decision", note="好").status_code == 400
    assert reviewer.form(f"{change}/decision", decision="approve", note=" ").status_code == 422
    assert reviewer.form(f"{change}/decision", decision="approve", note="已核实").status_code == 303
    assert "199****2222" in clerk.get(person).text
    assert reviewer.form(f"{change}/decision", decision="refuse", note="再来").status_code == 422
    assert change not in clerk.get("/register/corrections").text
    assert change in clerk.get("/register/corrections?state=approved").text


def test_a_change_sent_twice_is_asked_for_once(sign_in: SignIn, person: str) -> None:
    clerk = sign_in("clerk")
    household = household_of(clerk, person)
    key = hidden_key(clerk.get(person).text)
    assert key != hidden_key(clerk.get(person).text)
    asked = {"changes.phone": "19911112222", "reason": " 换号 ", "submission_key": key}
    first, second = (clerk.form(f"{person}/corrections", **asked) for _ in range(2))
    assert (first.status_code, first.headers["Location"]) == (303, second.headers["Location"])
    moving = {"changes.address": "新址1号", "reason": "搬家", "submission_key": hidden_key(clerk.get(household).text)}
    places = {clerk.form(f"{household}/corrections", **moving).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    other = clerk.form(f"{person}/corrections", **(asked | {"changes.phone": "19911113333"}))
    assert (other.status_code, "提交标识已用于另一项登记" in other.text) == (422, True)
    assert hidden_key(other.text) != key
    wish, once = {"changes": {"phone": "19911114444"}, "reason": "换号", "evidence": ""}, {"Idempotency-Key": "k-1"}
    answers = [clerk.post(f"/api/v1{person}/corrections", wish, headers=once) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json["id"] == answers[1].json["id"]
    assert clerk.get("/api/v1/register/corrections").json["total"] == 3


def test_a_change_is_refused_with_a_reason(sign_in: SignIn, person: str) -> None:
    clerk, reviewer = sign_in("clerk"), sign_in("reviewer")
    household = household_of(clerk, person)
    fields = {"changes.account.bank": "某银行", "changes.account.holder": APPLICANT}
    asked = clerk.form(
        f"{household}/corrections", reason="换卡", **fields, **{"changes.account.number": "4111111111111111"}
    )
    change = asked.headers["Location"]
    assert "某银行" in reviewer.get(change).text
    assert reviewer.form(f"{change}/decision", decision="refuse", note="户名不符").status_code == 303
    assert "户名不符" in clerk.get(change).text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"reason": "没有内容"}, "请填写要更正的内容"),
        ({"changes.phone": "1", "reason": "换号"}, "手机号"),
        ({"changes.phone": "19911112222"}, "缺少必填内容"),
        ({"changes.name": "长" * 51, "reason": "改名"}, "最多 50 个字"),
    ],
)
def test_what_is_wrong_with_a_change_is_told_and_what_was_typed_stays(
    sign_in: SignIn, person: str, fields: dict[str, str], told: str
) -> None:
    clerk = sign_in("clerk")
    page = clerk.form(f"{person}/corrections", **fields)
    assert (page.status_code, told in page.text) == (422, True)
    assert all(value in page.text for value in fields.values())
    assert clerk.get("/api/v1/register/corrections").json["total"] == 0


def test_who_left_a_household_is_named_with_the_last_day(sign_in: SignIn, person: str) -> None:
    clerk = sign_in("clerk")
    household = household_of(clerk, person)
    [other] = [one["person"] for one in clerk.get(f"/api/v1{household}").json["members"] if one["relation"] != "self"]
    without = clerk.form(f"{household}/corrections", left=other["id"], reason="分户")
    assert without.status_code == 422
    early = clerk.form(f"{household}/corrections", left=other["id"], left_on="2020-01-01", reason="分户")
    assert (early.status_code, "日期应在入户之后" in early.text) == (422, True)


def test_other_units_and_towns_see_nothing_of_the_register(sign_in: SignIn, person: str) -> None:
    clerk, far, teacher = sign_in("clerk"), sign_in("far-clerk"), sign_in("teacher")
    household = household_of(clerk, person)
    change = clerk.form(f"{person}/corrections", **{"changes.phone": "19911112222", "reason": "换号"})
    for other in (far, teacher):
        assert APPLICANT not in other.get("/register").text
        for path in (person, f"{person}/numbers", household, change.headers["Location"]):
            assert other.get(path).status_code == 404, path
        assert other.form(f"{person}/corrections", **{"changes.phone": "1", "reason": "x"}).status_code in (404, 422)
    assert "/register" not in teacher.get("/tasks").text
    assert "/register" in clerk.get("/tasks").text


def test_kin_see_no_change_request_and_decide_none(services: Services, sign_in: SignIn, person: str) -> None:
    clerk, reviewer = sign_in("clerk"), sign_in("reviewer")
    [case] = clerk.get("/api/v1/cases").json["cases"]
    household = household_of(clerk, person)
    asked = (
        clerk.form(f"{person}/corrections", **{"changes.phone": "19911112222", "reason": "换号"}),
        clerk.form(f"{household}/corrections", **{"changes.address": "新址1号", "reason": "搬家"}),
    )
    changes = [one.headers["Location"] for one in asked]
    assert all(change in reviewer.get("/register/corrections").text for change in changes)
    kin = {"name": "孙岩", "relation": "兄弟", "post": "staff", "unit": "昆仑街道", "login": "reviewer"}
    assert clerk.post(f"/api/v1/cases/{quote(case['number'])}/kin", kin).status_code == 201
    for change in changes:
        assert reviewer.get(change).status_code == 404
        assert reviewer.form(f"{change}/decision", decision="approve", note="好").status_code == 404
        told = reviewer.post(f"/api/v1{change}/decision", {"approve": True, "note": "好"})
        assert (told.status_code, reviewer.get(f"/api/v1{change}").status_code) == (404, 404)
    assert reviewer.get("/api/v1/register/corrections").json["total"] == 0


def test_kin_see_nothing_of_a_person_who_has_another_case_too(services: Services, sign_in: SignIn, person: str) -> None:
    hire_at_the_county(services)
    clerk, county = sign_in("clerk"), sign_in("county")
    number = clerk.get("/api/v1/cases").json["cases"][0]["number"]
    sign_in("far-clerk").post("/api/v1/applications", application_json(region="320481002"))
    taken_in(clerk)  # the same household once more
    household = household_of(clerk, person)
    paths = (person, f"{person}/numbers", household, f"/api/v1{person}", f"/api/v1{household}")
    assert [county.get(path).status_code for path in paths] == [200, 200, 200, 200, 200]
    assert clerk.post(f"/api/v1/cases/{quote(number)}/kin", KIN_AT_THE_COUNTY).status_code == 201
    assert [county.get(path).status_code for path in paths] == [404, 404, 404, 404, 404]
    assert county.get(f"/api/v1/register/persons?text={quote(APPLICANT)}").json == {"persons": [], "total": 0}
    assert county.form(f"{person}/numbers", purpose="contact").status_code == 404
    assert county.post(f"/api/v1{person}/numbers", {"purpose": "contact"}).status_code == 404
    change = {"changes.phone": "19911112222", "reason": "换号"}
    assert county.form(f"{person}/corrections", **change).status_code == 404
    moving = {"changes": {"address": "新址1号"}, "reason": "搬家", "evidence": ""}
    assert county.post(f"/api/v1{household}/corrections", moving).status_code == 404
    assert clerk.get("/api/v1/register/corrections").json["total"] == 0


def test_duplicates_stand_side_by_side_and_are_decided_once(sign_in: SignIn) -> None:
    clerk, supervisor = sign_in("clerk"), sign_in("supervisor")
    clerk.post("/api/v1/applications", application_json())
    sign_in("far-clerk").post("/api/v1/applications", application_json(region="320481002"))
    path = re.findall(r"/duplicates/[0-9a-f-]{36}", supervisor.get("/duplicates?kind=same_person").text)[0]
    page = supervisor.get(path).text
    assert page.count(">相同<") >= 3
    assert "登记认定结论" not in clerk.get(path).text
    assert clerk.form(f"{path}/decision", decision="same", reason="x").status_code == 403
    assert supervisor.form(f"{path}/decision", decision="same", reason=" ").status_code == 422
    assert supervisor.form(f"{path}/decision", reason="没有结论").status_code == 422
    assert supervisor.form(f"{path}/decision", decision="same", reason="两地重复申请").status_code == 303
    again = supervisor.form(f"{path}/decision", decision="different", reason="再来")
    assert (again.status_code, "已有认定结论" in again.text) == (422, True)
    assert path not in supervisor.get("/duplicates?kind=same_person").text
    assert path in supervisor.get("/duplicates?shown=all").text
    assert sign_in("teacher").get(path).status_code == 404


def test_kin_see_no_finding_about_their_relative(services: Services, sign_in: SignIn) -> None:
    hire_at_the_county(services)
    clerk, county = sign_in("clerk"), sign_in("county")
    number = clerk.post("/api/v1/applications", application_json()).json["number"]
    sign_in("far-clerk").post("/api/v1/applications", application_json(region="320481002"))
    before = county.get("/api/v1/register/duplicates").json
    assert before["total"]
    assert clerk.post(f"/api/v1/cases/{quote(number)}/kin", KIN_AT_THE_COUNTY).status_code == 201
    assert county.get("/api/v1/register/duplicates").json["total"] == 0
    path = f"/duplicates/{before['duplicates'][0]['duplicate']['id']}"
    assert county.get(path).status_code == 404
    assert county.form(f"{path}/decision", decision="same", reason="x").status_code == 404


def test_odd_addresses_of_the_lists_show_the_lists(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    for query in ("page=-1", "page=x", "q=%25_%5C", "state=lost", "kind=luck", "shown=x", "case=%25"):
        for path in ("/register", "/register/corrections", "/duplicates"):
            assert clerk.get(f"{path}?{query}").status_code == 200, (path, query)

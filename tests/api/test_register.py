"""The register and its channels over HTTP: slip and status, entries on line, spreadsheets, duplicates, corrections."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook

from tests.api.applications import APPLICANT, application_json
from tests.api.conftest import Client
from tests.api.test_pages import filled
from tests.api.test_procedure import code, taken_in
from tests.applications import identity
from workflows.casework.register.imports import COLUMNS

SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def next_years(sign_in: SignIn) -> None:
    """Years that limits may run into, whatever the day of the test."""
    entered = {"exceptions": [], "source": "测试"}
    for year in (2027, 2028):
        assert sign_in("administrator").put(f"/api/v1/calendar/years/{year}", entered).status_code == 200


def test_the_slip_has_a_code_from_the_first_day_and_others_units_do_not_see_it(
    sign_in: SignIn, anonymous: FlaskClient
) -> None:
    clerk = sign_in("clerk")
    number = clerk.post("/api/v1/applications", application_json()).json["number"]
    slip = clerk.get(f"/api/v1/cases/{quote(number)}/receipt").json
    assert slip["receipt_number"] is None
    assert re.fullmatch(r"\d{8}", slip["query_code"])
    told = anonymous.post("/api/v1/status", json={"number": number, "code": slip["query_code"]})
    assert (told.status_code, told.json["step"], told.json["window"]) == (200, "papers", "昆仑街道社会救助窗口")
    assert APPLICANT not in told.text
    renewed = clerk.post(f"/api/v1/cases/{quote(number)}/query-code")
    assert renewed.status_code == 201
    assert sign_in("far-clerk").get(f"/api/v1/cases/{quote(number)}/receipt").status_code == 404


def test_a_wrong_code_is_answered_as_a_wrong_number_and_soon_not_at_all(
    sign_in: SignIn, anonymous: FlaskClient
) -> None:
    number = sign_in("clerk").post("/api/v1/applications", application_json()).json["number"]
    wrong, nobody = (
        anonymous.post("/api/v1/status", json={"number": asked, "code": "99999999x"}) for asked in (number, "无此编号")
    )
    assert code(wrong) == code(nobody) == (404, "status-unknown")
    assert wrong.json["detail"] == nobody.json["detail"]
    for _ in range(4):
        anonymous.post("/api/v1/status", json={"number": number, "code": "x"})
    locked = anonymous.post("/api/v1/status", json={"number": number, "code": "x"})
    assert code(locked) == (429, "too-many-tries")
    assert int(locked.headers["Retry-After"]) > 0
    assert anonymous.post("/api/v1/status", json={"number": 5}).status_code == 422


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_status_page_works_without_a_script_in_both_languages(
    sign_in: SignIn, anonymous: FlaskClient, language: str
) -> None:
    clerk = sign_in("clerk")
    slip = clerk.get(f"{taken_in(clerk)}/receipt").json
    page = anonymous.get(f"/status?lang={language}").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    asked = {"number": slip["case_number"], "code": slip["query_code"], "csrf_token": token[1]}
    told = anonymous.post(f"/status?lang={language}", data=asked)
    assert told.status_code == 200
    assert ("正在办" if language == "zh" else "At work now") in told.text
    assert APPLICANT not in told.text
    refused = anonymous.post(f"/status?lang={language}", data={**asked, "code": "1"})
    assert (refused.status_code, 'role="alert"' in refused.text) == (404, True)
    assert anonymous.post("/status", data={"number": "x", "code": "y"}).status_code == 403  # not from our page


def test_what_is_entered_on_line_counts_when_confirmed(sign_in: SignIn, anonymous: FlaskClient) -> None:
    page = anonymous.get("/apply").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    fields = filled(csrf_token=token[1])
    without = anonymous.post("/apply", data=fields)
    assert (without.status_code, "承诺" in without.text) == (422, True)
    broken = anonymous.post("/apply", data={**fields, "promise": "1", "members-0-identity_number": "1"})
    assert broken.status_code == 422
    more = anonymous.post("/apply", data={**fields, "action": "add-member"})
    assert "members-1-name" in more.text
    entered = anonymous.post("/apply", data={**fields, "promise": "1", "recognised_status": "dibao"})
    assert entered.status_code == 201
    found = re.search(r"WS\d{9}-\d{4}-\d{6}", entered.text)
    assert found is not None

    clerk = sign_in("clerk")
    assert clerk.get("/api/v1/cases").json["total"] == 0
    assert found[0] in clerk.get("/online-entries").text
    assert sign_in("far-clerk").get(f"/online-entries/{found[0]}").status_code == 404
    shown = clerk.get(f"/online-entries/{found[0]}?lang=en")
    assert APPLICANT in shown.text
    view = clerk.get(f"/api/v1/online-entries/{found[0]}").json
    assert view["application"]["members"][0]["name"] == APPLICANT
    taken = clerk.form(f"/online-entries/{found[0]}/confirm")
    assert taken.status_code == 303
    [case] = clerk.get("/api/v1/cases").json["cases"]
    assert (case["channel"], case["recognised_status"]) == ("online", "none")
    again = clerk.post(f"/api/v1/online-entries/{found[0]}/confirmation")
    assert code(again) == (409, "online-entry-decided")


def test_a_refused_entry_needs_a_reason_and_is_gone(sign_in: SignIn, anonymous: FlaskClient) -> None:
    entered = anonymous.post("/api/v1/online-entries", json=application_json())
    assert entered.status_code == 201
    clerk, number = sign_in("clerk"), entered.json["number"]
    assert clerk.post(f"/api/v1/online-entries/{number}/refusal", {"reason": ""}).status_code == 422
    assert clerk.form(f"/online-entries/{number}/refuse", reason="无人接听").status_code == 303
    assert clerk.get(f"/api/v1/online-entries/{number}").json["application"] is None
    body = {"number": number, "code": entered.json["query_code"]}
    assert anonymous.post("/api/v1/status", json=body).json["step"] == "refused"


def test_too_many_entries_from_one_place_are_refused(anonymous: FlaskClient) -> None:
    answers = [anonymous.post("/api/v1/online-entries", json=application_json()).status_code for _ in range(11)]
    assert answers == [201] * 10 + [429]


def test_a_village_hands_in_with_a_mandate_only(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    bare = clerk.post("/api/v1/applications", application_json(channel="village"))
    assert [one["code"] for one in bare.json["errors"]] == ["mandate-missing"]
    proxy = {"name": "王村官", "phone": "19900007777", "mandate": "WT-1", "mandated_on": "2026-01-05"}
    without = clerk.post("/api/v1/applications", application_json(channel="village", proxy=proxy))
    assert [one["path"] for one in without.json["errors"]] == ["proxy.organisation"]
    helped = application_json(channel="village", proxy={**proxy, "organisation": "某村村委会"})
    assert clerk.post("/api/v1/applications", helped).status_code == 201


def cells(**changes: str) -> list[str]:
    plain = dict.fromkeys(COLUMNS, "") | {
        "申请编号": "K-1",
        "乡镇": "320481001",
        "姓名": APPLICANT,
        "身份证号": identity(date(1986, 3, 2), count=11),
        "与申请人关系": "本人",
        "手机号": "19900001234",
        "住址": "测试路1号",
        "住房": "自有",
        "城乡": "农村",
        "救助需求": "生活、医疗",
    }
    return [(plain | changes)[one] for one in COLUMNS]


def upload(client: Client, name: str, content: bytes, mode: str = "all") -> Any:
    return client.client.post(
        f"/api/v1/application-imports?mode={mode}",
        data={"file": (io.BytesIO(content), name)},
        headers={"X-CSRF-Token": client.token},
    )


def test_spreadsheets_in_every_form_are_taken_in_once(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    text = "\n".join(",".join(f'"{one}"' for one in row) for row in (COLUMNS, cells()))
    book, file = Workbook(), io.BytesIO()
    book.active.append(list(COLUMNS))
    book.active.append(cells())
    book.save(file)
    answers = [
        upload(clerk, "一.csv", text.encode("gbk")),
        upload(clerk, "二.csv", text.encode("utf-8-sig")),
        upload(clerk, "三.xlsx", file.getvalue()),
    ]
    assert [one.status_code for one in answers] == [201] * 3
    assert [one.json["imported"][0]["is_new"] for one in answers] == [True, False, False]
    assert clerk.get("/api/v1/cases").json["total"] == 1


def test_rows_with_errors_are_named_in_both_languages(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    rows = (COLUMNS, cells(), cells(申请编号="K-2", 身份证号="320481197803151011", 手机号="1"))
    text = "\n".join(",".join(f'"{one}"' for one in row) for row in rows).encode()
    refused = upload(clerk, "表.csv", text)
    assert code(refused) == (422, "import-invalid")
    assert {one["path"] for one in refused.json["errors"]} == {"rows[3].身份证号", "rows[3].手机号"}
    english = clerk.client.post(
        "/api/v1/application-imports",
        data={"file": (io.BytesIO(text), "t.csv")},
        headers={"X-CSRF-Token": clerk.token, "Accept-Language": "en"},
    )
    assert "check digit" in str(english.json["errors"])
    partly = upload(clerk, "表.csv", text, mode="good").json
    assert ([one["key"] for one in partly["imported"]], len(partly["errors"])) == (["K-1"], 2)
    assert partly["errors"][0]["zh"]
    assert code(upload(clerk, "表.csv", b"a,b\n1,2")) == (422, "request-invalid")


def test_a_person_is_found_masked_and_shown_for_a_purpose(sign_in: SignIn) -> None:
    clerk, supervisor = sign_in("clerk"), sign_in("supervisor")
    taken_in(clerk)
    found = clerk.get(f"/api/v1/register/persons?text={quote(APPLICANT)}").json
    [line] = found["persons"]
    assert "********" in line["identity_number"]
    path = f"/api/v1/register/persons/{line['id']}"
    assert clerk.post(f"{path}/numbers", {"purpose": "curiosity"}).status_code == 422
    shown = clerk.post(f"{path}/numbers", {"purpose": "contact"}).json
    assert shown["phone"] == "19900001234"
    view = supervisor.get(path).json
    assert [one["action"] for one in view["history"]] == ["registered", "revealed"]
    assert code(sign_in("far-clerk").get(path)) == (404, "not-in-register")
    assert code(sign_in("teacher").get(path)) == (404, "not-in-register")
    home = clerk.get(f"/api/v1/register/households/{view['households'][0]['household_id']}").json
    assert len(home["members"]) == 2
    before = clerk.get(f"/api/v1/register/households/{home['id']}?on=2020-01-01").json
    assert (before["members"], before["address"]) == ([], None)

    asked = clerk.post(f"{path}/corrections", {"changes": {"phone": "19911112222"}, "reason": "换号"})
    assert asked.status_code == 201
    assert clerk.post(f"{path}/corrections", {"changes": {}, "reason": "x"}).status_code == 422
    decision = f"/api/v1/register/corrections/{asked.json['id']}/decision"
    assert code(clerk.post(decision, {"approve": True, "note": "好"})) == (403, "not-permitted")
    assert sign_in("reviewer").post(decision, {"approve": True, "note": "已核实"}).json["state"] == "approved"
    assert clerk.get(path).json["person"]["phone"] == "199****2222"
    assert clerk.get("/api/v1/register/corrections?state=approved").json["total"] == 1
    moved = {"account": {"bank": "b", "holder": APPLICANT, "number": "4111111111111111"}, "division": "320481001001"}
    changed = clerk.post(f"/api/v1/register/households/{home['id']}/corrections", {"changes": moved, "reason": "换卡"})
    assert changed.status_code == 201


def test_duplicates_stand_side_by_side_and_are_decided_with_a_reason(sign_in: SignIn) -> None:
    clerk, supervisor = sign_in("clerk"), sign_in("supervisor")
    clerk.post("/api/v1/applications", application_json())
    sign_in("far-clerk").post("/api/v1/applications", application_json(region="320481002"))
    page = supervisor.get("/api/v1/register/duplicates?open_only=true").json
    assert {one["duplicate"]["kind"] for one in page["duplicates"]} == {"same_person"}
    [own, _other] = clerk.get("/api/v1/register/duplicates").json["duplicates"]
    assert (own["case"]["name"], own["other"]["name"] is not None) == (None, True)
    path = f"/api/v1/register/duplicates/{own['duplicate']['id']}"
    assert supervisor.get(path).json["same"]["identity_number"] is True
    assert supervisor.post(f"{path}/decision", {"decision": "same", "reason": ""}).status_code == 422
    assert code(clerk.post(f"{path}/decision", {"decision": "same", "reason": "x"})) == (403, "not-permitted")
    decided = supervisor.post(f"{path}/decision", {"decision": "same", "reason": "两地重复申请"})
    assert (decided.status_code, decided.json["decision"]) == (200, "same")
    assert code(supervisor.post(f"{path}/decision", {"decision": "same", "reason": "x"})) == (409, "duplicate-decided")
    assert code(sign_in("teacher").get(path)) == (404, "duplicate-not-found")

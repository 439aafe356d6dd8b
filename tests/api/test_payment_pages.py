"""Money on pages: batches and their files, what came back, the account it goes to next, recoveries, the books."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, text

from api.services import Services
from tests.api.applications import APPLICANT
from tests.api.conftest import Client
from tests.api.test_payments import SUMS, batch, payer  # noqa: F401 - fixtures
from tests.api.test_procedure import next_year  # noqa: F401 - limits run into next year
from workflows.casework.payments.files import RETURN_COLUMNS

SignIn = Callable[[str], Client]


@pytest.fixture
def page(batch: str) -> str:  # noqa: F811 - the fixture imported above
    """The address of the page of a batch that is at the bank."""
    return batch.removeprefix("/api/v1")


@pytest.fixture
def case(sign_in: SignIn, page: str) -> str:
    """The address of the page of the case that is paid."""
    [found] = sign_in("clerk").get("/api/v1/cases").json["cases"]
    return f"/cases/{quote(found['number'])}"


def sent_lines(payer: Client, page: str) -> list[dict[str, str]]:  # noqa: F811
    answer = payer.form(f"{page}/bank-file")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def return_file(lines: list[dict[str, str]], results: list[tuple[str, str]]) -> bytes:
    rows = [
        [one["批次号"], one["序号"], one["付款编号"], one["金额"], result, failure]
        for one, (result, failure) in zip(lines, results, strict=True)
    ]
    return "\r\n".join(",".join(row) for row in (RETURN_COLUMNS, *rows)).encode()


def hand_in(payer: Client, page: str, content: bytes) -> Any:  # noqa: F811
    data = {"csrf_token": payer.token, "files": (io.BytesIO(content), "回盘.csv")}
    return payer.client.post(f"{page}/returns", data=data)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_about_money_stands_in_both_languages(sign_in: SignIn, page: str, case: str, language: str) -> None:
    supervisor = sign_in("supervisor")
    for path in ("/payments", page, "/payments/books", f"{case}/money", f"{case}/benefits"):
        shown = supervisor.get(f"{path}?lang={language}")
        assert (shown.status_code, shown.text.count("<h1>")) == (200, 1), path


def test_the_list_tells_what_a_batch_comes_to_as_the_api_does(payer: Client, page: str) -> None:  # noqa: F811
    [sums] = payer.get("/api/v1/payments/batches").json["sums"]
    assert (sums["lines"], sums["total"], sums["paid"], sums["held_back"]) == (2, sum(SUMS), 0, 0)
    shown = payer.get("/payments").text
    assert (page in shown, f"{sum(SUMS):,.2f}" in shown) == (True, True)


def test_the_roster_masks_the_payee_and_is_narrowed_by_state(payer: Client, page: str) -> None:  # noqa: F811
    shown = payer.get(page).text
    assert ("陈*国" in shown, APPLICANT in shown, "1,640.00" in shown) == (True, False, True)
    assert "没有这种状态的款项" in payer.get(f"{page}?shown=failed").text
    for odd in ("shown=lost", "page=x", "page=99"):
        assert payer.get(f"{page}?{odd}").status_code == 200


def test_who_takes_the_bank_file_stands_in_the_record_of_access(
    services: Services,
    payer: Client,  # noqa: F811
    page: str,
) -> None:
    first = payer.form(f"{page}/bank-file")
    assert first.headers["Content-Disposition"].startswith("attachment;")
    assert payer.post(f"/api/v1{page}/bank-file").status_code == 200
    database = create_engine(str(services.settings.database_url))
    with database.connect() as connection:
        kept = connection.execute(
            text("SELECT login, details FROM account_event WHERE action = 'bank-file-taken' ORDER BY id")
        ).all()
    database.dispose()
    assert [one.login for one in kept] == ["payer", "payer"]
    assert kept[0].details["number"] in page


def test_a_batch_is_looked_at_while_somebody_works_on_it(
    services: Services,
    payer: Client,  # noqa: F811
    page: str,
) -> None:
    database = create_engine(str(services.settings.database_url))
    with database.connect() as connection:
        connection.execute(text("SELECT id FROM payment_batch FOR UPDATE"))
        assert payer.get(page).status_code == 200
        assert payer.get(f"/api/v1{page}").status_code == 200
        assert payer.get("/payments").status_code == 200
    database.dispose()
    assert payer.get("/api/v1/payments/batches/PAY-1999-01").status_code == 404


def test_a_return_file_is_taken_in_as_a_whole_or_refused_with_its_row(payer: Client, page: str) -> None:  # noqa: F811
    lines = sent_lines(payer, page)
    wrong = return_file([lines[0], lines[1] | {"金额": "1.00"}], [("成功", ""), ("成功", "")])
    refused = hand_in(payer, page, wrong)
    assert (refused.status_code, "回盘文件第 3 行" in refused.text) == (422, True)
    assert payer.get(f"/api/v1{page}").json["lines"][0]["state"] == "sent"
    assert hand_in(payer, page, b"").status_code == 422
    assert payer.form(f"{page}/returns").status_code == 422
    taken = hand_in(payer, page, return_file(lines, [("成功", ""), ("失败", "账号不符")]))
    assert taken.status_code == 303
    shown = payer.get(f"{page}?shown=failed").text
    assert ("账号不符" in shown, "560.00" in shown) == (True, True)
    again = payer.form(f"{page}/bank-file")
    assert (again.status_code, "不再提供下载" in again.text) == (422, True)


def test_what_came_back_goes_to_the_account_that_one_asks_for_and_another_approves(
    sign_in: SignIn,
    payer: Client,  # noqa: F811
    page: str,
    case: str,
) -> None:
    hand_in(payer, page, return_file(sent_lines(payer, page), [("成功", ""), ("失败", "账号不符")]))
    clerk = sign_in("clerk")
    shown = clerk.get(f"{case}/money").text
    assert ("账号不符" in shown, "申请变更收款账户" in shown) == (True, True)
    given = {"bank": "某银行", "holder": "外人", "number": "6200000000000001", "reason": "换卡"}
    refused = clerk.form(f"{case}/account", **given)
    assert (refused.status_code, "某银行" in refused.text, "户名须是家庭成员的姓名" in refused.text) == (
        422,
        True,
        True,
    )
    assert clerk.form(f"{case}/account", **(given | {"number": "1"})).status_code == 422
    for _ in range(2):
        asked = clerk.form(f"{case}/account", **(given | {"holder": APPLICANT}), submission_key="one")
        assert asked.status_code == 303
    change = asked.location
    assert "待审批" in clerk.get(f"{case}/money").text
    reviewer = sign_in("reviewer")
    assert "某银行" in reviewer.get(change).text
    assert reviewer.form(f"{change}/decision", decision="approve", note="与存折一致").status_code == 303
    told = clerk.get(f"{case}/money").text
    assert ("某银行" in told, "已同意" in told) == (True, True)


def test_a_change_of_an_account_over_the_api_is_asked_for_once(sign_in: SignIn, case: str) -> None:
    clerk = sign_in("clerk")
    body = {"bank": "某银行", "holder": APPLICANT, "number": "6200000000000001", "reason": "换卡"}
    answers = [clerk.post(f"/api/v1{case}/account", body, headers={"Idempotency-Key": "one"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json["id"] == answers[1].json["id"]
    shown = clerk.get(answers[0].location).json
    assert shown["changes"]["account"]["number"].endswith("0001")
    assert "6200000000000001" not in str(shown)


def test_money_paid_wrongly_is_asked_back_once(
    sign_in: SignIn,
    payer: Client,  # noqa: F811
    page: str,
    case: str,
) -> None:
    hand_in(payer, page, return_file(sent_lines(payer, page), [("成功", ""), ("成功", "")]))
    clerk, month = sign_in("clerk"), page.removeprefix("/payments/batches/PAY-")[:7]
    asked = {"cause": "error", "from_month": month, "until_month": month, "reason": "重复发放", "share": "5000"}
    assert clerk.form(f"{case}/recoveries", **(asked | {"from_month": "2026-13"})).status_code == 422
    assert clerk.form(f"{case}/recoveries", **(asked | {"share": "-1"})).status_code == 422
    for _ in range(2):
        assert clerk.form(f"{case}/recoveries", **asked, submission_key="one").status_code == 303
    shown = clerk.get(f"{case}/money").text
    assert ("工作差错" in shown, "1,640.00" in shown) == (True, True)
    again = clerk.form(f"{case}/recoveries", **asked)
    assert (again.status_code, "最多还可追回" in again.text) == (422, True)
    [recovery] = clerk.get(f"/api/v1{case}/money").json["recoveries"]
    receipt = {"amount": "10", "received_on": "2026-11-02", "reference": "P-1"}
    path = f"{case}/recoveries/{recovery['id']}/receipts"
    assert clerk.form(path, **receipt).status_code == 403


def test_a_recovery_sent_twice_is_begun_once(
    sign_in: SignIn,
    payer: Client,  # noqa: F811
    page: str,
    case: str,
) -> None:
    hand_in(payer, page, return_file(sent_lines(payer, page), [("成功", ""), ("成功", "")]))
    clerk, month = sign_in("clerk"), page.removeprefix("/payments/batches/PAY-")[:7]
    assert 'name="submission_key"' in clerk.get(f"{case}/money").text
    asked = {"cause": "error", "from_month": month, "until_month": month, "reason": "重复发放", "share": "10"}
    for _ in range(2):
        assert clerk.form(f"{case}/recoveries", **asked, submission_key="one").status_code == 303
    other = clerk.form(f"{case}/recoveries", **(asked | {"share": "20"}), submission_key="one")
    assert (other.status_code, "提交标识已用于另一项登记" in other.text) == (422, True)
    wish, once = asked | {"share": "20.00"}, {"Idempotency-Key": "two"}
    answers = [clerk.post(f"/api/v1{case}/recoveries", wish, headers=once) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201], answers[0].json
    sums = [one["wrongly_paid"] for one in clerk.get(f"/api/v1{case}/money").json["recoveries"]]
    assert [float(one) for one in sums] == [10, 20]


def test_payments_of_a_month_are_begun_by_who_may(payer: Client, sign_in: SignIn) -> None:  # noqa: F811
    assert payer.form("/payments", month="2026-13").status_code == 422
    assert payer.form("/payments", month="2199-12").status_code == 422
    assert payer.form("/payments", month="2026-05").headers["Location"] == "/payments/batches/PAY-2026-05"
    assert "无应发款项" in payer.get("/payments").text
    assert "花名册还没有编制" in payer.get("/payments/batches/PAY-2026-05").text
    assert sign_in("supervisor").form("/payments", month="2026-04").status_code == 403


def test_the_books_are_those_of_the_api(payer: Client, page: str) -> None:  # noqa: F811
    month = page.removeprefix("/payments/batches/PAY-")[:7]
    books = payer.get(f"/api/v1/payments/books?month={month}").json
    shown = payer.get(f"/payments/books?month={month}")
    assert all(one["case_number"] in shown.text for one in books["differences"])
    assert payer.get("/payments/books?month=soon").status_code == 200


def test_money_is_for_those_whom_the_api_lets(sign_in: SignIn, payer: Client, page: str, case: str) -> None:  # noqa: F811
    clerk, teacher = sign_in("clerk"), sign_in("teacher")
    for person in (clerk, teacher):
        for path in ("/payments", page, "/payments/books"):
            told = person.get(f"/api/v1{path if path != '/payments' else '/payments/batches'}?month=2026-11")
            assert (person.get(path).status_code, told.status_code in (403, 422)) == (403, True), path
        assert person.form(f"{page}/bank-file").status_code == 403
        assert hand_in(person, page, b"x").status_code == 403
        assert 'href="/payments"' not in person.get("/tasks").text
    assert 'href="/payments"' in payer.get("/tasks").text
    for path in ("money", "benefits"):
        assert sign_in("far-clerk").get(f"{case}/{path}").status_code == 404
    assert payer.get("/payments/batches/PAY-2020-01").status_code == 404


def test_kin_see_nothing_of_the_money_of_their_relatives(
    sign_in: SignIn,
    payer: Client,  # noqa: F811
    page: str,
    case: str,
) -> None:
    number = sign_in("clerk").get("/api/v1/cases").json["cases"][0]["number"]
    assert number in payer.get(page).text
    kin = {"name": "钱进", "relation": "兄弟", "post": "staff", "unit": "财政局", "login": "payer"}
    assert sign_in("clerk").post(f"/api/v1{case}/kin", kin).status_code == 201
    assert number not in payer.get(page).text
    assert payer.get(f"/api/v1{page}").json["lines"] == []
    assert number not in payer.get("/payments/books").text
    assert payer.get(f"{case}/money").status_code == 404

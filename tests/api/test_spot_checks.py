"""Spot checks over pages and API: drawing, reviewing, findings, the export; and who may what."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import create_engine, text

from api.services import Services
from engine.model import SYSTEM
from tests.api.conftest import PASSWORD, Client, content
from tests.api.test_supervision import hand, hand_in, surroundings, task_of  # noqa: F401  fixtures
from workflows.organisation.commands import CreateAccount

SignIn = Callable[[str], Client]
CHECKS = "/api/v1/spot-checks"
JUNE = {"since": "2026-06-01", "until": "2026-06-30"}
DRAW = {"population": JUNE, "size": 1, "reason": "六月重点抽查", "seed": "june"}
FORM = {"since": "2026-06-01", "until": "2026-06-30", "region": "320481", "size": "1", "reason": "六月重点抽查"}
AWAY = {"completeness": "not_ours", "refusal_reason": "不属本县", "right_unit": "health"}


@pytest.fixture
def supervisor(sign_in: SignIn) -> Client:
    return sign_in("supervisor")


@pytest.fixture
def clerk(sign_in: SignIn) -> Client:
    return sign_in("clerk")


@pytest.fixture
def reviewer(sign_in: SignIn, services: Services) -> Client:
    posts = (("civil-affairs", "reviewer"),)
    account = CreateAccount(
        login="bureau-reviewer", name="陆审", password=PASSWORD, posts=posts, must_change_password=False
    )
    services.engine.execute(account, actor=SYSTEM)
    return sign_in("bureau-reviewer")


def finish(client: Client, task_id: str, **values: Any) -> Any:
    assert client.post(f"/api/v1/tasks/{task_id}/claim").status_code == 200
    return client.post(f"/api/v1/tasks/{task_id}/complete", {"variables": values})


def turned_away(clerk: Client, *counts: int) -> list[str]:
    """Cases that are over: the window did not accept them."""
    cases = [hand_in(clerk, count) for count in counts]
    for case in cases:
        assert finish(clerk, task_of(clerk, case)["id"], **AWAY).status_code == 200
    return cases


def drawn(supervisor: Client, **changes: Any) -> dict[str, Any]:
    answer = supervisor.post(CHECKS, {**DRAW, **changes})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"{CHECKS}/{answer.json['id']}"
    return dict(content(answer))


def item_of(supervisor: Client, check: dict[str, Any]) -> dict[str, Any]:
    [item] = content(supervisor.get(f"{CHECKS}/{check['id']}"))["items"]
    return dict(item)


def review(reviewer: Client, task_id: str, severity: str) -> Any:
    rows = content(reviewer.get(f"/api/v1/tasks/{task_id}"))["values"]["checklist"]
    answers = [row | {"verdict": "right"} for row in rows]
    answers[0] |= {"verdict": "finding", "severity": severity, "finding": "缺少授权书"}
    return finish(reviewer, task_id, checklist=answers, conclusion="wrongly_out")


def test_a_spot_check_goes_its_whole_way_over_the_api(supervisor: Client, clerk: Client, reviewer: Client) -> None:
    turned_away(clerk, 1, 2)
    assert content(supervisor.get(f"{CHECKS}/population?since=2026-06-01&until=2026-06-30")) == {"size": 2}
    check = drawn(supervisor)
    assert (check["number"], check["seed"], "lots" in check) == ("溧抽查〔2026〕1号", "june", False)
    assert review(reviewer, item_of(supervisor, check)["open_task"], "severe").status_code == 200
    order = {"demand": "重新受理", "basis_kind": "legal", "basis": "民发〔2021〕57号", "working_days": 5}
    decision = {"finding_decision": "order", "unit_kind": "township", **order}
    assert finish(supervisor, item_of(supervisor, check)["open_task"], **decision).status_code == 200

    view = content(supervisor.get(f"{CHECKS}/{check['id']}"))
    assert (view["items"][0]["order_number"], view["is_reproduced"]) == ("溧督〔2026〕1号", True)
    counts = view["line"]["counts"]
    assert (counts["sampled"], counts["reviewed"], counts["severe"], counts["wrong"], counts["orders"]) == (1,) * 5
    assert counts["found_share"] == 1
    assert content(clerk.get("/api/v1/supervision/orders"))["total"] == 1
    assert content(supervisor.get(f"{CHECKS}?open_only=true"))["total"] == 0


def test_the_same_key_draws_once_and_another_draw_under_it_is_refused(
    supervisor: Client, clerk: Client, reviewer: Client
) -> None:
    turned_away(clerk, 1, 2)
    key = {"Idempotency-Key": "one"}
    first, again = (supervisor.post(CHECKS, DRAW, headers=key) for _ in range(2))
    assert (first.status_code, content(again)["id"]) == (201, content(first)["id"])
    assert supervisor.post(CHECKS, {**DRAW, "way": "risk"}, headers=key).status_code == 409
    assert content(supervisor.get(CHECKS))["total"] == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"size": None}, 422),
        ({"share": 5}, 422),
        ({"size": 0}, 422),
        ({"size": 1.5}, 422),
        ({"seed": "有 空格"}, 422),
        ({"reason": " "}, 422),
        ({"way": "odd"}, 422),
        ({"population": {"since": "2026-06-30", "until": "2026-06-01"}}, 422),
        ({"population": {"since": "2026-06-01"}}, 422),
        ({"population": JUNE | {"programme": "odd"}}, 422),
        ({"population": JUNE | {"region": "x"}}, 422),
        ({"population": JUNE | {"region": "999999"}}, 403),
        ({"population": {"since": "2020-06-01", "until": "2020-06-30"}}, 409),
    ],
)
def test_a_wrong_draw_is_refused_with_what_is_wrong(
    supervisor: Client, clerk: Client, changes: dict[str, Any], status: int
) -> None:
    turned_away(clerk, 1)
    answer = supervisor.post(CHECKS, {**DRAW, **changes})
    assert answer.status_code == status, answer.text
    assert content(supervisor.get(CHECKS))["total"] == 0


def test_only_supervisors_of_the_region_draw_and_see(
    supervisor: Client, clerk: Client, reviewer: Client, sign_in: SignIn
) -> None:
    turned_away(clerk, 1)
    check = drawn(supervisor)
    for other in (clerk, sign_in("administrator"), sign_in("teacher")):
        for path in (CHECKS, f"{CHECKS}/{check['id']}", "/spot-checks", f"/spot-checks/{check['id']}"):
            assert other.get(path).status_code == 403
        assert other.post(CHECKS, DRAW).status_code == 403
        assert other.post(f"{CHECKS}/{check['id']}/exports", {"format": "csv"}).status_code == 403
    assert reviewer.get(CHECKS).status_code == 403
    assert clerk.post(f"/api/v1/tasks/{item_of(supervisor, check)['open_task']}/claim").status_code in (403, 404)


def test_a_draw_by_mistake_is_withdrawn_once(supervisor: Client, clerk: Client, reviewer: Client) -> None:
    turned_away(clerk, 1)
    check = drawn(supervisor)
    assert supervisor.post(f"{CHECKS}/{check['id']}/withdrawal", {"reason": " "}).status_code == 422
    assert supervisor.post(f"{CHECKS}/{check['id']}/withdrawal", {"reason": "抽错月份"}).status_code == 200
    assert supervisor.post(f"{CHECKS}/{check['id']}/withdrawal", {"reason": "抽错月份"}).status_code == 409
    assert item_of(supervisor, check)["state"] == "withdrawn"
    again = supervisor.form(f"/spot-checks/{check['id']}/withdrawal", reason="再撤")
    assert again.status_code == 303
    assert "已撤回或已全部办结" in supervisor.get(again.headers["Location"]).text


def test_the_result_is_taken_away_as_a_file_and_the_act_is_kept(
    supervisor: Client, clerk: Client, reviewer: Client, services: Services
) -> None:
    [case] = turned_away(clerk, 1)
    check = drawn(supervisor)
    review(reviewer, item_of(supervisor, check)["open_task"], "serious")
    file = supervisor.post(f"{CHECKS}/{check['id']}/exports", {"format": "xlsx"})
    book = load_workbook(io.BytesIO(file.data))
    cells = [cell for sheet in book for row in sheet.values for cell in row]
    assert {case, "june", "六月重点抽查", "陆审"} <= set(cells)
    assert not any("缺少授权书" in str(cell) for cell in cells)  # words stay in the system
    csv = supervisor.form(f"/spot-checks/{check['id']}/exports", format="csv")
    assert (csv.status_code, case in csv.data.decode("utf-8-sig")) == (200, True)
    assert supervisor.form(f"/spot-checks/{check['id']}/exports", format="odd").status_code == 400
    database = create_engine(services.settings.database_url)
    with database.connect() as connection:
        kept = connection.execute(
            text("SELECT login, details ->> 'number' FROM account_event WHERE action = 'spot-check-exported'")
        ).all()
    database.dispose()
    assert [tuple(one) for one in kept] == [("supervisor", check["number"])] * 2


def test_a_sample_is_drawn_on_the_page(supervisor: Client, clerk: Client, reviewer: Client) -> None:
    [case] = turned_away(clerk, 1)
    board = supervisor.get("/supervision").text
    assert 'href="/spot-checks"' in board
    assert "还没有抽查过案件" in supervisor.get("/spot-checks").text
    counted = supervisor.get("/spot-checks/new", query_string=FORM)
    assert "符合条件的有 1 件" in counted.text
    refused = supervisor.form("/spot-checks", **FORM | {"size": "viele", "submission_key": "a"})
    assert (refused.status_code, FORM["reason"] in refused.text) == (422, True)
    assert "抽查数量应为" in refused.text
    assert supervisor.form("/spot-checks", **FORM | {"since": "odd"}).status_code == 422
    assert supervisor.get("/spot-checks/new?since=odd").status_code == 422
    answers = [supervisor.form("/spot-checks", **FORM | {"submission_key": "b"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    page = supervisor.get(answers[0].headers["Location"])
    assert all(one in page.text for one in (case, "未受理的申请", "待核查", "按种子和总体复算，结果一致", "不予救助"))
    listed = supervisor.get("/spot-checks?show=open")
    assert "溧抽查〔2026〕1号" in listed.text


def test_the_pages_of_spot_checks_read_in_english(supervisor: Client, clerk: Client, reviewer: Client) -> None:
    turned_away(clerk, 1)
    assert "No spot checks yet" in supervisor.get("/spot-checks?lang=en").text
    assert "Draw, and give the reviews out" in supervisor.get("/spot-checks/new").text
    check = drawn(supervisor)
    page = supervisor.get(f"/spot-checks/{check['id']}").text
    assert all(one in page for one in ("Application not accepted", "To be reviewed", "Aid was refused"))
    file = supervisor.form(f"/spot-checks/{check['id']}/exports", format="csv").data.decode("utf-8-sig")
    assert "Sampled cases" in file

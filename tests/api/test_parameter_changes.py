"""A figure of policy is changed by two persons: looked at, asked for with its source, decided, and kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from api.services import Services
from engine.model import SYSTEM
from tests.api.conftest import Client
from workflows.casework.commands import SetParameters
from workflows.casework.county import COUNTY_REGION
from workflows.casework.days import local_day
from workflows.casework.records import Parameter

SignIn = Callable[[str], Client]
PATH = "/api/v1/parameter-changes"
SOURCE = {"source": "溧民发〔2026〕31号", "reason": "年度标准调整"}


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def wish(services: Services, value: Any = 905, *, key: str = "dibao_standard", days: int = 30) -> dict[str, Any]:
    day = local_day(services.now()) + timedelta(days=days)
    return {"key": key, "effective_from": day.isoformat(), "value": value}


def in_force(client: Client, key: str, day: str) -> Any:
    values = [one for one in client.get("/api/v1/parameters").json["parameters"] if one["key"] == key]
    return max((one for one in values if one["effective_from"] <= day), key=lambda one: one["effective_from"])


def test_a_change_is_looked_at_asked_for_and_counts_once_another_person_approved_it(
    sign_in: SignIn, services: Services
) -> None:
    administrator, supervisor = sign_in("administrator"), sign_in("supervisor")
    asked = wish(services)
    before = in_force(administrator, "dibao_standard", asked["effective_from"])
    seen = administrator.post(f"{PATH}/preview", asked).json
    assert seen["preview"]["before"]["value"] == before["value"]
    assert seen["preview"]["difference"] == 905 - before["value"]
    assert (seen["preview"]["until"], seen["preview"]["is_past"]) == (None, False)
    assert "decision" in {one["kind"] for one in seen["used_by"]}

    key = {"Idempotency-Key": "once"}
    change = administrator.post(PATH, asked | SOURCE, headers=key)
    assert (change.status_code, change.json["state"]) == (201, "asked")
    assert administrator.post(PATH, asked | SOURCE, headers=key).json["id"] == change.json["id"]
    assert in_force(administrator, "dibao_standard", asked["effective_from"])["value"] == before["value"]
    assert code(administrator.post(PATH, wish(services, 910) | SOURCE)) == (409, "parameter-change-waiting")
    one = change.headers["Location"]
    decision = {"approve": True, "note": "与文件一致"}
    assert code(administrator.post(f"{one}/decision", decision)) == (403, "own-request")

    assert supervisor.post(f"{one}/decision", decision).json["state"] == "approved"
    after = in_force(administrator, "dibao_standard", asked["effective_from"])
    assert (after["value"], after["source"]) == (905, SOURCE["source"])
    assert code(supervisor.post(f"{one}/decision", decision)) == (409, "parameter-change-over")
    assert administrator.get(one).json["decided_by"] == "supervisor"
    assert administrator.get(f"{PATH}?key=dibao_standard").json["changes"][0]["note"] == "与文件一致"
    assert administrator.get(PATH).json["changes"] == []


WRONG = [
    ("dibao_standard", "900"),
    ("dibao_standard", -1),
    ("dibao_standard", True),
    ("total_days", 2.5),
    ("hearing_required", 1),
    ("complaint_phone", ""),
    ("evidence_types", []),
    ("evidence_types", ["pdf", 3]),
    ("dibao_grades", [{"amount": 1}]),
    ("disaster_insurance_netted", "maybe"),
    ("result_days_shelter", "soon"),
]


def test_a_value_of_another_kind_is_refused_and_nothing_is_kept(sign_in: SignIn, services: Services) -> None:
    administrator = sign_in("administrator")
    for key, value in WRONG:
        for path, body in ((f"{PATH}/preview", {}), (PATH, SOURCE)):
            answer = administrator.post(path, wish(services, value, key=key) | body)
            assert code(answer) == (422, "parameter-value-wrong"), (key, value)
    assert administrator.get(PATH).json["changes"] == []
    for key, fit in (("result_days_shelter", 20), ("result_days_charity_aid", "none"), ("evidence_types", ["pdf"])):
        assert administrator.post(f"{PATH}/preview", wish(services, fit, key=key)).status_code == 200, key


def test_days_nobody_means_unknown_figures_and_what_changes_nothing_are_refused(
    sign_in: SignIn, services: Services
) -> None:
    administrator = sign_in("administrator")
    for days in (-40_000, 4_000):
        assert code(administrator.post(f"{PATH}/preview", wish(services, days=days))) == (422, "parameter-day-wrong")
    assert code(administrator.post(f"{PATH}/preview", wish(services, key="no_such"))) == (404, "parameter-unknown")
    same = in_force(administrator, "dibao_standard", wish(services)["effective_from"])["value"]
    assert code(administrator.post(f"{PATH}/preview", wish(services, same))) == (409, "parameter-unchanged")
    assert administrator.post(f"{PATH}/preview", wish(services, days=-200)).json["preview"]["is_past"]
    assert code(administrator.post(PATH, wish(services) | SOURCE | {"reason": " \u200b"})) == (422, "reason-missing")


def test_what_is_replaced_meanwhile_is_not_approved_and_only_who_asked_withdraws(
    sign_in: SignIn, services: Services
) -> None:
    administrator, supervisor = sign_in("administrator"), sign_in("supervisor")
    one = administrator.post(PATH, wish(services) | SOURCE).headers["Location"]
    newer = Parameter(
        key="dibao_standard", value=888, effective_from=local_day(services.now()), source="溧民发〔2026〕30号"
    )
    services.engine.execute(SetParameters(parameters=(newer,), region=COUNTY_REGION), actor=SYSTEM)
    decision = {"approve": True, "note": "同意"}
    assert code(supervisor.post(f"{one}/decision", decision)) == (409, "parameter-change-outdated")
    assert code(supervisor.post(f"{one}/withdrawal")) == (403, "not-permitted")
    assert administrator.post(f"{one}/withdrawal").json["state"] == "withdrawn"
    assert administrator.post(PATH, wish(services) | SOURCE).status_code == 201


@pytest.mark.parametrize("login", ["town-administrator", "clerk", "teacher"])
def test_a_figure_is_changed_for_the_whole_county_by_its_administrator_alone(
    sign_in: SignIn, services: Services, login: str
) -> None:
    assert code(sign_in(login).post(PATH, wish(services) | SOURCE)) == (403, "not-permitted")
    assert sign_in(login).get("/parameters/dibao_standard").status_code == 200


def test_the_page_previews_asks_and_decides(sign_in: SignIn, services: Services) -> None:
    administrator, supervisor = sign_in("administrator"), sign_in("supervisor")
    page = "/parameters/dibao_standard"
    day = wish(services)["effective_from"]
    typed = {"value": "905.5", "effective_from": day, "source": "溧民发〔2026〕31号", "reason": "调标"}
    assert 'name="effective_from"' not in supervisor.get(page).text
    seen = administrator.form(f"{page}/changes", **typed, action="preview").text
    assert "试算，尚未提交" in seen
    assert "标准调整" in seen
    assert 'value="905.5"' in seen
    refused = administrator.form(f"{page}/changes", **typed | {"value": "九百"}, action="ask")
    assert (refused.status_code, "不小于 0 的数字" in refused.text) == (422, True)
    assert administrator.form(f"{page}/changes", **typed, action="ask").status_code == 303
    assert "须由另一位负责人审批" in administrator.get(page).text
    assert "待审批的变更" in supervisor.get("/parameters").text

    change = administrator.get(PATH).json["changes"][0]["id"]
    decide = f"/parameters/changes/{change}/decision"
    assert supervisor.form(decide, decision="perhaps", note="x").status_code == 400
    assert supervisor.form(decide, decision="approve", note=" ").status_code == 422
    assert supervisor.form(decide, decision="approve", note="与文件一致").status_code == 303
    assert in_force(supervisor, "dibao_standard", date.max.isoformat())["value"] == 905.5
    assert "与文件一致" in supervisor.get(page).text
    assert supervisor.get("/parameters/no_such").status_code == 404

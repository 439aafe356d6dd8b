"""A figure of policy is changed by two persons: looked at, asked for with its source, decided, and kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import pytest
from lxml import etree
from sqlalchemy import insert

from api.services import Services
from engine.model import SYSTEM
from storage.tables.casework import parameter_change
from tests.api.conftest import Client
from tests.api.test_operations import deploy
from tests.engines import person
from tests.processes.diagrams import end, flows, one_process, script, start
from tests.races import after_the_first
from workflows.casework.commands import SetParameters
from workflows.casework.county import COUNTY_REGION
from workflows.casework.days import local_day
from workflows.casework.payments.errors import StandardChangeRefused
from workflows.casework.payments.starting import ProposeStandard
from workflows.casework.records import Parameter

SignIn = Callable[[str], Client]
PATH = "/api/v1/parameter-changes"
SOURCE = {"source": "溧民发〔2026〕31号", "reason": "年度标准调整"}


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def wish(services: Services, value: Any = 905, *, key: str = "child_orphan_standard", days: int = 30) -> dict[str, Any]:
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
    before = in_force(administrator, "child_orphan_standard", asked["effective_from"])
    seen = administrator.post(f"{PATH}/preview", asked).json
    assert seen["preview"]["before"]["value"] == before["value"]
    assert seen["preview"]["difference"] == 905 - before["value"]
    assert (seen["preview"]["until"], seen["preview"]["is_past"]) == (None, False)
    assert "decision" in {one["kind"] for one in seen["used_by"]}

    key = {"Idempotency-Key": "once"}
    change = administrator.post(PATH, asked | SOURCE, headers=key)
    assert (change.status_code, change.json["state"]) == (201, "asked")
    assert administrator.post(PATH, asked | SOURCE, headers=key).json["id"] == change.json["id"]
    assert in_force(administrator, "child_orphan_standard", asked["effective_from"])["value"] == before["value"]
    assert code(administrator.post(PATH, wish(services, 910) | SOURCE)) == (409, "parameter-change-waiting")
    one = change.headers["Location"]
    decision = {"approve": True, "note": "与文件一致"}
    assert code(administrator.post(f"{one}/decision", decision)) == (403, "own-request")

    assert supervisor.post(f"{one}/decision", decision).json["state"] == "approved"
    after = in_force(administrator, "child_orphan_standard", asked["effective_from"])
    assert (after["value"], after["source"]) == (905, SOURCE["source"])
    assert code(supervisor.post(f"{one}/decision", decision)) == (409, "parameter-change-over")
    assert administrator.get(one).json["decided_by"] == "supervisor"
    assert administrator.get(f"{PATH}?key=child_orphan_standard").json["changes"][0]["note"] == "与文件一致"
    assert administrator.get(PATH).json["changes"] == []


WRONG = [
    ("child_orphan_standard", "900"),
    ("child_orphan_standard", -1),
    ("child_orphan_standard", 1e-29),
    ("child_orphan_standard", 0.0000001),
    ("child_orphan_standard", True),
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
    same = in_force(administrator, "child_orphan_standard", wish(services)["effective_from"])["value"]
    assert code(administrator.post(f"{PATH}/preview", wish(services, same))) == (409, "parameter-unchanged")
    assert administrator.post(f"{PATH}/preview", wish(services, days=-200)).json["preview"]["is_past"]
    assert code(administrator.post(PATH, wish(services) | SOURCE | {"reason": " \u200b"})) == (422, "reason-missing")


def test_what_is_replaced_meanwhile_is_not_approved_and_only_who_asked_withdraws(
    sign_in: SignIn, services: Services
) -> None:
    administrator, supervisor = sign_in("administrator"), sign_in("supervisor")
    one = administrator.post(PATH, wish(services) | SOURCE).headers["Location"]
    newer = Parameter(
        key="child_orphan_standard", value=888, effective_from=local_day(services.now()), source="溧民发〔2026〕30号"
    )
    services.engine.execute(SetParameters(parameters=(newer,), region=COUNTY_REGION), actor=SYSTEM)
    decision = {"approve": True, "note": "同意"}
    assert code(supervisor.post(f"{one}/decision", decision)) == (409, "parameter-change-outdated")
    outdated = administrator.get(one).json["before"]
    assert outdated["source"] != newer.source
    assert code(supervisor.post(f"{one}/withdrawal")) == (403, "not-permitted")
    assert administrator.post(f"{one}/withdrawal").json["state"] == "withdrawn"
    assert administrator.post(PATH, wish(services) | SOURCE).status_code == 201


@pytest.mark.parametrize("login", ["town-administrator", "clerk", "teacher"])
def test_a_figure_is_changed_for_the_whole_county_by_its_administrator_alone(
    sign_in: SignIn, services: Services, login: str
) -> None:
    assert code(sign_in(login).post(PATH, wish(services) | SOURCE)) == (403, "not-permitted")
    assert sign_in(login).get("/parameters/child_orphan_standard").status_code == 200


def test_other_offices_read_what_became_of_a_figure_and_nothing_of_what_the_office_thinks(
    sign_in: SignIn, services: Services
) -> None:
    administrator, teacher = sign_in("administrator"), sign_in("teacher")
    asked = administrator.post(PATH, wish(services) | SOURCE).json
    one, page = f"{PATH}/{asked['id']}", "/parameters/child_orphan_standard"
    for address in (PATH, f"{PATH}?key=child_orphan_standard"):
        assert teacher.get(address).json == {"changes": []}
        assert [each["id"] for each in administrator.get(address).json["changes"]] == [asked["id"]]
    assert code(teacher.get(one)) == (404, "parameter-change-not-found")
    assert SOURCE["reason"] not in teacher.get(page).text
    assert "待审批的变更" not in teacher.get("/parameters").text

    decision = {"approve": True, "note": "与上级文件一致"}
    assert sign_in("supervisor").post(f"{one}/decision", decision).status_code == 200

    told = teacher.get(one).json
    assert (told["value"], told["source"], told["state"]) == (905, SOURCE["source"], "approved")
    assert (told["reason"], told["note"], told["asked_by"], told["decided_by"]) == ("", "", "", None)
    shown, whole = teacher.get(page).text, administrator.get(page).text
    assert SOURCE["source"] in shown
    assert SOURCE["reason"] not in shown
    assert decision["note"] not in shown
    assert decision["note"] in whole


def test_the_page_previews_asks_and_decides(sign_in: SignIn, services: Services) -> None:
    administrator, supervisor = sign_in("administrator"), sign_in("supervisor")
    page = "/parameters/child_orphan_standard"
    day = wish(services)["effective_from"]
    typed = {"value": "905.5", "effective_from": day, "source": "溧民发〔2026〕31号", "reason": "调标"}
    assert 'name="effective_from"' not in supervisor.get(page).text
    seen = administrator.form(f"{page}/changes", **typed, action="preview").text
    assert "试算，尚未提交" in seen
    assert "已在发放的待遇不随参数变更" in seen
    assert 'value="905.5"' in seen
    refused = administrator.form(f"{page}/changes", **typed | {"value": "九百"}, action="ask")
    assert (refused.status_code, "不小于 0 的数字" in refused.text) == (422, True)
    for odd in ("1e99999999999999999999", "[" * 5_000, "1E-20000", "1e-29", '{"a": 1, "a": 2}', "NaN"):
        assert administrator.form(f"{page}/changes", **typed | {"value": odd}, action="ask").status_code == 422, odd
    assert administrator.form(f"{page}/changes", **typed, action="ask").status_code == 303
    assert "须由另一位负责人审批" in administrator.get(page).text
    assert "待审批的变更" in supervisor.get("/parameters").text

    change = administrator.get(PATH).json["changes"][0]["id"]
    decide = f"{page}/changes/{change}/decision"
    assert supervisor.form(decide, decision="perhaps", note="x").status_code == 400
    assert supervisor.form(decide, decision="approve", note=" ").status_code == 422
    assert supervisor.form(decide, decision="approve", note="与文件一致").status_code == 303
    assert in_force(supervisor, "child_orphan_standard", date.max.isoformat())["value"] == 905.5
    assert "与文件一致" in supervisor.get(page).text
    assert supervisor.get("/parameters/no_such").status_code == 404


STANDARD = "/parameters/dibao_standard"


def test_a_standard_by_which_benefits_are_computed_anew_is_left_to_its_process(
    sign_in: SignIn, services: Services
) -> None:
    administrator = sign_in("administrator")
    asked = wish(services, key="dibao_standard")
    for path, body in ((f"{PATH}/preview", {}), (PATH, SOURCE)):
        assert code(administrator.post(path, asked | body)) == (409, "parameter-by-standard-change")
    shown = administrator.get(STANDARD).text
    assert ("标准调整" in shown, 'name="effective_from"' in shown) == (True, False)
    assert administrator.form(f"{STANDARD}/changes", value="905", effective_from=asked["effective_from"], action="ask")
    assert administrator.get(PATH).json["changes"] == []

    day = date.fromisoformat(asked["effective_from"])
    with pytest.raises(StandardChangeRefused):
        office_proposes(services, "edge_factor", Decimal("1.6"), day)
    assert office_proposes(services, "dibao_standard", Decimal(1120), day).new_value == 1120


def office_proposes(services: Services, key: str, value: Decimal, day: date) -> Any:
    office = person("office", "civil_affairs/clerk", region=COUNTY_REGION)
    command = ProposeStandard(key=key, value=value, effective_from=day, document="文件")
    return services.engine.execute(command, actor=office)


def test_a_share_that_tells_nothing_is_not_told_and_breaks_no_page(sign_in: SignIn, services: Services) -> None:
    administrator = sign_in("administrator")
    tiny = Parameter(
        key="edge_factor", value=Decimal("1e-29"), effective_from=local_day(services.now()), source="溧民发〔2026〕30号"
    )
    services.engine.execute(SetParameters(parameters=(tiny,), region=COUNTY_REGION), actor=SYSTEM)
    seen = administrator.post(f"{PATH}/preview", wish(services, 2, key="edge_factor"))
    assert (seen.status_code, seen.json["preview"]["percent"]) == (200, None)
    assert administrator.post(PATH, wish(services, 2, key="edge_factor") | SOURCE).status_code == 201
    assert administrator.get("/parameters/edge_factor").status_code == 200


def test_a_form_sent_twice_at_once_asks_once_and_an_old_one_says_how_its_change_stands(
    sign_in: SignIn, services: Services
) -> None:
    administrator, page = sign_in("administrator"), "/parameters/child_orphan_standard"
    day = wish(services)["effective_from"]
    typed = {"value": "905", "effective_from": day, **SOURCE, "action": "ask", "submission_key": uuid4().hex}
    change_id = uuid5(NAMESPACE_URL, f"parameter change:administrator:{typed['submission_key']}")
    database = services.queries._pool  # type: ignore[attr-defined]  # its own
    row = {
        "id": change_id,
        "key": "child_orphan_standard",
        "effective_from": date.fromisoformat(day),
        "value": 905,
        "before": {},
        **SOURCE,
        "state": "asked",
        "asked_by": "administrator",
        "asked_at": services.now(),
        "note": "",
    }
    sent = after_the_first(
        database,
        lambda connection: connection.execute(insert(parameter_change).values(row)),
        lambda: administrator.form(f"{page}/changes", **typed),
    )
    assert sent.status_code == 303
    assert "变更已提交" in administrator.get(page).text

    other = administrator.form(f"{page}/changes", **typed | {"value": "906"})
    assert (other.status_code, typed["submission_key"] in other.text) == (422, False)
    assert administrator.form(f"{page}/changes/{change_id}/withdrawal").status_code == 303
    administrator.get(page)
    assert administrator.form(f"{page}/changes", **typed).status_code == 303
    again = administrator.get(page).text
    assert ("变更已提交" in again, "此前已提交过" in again) == (False, True)


def test_what_reads_a_figure_is_found_in_diagrams_of_any_encoding(sign_in: SignIn, services: Services) -> None:
    reads = script("reckon", "=standard.child_orphan_standard", "sum", name="计算")
    drawn = one_process(start(), reads, end(), flows("s>reckon>e"))
    written = etree.tostring(etree.fromstring(drawn), encoding="GB18030", xml_declaration=True)
    with pytest.raises(UnicodeDecodeError):
        written.decode()
    deploy(services, written)
    seen = sign_in("administrator").post(f"{PATH}/preview", wish(services)).json
    assert "p.bpmn" in [one["resource_name"] for one in seen["used_by"]]
    other = sign_in("administrator").post(f"{PATH}/preview", wish(services, 905, key="child_de_facto_standard")).json
    assert "p.bpmn" not in [one["resource_name"] for one in other["used_by"]]
    assert sign_in("clerk").get("/parameters/child_orphan_standard").status_code == 200

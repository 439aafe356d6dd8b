"""Templates, documents by number, figures of policy, calendar, register of relatives and housing queue, on pages."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from api.services import Services
from engine.host import Context
from engine.model import SYSTEM
from tests.api.applications import application_json
from tests.api.conftest import PASSWORD, Client
from tests.api.test_procedure import next_year, taken_in  # noqa: F401 - limits run into next year
from workflows.casework.county import COUNTY_REGION
from workflows.casework.documents.kinds import paper_kind
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.programmes.model import HousingPlace
from workflows.casework.records import Referral, ReferralState
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.model import Unit

SignIn = Callable[[str], Client]
PAGES = (
    "/document-templates",
    "/document-templates/acceptance",
    "/documents",
    "/parameters",
    "/calendar",
    "/housing/queue",
)


def hand_in(client: Client, path: str, content: bytes, **fields: str) -> Any:
    data = {"csrf_token": client.token, "files": (io.BytesIO(content), "模板.docx"), **fields}
    return client.client.post(path, data=data)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_the_office_stands_in_both_languages(sign_in: SignIn, language: str) -> None:
    supervisor = sign_in("supervisor")
    for path in (*PAGES, "/kin-register"):
        page = supervisor.get(f"{path}?lang={language}")
        assert (page.status_code, page.text.count("<h1>")) == (200, 1), path


def test_odd_addresses_show_the_pages(sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")
    for query in ("page=-1", "page=x", "on=soon", "q=%25", "year=0", "year=x", "since=x&until=y", "number=%25"):
        for path in (*PAGES, "/kin-register"):
            assert supervisor.get(f"{path}?{query}").status_code == 200, (path, query)


def test_a_document_is_found_by_its_number_by_who_sees_its_case(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    [slip] = [one for one in clerk.get(f"{case}/documents").json["documents"] if one["kind"] == "acceptance"]
    path = f"/documents?number={quote(slip['number'])}"
    link = f"/documents/{slip['id']}/pdf"
    assert link in clerk.get(path).text
    assert link not in clerk.get("/documents").text
    for other in ("far-clerk", "teacher"):
        assert link not in sign_in(other).get(path).text
        assert sign_in(other).get(f"/api/v1{path}").json["documents"] == []
    assert [one["id"] for one in clerk.get(f"/api/v1{path}").json["documents"]] == [slip["id"]]
    kin = {"name": "某某", "relation": "兄弟", "post": "staff", "unit": "昆仑街道", "login": "other-clerk"}
    assert link in sign_in("other-clerk").get(path).text
    assert clerk.post(f"{case}/kin", kin).status_code == 201
    assert link not in sign_in("other-clerk").get(path).text


def test_a_template_is_taken_checked_and_replaced_by_the_administrator(sign_in: SignIn) -> None:
    clerk, administrator = sign_in("clerk"), sign_in("administrator")
    path = "/document-templates/acceptance"
    taken = clerk.get(f"{path}/file")
    assert taken.data == paper_kind("acceptance").template
    assert "模板可以使用" in hand_in(clerk, f"{path}/check", taken.data).text
    checked = hand_in(clerk, f"{path}/check", b"no template")
    assert (checked.status_code, "检查结果" in checked.text) == (200, True)
    assert clerk.form(f"{path}/check").status_code == 422
    assert hand_in(clerk, path, taken.data).status_code == 403
    assert hand_in(sign_in("town-administrator"), path, taken.data).status_code == 403
    refused = hand_in(administrator, path, b"no template", note="试")
    assert (refused.status_code, "检查结果" in refused.text) == (422, True)
    assert hand_in(administrator, path, taken.data, note="长" * 201).status_code == 422
    assert clerk.get("/api/v1/document-templates").json["templates"] == []
    assert hand_in(administrator, path, taken.data, note="同一文件").status_code == 303
    assert clerk.get("/document-templates/nothing").status_code == 404
    assert clerk.get(f"{path}/file?version=99").status_code == 404
    assert clerk.get(f"{path}/preview").mimetype == "application/pdf"


def test_the_figures_of_policy_are_shown_as_of_a_day(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    found = clerk.get("/api/v1/parameters").json["parameters"]
    pages = [clerk.get(f"/parameters?page={number}").text for number in range(1, 6)]
    assert all(any(one["key"] in page for page in pages) for one in found)
    assert "户籍人口" in clerk.get("/parameters?q=hukou_population").text
    assert "没有符合条件的参数" in clerk.get("/parameters?q=nowhere").text
    before = clerk.get("/parameters?q=hukou_population&on=1990-01-01").text
    assert "户籍人口" in before


def test_a_day_of_the_calendar_is_changed_with_its_notice(sign_in: SignIn) -> None:
    administrator, clerk = sign_in("administrator"), sign_in("clerk")
    assert "变更一天" not in clerk.get("/calendar?year=2026").text
    storm = {"day": "2026-08-12", "works": "rest", "name": "台风停工", "source": "防指〔2026〕1号"}
    assert clerk.form("/calendar/days", **storm).status_code == 403
    assert sign_in("town-administrator").form("/calendar/days", **storm).status_code == 403
    for wrong in ({"day": "soon"}, {"name": ""}, {"source": ""}, {"works": "perhaps"}):
        refused = administrator.form("/calendar/days", **(storm | wrong))
        assert refused.status_code == 422, wrong
    assert administrator.form("/calendar/days", **(storm | {"day": "2150-01-01"})).status_code == 422
    assert administrator.form("/calendar/days", **storm).status_code == 303
    shown = clerk.get("/calendar?year=2026").text
    assert ("台风停工" in shown, "防指〔2026〕1号" in shown) == (True, True)


def test_a_year_is_entered_a_line_a_day(sign_in: SignIn) -> None:
    administrator = sign_in("administrator")
    assert "尚未录入" in administrator.get("/calendar?year=2031").text
    given = {"year": "2031", "exceptions": "2031-01-01 休 元旦\n\n2031-01-04 班", "source": "国办发明电"}
    for wrong in ("2031-01-01", "2031-01-01 也许 元旦", "昨天 休"):
        refused = administrator.form("/calendar/years", **(given | {"exceptions": wrong}))
        assert (refused.status_code, wrong in refused.text) == (422, True), wrong
    assert administrator.form("/calendar/years", **given).status_code == 303
    days = {one["day"]: one["is_workday"] for one in administrator.get("/api/v1/calendar?year=2031").json["days"]}
    assert (days["2031-01-01"], days["2031-01-04"], days["2031-01-02"]) == (False, True, True)


def test_a_year_is_not_entered_over_another_by_a_slip(sign_in: SignIn) -> None:
    administrator = sign_in("administrator")
    before = administrator.get("/api/v1/calendar?year=2026").json
    listed = "2027-01-01 休 元旦\n2027-02-06 休 春节"
    for year in ("2026", "", "20270", "二〇二七", "1899", "2201", "0000"):
        refused = administrator.form("/calendar/years", year=year, exceptions=listed, source="国办发明电")
        assert refused.status_code == 422, year
        assert f'value="{year}"' in refused.text, year
    mixed = {"year": "2031", "exceptions": "2031-01-01 休 元旦\n2030-12-31 休", "source": "国办发明电"}
    refused = administrator.form("/calendar/years", **mixed)
    assert (refused.status_code, "2030-12-31，不属于该年" in refused.text) == (422, True)
    day = {"day": "2030-12-31", "is_workday": False, "name": ""}
    path = "/api/v1/calendar/years"
    answer = administrator.put(f"{path}/2031", {"exceptions": [day], "source": "国办发明电"})
    assert (answer.status_code, answer.json["code"]) == (422, "calendar-day-of-another-year")
    answer = administrator.put(f"{path}/20310", {"exceptions": [], "source": "国办发明电"})
    assert (answer.status_code, answer.json["code"]) == (422, "calendar-year-refused")
    assert administrator.get("/api/v1/calendar?year=2026").json == before
    assert administrator.get("/api/v1/calendar?year=2031").json["days"] == []


def test_the_register_of_relatives_is_for_supervisors(sign_in: SignIn) -> None:
    clerk, supervisor = sign_in("clerk"), sign_in("supervisor")
    case = taken_in(clerk)
    kin = {"name": "周强", "relation": "儿子", "post": "staff", "login": "other-clerk"}
    assert clerk.post(f"{case}/kin", kin).status_code == 201
    shown = supervisor.get("/kin-register?concealed=1").text
    assert ("周强" in shown, "隐瞒未报" in shown) == (True, True)
    assert "周强" not in supervisor.get("/kin-register?since=2020-01-01&until=2020-02-01").text
    assert clerk.get("/kin-register").status_code == 403
    assert "/kin-register" not in clerk.get("/tasks").text


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinQueue:
    """A command that puts the household of a case into the queue for public rental."""

    case_number: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> UUID:
        case = context.unit_of_work.cases.by_number(self.case_number)
        assert case is not None
        sent = Referral(
            id=uuid4(),
            number=f"Z-{case.number}",
            case_id=case.id,
            region=case.region,
            need="housing",
            programme="housing_aid",
            unit_kind="housing",
            process_id="housing_aid",
            rule="R1",
            reason="住房",
            reason_en="Housing",
            state=ReferralState.DONE,
            sent_at=datetime(2026, 6, 1, tzinfo=UTC),
        )
        context.unit_of_work.referrals.add(sent)
        place = HousingPlace(
            id=uuid4(),
            case_id=case.id,
            referral_id=sent.id,
            number=0,  # it takes the next one
            priority=1,
            persons=2,
            joined_on=date(2026, 6, 2),
        )
        return context.unit_of_work.programmes.housing_queue.join(place).id


@pytest.fixture
def builder(services: Services, sign_in: SignIn) -> Client:
    """A clerk of the housing bureau."""
    unit = Unit(id="housing", kind="housing", name="住建局", name_en="Housing", region=COUNTY_REGION)
    services.engine.execute(CreateUnit(unit=unit), actor=SYSTEM)
    account = CreateAccount(
        login="builder", name="严实", password=PASSWORD, posts=(("housing", "clerk"),), must_change_password=False
    )
    services.engine.execute(account, actor=SYSTEM)
    return sign_in("builder")


def test_the_first_of_the_queue_gets_a_dwelling_and_others_wait(
    services: Services, sign_in: SignIn, builder: Client
) -> None:
    clerk = sign_in("clerk")
    places = []
    for region in ("320481001", "320481002"):
        taker = clerk if region == "320481001" else sign_in("far-clerk")
        number = taker.post("/api/v1/applications", application_json(region=region)).json["number"]
        places.append((number, services.engine.execute(JoinQueue(case_number=number), actor=SYSTEM)))
    (first, first_id), (second, second_id) = places
    shown = clerk.get("/housing/queue").text
    assert (first in shown, second in shown, "退出轮候" in shown) == (True, False, False)
    assert first in builder.get("/housing/queue").text
    head = CreateAccount(
        login="head", name="严宽", password=PASSWORD, posts=(("housing", "supervisor"),), must_change_password=False
    )
    services.engine.execute(head, actor=SYSTEM)
    looking = sign_in("head").get("/housing/queue").text
    assert (first in looking, "/settlement" in looking) == (True, False)
    assert "/settlement" in builder.get("/housing/queue").text
    path = "/housing/queue/{}/settlement"
    assert clerk.form(path.format(first_id), outcome="contract", contract_number="H-1").status_code == 403
    assert builder.form(path.format(first_id), contract_number="H-1").status_code == 400
    assert builder.form(path.format(first_id), outcome="contract").status_code == 422
    early = builder.form(path.format(second_id), outcome="contract", contract_number="H-2")
    assert early.status_code == 422
    assert builder.form(path.format(first_id), outcome="contract", contract_number="H-1").status_code == 303
    assert builder.form(path.format(second_id), outcome="leave").status_code == 303
    again = builder.form(path.format(second_id), outcome="leave")
    assert (again.status_code, "没有轮候的家庭" in again.text) == (422, True)


def test_kin_settle_no_place_of_their_relatives(services: Services, sign_in: SignIn, builder: Client) -> None:
    clerk = sign_in("clerk")
    number = clerk.post("/api/v1/applications", application_json()).json["number"]
    place = services.engine.execute(JoinQueue(case_number=number), actor=SYSTEM)
    kin = {"name": "严实", "relation": "兄弟", "post": "staff", "unit": "住建局", "login": "builder"}
    assert clerk.post(f"/api/v1/cases/{quote(number)}/kin", kin).status_code == 201
    assert number not in builder.get("/housing/queue").text
    told = builder.post(f"/api/v1/housing/queue/{place}/settlement", {"contract_number": "H-1"})
    assert told.json["code"] == "record-not-found"
    assert builder.form(f"/housing/queue/{place}/settlement", outcome="leave").status_code in (404, 409, 422)

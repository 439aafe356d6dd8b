"""The page of the supervisors' figures and what is taken away from it: the same numbers, for the same people."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import URL, create_engine, text

from api.services import Services
from engine.model import SYSTEM
from tests.api.applications import application_json
from tests.api.conftest import PASSWORD, Client, content
from web.terms import COUNTY_TIME
from workflows.casework.county import COUNTY_REGION
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.model import Unit

SignIn = Callable[[str], Client]
YEAR = {"since": "2026-01-01", "until": "2026-12-31"}
QUERY = "since=2026-01-01&until=2026-12-31"
PAGE = f"/figures?period=span&{QUERY}"
EMPTY = "/figures?period=month&year=2020&number=2"
FINANCE_BUREAU = Unit(id="finance", kind="finance", name="财政局", name_en="Finance", region=COUNTY_REGION)
EXPORTS = "/api/v1/figures/exports"


@pytest.fixture
def busy(sign_in: SignIn) -> Client:
    """A supervisor of a county where two applications were handed in."""
    clerk = sign_in("clerk")
    for _ in range(2):
        clerk.post("/api/v1/applications", application_json())
    return sign_in("supervisor")


def rows(page: str, section: str) -> list[list[str]]:
    """Return the cells of a section of the page, without its head."""
    part = page[page.index(f'<section class="panel figures-section" id="{section}"') :]
    body = part[part.index("<tbody>") : part.index("</tbody>")]
    return [
        [unescape(cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]


def share(part: int, whole: int, rate: float | None) -> str:
    return f"{'—' if rate is None else f'{rate:.2%}'} ({part}/{whole})"


def test_the_numbers_on_the_page_are_those_of_the_api(busy: Client) -> None:
    found, page = content(busy.get(f"/api/v1/figures?{QUERY}")), busy.get(PAGE).text

    names = ("received", "closed", "declined", "withdrawn", "in_work")
    assert sum(town["received"] for town in found["towns"]) == 2
    assert rows(page, "towns") == [[one["town"], *(str(one[name]) for name in names)] for one in found["towns"]]
    limits = ("due", "kept", "late", "still_open", "resting")
    assert [row[1:] for row in rows(page, "on-time")] == [
        [*(str(one[name]) for name in limits), share(one["kept"], one["due"] - one["resting"], one["rate"])]
        for one in found["on_time"]
    ]
    assert [row[1] for row in rows(page, "ages")] == [str(one["cases"]) for one in found["ages"]]
    assert [row[2:4] for row in rows(page, "waiting")] == [
        [str(one["open"]), str(one["overdue"])] for one in found["waiting"]
    ]
    procedure = found["procedure"]
    corrections = share(procedure["corrected"], procedure["received"], procedure["correction_share"])
    assert rows(page, "procedure")[0][1] == corrections


def test_every_section_of_the_api_is_on_the_page(busy: Client) -> None:
    shown = set(re.findall(r'figures-section" id="([a-z-]+)"', busy.get(PAGE).text))

    assert shown == {
        *("overview", "towns", "programmes", "on-time", "on-time-of-units", "ages", "waiting", "sources", "units"),
        *("procedure", "urgent", "benefits", "payments", "rechecks"),
    }


def test_a_kind_of_unit_narrows_what_is_told_by_units_and_a_town_everything(busy: Client) -> None:
    everything = content(busy.get(f"/api/v1/figures?{QUERY}"))["waiting"]
    narrowed = content(busy.get(f"/api/v1/figures?{QUERY}&unit_kind=township"))["waiting"]
    other = content(busy.get(f"/api/v1/figures?{QUERY}&unit_kind=education"))["waiting"]

    assert narrowed == [one for one in everything if one["unit_kind"] == "township"] != []
    assert other == []
    assert "现在没有待办任务" in busy.get(f"{PAGE}&unit=education").text
    elsewhere = busy.get(f"{PAGE}&region=320481002").text
    assert "所选范围内没有案件" in elsewhere
    assert 'id="payments"' not in elsewhere


def test_a_month_is_shown_unless_asked_otherwise_and_an_empty_one_says_so(busy: Client) -> None:
    assert re.search(r"<h1>业务统计 <small class=\"num\">\d{4}-\d\d-01 – ", busy.get("/figures").text)
    page = busy.get(EMPTY).text
    assert "2020-02-01 – 2020-02-29" in page
    assert "所选期间没有发生任何业务" in page
    assert "所选期间没有发生任何业务" not in busy.get(PAGE).text
    assert "2026-04-01 – 2026-06-30" in busy.get("/figures?period=quarter&year=2026&number=2").text


@pytest.mark.parametrize("query", ["year=x&number=99", "period=luck", "region=%27", "unit=%3Cb%3E", "number=²"])
def test_an_odd_address_shows_what_is_usual(sign_in: SignIn, query: str) -> None:
    assert sign_in("supervisor").get(f"/figures?{query}").status_code == 200


@pytest.mark.parametrize(
    "days", ["since=2026-02-01&until=2026-01-01", "since=x&until=y", "since=1900-01-01&until=2199-12-31"]
)
def test_a_span_that_makes_no_sense_is_said_beside_its_fields(sign_in: SignIn, days: str) -> None:
    page = sign_in("supervisor").get(f"/figures?period=span&{days}")

    assert page.status_code == 422
    assert "期间无法识别" in page.text
    assert 'aria-describedby="period-error"' in page.text


def test_only_who_supervises_sees_the_page_and_the_way_to_it(sign_in: SignIn) -> None:
    clerk, supervisor = sign_in("clerk"), sign_in("supervisor")

    assert clerk.get("/figures").status_code == 403
    assert clerk.form("/figures/exports", format="csv", **YEAR).status_code == 403
    assert clerk.post(EXPORTS, {"format": "csv", **YEAR}).status_code == 403
    assert 'href="/figures"' not in clerk.get("/tasks").text
    assert 'href="/figures"' in supervisor.get("/tasks").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_stands_in_both_languages(busy: Client, language: str) -> None:
    page = busy.get(f"{PAGE}&lang={language}").text

    assert ("业务统计" in page) is (language == "zh")
    assert ("Rate in time" in page) is (language == "en")


def test_a_workbook_holds_the_same_numbers_and_what_they_are_of(busy: Client) -> None:
    found = content(busy.get(f"/api/v1/figures?{QUERY}"))
    answer = busy.form("/figures/exports", format="xlsx", region="", unit="", **YEAR)
    book = load_workbook(io.BytesIO(answer.data))

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith("2026-01-01%202026-12-31.xlsx")
    assert [row[:2] for row in book["说明"].values][1] == ("期间", "2026-01-01 – 2026-12-31")
    towns = list(book["各街道（镇）案件"].values)
    assert [row[1] for row in towns[1 : 1 + len(found["towns"])]] == [one["received"] for one in found["towns"]]
    limits = list(book["按时率"].values)
    assert limits[0][-3:] == ("按时率", "按时率的分子", "按时率的分母")
    assert limits[1][-3:] == (
        found["on_time"][0]["rate"],
        found["on_time"][0]["kept"],
        found["on_time"][0]["due"] - found["on_time"][0]["resting"],
    )
    assert book["各单位反馈按时率"]["A2"].value == "本期没有反馈时限届满的转办。"


def test_a_program_takes_the_same_file(busy: Client) -> None:
    page = busy.form("/figures/exports", format="csv", **YEAR)
    program = busy.post(EXPORTS, {"format": "csv", **YEAR})

    assert page.data.startswith(b"\xef\xbb\xbf")
    assert _without_moment(page.data) == _without_moment(program.data)
    assert busy.post(EXPORTS, {"format": "pdf", **YEAR}).status_code == 422
    assert busy.form("/figures/exports", format="pdf", **YEAR).status_code == 400
    assert busy.form("/figures/exports", format="csv", since="x", until="y").status_code == 400


def test_an_export_stands_in_the_record_of_access_and_a_look_does_not(
    busy: Client, services: Services, server_url: URL
) -> None:
    before = _exports(services)
    busy.get(PAGE)
    assert _exports(services) == before
    busy.form("/figures/exports", format="csv", unit="housing", **YEAR)
    busy.post(EXPORTS, {"format": "xlsx", "region": "320481001", **YEAR})

    taken = [
        {"format": "csv", "region": "", "unit_kind": "housing", **YEAR},
        {"format": "xlsx", "region": "320481001", "unit_kind": "", **YEAR},
    ]
    assert _exports(services) == [*before, *[("supervisor", "supervisor", one) for one in taken]]


def test_an_export_needs_the_token_of_its_session(busy: Client, services: Services) -> None:
    refused = busy.client.post("/figures/exports", data={"format": "csv", **YEAR})

    assert refused.status_code == 403
    assert _exports(services) == []


def _exports(services: Services) -> list[Any]:
    database = create_engine(services.settings.database_url)
    with database.connect() as connection:
        found = connection.execute(
            text("SELECT login, actor, details FROM account_event WHERE action = 'figures-exported' ORDER BY id")
        )
        lines = [tuple(row) for row in found]
    database.dispose()
    return lines


def _without_moment(data: bytes) -> list[list[str]]:
    lines = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    return [line for line in lines if not line or line[0] != "统计时间"]


def test_the_books_are_those_of_the_last_month_that_has_begun(sign_in: SignIn, services: Services) -> None:
    supervisor, this_month = sign_in("supervisor"), f"{services.now().astimezone(COUNTY_TIME):%Y-%m}"

    assert (
        f"{this_month} 全市应发与实发" in supervisor.get("/figures?period=span&since=2026-01-01&until=2035-12-31").text
    )
    assert "2026-02 全市应发与实发" in supervisor.get("/figures?period=month&year=2026&number=2").text
    assert 'id="payments"' not in supervisor.get("/figures?period=month&year=2199&number=2").text


@pytest.mark.usefixtures("old_applications_pass")
def test_faults_and_books_of_the_county_are_for_its_supervisors_alone(sign_in: SignIn, services: Services) -> None:
    sign_in("clerk").post("/api/v1/applications", application_json(received_on="2020-05-06"))
    kinds = {"head": "education", "treasurer": "finance"}
    services.engine.execute(CreateUnit(unit=FINANCE_BUREAU), actor=SYSTEM)
    for login, unit in kinds.items():
        posts = ((unit, "supervisor"),)
        account = CreateAccount(login=login, name=login, password=PASSWORD, posts=posts, must_change_password=False)
        services.engine.execute(account, actor=SYSTEM)
    people = {login: sign_in(login) for login in ("supervisor", *kinds)}

    faults = {login: content(one.get(f"/api/v1/figures?{QUERY}"))["incidents"] for login, one in people.items()}
    shown = {login: 'id="payments"' in one.get(PAGE).text for login, one in people.items()}
    taken = {
        login: "全市应发与实发" in one.form("/figures/exports", format="csv", **YEAR).text
        for login, one in people.items()
    }

    assert faults == {"supervisor": 1, "head": 0, "treasurer": 0}
    assert shown == taken == {"supervisor": True, "head": False, "treasurer": True}

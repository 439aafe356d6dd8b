"""Units' work over the API: lists of aid, bills, queues and terms; wrong input is named, other units are kept out."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from tests.api.conftest import Client
from workflows.casework.programmes.aid_lists import COLUMNS

SignIn = Callable[[str], Client]
LISTS = "/api/v1/aid-lists"
MONTH = "unit_kind=education&month=2026-08-01"
LINE = ("11010519491231002X", "周玉兰", "学前资助", "1000", "2026-08-20", "第一批")
BILL = {
    "number": "H-1",
    "identity_number": "11010519491231002x",
    "hospital": "溧阳市人民医院",
    "discharged_on": "2026-08-19",
    "total": 40000,
    "in_scope": 36000,
}


def upload(client: Client, name: str, content: bytes, query: str = MONTH) -> Any:
    data = {"files": (io.BytesIO(content), name)}
    return client.post(f"{LISTS}?{query}", data=data, content_type="multipart/form-data")


def as_csv(*lines: tuple[str, ...], encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join(",".join(line) for line in (COLUMNS, *lines)).encode(encoding)


def as_xlsx(*lines: tuple[str, ...]) -> bytes:
    book = Workbook()
    for line in (COLUMNS, *lines):
        book.active.append(line)  # type: ignore[union-attr]  # a new book has a sheet
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("八月.csv", as_csv(LINE)),
        ("八月.CSV", as_csv(LINE, encoding="gb18030")),
        ("八月.xlsx", as_xlsx(LINE)),
    ],
    ids=["utf-8", "gb18030", "xlsx"],
)
def test_a_list_is_taken_in_from_each_kind_of_file(sign_in: SignIn, name: str, content: bytes) -> None:
    teacher = sign_in("teacher")
    answer = upload(teacher, name, content)
    assert (answer.status_code, answer.json["line_count"], answer.json["total"]) == (201, 1, 1000)
    assert upload(teacher, name, content).status_code == 201  # the second takes the place of the first
    (unit,) = teacher.get(f"{LISTS}?month=2026-08-01").json["units"]
    assert (unit["unit_kind"], unit["handed_in"]["file_name"], unit["is_late"]) == ("education", name, False)


def test_what_is_wrong_in_a_list_is_said_by_row_and_nothing_is_kept(sign_in: SignIn) -> None:
    teacher = sign_in("teacher")
    answer = upload(teacher, "a.csv", as_csv(LINE, ("12", "", "x", "y", "z", "")))
    assert (answer.status_code, answer.json["code"]) == (422, "aid-list-invalid")
    assert "第 3 行" in answer.json["detail"]
    (unit,) = teacher.get(f"{LISTS}?month=2026-08-01").json["units"]
    assert unit["handed_in"] is None


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"x", "wrong-file"),
        ("a.xlsx", b"no book", "file-unreadable"),
        ("a.csv", b"\xff\xff\xff", "file-unreadable"),
        ("a.csv", b"", "columns-missing"),
        ("a.csv", "姓名\n周".encode(), "columns-missing"),
    ],
)
def test_a_file_that_is_no_list_is_refused(sign_in: SignIn, name: str, content: bytes, code: str) -> None:
    answer = upload(sign_in("teacher"), name, content)
    assert answer.status_code == 422
    assert [one["code"] for one in answer.json["errors"]] == [code]


def test_nobody_hands_in_for_another_unit_and_no_json_is_a_list(sign_in: SignIn) -> None:
    assert upload(sign_in("clerk"), "a.csv", as_csv(LINE)).status_code == 403
    assert sign_in("teacher").post(f"{LISTS}?{MONTH}", {}).status_code == 415
    assert upload(sign_in("teacher"), "a.csv", as_csv(LINE), query="unit_kind=gold&month=x").status_code == 422


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/medical/bills", BILL),
        ("/api/v1/medical/status-queries", {"identity_number": BILL["identity_number"], "day": "2026-08-19"}),
        ("/api/v1/housing/queue/00000000-0000-0000-0000-000000000001/settlement", {"contract_number": "GZF-1"}),
    ],
)
def test_a_units_work_is_done_by_its_own_staff(sign_in: SignIn, path: str, body: dict[str, Any]) -> None:
    assert sign_in("teacher").post(path, body).status_code == 403


@pytest.mark.parametrize(
    "change",
    [{"total": -1}, {"total": "many"}, {"total": 1.234}, {"identity_number": "12"}, {"channel": "air"}, {"extra": 1}],
)
def test_a_bill_that_makes_no_sense_is_refused_at_its_place(sign_in: SignIn, change: dict[str, Any]) -> None:
    answer = sign_in("teacher").post("/api/v1/medical/bills", BILL | change)
    assert answer.status_code == 422
    assert [one["path"] for one in answer.json["errors"]] == list(change)


def test_unknown_referrals_and_cases_are_not_found(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    for path, body in (("information-requests", {"question": "?"}), ("cancellation", {"reason": "x"})):
        answer = clerk.post(f"/api/v1/referrals/JZ-9/{path}", body)
        assert (answer.status_code, answer.json["code"]) == (404, "referral-not-found")
    for path in ("job-offers", "medical-bills", "total-aid", "satisfaction-calls"):
        assert clerk.get(f"/api/v1/cases/JZ-9/{path}").status_code == 404


def test_lists_of_a_county_without_work_are_empty(sign_in: SignIn) -> None:
    teacher = sign_in("teacher")
    assert teacher.get("/api/v1/education/terms/2026-autumn").json == {"grants": []}
    assert teacher.get("/api/v1/housing/queue").json == {"places": []}
    assert teacher.post("/api/v1/education/terms", {"term": "autumn"}).status_code == 422
    assert teacher.get("/api/v1/medical/claims?month=2026-08-01").status_code == 403


def test_every_look_up_of_a_status_is_kept_with_who_asked_what_for(sign_in: SignIn) -> None:
    insurer = sign_in("insurer")
    asked = {"identity_number": BILL["identity_number"], "day": "2026-08-19", "purpose": "admission"}
    assert insurer.post("/api/v1/medical/status-queries", asked).json == {"status": None, "valid_from": None}
    assert insurer.post("/api/v1/medical/status-queries", asked | {"purpose": "curiosity"}).status_code == 422

    today = datetime.now(UTC).date()
    days = f"since={today - timedelta(days=1)}&until={today + timedelta(days=1)}"
    answer = sign_in("supervisor").get(f"/api/v1/medical/status-queries?{days}")
    assert answer.status_code == 200
    (kept,) = answer.json["queries"]
    assert (kept["case_number"], kept["query"]["asked_by"]) == (None, "insurer")
    assert (kept["query"]["purpose"], kept["query"]["day"], kept["query"]["status"]) == (
        "admission",
        "2026-08-19",
        "none",
    )
    assert str(BILL["identity_number"])[:17] not in answer.text
    assert insurer.get(f"/api/v1/medical/status-queries?{days}").status_code == 403
    backwards = "since=2026-08-02&until=2026-08-01"
    assert sign_in("supervisor").get(f"/api/v1/medical/status-queries?{backwards}").status_code == 422

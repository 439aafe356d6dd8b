"""Monthly circulars over pages and API: words in versions, figures, the draft as a file, publishing with a number."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from docx import Document

from tests.api.conftest import Client, content
from tests.api.test_supervision import Hand, hand, hand_in, surroundings  # noqa: F401  fixtures

SignIn = Callable[[str], Client]
JUNE = "/api/v1/circulars/2026-06"


@pytest.fixture
def supervisor(sign_in: SignIn) -> Client:
    return sign_in("supervisor")


def save(client: Client, text: str, version: int) -> int:
    return int(client.put(JUNE, {"text": text, "version": version}).status_code)


def words_of(file: bytes) -> str:
    document = Document(io.BytesIO(file))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_a_circular_is_written_looked_at_and_published_with_a_number(
    supervisor: Client,
    sign_in: SignIn,
    hand: Hand,  # noqa: F811
) -> None:
    hand_in(sign_in("clerk"), 1)
    assert content(supervisor.get("/api/v1/circulars"))["circulars"] == []
    assert save(supervisor, "请按期办理。\n下月重点抽查。", 0) == 200
    assert save(supervisor, "别的文字", 0) == 409  # somebody saved meanwhile
    found = content(supervisor.get(JUNE))
    assert (found["line"]["circular"]["version"], found["line"]["number"]) == (1, None)
    assert [one["cases"]["received"] for one in found["figures"]["towns"]] == [1]

    draft = supervisor.get(f"{JUNE}/draft?form=docx")
    assert draft.status_code == 200, draft.text
    text = words_of(draft.data)
    assert all(one in text for one in ("2026年6月", "本月收到申请1件", "昆仑街道", "请按期办理。", "下月重点抽查。"))
    assert supervisor.get(f"{JUNE}/draft").data.startswith(b"%PDF")

    assert supervisor.post(f"{JUNE}/publications", {"version": 0}).status_code == 409
    first = supervisor.post(f"{JUNE}/publications", {"version": 1})
    assert first.status_code == 201, first.text
    assert content(first)["number"].startswith("溧救通")
    hand.moment += timedelta(minutes=2)
    again = content(supervisor.post(f"{JUNE}/publications", {"version": 1}))
    assert again["id"] == content(first)["id"]
    assert save(supervisor, "请按期办理。", 1) == 200
    second = content(supervisor.post(f"{JUNE}/publications", {"version": 2}))
    assert (second["version"], second["id"] != again["id"]) == (2, True)
    [line] = content(supervisor.get("/api/v1/circulars"))["circulars"]
    assert (line["document_version"], line["circular"]["published_version"]) == (2, 2)


def test_a_circular_counts_the_cases_of_its_publishers_kin_too(supervisor: Client, sign_in: SignIn) -> None:
    case = hand_in(sign_in("clerk"), 1)
    relative = {"name": "亲属", "relation": "儿子", "post": "staff", "login": "supervisor"}
    assert sign_in("clerk").post(f"/api/v1/cases/{case}/kin", relative).status_code == 201
    assert supervisor.get(f"/api/v1/cases/{case}").status_code == 404
    assert "本月收到申请1件" in words_of(supervisor.get(f"{JUNE}/draft?form=docx").data)
    shown = content(supervisor.get(JUNE))["figures"]["towns"]
    assert [one["cases"]["received"] for one in shown] == [1]


def test_a_circular_is_no_document_to_be_issued_by_hand(supervisor: Client) -> None:
    refused = supervisor.post("/api/v1/documents", {"kind": "circular", "values": {"month": "2026年6月"}})
    assert refused.json["code"] == "document-about-other", refused.text
    assert content(supervisor.get("/api/v1/circulars"))["circulars"] == []


def test_only_who_supervises_civil_affairs_of_the_county_writes_circulars(sign_in: SignIn) -> None:
    for login in ("clerk", "administrator", "teacher"):
        other = sign_in(login)
        assert other.get(JUNE).status_code == other.get("/api/v1/circulars").status_code == 403
        assert save(other, "文字", 0) == 403
        assert other.post(f"{JUNE}/publications", {"version": 0}).status_code == 403
        assert other.get("/circulars").status_code == other.get("/circulars/2026-06").status_code == 403


@pytest.mark.parametrize("month", ["2026-07", "2026-13", "odd", "2026-6", "0000-00"])
def test_a_month_that_is_none_or_has_not_begun_is_refused(supervisor: Client, month: str) -> None:
    assert supervisor.get(f"/api/v1/circulars/{month}").status_code == 422
    assert supervisor.put(f"/api/v1/circulars/{month}", {"text": "x", "version": 0}).status_code == 422
    assert supervisor.get(f"/circulars/{month}").status_code == 422


def test_the_pages_of_circulars_save_and_publish_and_show_both_texts_of_two_writers(supervisor: Client) -> None:
    assert "还没有通报" in supervisor.get("/circulars").text
    assert supervisor.get("/circulars/one?month=2026-06").headers["Location"].endswith("/circulars/2026-06")
    page = "/circulars/2026-06"
    assert supervisor.form(page, text="请按期办理。", version="0").status_code == 303
    stale = supervisor.form(page, text="我的文字", version="0")
    assert (stale.status_code, "我的文字" in stale.text, "请按期办理。" in stale.text) == (422, True, True)
    assert supervisor.form(page, text="长" * 4_001, version="1").status_code == 422
    assert supervisor.form(f"{page}/publications", version="odd").status_code == 303
    assert supervisor.form(f"{page}/publications", version="1").status_code == 303
    shown = supervisor.get(page).text
    assert "已发布" in shown
    assert "溧救通" in supervisor.get("/circulars").text
    assert supervisor.get(f"{page}/draft.docx").status_code == 200
    english = supervisor.get(f"{page}?lang=en").text
    assert all(one in english for one in ("Monthly circular 2026-06", "No cases this month", "Published"))

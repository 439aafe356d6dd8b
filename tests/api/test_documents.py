"""Printed documents over HTTP: issued from a case, printed once as original, verified by anybody, templates changed."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from docx import Document
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import create_engine, text

from api.services import Services
from tests.api.conftest import Client
from tests.api.test_procedure import taken_in
from tests.unit.printing.words import plain
from workflows.casework.documents.kinds import paper_kind

SignIn = Callable[[str], Client]
ROSTER = {
    "kind": "roster",
    "subject": "2026-05/dibao",
    "values": {
        "month": "2026年5月",
        "programme": "最低生活保障",
        "lines": [{"payee": "周国强", "total": "1,964.00", "account": "7890"}],
    },
}


@pytest.fixture(autouse=True)
def next_year(sign_in: SignIn) -> None:
    """A year that limits may run into, whatever the day of the test."""
    entered = {"exceptions": [], "source": "测试"}
    for year in (2027, 2028):
        assert sign_in("administrator").put(f"/api/v1/calendar/years/{year}", entered).status_code == 200


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def issued(client: Client, case: str, kind: str = "acceptance", **more: Any) -> dict[str, Any]:
    answer = client.post(f"{case}/documents", {"kind": kind, **more})
    assert answer.status_code == 201, answer.json
    document: dict[str, Any] = answer.json
    return document


def paper(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    if answer.mimetype == "application/pdf":
        return plain("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages))
    document = Document(io.BytesIO(answer.data))
    return plain("".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t")))


def test_an_acceptance_slip_says_what_the_case_says_and_bears_a_number(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    slip = clerk.get(f"{case}/receipt").json
    document = issued(clerk, case)
    assert document["number"].startswith("溧救受〔20")
    assert (document["version"], document["originals_left"], document["unit"]) == (1, 1, "昆仑街道办事处")
    year, month, day = (int(part) for part in slip["due_on"].split("-"))
    for form in ("pdf", "docx"):
        said = paper(clerk.get(f"/api/v1/documents/{document['id']}/file?form={form}"))
        for told in (document["number"], slip["case_number"], slip["receipt_number"], f"{year}年{month}月{day}日"):
            assert plain(told) in said
    slips = [one for one in clerk.get(f"{case}/documents").json["documents"] if one["kind"] == "acceptance"]
    assert [one["number"] for one in slips] == [document["number"]]


def test_the_same_content_again_is_the_same_document_and_other_content_the_next_version(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    first = issued(clerk, case, "self_care", values={"assessors": "李明、赵云"})
    assert issued(clerk, case, "self_care", values={"assessors": "李明、赵云"})["id"] == first["id"]
    second = issued(clerk, case, "self_care", values={"assessors": "李明、钱进"})
    assert (second["number"], second["version"]) == (first["number"], 2)
    other = issued(clerk, case, "application")
    assert other["number"].endswith("〕001")
    assert "李明、赵云" in paper(clerk.get(f"/api/v1/documents/{first['id']}/file"))


def test_what_the_records_say_cannot_be_written_over_by_hand(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    path = f"{case}/documents"
    values = ({"applicant": "别人"}, {"无此项": "x"}, {"received": "一段话"}, {"handler": ["陈敏"]})
    for value in values:
        answer = clerk.post(path, {"kind": "acceptance", "values": value})
        assert code(answer) == (422, "document-value-refused")
    rows = {"missing": [{"title": 1}]}
    assert clerk.post(path, {"kind": "correction", "values": rows}).status_code in (409, 422)
    assert code(clerk.post(path, {"kind": "poster"})) == (404, "document-kind-unknown")
    assert code(clerk.post(path, {"kind": "decision"})) == (409, "document-subject-missing")
    assert code(clerk.post(path, {"kind": "roster"})) == (409, "document-about-other")
    assert clerk.post(path, {"kind": "acceptance", "values": {"note": None}}).status_code == 422


def test_the_first_print_is_the_original_and_whatever_follows_is_marked(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    slip, consent = issued(clerk, case), issued(clerk, case, "authorisation")
    prints = f"/api/v1/documents/{slip['id']}/prints"
    marked = ["副本" in paper(clerk.post(prints, {"form": "pdf"})) for _ in range(3)]
    assert marked == [False, True, True]
    assert "副本(仅供查阅)" in paper(clerk.get(f"/api/v1/documents/{slip['id']}/file"))
    three = [paper(clerk.post(f"/api/v1/documents/{consent['id']}/prints", {})) for _ in range(4)]
    assert ["副本" in one for one in three] == [False, False, False, True]
    listed = {one["id"]: one for one in clerk.get(f"{case}/documents").json["documents"]}
    assert (listed[slip["id"]]["prints"], listed[slip["id"]]["originals_left"]) == (3, 0)
    actions = [one["action"] for one in clerk.get(f"{case}/progress").json["history"]]
    assert actions.count("document_printed") == 7
    assert {"document_issued", "document_read"} <= set(actions)


def test_identity_numbers_are_masked_but_where_the_agencies_need_them(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    form = paper(clerk.get(f"/api/v1/documents/{issued(clerk, case, 'application')['id']}/file"))
    consent = paper(clerk.get(f"/api/v1/documents/{issued(clerk, case, 'authorisation')['id']}/file"))
    assert "********" in form
    assert "********" not in consent


def test_anybody_verifies_a_paper_and_learns_nothing_about_persons(sign_in: SignIn, anonymous: FlaskClient) -> None:
    clerk = sign_in("clerk")
    document = issued(clerk, taken_in(clerk))
    path = "/api/v1/document-verification"
    number, secret = quote(document["number"]), document["code"]
    told = anonymous.get(f"{path}?number={number}号&code={secret.lower().replace('-', ' ')}").json
    assert told == {
        "kind": "acceptance",
        "kind_name": "社会救助申请受理通知书",
        "kind_name_en": "Acceptance slip",
        "number": document["number"],
        "version": 1,
        "newest_version": 1,
        "issued_at": told["issued_at"],
        "unit": "昆仑街道办事处",
        "digest": document["digest"],
    }
    refused = [
        anonymous.get(f"{path}?number={n}&code={c}") for n, c in ((number, "AAAA-BBBB-CCCC"), ("溧救受", secret))
    ]
    assert [code(one) for one in refused] == [(404, "document-not-verified")] * 2
    assert anonymous.get(path).status_code == 422
    page = anonymous.get(f"/verify?number={number}&code={secret}")
    assert (page.status_code, "该文书由本系统出具" in page.text, document["digest"][:16] in page.text) == (
        200,
        True,
        True,
    )
    assert anonymous.get(f"/verify?number={number}&code=x").status_code == 404
    assert anonymous.get("/verify").status_code == 200


def test_who_may_not_see_the_case_sees_none_of_its_documents(sign_in: SignIn, anonymous: FlaskClient) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    document = issued(clerk, case)
    for other in (sign_in("far-clerk"), sign_in("teacher")):
        assert other.get(f"{case}/documents").status_code == 404
        assert other.post(f"{case}/documents", {"kind": "acceptance"}).status_code == 404
        assert code(other.get(f"/api/v1/documents/{document['id']}/file")) == (404, "document-not-found")
        assert code(other.post(f"/api/v1/documents/{document['id']}/prints", {})) == (404, "document-not-found")
    assert anonymous.get(f"/api/v1/documents/{document['id']}/file").status_code == 401
    assert clerk.get("/api/v1/documents/00000000-0000-0000-0000-000000000000/file").status_code == 404


def test_documents_of_the_county_take_what_is_given_and_are_for_the_county_alone(sign_in: SignIn) -> None:
    clerk, supervisor = sign_in("clerk"), sign_in("supervisor")
    assert code(clerk.post("/api/v1/documents", ROSTER)) == (403, "not-permitted")
    made = supervisor.post("/api/v1/documents", ROSTER)
    assert made.status_code == 201, made.json
    assert supervisor.post("/api/v1/documents", ROSTER).json["id"] == made.json["id"]
    assert "周国强" in paper(supervisor.get(f"/api/v1/documents/{made.json['id']}/file"))
    assert clerk.get(f"/api/v1/documents/{made.json['id']}/file").status_code == 404
    assert clerk.get("/api/v1/documents").json["documents"] == []
    assert [one["kind"] for one in supervisor.get("/api/v1/documents").json["documents"]] == ["roster"]
    assert code(supervisor.post("/api/v1/documents", {"kind": "decision"})) == (409, "document-about-other")


def test_a_preview_bears_no_number_and_keeps_nothing(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    before = clerk.get(f"{case}/documents").json["documents"]
    shown = paper(clerk.post(f"{case}/document-previews", {"kind": "acceptance", "form": "pdf"}))
    assert ("未编号" in shown, "样张" in shown, "陈" in shown) == (True, True, True)
    assert clerk.get(f"{case}/documents").json["documents"] == before
    assert clerk.post(f"{case}/document-previews", {"kind": "acceptance", "form": "odt"}).status_code == 422


def changed_template(kind: str, said: str) -> bytes:
    document = Document(io.BytesIO(paper_kind(kind).template))
    document.add_paragraph(said)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def upload(client: Client, path: str, content: bytes, name: str = "模板.docx") -> Any:
    return client.post(path, data={"files": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def test_an_office_edits_a_template_and_what_was_issued_keeps_its_own(sign_in: SignIn) -> None:
    clerk, administrator = sign_in("clerk"), sign_in("administrator")
    case = taken_in(clerk)
    before = issued(clerk, case)
    path = "/api/v1/document-templates/acceptance"
    template = clerk.get(f"{path}/file")
    assert template.data == paper_kind("acceptance").template
    better = changed_template("acceptance", "温馨提示：请{{申请人}}妥善保管本通知书。")
    assert upload(clerk, path, better).status_code == 403
    assert upload(sign_in("town-administrator"), path, better).status_code == 403
    assert "温馨提示:请周国强妥善保管" in paper(upload(clerk, f"{path}/preview", better))
    uploaded = upload(administrator, f"{path}?note=加提示", better)
    assert (uploaded.status_code, uploaded.json["template"]["version"], uploaded.json["findings"]) == (201, 2, [])
    after = issued(clerk, case)
    assert (after["number"], after["version"]) == (before["number"], 2)
    assert "温馨提示" in paper(clerk.get(f"/api/v1/documents/{after['id']}/file"))
    assert "温馨提示" not in paper(clerk.get(f"/api/v1/documents/{before['id']}/file"))
    versions = clerk.get(path).json["templates"]
    assert [(one["version"], one["is_shipped"], one["note"]) for one in versions] == [
        (1, True, "随系统提供"),
        (2, False, "加提示"),
    ]
    assert clerk.get(f"{path}/file?version=1").data == paper_kind("acceptance").template
    assert clerk.get(f"{path}/file").data == better
    assert code(clerk.get(f"{path}/file?version=9")) == (404, "document-not-found")


def test_a_template_with_a_mistake_is_refused_with_the_place_in_the_readers_language(sign_in: SignIn) -> None:
    administrator = sign_in("administrator")
    path = "/api/v1/document-templates/decision"
    wrong = changed_template("decision", "户主：{{申请任}}")
    refused = upload(administrator, path, wrong)
    assert code(refused) == (422, "template-refused")
    assert "是否为“申请人”" in refused.json["detail"]
    checked = upload(administrator, f"{path}/check", wrong).json
    assert checked["usable"] is False
    assert (checked["findings"][0]["level"], checked["findings"][0]["message"]) == (
        "error",
        "没有字段“申请任”，是否为“申请人”？",
    )
    english = administrator.client.post(
        f"{path}/check",
        data={"files": (io.BytesIO(wrong), "x.docx")},
        headers={"Accept-Language": "en", "X-CSRF-Token": administrator.token},
    )
    assert english.json is not None
    assert code(upload(administrator, path, b"no document")) == (422, "template-refused")
    assert administrator.post(path, {}).status_code == 415
    assert code(upload(administrator, "/api/v1/document-templates/poster", wrong)) == (404, "document-kind-unknown")
    kinds = administrator.get("/api/v1/document-kinds").json["kinds"]
    assert (len(kinds), "applicant" in {one["key"] for one in kinds[0]["fields"]}) == (21, True)


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_of_an_erased_case_number_and_code_are_all_that_stays(
    form: str, sign_in: SignIn, anonymous: FlaskClient, services: Services
) -> None:
    clerk = sign_in("clerk")
    document = issued(clerk, taken_in(clerk))
    database = create_engine(services.settings.database_url or "")
    with database.begin() as connection:
        connection.execute(text("UPDATE case_file SET wrapped_key = NULL"))
        sealed = connection.execute(text("SELECT content_sealed FROM issued_document")).scalars().all()
    database.dispose()
    assert not any("陈建国".encode() in bytes(one) for one in sealed)
    assert clerk.get(f"/api/v1/documents/{document['id']}/file?form={form}").status_code == 409
    path = f"/api/v1/document-verification?number={quote(document['number'])}&code={document['code']}"
    assert anonymous.get(path).json["digest"] == document["digest"]

"""Documents on the pages: the list of a case, the files, the originals, and the page where anybody verifies one."""

from __future__ import annotations

import io
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from tests.api.conftest import Client
from tests.api.test_documents import next_year  # noqa: F401 - limits run into next year
from tests.api.test_procedure import taken_in

SignIn = Callable[[str], Client]


def listed(client: Client, case: str) -> dict[str, dict[str, str]]:
    found = client.get(f"{case}/documents").json["documents"]
    return {one["kind"]: one for one in found}


def page_of(case: str) -> str:
    return case.removeprefix("/api/v1")


def test_the_page_of_a_case_lists_what_was_issued_at_its_steps(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    issued = listed(clerk, case)
    assert {"application", "acceptance"} == set(issued)
    page = clerk.get(page_of(case)).text
    for document in issued.values():
        assert document["number"] in page
        assert f"/documents/{document['id']}/pdf" in page
        assert f"/documents/{document['id']}/docx" in page
    assert page.count("打印正本") == len(issued)


def test_a_file_read_on_the_page_is_a_copy_and_the_first_print_the_original(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    slip = listed(clerk, case)["acceptance"]
    read = clerk.get(f"/documents/{slip['id']}/pdf")
    assert (read.status_code, read.mimetype) == (200, "application/pdf")
    assert read.headers["Content-Disposition"].startswith("inline;")
    assert "副本" in _text(read.data)
    word = clerk.get(f"/documents/{slip['id']}/docx")
    assert word.headers["Content-Disposition"].startswith("attachment;")
    first, second = (clerk.post(f"/documents/{slip['id']}/prints", {}) for _ in range(2))
    assert "副本" not in _text(first.data)
    assert "副本" in _text(second.data)
    assert "补印" in clerk.get(page_of(case)).text
    assert clerk.get(f"/documents/{slip['id']}/odt").status_code == 404


def test_who_may_not_see_the_case_whole_is_shown_no_document(sign_in: SignIn, anonymous: FlaskClient) -> None:
    clerk = sign_in("clerk")
    slip = listed(clerk, taken_in(clerk))["acceptance"]
    for other in (sign_in("far-clerk"), sign_in("teacher")):
        assert other.get(f"/documents/{slip['id']}/pdf").status_code == 404
        assert other.post(f"/documents/{slip['id']}/prints", {}).status_code == 404
    assert anonymous.get(f"/documents/{slip['id']}/pdf").status_code in (302, 303)


def test_kin_of_the_household_see_no_document(sign_in: SignIn) -> None:
    clerk, other = sign_in("clerk"), sign_in("other-clerk")
    case = taken_in(clerk)
    slip = listed(clerk, case)["acceptance"]
    assert other.get(f"/documents/{slip['id']}/pdf").status_code == 200
    kin = {"name": "某某", "relation": "兄弟", "post": "staff", "unit": "昆仑街道", "login": "other-clerk"}
    assert clerk.post(f"{case}/kin", kin).status_code == 201
    assert other.get(f"/documents/{slip['id']}/pdf").status_code == 404
    assert other.get(f"{case}/documents").status_code == 404


@pytest.mark.parametrize("given", ["\x00", "长" * 5000, "%", "<script>alert(1)</script>", "' or 1=1"])
def test_whatever_is_typed_into_the_verification_page_it_answers_plainly(anonymous: FlaskClient, given: str) -> None:
    for number, code in ((given, "AAAA-BBBB-CCCC"), ("溧救受〔2026〕001", given)):
        answer = anonymous.get(f"/verify?number={quote(number)}&code={quote(code)}")
        assert answer.status_code in (400, 404)
        assert "<script>alert" not in answer.text
    english = anonymous.get(f"/verify?number={quote(given)}&code=x", headers={"Accept-Language": "en"})
    assert english.status_code in (400, 404)


def _text(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)

"""Evidence of cases over pages and API: taken in by content, shown with a watermark, for those who see the case."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
import typst
from flask.testing import FlaskClient
from pypdf import PdfReader

from api.bootstrap import Surroundings
from api.services import Services
from engine.model import SYSTEM
from tests import files
from tests.api.conftest import Client
from tests.api.test_procedure import taken_in
from workflows.casework.commands import SetParameters
from workflows.casework.county import COUNTY_REGION
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import KinPost
from workflows.casework.records import Parameter
from workflows.printing import stamping

SignIn = Callable[[str], Client]


class Clock:
    """A clock in the test's hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 6, 3, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def surroundings(clock: Clock) -> Surroundings:
    return Surroundings(now=clock, transport=httpx.MockTransport(lambda _request: httpx.Response(503)))


def hand_in(client: Any, path: str, content: bytes, name: str = "证明.png") -> Any:
    return client.post(path, data={"files": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def history(client: Client, services: Services, case: str) -> list[str]:
    view = services.queries.instance(UUID(client.get(case).json["summary"]["process_instance_id"]))
    return [entry.action for entry in view.history]


def one_page() -> bytes:
    made = typst.compile(b"#set page(width: 200pt, height: 100pt)\npage", format="pdf")
    assert isinstance(made, bytes)
    return made


def test_a_file_is_kept_once_listed_and_handed_out_as_it_came(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    kept = hand_in(clerk, f"{case}/evidence", files.office("word/document.xml"), "说明.docx")
    again = hand_in(clerk, f"{case}/evidence", files.office("word/document.xml"), "说明(2).docx")

    assert kept.status_code == 201
    assert again.json["id"] == kept.json["id"]
    assert [one["name"] for one in clerk.get(f"{case}/evidence").json["evidence"]] == ["说明.docx"]
    original = clerk.post(f"/api/v1/evidence/{kept.json['id']}/original", {"reason": "移送复议机关"})
    assert original.data == files.office("word/document.xml")
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert original.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", (415, "evidence-kind-refused")),
        (b"", (422, "evidence-empty")),
        (files.png()[:-6], (422, "evidence-broken")),
        (files.bomb(), (422, "evidence-broken")),
        (files.huge_png(), (422, "picture-too-large")),
    ],
)
def test_what_may_not_be_kept_is_refused_with_what_to_do(
    sign_in: SignIn, content: bytes, found: tuple[int, str]
) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    assert code(hand_in(clerk, f"{case}/evidence", content, "photo.png")) == found
    assert clerk.get(f"{case}/evidence").json["evidence"] == []


def test_the_kinds_of_files_are_figures_of_policy(sign_in: SignIn, services: Services, clock: Clock) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    only_pdf = Parameter(key="evidence_types", value=["pdf"], effective_from=clock().date(), source="试验")
    services.engine.execute(SetParameters(parameters=(only_pdf,), region=COUNTY_REGION), actor=SYSTEM)
    assert code(hand_in(clerk, f"{case}/evidence", files.png())) == (415, "evidence-kind-refused")


def test_a_preview_bears_who_looks_and_every_look_is_written_down(sign_in: SignIn, services: Services) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    picture = hand_in(clerk, f"{case}/evidence", files.png()).json["id"]
    paper = hand_in(clerk, f"{case}/evidence", one_page()).json["id"]

    shown = clerk.get(f"/evidence/{picture}/preview")
    assert (shown.mimetype, shown.headers["Content-Disposition"][:6]) == ("image/svg+xml", "inline")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    beside = clerk.get(f"/evidence/{paper}/preview")
    assert (beside.mimetype, beside.data[:5]) == ("application/pdf", b"%PDF-")
    assert "frame-ancestors 'self'" in beside.headers["Content-Security-Policy"]
    clerk.get(f"/evidence/{picture}/file")
    written = history(clerk, services, case)
    assert (written.count("evidence_read"), written.count("evidence_downloaded")) == (2, 1)


def test_a_file_no_page_can_show_is_taken_as_it_is(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    sheet = hand_in(clerk, f"{case}/evidence", files.office("xl/workbook.xml")).json["id"]
    for form in ("preview", "copy"):
        assert code(clerk.get(f"/api/v1/evidence/{sheet}/file?form={form}")) == (422, "not-previewed")
    assert clerk.post(f"/api/v1/evidence/{sheet}/original", {"reason": "转交统计"}).data == files.office(
        "xl/workbook.xml"
    )


def test_a_copy_bears_who_took_it_and_the_original_needs_a_reason_that_is_kept(
    sign_in: SignIn, services: Services
) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    for content in (files.png(), one_page()):
        one = hand_in(clerk, f"{case}/evidence", content, "票据.png").json["id"]
        copy = clerk.get(f"/evidence/{one}/file")
        assert (copy.mimetype, copy.headers["Content-Disposition"][:10]) == ("application/pdf", "attachment")
        assert "陈敏" in PdfReader(io.BytesIO(copy.data)).pages[0].extract_text()

        assert code(clerk.post(f"/api/v1/evidence/{one}/original", {"reason": "  "})) == (422, "reason-missing")
        assert clerk.form(f"/evidence/{one}/original", reason="").status_code == 303
        taken = clerk.form(f"/evidence/{one}/original", reason="移送复议机关")
        assert taken.data == clerk.post(f"/api/v1/evidence/{one}/original", {"reason": "移送复议机关"}).data
        assert taken.headers["Content-Disposition"].startswith("attachment")
        assert taken.headers["Cache-Control"] == "no-store"

    number = clerk.get(case).json["summary"]["number"]
    assert history(clerk, services, case).count("evidence_original_taken") == 4
    assert history(clerk, services, case).count("evidence_downloaded") == 2
    assert "移送复议机关" in clerk.get(f"/cases/{number}").text


def test_a_copy_nobody_got_stands_in_no_history(
    sign_in: SignIn, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamping, "LONGEST_WAIT", 0.01)
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    one = hand_in(clerk, f"{case}/evidence", files.png()).json["id"]
    with stamping.AT_ONCE, stamping.AT_ONCE:
        for form in ("preview", "copy"):
            assert code(clerk.get(f"/api/v1/evidence/{one}/file?form={form}")) == (503, "stamping-busy")
    written = history(clerk, services, case)
    assert (written.count("evidence_read"), written.count("evidence_downloaded")) == (0, 0)


def test_evidence_is_for_those_who_see_the_case(sign_in: SignIn) -> None:
    clerk, far, teacher = sign_in("clerk"), sign_in("far-clerk"), sign_in("teacher")
    case = taken_in(clerk)
    one = hand_in(clerk, f"{case}/evidence", files.png()).json["id"]
    for other in (far, teacher):
        assert hand_in(other, f"{case}/evidence", files.png()).status_code == 404
        assert other.get(f"{case}/evidence").status_code == 404
        assert other.post(f"{case}/photo-links").status_code == 404
        for path in (f"/api/v1/evidence/{one}", f"/api/v1/evidence/{one}/file", f"/evidence/{one}/preview"):
            assert other.get(path).status_code == 404
        assert other.post(f"/api/v1/evidence/{one}/original", {"reason": "x"}).status_code == 404
        assert other.post(f"/api/v1/evidence/{one}/removal", {"reason": "x"}).status_code == 404


def test_kin_neither_see_nor_add_nor_remove_evidence(sign_in: SignIn, services: Services) -> None:
    clerk, kin = sign_in("clerk"), sign_in("other-clerk")
    case = taken_in(clerk)
    one = hand_in(clerk, f"{case}/evidence", files.png()).json["id"]
    link = kin.post(f"{case}/photo-links").json["url"].rpartition("/")[2]
    related = Kin(name="周强", post=KinPost.STAFF, relation="兄弟", login="other-clerk")
    case_id = UUID(clerk.get(case).json["summary"]["id"])
    services.engine.execute(RegisterKin(case_id=case_id, kin=related), actor=SYSTEM)

    assert hand_in(kin, f"{case}/evidence", files.webp()).status_code == 404
    assert kin.get(f"/evidence/{one}/preview").status_code == 404
    assert kin.post(f"/api/v1/evidence/{one}/removal", {"reason": "x"}).status_code == 404
    assert code(hand_in(kin, f"/api/v1/photos/{link}", files.webp())) == (404, "photo-link-over")


def test_who_added_a_file_removes_it_with_a_reason(sign_in: SignIn, services: Services) -> None:
    clerk, colleague = sign_in("clerk"), sign_in("other-clerk")
    case = taken_in(clerk)
    one = hand_in(clerk, f"{case}/evidence", files.png()).json["id"]
    assert code(colleague.post(f"/api/v1/evidence/{one}/removal", {"reason": "错传"})) == (403, "evidence-not-yours")
    assert code(clerk.post(f"/api/v1/evidence/{one}/removal", {"reason": " "})) == (422, "reason-missing")
    assert clerk.post(f"/api/v1/evidence/{one}/removal", {"reason": "错传"}).status_code == 204
    assert code(clerk.get(f"/api/v1/evidence/{one}")) == (404, "evidence-not-found")
    assert "evidence_removed" in history(clerk, services, case)


def test_a_phone_hands_in_photos_without_an_account_until_the_link_is_over(
    sign_in: SignIn, anonymous: FlaskClient, clock: Clock
) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    opened = clerk.post(f"{case}/photo-links").json
    path = "/photos/" + opened["url"].rpartition("/")[2]
    page = anonymous.get(path)
    assert clerk.get(case).json["summary"]["number"] not in page.text
    assert hand_in(anonymous, f"/api/v1{path}", files.jpeg()).json["photos"] == 1
    assert hand_in(anonymous, f"/api/v1{path}", files.jpeg()).json["photos"] == 1
    assert hand_in(anonymous, f"/api/v1{path}", files.jpeg(shade=1)).json["photos"] == 2
    assert code(hand_in(anonymous, f"/api/v1{path}", one_page())) == (415, "evidence-kind-refused")
    listed = clerk.get(f"{case}/evidence").json["evidence"]
    assert [(one["by_phone"], one["added_by"]) for one in listed] == [(True, "clerk")] * 2

    clock.time = datetime(2026, 6, 3, 1, 15, tzinfo=UTC)
    assert code(hand_in(anonymous, f"/api/v1{path}", files.png())) == (404, "photo-link-over")
    assert (anonymous.get(path).status_code, anonymous.get("/photos/nonsense").status_code) == (404, 404)


class Unread(io.BytesIO):
    """A body nobody may begin to read."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise AssertionError("the body was read")

    def readinto(self, _buffer: Any, /) -> int:
        raise AssertionError("the body was read")


@pytest.mark.parametrize("path", ["/photos/nonsense", "/api/v1/photos/nonsense", "/api/v1/cases/x/evidence"])
def test_of_what_a_stranger_sends_nothing_is_read(anonymous: FlaskClient, path: str) -> None:
    answer = anonymous.post(path, input_stream=Unread(b"--x"), content_type="multipart/form-data; boundary=x")
    assert answer.status_code in (401, 404)


def test_a_link_that_does_not_work_is_tried_a_few_times(sign_in: SignIn, anonymous: FlaskClient) -> None:
    clerk = sign_in("clerk")
    path = "/api/v1/photos/" + clerk.post(f"{taken_in(clerk)}/photo-links").json["url"].rpartition("/")[2]
    for _ in range(30):
        assert code(hand_in(anonymous, "/api/v1/photos/nonsense", files.png())) == (404, "photo-link-over")
    assert code(hand_in(anonymous, "/api/v1/photos/nonsense", files.png())) == (429, "too-many-tries")
    assert hand_in(anonymous, path, files.png()).status_code == 201


def test_a_phone_hands_in_several_photos_with_a_plain_form(sign_in: SignIn, anonymous: FlaskClient) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    path = "/photos/" + clerk.post(f"{case}/photo-links").json["url"].rpartition("/")[2]
    token = anonymous.get(path).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    photos = [(io.BytesIO(one), "a.jpg") for one in (files.jpeg(), files.png(), b"none")]
    answer = anonymous.post(path, data={"csrf_token": token, "files": photos}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "已收到 2 张照片" in answer.text
    assert "第 3 张" in answer.text


def test_the_pages_of_case_and_task_take_files_in_and_hear_of_others(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk).removeprefix("/api/v1")
    before = clerk.get(f"{case}/evidence/changes")
    chosen = [(io.BytesIO(files.png()), "收据<b>.png"), (io.BytesIO(b"x"), "y.exe")]
    answer = clerk.client.post(
        f"{case}/evidence",
        data={"csrf_token": clerk.token, "files": chosen},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    assert "已保存 1 份佐证材料" in answer.text
    assert "y.exe: 按内容识别" in answer.text
    assert "收据&lt;b&gt;.png" in answer.text
    mark = {"If-None-Match": before.headers["ETag"]}
    changed = clerk.get(f"{case}/evidence/changes", headers=mark)
    assert (changed.status_code, len(changed.json["evidence"])) == (200, 1)
    same = {"If-None-Match": changed.headers["ETag"]}
    assert clerk.get(f"{case}/evidence/changes", headers=same).status_code == 304


def test_a_code_for_a_phone_stands_on_a_page_of_its_own(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk).removeprefix("/api/v1")
    page = clerk.form(f"{case}/photo-links", back=case)
    assert page.status_code == 201
    assert "data:image/png;base64," in page.text
    assert "有效至 2026-06-03 09:15" in page.text

"""Programmes as packages: what goes along, what is checked, what becomes a draft, and archives that are refused."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from api.services import Services
from engine.commands.deployments import DeployResources
from engine.model import SYSTEM, Resource
from tests.api.conftest import Client, content
from tests.processes.diagrams import end, extension, flows, one_process, start, user
from workflows.workbench.contents import shipped_files

SignIn = Callable[[str], Client]
AT = "/api/v1/workbench"
ROOT = "agency_inquiry"
XML = shipped_files()[f"{ROOT}.bpmn"].content
FORM = shipped_files()["enter_answer.form"].content


@pytest.fixture
def analyst(sign_in: SignIn) -> Client:
    return sign_in("administrator")


def newest(analyst: Client, key: str) -> str:
    versions = content(analyst.get(AT))["versions"]
    return str(next(one["id"] for one in versions if one["key"] == key))


def exported(analyst: Client, key: str = ROOT) -> bytes:
    answer = analyst.get(f"{AT}/definitions/{newest(analyst, key)}/package")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/zip"
    return bytes(answer.data)


def files_of(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {one: archive.read(one) for one in archive.namelist()}


def zipped(files: dict[str, bytes], *more: tuple[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in (*files.items(), *more):
            archive.writestr(name, one)
    return written.getvalue()


def sent(analyst: Client, place: str, package: bytes) -> Any:
    return analyst.post(f"{AT}/packages{place}", data={"files": (io.BytesIO(package), "p.zip")})


def changed(package: bytes, old: str, new: str, path: str = f"bpmn/{ROOT}.bpmn") -> bytes:
    """Return a package in which one file says something else, and the manifest knows of it."""
    files = files_of(package)
    before = hashlib.sha256(files[path]).hexdigest()
    files[path] = files[path].replace(old.encode(), new.encode())
    digest = hashlib.sha256(files[path]).hexdigest()
    files["manifest.json"] = files["manifest.json"].replace(before.encode(), digest.encode())
    return zipped(files)


def test_a_programme_is_exported_with_all_it_calls_asks_and_shows(analyst: Client) -> None:
    package = exported(analyst, "one_window_intake")
    files = files_of(package)
    manifest = json.loads(files["manifest.json"])

    assert manifest["programme"] == {
        "key": "one_window_intake",
        "name": manifest["programme"]["name"],
        "version": 1,
        "version_tag": None,
    }
    assert {"bpmn/one_window_intake.bpmn", "forms/check_completeness.form", "forms/check_completeness.en.json"} <= set(
        files
    )
    assert any(name.startswith("dmn/") for name in files)
    assert {one["path"] for one in manifest["files"] + manifest["words"]} == set(files) - {"manifest.json"}
    assert files["bpmn/one_window_intake.bpmn"] == shipped_files()["one_window_intake.bpmn"].content
    assert exported(analyst, "one_window_intake") == package


def test_called_processes_come_along_and_what_only_an_expression_names_is_told(analyst: Client) -> None:
    manifest = json.loads(files_of(exported(analyst, "relief_case"))["manifest.json"])
    paths = {one["path"] for one in manifest["files"]}

    assert {"bpmn/relief_case.bpmn", "bpmn/one_window_intake.bpmn", "bpmn/referral.bpmn"} <= paths
    assert any(one.startswith("referral/") for one in manifest["by_expression"])


def test_a_package_of_what_is_active_here_makes_no_draft(analyst: Client) -> None:
    package = exported(analyst)
    check = content(sent(analyst, "/check", package))

    assert {one["state"] for one in check["files"]} == {"same"}
    assert (check["missing"], check["untranslated"]) == (0, [])
    assert content(sent(analyst, "", package))["drafts"] == []
    assert content(analyst.get(AT))["drafts"] == []


def test_what_differs_becomes_a_draft_that_is_compared_with_the_active_version(analyst: Client) -> None:
    package = changed(exported(analyst), "人工登记答复", "登记书面答复")
    [other] = [one for one in content(sent(analyst, "/check", package))["files"] if one["state"] != "same"]
    assert (other["file_name"], other["state"], other["active_version"]) == (f"{ROOT}.bpmn", "other", 1)
    assert content(analyst.get(AT))["drafts"] == []

    answer = sent(analyst, "", package)
    [draft] = content(answer)["drafts"]
    assert answer.status_code == 201
    [listed] = content(analyst.get(AT))["drafts"]
    assert (listed["base_version"], listed["note"]) == (1, f"程序包 {ROOT} 第 1 版")
    check = content(analyst.get(f"{AT}/drafts/{draft['id']}/check"))
    assert [one["element_id"] for one in check["changes"]] == ["Task_EnterAnswer"]

    again = sent(analyst, "", package)
    assert (again.status_code, again.json["code"]) == (409, "draft-file-taken")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('type="ask_agency"', 'type="ask_the_moon"', "unknown-job-type"),
        ('formId="enter_answer"', 'formId="no_such"', "form-not-deployed"),
        ("civil_affairs/checker", "moon/checker", "unknown-group"),
    ],
)
def test_what_is_missing_here_is_named_before_anything_is_made(analyst: Client, old: str, new: str, code: str) -> None:
    assert old in XML.decode()
    package = changed(exported(analyst), old, new)
    check = content(sent(analyst, "/check", package))
    assert code in {one["code"] for one in check["findings"]}
    assert check["missing"] >= 1

    refused = sent(analyst, "", package)
    assert (refused.status_code, refused.json["code"]) == (409, "package-incomplete")
    assert code in {one["code"] for one in refused.json["findings"]}
    assert content(analyst.get(AT))["drafts"] == []
    assert len(content(sent(analyst, "?although_incomplete=true", package))["drafts"]) == 1


def test_a_parameter_nobody_entered_here_is_missing(analyst: Client) -> None:
    package = changed(exported(analyst), "=end of working day(date(check_deadline))", "=standard.no_such_parameter")
    check = content(sent(analyst, "/check", package))

    [missing] = [one for one in check["findings"] if one["code"] == "parameter-not-entered"]
    assert "no_such_parameter" in missing["message"]
    assert check["missing"] == 1


def broken_packages(good: bytes) -> dict[str, bytes]:
    files = files_of(good)
    manifest = files["manifest.json"]
    some = f"bpmn/{ROOT}.bpmn"
    bomb = zipped(files, ("forms/bomb.form", b"0" * (5 * 1024 * 1024)))
    return {
        "no archive": b"not a zip",
        "cut": good[: len(good) // 2],
        "no manifest": zipped({name: one for name, one in files.items() if name != "manifest.json"}),
        "manifest of no JSON": zipped(files | {"manifest.json": b"{"}),
        "manifest twice in one object": zipped(files | {"manifest.json": b'{"format": 1, "format": 1}'}),
        "manifest that is a list": zipped(files | {"manifest.json": b"[]"}),
        "other format": zipped(files | {"manifest.json": manifest.replace(b'"format":', b'"format":1')}),
        "manifest of nothing": zipped({"manifest.json": b'{"format": 1}'}),
        "path out": zipped(files, ("../evil.bpmn", b"x")),
        "absolute path": zipped(files, ("/etc/evil.bpmn", b"x")),
        "windows path": zipped(files, ("bpmn\\..\\evil.bpmn", b"x")),
        "deep path": zipped(files, ("bpmn/a/b.bpmn", b"x")),
        "other kind of file": zipped(files, ("bpmn/run.sh", b"x")),
        "wrong folder": zipped(files, ("dmn/a.bpmn", b"x")),
        "not named": zipped(files, ("bpmn/more.bpmn", b"x")),
        "twice by case": zipped(files, (some.replace("agency", "Agency"), files[some])),
        "other content": zipped(files | {some: files[some] + b" "}),
        "file gone": zipped({name: one for name, one in files.items() if name != some}),
        "large when unpacked": bomb,
        "too many": zipped(files, *((f"forms/f{number}.form", b"{}") for number in range(301))),
    }


BROKEN = sorted(broken_packages(zipped({"manifest.json": b"", f"bpmn/{ROOT}.bpmn": b""})))


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_package_is_refused_and_nothing_is_made(analyst: Client, name: str) -> None:
    package = broken_packages(exported(analyst))[name]
    for place in ("/check", "", "?although_incomplete=true"):
        answer = sent(analyst, place, package)
        assert (answer.status_code, answer.json["code"]) == (422, "package-invalid"), answer.text
    assert content(analyst.get(AT))["drafts"] == []


def test_a_file_twice_and_one_that_lies_about_its_size_are_refused(analyst: Client) -> None:
    good = exported(analyst)
    files = files_of(good)
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = zipped(files, (f"bpmn/{ROOT}.bpmn", b"x"))
    assert sent(analyst, "", twice).json["code"] == "package-invalid"
    size = len(files["manifest.json"]).to_bytes(4, "little")
    lying = good.replace(size, (10).to_bytes(4, "little"))
    assert lying != good
    assert sent(analyst, "", lying).json["code"] == "package-invalid"


BOUND = b'formId="enter_answer" bindingType="versionTag" versionTag="kept"'
TAGGED = FORM.replace(b'"id": "enter_answer"', b'"id": "enter_answer", "versionTag": "kept"', 1)


def deploy(services: Services, xml: bytes, *forms: bytes) -> None:
    """Deploy the process with forms, one after the other."""
    for form in forms:
        resource = Resource(name="enter_answer.form", kind="form", content=form)
        services.engine.execute(DeployResources(resources=(resource,)), actor=SYSTEM)
    process = Resource(name=f"{ROOT}.bpmn", kind="process", content=xml)
    services.engine.execute(DeployResources(resources=(process,)), actor=SYSTEM)


def test_a_form_goes_along_in_the_version_it_is_bound_to(services: Services, analyst: Client) -> None:
    deploy(services, XML.replace(b'formId="enter_answer"', BOUND), TAGGED, FORM.replace(b"\n}", b" \n}"))
    manifest = json.loads(files_of(exported(analyst))["manifest.json"])

    [named] = [one for one in manifest["files"] if one["kind"] == "form"]
    assert (named["definitions"][0]["version"], named["definitions"][0]["version_tag"]) == (2, "kept")


def test_two_versions_of_one_file_make_no_package(services: Services, analyst: Client) -> None:
    def shows(binding: str) -> str:
        form = f'<zeebe:formDefinition formId="enter_answer"{binding}/>'
        return extension(f'<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="township/clerk"/>{form}')

    kept = shows(' bindingType="versionTag" versionTag="kept"')
    both = one_process(start(), user("a", kept), user("b", shows("")), end(), flows("s>a>b>e"))
    deploy(services, both.replace(b'id="P"', b'id="both"'), TAGGED, FORM)

    refused = analyst.get(f"{AT}/definitions/{newest(analyst, 'both')}/package")
    assert (refused.status_code, refused.json["code"]) == (409, "package-not-made")
    assert "enter_answer.form" in refused.json["detail"]


def test_only_who_deploys_packs_and_unpacks(sign_in: SignIn, analyst: Client) -> None:
    package, town = exported(analyst), sign_in("town-administrator")

    assert sent(town, "", package).status_code == 403
    assert town.get("/workbench/packages").status_code == 403
    assert analyst.get(f"{AT}/definitions/{newest(analyst, 'enter_answer')}/package").status_code == 404
    assert analyst.post(f"{AT}/packages", {}).status_code == 415


def test_the_page_checks_first_and_makes_drafts_only_when_told(analyst: Client) -> None:
    page = analyst.get("/workbench/packages").text
    assert f"/workbench/packages/{newest(analyst, ROOT)}" in page
    whole = exported(analyst)
    assert analyst.get(f"/workbench/packages/{newest(analyst, ROOT)}").data == whole

    def send(package: bytes, **fields: str) -> Any:
        return analyst.form("/workbench/packages", files=(io.BytesIO(package), "p.zip"), **fields)

    assert "本系统都有" in send(whole, do="check").text
    lacking = changed(whole, 'type="ask_agency"', 'type="ask_the_moon"')
    refused = send(lacking, do="import")
    assert (refused.status_code, "ask_the_moon" in refused.text, "没有生成草稿" in refused.text) == (422, True, True)
    assert content(analyst.get(AT))["drafts"] == []
    assert send(lacking, do="import", although_incomplete="1").status_code == 303
    assert len(content(analyst.get(AT))["drafts"]) == 1
    assert send(b"no", do="import").status_code == 422
    assert analyst.form("/workbench/packages", do="import").status_code in (415, 422)

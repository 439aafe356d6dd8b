"""What a wheel installs is complete: pages, bundles, notices, diagrams, and nothing that belongs to the build."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from web import assets

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of the files in a freshly built wheel."""
    uv = shutil.which("uv", path=os.pathsep.join([str(ROOT / ".tools" / "bin"), os.environ.get("PATH", "")]))
    assert uv, "uv was found neither on PATH nor in .tools/bin"
    assets.ensure(ROOT)
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [uv, "build", "--wheel", "--out-dir", folder, ROOT], capture_output=True, text=True, check=False
    )
    assert not built.returncode, built.stderr
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


@pytest.mark.parametrize(
    "folder", ["web/templates", "web/static", "web/translations", "workflows/bpmn", "workflows/documents"]
)
def test_a_wheel_carries_every_file_of_a_folder(wheel: list[str], folder: str) -> None:
    sources = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*.*") if "__pycache__" not in path.parts
    }
    assert sources
    assert sources <= set(wheel)


def test_a_wheel_carries_both_bundles_and_the_notices_of_what_is_in_them(wheel: list[str]) -> None:
    dist = {Path(name).name for name in wheel if name.startswith("web/static/dist/")}
    scripts = {"viewer.js", "form-viewer.js", "htmx.min.js"}
    styles = {"viewer.css", "form-viewer.css", "bootstrap.min.css"}
    assert scripts | styles | {"THIRD-PARTY-NOTICES.txt"} <= dist


def test_a_wheel_carries_nothing_of_the_build(wheel: list[str]) -> None:
    assert not [
        name for name in wheel if "node_modules" in name or name.startswith("web/frontend") or name.endswith(".map")
    ]


def test_the_notices_name_every_package_with_its_licence() -> None:
    assets.ensure(ROOT)
    notices = (assets.STATIC / "dist" / "THIRD-PARTY-NOTICES.txt").read_text(encoding="utf-8")
    for package in (
        "bpmn-js 18.31.1",
        "@bpmn-io/form-js-viewer 2.0.0",
        "bootstrap 5.3.9",
        "htmx.org 2.0.11",
        "flatpickr ",
    ):
        assert f"\n{package}" in notices
    assert "The source code responsible for displaying the bpmn.io project watermark" in " ".join(notices.split())

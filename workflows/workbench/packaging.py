"""One programme goes to another installation: exported with all it needs, checked there, taken in as drafts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from engine.bindings import NotBound, bound_definition
from engine.bpmn.reader import read_deployed
from engine.commands.resource_checks import findings_together
from engine.core.model import Obstacle
from engine.errors import NotFound
from engine.feel.types import ContextType
from engine.findings import Finding
from engine.json_values import dump_json
from engine.model import Definition, Resource, ResourceKind
from engine.references import references_of
from workflows.form_texts import english_texts
from workflows.workbench.commands import Workbench, added, begun, require_analyst, taken_by
from workflows.workbench.errors import PackageIncomplete, PackageNotMade
from workflows.workbench.model import DefinitionDraft
from workflows.workbench.packages import Package, PackagedDefinition, PackagedFile, packed, unpacked

NOT_ENTERED = "parameter-not-entered"
MISSING = frozenset(
    {
        "unknown-group",
        "unknown-job-type",
        "process-not-deployed",
        "decision-not-deployed",
        "form-not-deployed",
        NOT_ENTERED,
    }
)
"""Findings that say that something is not here which was there; errors say so as well, or worse."""


_PARAMETER = re.compile(rb"\bstandard\.([a-z][a-z0-9_]*)")


class FileState(StrEnum):
    """How a file of a package stands to what is here."""

    NEW = "new"
    SAME = "same"
    OTHER = "other"
    DRAFTED = "drafted"  # somebody has an open draft of this file: nothing is taken in over it


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFile:
    """A package as a file."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A file of a package, beside the active version of what it describes."""

    file: PackagedFile
    state: FileState
    active: Definition | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageCheck:
    """What taking a package in would make, and what is missing here."""

    package: Package
    files: Sequence[CheckedFile]
    findings: Sequence[Finding]
    untranslated: Sequence[str]  # forms whose English comes along but has no place here

    @property
    def missing(self) -> Sequence[Finding]:
        """Return what has to be provided first, or put right."""
        return [one for one in self.findings if one.severity == "error" or one.code in MISSING]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPackage:
    """Return a version of a process with all it calls, asks and shows, each in the version it is bound to.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such version of a process.
        PackageNotMade: two versions of one file belong to it, or something it names is not deployed.
    """

    definition_id: UUID

    def execute(self, context: Workbench) -> PackageFile:
        """Export it."""
        require_analyst(context)
        definitions = context.unit_of_work.definitions
        root = definitions.get(self.definition_id)
        if root is None or root.kind != "process":
            raise NotFound("process definition", self.definition_id)
        found, by_expression = _reached(context, root)
        files: dict[str, PackagedFile] = {}
        for one in found:
            content = definitions.content(one.id)
            known = files.get(one.resource_name)
            if known is not None and known.resource.content != content:
                name = one.resource_name
                raise PackageNotMade(
                    Obstacle(f"two versions of {name!r} belong to it", f"其中用到“{name}”的两个不同版本")
                )
            described_here = [*(known.definitions if known else ()), _packaged(one)]
            resource = Resource(name=one.resource_name, kind=one.kind, content=content)
            files[one.resource_name] = PackagedFile(resource=resource, definitions=described_here)
        package = Package(
            programme=_packaged(root),
            files=[files[name] for name in sorted(files)],
            words={one.resource_name: words for one in found if one.kind == "form" and (words := _words(one.key))},
            by_expression=sorted(by_expression),
        )
        return PackageFile(name=f"{root.key}-{root.version}.zip", content=packed(package))


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPackage:
    """Say what a package holds, how that stands to what is here, and what it needs that is missing; nothing is made.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        PackageInvalid: it is no package.
    """

    content: bytes

    def execute(self, context: Workbench) -> PackageCheck:
        """Check it."""
        require_analyst(context)
        package = unpacked(self.content)
        return PackageCheck(
            package=package,
            files=[_checked(context, one) for one in package.files],
            findings=[*findings_together(context, package.resources), *_parameters_missing(context, package)],
            untranslated=sorted(
                name for name, words in package.words.items() if _words(name.removesuffix(".form")) != words
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPackage:
    """Make a draft of every file of a package that is not active here as it is: all of them, or none.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        PackageInvalid: it is no package.
        PackageIncomplete: something it needs is missing, and `although_incomplete` does not say to go on.
        DraftFileTaken: there is an open draft of one of its files.
        DraftNotText: a file is in no encoding that can be read.
    """

    content: bytes
    although_incomplete: bool = False

    def execute(self, context: Workbench) -> Sequence[DefinitionDraft]:
        """Take it in."""
        check = CheckPackage(content=self.content).execute(context)
        if check.missing and not self.although_incomplete:
            raise PackageIncomplete(check.missing)
        return [_taken_in(context, check, one) for one in check.files if one.state is not FileState.SAME]


def _parameters_missing(context: Workbench, package: Package) -> Iterator[Finding]:
    """Yield the figures of policy that files read as `standard` and nobody entered here, each once for its file."""
    standard = context.host.objects(context).get("standard")
    if not isinstance(standard, ContextType):
        return  # the host lends none, so that nothing is known of them
    known = {name for name, _type in standard.entries}
    for resource in package.resources:
        named = {found.decode() for found in _PARAMETER.findall(resource.content)}
        for name in sorted(named - known):
            yield Finding(
                severity="warning",
                code=NOT_ENTERED,
                resource=resource.name,
                element_id=None,
                element_name=None,
                line=None,
                message_zh=f"“{resource.name}”用到的政策参数“{name}”本系统没有录入。",
                message_en=f"{resource.name!r} reads the parameter {name!r}, which nobody entered here.",
                advice_zh="请在“政策参数”中录入，或更正名称。",
                advice_en="Enter it among the parameters, or correct its name.",
            )


def _reached(context: Workbench, root: Definition) -> tuple[list[Definition], set[str]]:
    """Return a version with all that it and what it calls is bound to, and the elements that name it by expression."""
    reached, waiting, by_expression = {root.id: root}, [root], set[str]()
    while waiting:
        one = waiting.pop()
        if one.kind != "process":
            continue
        for kind, key, binding, tag in _references(context, one, by_expression):
            try:
                found = bound_definition(
                    context.unit_of_work.definitions, kind, key, caller=str(one.id), binding=binding, version_tag=tag
                )
            except NotBound as missing:
                zh, _, en = str(missing).partition(" / ")
                raise PackageNotMade(Obstacle(en, zh)) from missing
            if found.id not in reached:
                reached[found.id] = found
                waiting.append(found)
    return list(reached.values()), by_expression


def _references(
    context: Workbench, one: Definition, by_expression: set[str]
) -> Iterator[tuple[ResourceKind, str, str, str | None]]:
    processes = read_deployed(context.unit_of_work.definitions.content(one.id)).processes
    for node in processes[one.key].nodes.values():
        named = (
            node.called.process_id if node.called else None,
            node.decision.decision_id if node.decision else None,
            node.user_task.form_id if node.user_task else None,
        )
        if any(name and name.startswith("=") for name in named):
            by_expression.add(f"{one.key}/{node.id}")
        for reference in references_of(node):
            yield reference.kind, reference.key, reference.binding, reference.version_tag


def _packaged(one: Definition) -> PackagedDefinition:
    return PackagedDefinition(key=one.key, name=one.name, version=one.version, version_tag=one.version_tag)


def _words(form_id: str) -> bytes | None:
    """Return the English of a form as the product has it; None where nobody translated it."""
    found = english_texts(form_id)
    return dump_json(dict(found)).encode() if found else None


def _checked(context: Workbench, file: PackagedFile) -> CheckedFile:
    work, resource = context.unit_of_work, file.resource
    keys = [one.key for one in file.definitions]
    active = [found for key in keys if (found := work.definitions.latest(resource.kind, key)) is not None]
    contents = {work.definitions.content(one.id) for one in active}
    state = FileState.OTHER if active else FileState.NEW
    if len(active) == len(keys) and contents == {resource.content}:
        state = FileState.SAME
    elif work.definition_drafts.of_file(resource.name) is not None:
        state = FileState.DRAFTED
    return CheckedFile(file=file, state=state, active=active[0] if active else None)


def _taken_in(context: Workbench, check: PackageCheck, one: CheckedFile) -> DefinitionDraft:
    resource, programme = one.file.resource, check.package.programme
    if one.state is FileState.DRAFTED:
        present = context.unit_of_work.definition_drafts.of_file(resource.name)
        raise taken_by(context, resource.name, present)
    base = one.active.id if one.active and one.active.resource_name == resource.name else None
    note = f"程序包 {programme.key} 第 {programme.version} 版"
    return added(context, begun(context, resource.kind, resource.name, resource.content, base=base, note=note))

"""Commands for analysts: check, try out and deploy diagrams, decisions and forms."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

import click

from api.cli.running import the_house
from engine import dmn
from engine import feel as feel_language
from engine.checking import check_resource
from engine.commands.deployments import RESOURCE_KINDS, DeployResources
from engine.dmn import tck as conformance
from engine.errors import DeploymentRefused
from engine.feel.analysis import Surroundings
from engine.feel.messages import Telling
from engine.feel.printer import print_node
from engine.findings import Finding
from engine.json_values import JsonObject, JsonValue, dump_json, load_json
from engine.model import SYSTEM, Definition, Resource
from workflows.casework.case_shape import expression_objects
from workflows.casework.parameters import TEST_PARAMETERS
from workflows.host import FUNCTION_NAMES, OFFICE
from workflows.rules.calendar import WorkingCalendar, seed_days
from workflows.rules.host_functions import host_functions

PATHS = click.Path(exists=True, path_type=Path)


class JsonObjectType(click.ParamType[JsonObject]):
    """A JSON object on the command line, or a file of one behind an @."""

    name = "json"

    def convert(self, value: str | JsonObject, param: click.Parameter | None, ctx: click.Context | None) -> JsonObject:
        """Read it."""
        if isinstance(value, dict):
            return value
        try:
            text = Path(value[1:]).read_text(encoding="utf-8") if value.startswith("@") else value
            found = load_json(text)
        except (OSError, ValueError) as error:
            self.fail(f"不是 JSON 对象。 This is no JSON object: {error}", param, ctx)
        if not isinstance(found, dict):
            self.fail('须为 JSON 对象，例如 {"income": 1200}。 A JSON object is needed, like this one.', param, ctx)
        return found


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON.")
def lint(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Check diagrams, decisions and forms without deploying. Status 1 when one has an error."""
    resources = tuple(resources_in(paths))
    parameters = {parameter.key: parameter.value for parameter in TEST_PARAMETERS}
    surroundings = Surroundings(objects=expression_objects(parameters), functions=frozenset(FUNCTION_NAMES))
    findings = [one for resource in resources for one in check_resource(resource, surroundings, OFFICE)]
    if as_json:
        click.echo(dump_json([finding_json(finding) for finding in findings]))
    else:
        show_findings(findings)
        click.echo(
            f"{len(resources)} 个文件，{len(findings)} 条发现。 Files: {len(resources)}, findings: {len(findings)}."
        )
    sys.exit(any(finding.severity == "error" for finding in findings))


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@click.option("--json", "as_json", is_flag=True)
def deploy(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Deploy diagrams, decisions and forms together: all of them or none. Warnings go to standard error."""
    resources = tuple(resources_in(paths))
    if not resources:
        named, kinds = ", ".join(str(one) for one in paths), ", ".join(RESOURCE_KINDS)
        raise click.BadParameter(f"{named}：没有 {kinds} 文件，未部署。 No {kinds} file there; nothing was deployed.")
    with the_house() as house:
        try:
            deployment = house.services.engine.execute(DeployResources(resources=resources), actor=SYSTEM)
        except DeploymentRefused as refused:
            show_findings(refused.findings)
            raise click.ClickException(f"{refused.text('zh')} {refused.text('en')}") from refused
    for line in finding_lines(deployment.warnings):
        click.echo(line, err=True)
    if as_json:
        click.echo(dump_json([_deployed_json(one, deployment.warnings) for one in deployment.definitions]))
        return
    for one in deployment.definitions:
        click.echo(f"{one.kind:9} {one.key:28} v{one.version}  {one.name}")


@click.command()
@click.argument("expression")
@click.option("--variables", type=JsonObjectType(), default="{}", help="JSON object, or @file.")
@click.option("--json", "as_json", is_flag=True)
@click.option("--format", "only_format", is_flag=True, help="Do not evaluate; print it written tidily.")
def feel(expression: str, variables: JsonObject, *, as_json: bool, only_format: bool) -> None:
    """Evaluate a FEEL expression. Status 1 when it is no FEEL; nulls are explained."""
    settings = shell_settings()
    try:
        compiled = feel_language.compile_expression(expression, names=frozenset((*settings.functions, *variables)))
        if only_format:
            click.echo(print_node(compiled.syntax))
            return
        evaluation = compiled.evaluate(variables, settings)
        value = feel_language.to_json(evaluation.value)
    except feel_language.FeelError as error:
        raise click.ClickException("\n".join([*pointer(expression, error), *both(error)])) from error
    if as_json:
        warnings: list[JsonValue] = [
            {"position": one.position, "code": one.code, "reason": one.reason, "reason_zh": one.reason_zh}
            for one in evaluation.warnings
        ]
        click.echo(dump_json({"value": value, "warnings": warnings}))
        return
    click.echo(dump_json(value))
    for warning in evaluation.warnings:
        click.echo(f"  {warning.position + 1}: {warning.reason_zh}\n     {warning.reason}", err=True)


@click.command()
@click.argument("model", type=PATHS)
@click.argument("decision")
@click.option("--variables", type=JsonObjectType(), default="{}", help="JSON object, or @file.")
@click.option("--trace", is_flag=True, help="Also how it came about: inputs, rules, nulls and why.")
def decide(model: Path, decision: str, variables: JsonObject, *, trace: bool) -> None:
    """Evaluate a decision of a DMN file."""
    try:
        parsed = dmn.parse(model.read_bytes(), imports=dmn.Neighbours(model.parent))
        outcome = dmn.decide(parsed, decision, variables, shell_settings())
        value = feel_language.to_json(outcome.value)
    except (dmn.DmnError, dmn.UnknownDecisionError, feel_language.FeelError) as error:
        raise click.ClickException("\n".join(both(error))) from error
    except OSError as error:
        raise click.ClickException(str(error)) from error
    click.echo(dump_json({"value": value, "trace": outcome.trace.to_json()} if trace else value))
    for warning in () if trace else outcome.warnings:
        click.echo(f"  {warning.place.text('zh')}：{warning.reason_zh}", err=True)
        click.echo(f"  {warning.place.text('en')}: {warning.reason}", err=True)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def tck(folder: Path, *, as_json: bool) -> None:
    """Run the DMN conformance models of a folder. Status 1 when a case fails."""
    report = conformance.run(folder).to_json()
    if as_json:
        click.echo(dump_json(report))
    else:
        for failed in report["failed"]:
            click.echo(f"FAILED {failed['model']} {failed['case']} {failed['node']}: ", nl=False)
            click.echo(f"expected {failed['expected']}, found {failed['found']}")
        for kind in ("value", "null"):
            click.echo(f"{kind} cases: {report[kind]['passed']} of {report[kind]['total']} passed")
    total = report["value"]["total"] + report["null"]["total"]
    if not total:
        raise click.ClickException(f"“{folder}”下没有测试用例。 No conformance cases found under {folder}.")
    sys.exit(bool(report["failed"]))


def both(told: Telling) -> tuple[str, str]:
    """Return what an error says, in Chinese and in English."""
    return told.text("zh"), told.text("en")


def pointer(text: str, error: feel_language.FeelError) -> tuple[str, ...]:
    """Return the line an error lies on with a caret under its column; nothing when it has no place."""
    if not isinstance(error, feel_language.FeelSyntaxError | feel_language.FeelLimitError) or error.line is None:
        return ()
    line = text.split("\n")[error.line - 1]
    before = line[: (error.column or 1) - 1]
    # Chinese characters take two columns of a terminal; a tab keeps its own width.
    gap = "".join(sign if sign == "\t" else " " * (1 + (east_asian_width(sign) in "WF")) for sign in before)
    return "", line, f"{gap}^"


def shell_settings() -> feel_language.Settings:
    """Return the clock and the office's functions, over the calendar of the years that are published."""
    now = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai"))
    calendar = WorkingCalendar(days=tuple(seed_days(now.year - 5, now.year)))
    return feel_language.Settings(now=now, functions=host_functions(calendar))


def resources_in(paths: Iterable[Path]) -> Iterable[Resource]:
    """Return the resources of files and, recursively, folders."""
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            kind = RESOURCE_KINDS.get(file.suffix)
            if kind is not None:
                yield Resource(name=file.name, kind=kind, content=file.read_bytes())
            elif file == path:
                kinds = ", ".join(RESOURCE_KINDS)
                raise click.BadParameter(
                    f"{file}：只能检查或部署 {kinds} 文件。 Only {kinds} files can be checked or deployed."
                )


def _deployed_json(one: Definition, warnings: Iterable[Finding]) -> JsonObject:
    doubtful = [finding_json(each) for each in warnings if each.resource == one.resource_name]
    return {"kind": one.kind, "key": one.key, "version": one.version, "warnings": doubtful}


def finding_json(finding: Finding) -> JsonObject:
    """Return a finding as JSON."""
    return {name: getattr(finding, name) for name in Finding.__dataclass_fields__}


def show_findings(findings: Iterable[Finding]) -> None:
    """Print findings for a person."""
    for line in finding_lines(findings):
        click.echo(line)


def finding_lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Say each finding for a person: where it stands, and in both languages what it is and what to do."""
    for one in findings:
        place = f"{one.resource}:{one.line or ''} {one.element_id or ''}"
        name = f"“{one.element_name}”" if one.element_name else ""
        yield f"{one.severity.upper():7} {place} {name} [{one.code}]"
        yield f"        {one.message_zh} {one.advice_zh}"
        yield f"        {one.message_en} {one.advice_en}"

"""Commands for operators: running instances, and what is stuck."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import click

from api.cli.authoring import JsonObjectType
from api.cli.batching import AS_JSON, GIVEN_REASON, ID, ONE_PAGE, REASON, WAIT, run_or_try
from api.cli.tables import operating, show_json, show_table
from api.schemas.answers import ProcessInstanceSchema
from api.schemas.firing_answers import FailedFiringList, FailedFiringListSchema
from api.schemas.operation_answers import (
    EffectAnswer,
    EffectSchema,
    IncidentReportSchema,
    InstanceAnswer,
    InstanceAnswerSchema,
    InstancePageSchema,
)
from engine.batches import BatchKind, InstanceFilter
from engine.commands.ad_hoc import ActivateAdHocElements
from engine.commands.batches import Asked
from engine.commands.failed_firings import RetryFiring
from engine.commands.incidents import ResolutionOutcome, ResolveIncident
from engine.commands.operations import (
    Activate,
    ModifyProcessInstance,
    PreviewModification,
    ResumeProcessInstance,
    ScopeVariables,
    SuspendProcessInstance,
)
from engine.commands.process_instances import CancelProcessInstance, StartProcessInstance
from engine.core.limits import LONGEST_TEXT
from engine.core.repairs import AdHocActivity
from engine.incident_model import INCIDENT_KINDS
from engine.json_values import JsonObject, dump_json
from engine.model import SYSTEM, InstanceState

Command = TypeVar("Command", bound=Callable[..., Any])


def filtering(command: Command) -> Command:
    """Add the options that say which instances are meant."""
    for option in reversed(
        (
            click.option("--process-id", "--process", "process_id", help="Process id."),
            click.option("--version", type=click.IntRange(1), help="Version of the process."),
            click.option("--state", type=click.Choice([one.value for one in InstanceState])),
            click.option("--incident/--no-incident", "has_incident", default=None, help="Stuck, or not stuck."),
            click.option(
                "--incident-kind",
                "--kind",
                "incident_kind",
                type=click.Choice(INCIDENT_KINDS),
                help="Kind of incident.",
            ),
            click.option("--element-id", "--element", "element_id", help="Where a token stands."),
            click.option("--business-key", help="Number of the case."),
            click.option("--region", help="Division code it begins with."),
        )
    ):
        command = option(command)
    return command


def filter_of(given: dict[str, Any]) -> InstanceFilter:
    """Return the filter that the options say."""
    state = given.pop("state", None)
    return InstanceFilter(**given, state=None if state is None else InstanceState(state))


def _short(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise click.BadParameter(f"最多 {LONGEST_TEXT} 个字，现为 {len(value)} 个。 At most {LONGEST_TEXT} characters.")
    return value


@click.group()
def instances() -> None:
    """Process instances: start, find, look at, repair, suspend, resume, cancel."""


@instances.command("list")
@filtering
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, ONE_PAGE))
@AS_JSON
def list_instances(*, limit: int, as_json: bool, **given: Any) -> None:
    """List instances, newest first."""
    with operating() as house:
        page = house.services.operations.instances(filter_of(given), SYSTEM, offset=0, limit=limit)
    if as_json:
        show_json(InstancePageSchema, page)
        return
    show_table(
        ("ID", "PROCESS", "V", "CASE", "REGION", "STATE", "STUCK", "STARTED", "STANDS AT"),
        [
            (
                one.id,
                one.process_id,
                one.version,
                one.business_key,
                one.region,
                one.state.value,
                one.incidents or "",
                f"{one.started_at:%Y-%m-%d %H:%M}",
                ", ".join(one.stands_at),
            )
            for one in page.instances
        ],
    )
    click.echo(f"{len(page.instances)} / {page.total}")


@instances.command("show")
@ID
@AS_JSON
def show_instance(id_: UUID, *, as_json: bool) -> None:
    """Show one instance: where it stands, what waits, what is stuck."""
    with operating() as house:
        found = InstanceAnswer.of(house.services.operations.instance(id_, SYSTEM))
    if as_json:
        show_json(InstanceAnswerSchema, found)
        return
    line = found.instance
    click.echo(f"{line.process_name} ({line.process_id} v{line.version})  {line.business_key}  {line.state.value}")
    click.echo(f"version {found.version}, since {line.started_at:%Y-%m-%d %H:%M}")
    show_table(
        ("KEY", "ELEMENT", "NAME", "KIND", "SCOPE", "SINCE"),
        [
            (one.key, one.element_id, one.name, one.tag, one.scope_key, f"{one.entered_at:%Y-%m-%d %H:%M}")
            for one in found.elements
        ],
    )
    for one in found.waiting:
        came = ", ".join(f"{flow} ×{number}" for flow, number in one.flows.items())
        click.echo(f"JOIN {one.element_id} in {one.scope_key} has {came}")
    for stuck in found.incidents:
        click.echo(f"STUCK {stuck.id} {stuck.element_id} [{stuck.kind}] {stuck.reason}")
    for timer in found.timers:
        click.echo(f"TIMER {timer.element_id} due {timer.due_at:%Y-%m-%d %H:%M}")
    click.echo("variables: " + ", ".join(f"{one.name}@{one.scope_element_id}" for one in found.variables))


@instances.command("start")
@click.argument("process_id", metavar="PROCESS")
@click.option("--version", type=click.IntRange(1), help="Not the newest version but this one.")
@click.option(
    "--definition-id",
    "--definition",
    "definition_id",
    type=click.UUID,
    help="Id of the version, instead of its number.",
)
@click.option("--start-event", help="Begin at this start event, whatever it waits for.")
@click.option("--variables", type=JsonObjectType(), default="{}", help="JSON object, or @file.")
@click.option("--business-key", default="", callback=_short, help="Number of the case.")
@click.option("--region", help="Division code; without it, the whole county.")
@AS_JSON
def start_instance(*, as_json: bool, region: str | None, **asked: Any) -> None:
    """Start a process, at its newest version and its plain start event unless others are named."""
    with operating() as house:
        engine = house.services.engine
        command = StartProcessInstance(**asked, region=region or engine.host.region)
        started = engine.execute(command, actor=SYSTEM)
    if as_json:
        show_json(ProcessInstanceSchema, started)
        return
    click.echo(f"{started.id}  {started.process_id}  {started.business_key}  {started.state.value}")


WITH_REASON = (
    ("suspend", SuspendProcessInstance, "Let an instance rest until it is resumed.", "已挂起。 Suspended."),
    (
        "resume",
        ResumeProcessInstance,
        "Let a suspended instance go on; what fell due happens now.",
        "已恢复。 Resumed.",
    ),
    ("cancel", CancelProcessInstance, "End an instance with all its open work.", "已终止。 Cancelled."),
)
"""What is done to a whole instance and asks for a reason alone: name, command, help, what is said when it is done."""


def _declare(
    name: str,
    command: type[SuspendProcessInstance | ResumeProcessInstance | CancelProcessInstance],
    explanation: str,
    done: str,
) -> None:
    @instances.command(name, help=explanation)
    @ID
    @REASON
    def do(id_: UUID, reason: str) -> None:
        with operating() as house:
            house.services.engine.execute(command(process_instance_id=id_, reason=reason), actor=SYSTEM)
        click.echo(done)


for _each in WITH_REASON:
    _declare(*_each)


@instances.command("modify")
@ID
@REASON
@click.option(
    "--activate",
    multiple=True,
    metavar="ELEMENT[@SCOPE]",
    help="Begin this element, in the scope of this key; may be given often.",
)
@click.option("--cancel", multiple=True, metavar="ELEMENT", help="End every instance of this element.")
@click.option("--cancel-key", multiple=True, type=click.IntRange(1), help="End the element instance of this key.")
@click.option("--variables", type=JsonObjectType(), default="{}", help="Set these first: JSON object, or @file.")
@click.option("--expected-version", type=click.IntRange(1), help="Refuse when the instance changed since.")
@click.option("--preview", is_flag=True, help="Only say what would happen.")
@AS_JSON
def modify_instance(id_: UUID, *, preview: bool, as_json: bool, **asked: Any) -> None:
    """Begin and end elements and set variables by hand."""
    variables: JsonObject = asked["variables"]
    modification = ModifyProcessInstance(
        process_instance_id=id_,
        reason=asked["reason"],
        activate=tuple(map(_activation, asked["activate"])),
        cancel_elements=asked["cancel"],
        cancel_keys=asked["cancel_key"],
        variables=(ScopeVariables(variables=variables),) if variables else (),
        expected_version=asked["expected_version"],
    )
    command = PreviewModification(modification=modification) if preview else modification
    with operating() as house:
        effect = EffectAnswer.of(house.services.engine.execute(command, actor=SYSTEM))
    show_effect(effect, as_json=as_json)


def _activation(text: str) -> Activate:
    """Read an element with the key of its scope behind an @, where one is named."""
    element_id, at, key = text.partition("@")
    if at and not (key.isascii() and key.isdecimal()):
        raise click.BadParameter(f"“{text}”：@ 之后须为范围的编号。 A scope is named by its key, as in Task_Check@17.")
    return Activate(element_id=element_id, scope_key=int(key) if at else None)


@instances.command("activate")
@ID
@REASON
@click.option("--element", "element_ids", multiple=True, metavar="ELEMENT", help="Begin it; may be given often.")
@click.option("--scope-key", type=click.IntRange(1), help="Of the ad-hoc sub-process; needed when several run.")
@click.option("--variables", type=JsonObjectType(), default="{}", help="For each of them: JSON object, or @file.")
@click.option("--cancel-remaining", is_flag=True, help="First end what runs in it.")
@AS_JSON
def activate_in_instance(id_: UUID, *, as_json: bool, **asked: Any) -> None:
    """Begin elements in an ad-hoc sub-process that runs."""
    command = ActivateAdHocElements(
        process_instance_id=id_,
        elements=tuple(AdHocActivity(element=one, variables=asked["variables"]) for one in asked["element_ids"]),
        reason=asked["reason"],
        scope_key=asked["scope_key"],
        cancel_remaining=asked["cancel_remaining"],
    )
    with operating() as house:
        effect = EffectAnswer.of(house.services.engine.execute(command, actor=SYSTEM))
    show_effect(effect, as_json=as_json)


def show_effect(effect: EffectAnswer, *, as_json: bool) -> None:
    """Print what ended and began."""
    if as_json:
        show_json(EffectSchema, effect)
    else:
        click.echo(f"{effect.text_zh}\n{effect.text_en}")


@click.group()
def incidents() -> None:
    """What is stuck: list, look at, retry."""


@incidents.command("list")
@filtering
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, ONE_PAGE))
@AS_JSON
def list_incidents(*, limit: int, as_json: bool, **given: Any) -> None:
    """List open incidents, of the newest instances first."""
    wanted = filter_of({**given, "has_incident": True})
    with operating() as house:
        page = house.services.operations.instances(wanted, SYSTEM, offset=0, limit=limit)
        found = [house.services.operations.instance(one.id, SYSTEM) for one in page.instances]
    stuck = [
        (one.line, incident)
        for one in found
        for incident in one.view.incidents
        if incident.resolved_at is None and given["incident_kind"] in (None, incident.kind)
    ]
    if as_json:
        lines = [
            {
                "id": str(incident.id),
                "process_instance_id": str(line.id),
                "business_key": line.business_key,
                "element_id": incident.element_id,
                "kind": incident.kind,
                "reason": incident.reason,
                "raised_at": incident.raised_at.isoformat(),
                "last_failed_at": incident.last_failed_at and incident.last_failed_at.isoformat(),
                "failures": incident.failures,
            }
            for line, incident in stuck
        ]
        click.echo(dump_json({"incidents": lines}))
        return
    show_table(
        ("ID", "CASE", "PROCESS", "ELEMENT", "KIND", "SINCE", "REASON"),
        [
            (
                incident.id,
                line.business_key,
                f"{line.process_id} v{line.version}",
                incident.element_id,
                incident.kind,
                f"{incident.raised_at:%Y-%m-%d %H:%M}",
                incident.reason,
            )
            for line, incident in stuck
        ],
    )


@incidents.command("show")
@ID
@AS_JSON
def show_incident(id_: UUID, *, as_json: bool) -> None:
    """Show one incident: cause, variables in sight, what was tried."""
    with operating() as house:
        report = house.services.operations.incident(id_, SYSTEM)
    if as_json:
        show_json(IncidentReportSchema, report)
        return
    stuck = report.incident
    where = f"{report.process_id}  {stuck.element_id} “{report.element_name}”"
    click.echo(f"{report.business_key}  {where}  [{stuck.kind}]")
    last = f", last {stuck.last_failed_at:%Y-%m-%d %H:%M}" if stuck.last_failed_at else ""
    click.echo(f"since {stuck.raised_at:%Y-%m-%d %H:%M}, failed {stuck.failures}×{last}: {stuck.reason}")
    show_table(("VARIABLE", "SCOPE"), [(one.name, one.scope_element_id) for one in report.variables])
    tried = [(f"{one.at:%Y-%m-%d %H:%M}", one.by, one.retries_left, one.reason) for one in report.attempts]
    show_table(("TRIED AT", "BY", "RETRIES LEFT", "REASON"), tried)


@incidents.command("resolve")
@ID
@GIVEN_REASON
def resolve_incident(id_: UUID, *, reason: str | None) -> None:
    """Retry one incident and say what came of it. Status 1 when it failed again."""
    with operating() as house:
        resolution = house.services.engine.execute(ResolveIncident(incident_id=id_, reason=reason), actor=SYSTEM)
    click.echo(f"{resolution.outcome.value}  {resolution.reason or ''}".rstrip())
    sys.exit(resolution.outcome is ResolutionOutcome.FAILED)


@incidents.command("retry")
@filtering
@REASON
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@WAIT
@AS_JSON
def retry_incidents(*, reason: str, dry_run: bool, wait: bool, as_json: bool, **given: Any) -> None:
    """Retry everything stuck that the filter finds. Status 1 when one failed again."""
    asked = Asked(kind=BatchKind.RETRY_INCIDENTS, filter=filter_of(given), reason=reason)
    run_or_try(asked, dry_run=dry_run, wait=wait, as_json=as_json)


@incidents.command("firings")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, ONE_PAGE))
@AS_JSON
def list_failed_firings(*, limit: int, as_json: bool) -> None:
    """List timer start events and deliveries that failed, longest due first; workers go on trying."""
    with operating() as house:
        found = house.services.operations.failed_firings(SYSTEM, offset=0, limit=limit)
    if as_json:
        show_json(FailedFiringListSchema, FailedFiringList(firings=found))
        return
    show_table(
        ("ID", "KIND", "NAME", "PROCESS", "DUE", "FAILED", "REASON"),
        [
            (one.id, one.kind, one.name, one.process_id, f"{one.due_at:%Y-%m-%d %H:%M}", one.failures, one.reason)
            for one in found
        ],
    )


@incidents.command("retry-firing")
@click.argument("firing_id", metavar="ID")
def retry_firing(firing_id: str) -> None:
    """Fire now what failed and say what came of it. Status 1 when it failed again."""
    with operating() as house:
        resolution = house.services.engine.execute(RetryFiring(firing_id=firing_id), actor=SYSTEM)
    click.echo(f"{resolution.outcome.value}  {resolution.reason or ''}".rstrip())
    sys.exit(resolution.outcome is ResolutionOutcome.FAILED)

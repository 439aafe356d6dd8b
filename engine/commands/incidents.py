"""Repairing what is stuck, and saying what came of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from engine.batches import OPERATORS
from engine.changes import Changes
from engine.commands.timers import TIMER_INCIDENT, FireTimer
from engine.core import codec
from engine.core import model as core
from engine.core.limits import LONGEST_REASON, storable
from engine.core.texts import under
from engine.errors import ConcurrentChange, EngineError, NotFound
from engine.execution import operated_instance, record, require_active
from engine.failures import told
from engine.host import Context, Work
from engine.json_values import JsonObject
from engine.model import Attempt, HistoryAction, Incident, Job, ProcessInstance
from engine.operation_errors import IncidentResolved
from engine.permissions import given_reason, require_one_of
from engine.relay import advance_and_tell

log = logging.getLogger(__name__)

MAX_RETRIES = 100
STEP_LIMIT = "step-limit"  # the kind of incident of a loop that never waits
_NOT_DUE = "定时器尚未到期 / the timer is not due yet"


class ResolutionOutcome(StrEnum):
    """What came of a retry. What was not tried at all is refused with an error that says why."""

    FIXED = "fixed"
    STARTED = "started"  # a job was handed out again; whether it works will show
    NOT_TRIED = "not-tried"  # the timer of a loop is set again and fires next: nothing was tried yet
    FAILED = "failed-again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a retry did; `reason` is why it failed again."""

    instance: ProcessInstance
    incident_id: UUID
    outcome: ResolutionOutcome
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveIncident:
    """Do again what failed, and say whether it worked; a reason given is kept in the history.

    Raises:
        NotFound: unknown.
        IncidentResolved: it is resolved already.
        InstanceSuspended: its instance rests.
        NotPermitted: the actor does not operate the region.
        ReasonMissing: the reason is longer than one may be.
    """

    incident_id: UUID
    reason: str | None = None

    def execute(self, context: Context[Work]) -> Resolution:
        """Retry it."""
        seen = _open_incident(context, self.incident_id)
        instance = require_active(operated_instance(context, seen.process_instance_id, action="重试"))
        incident = _open_incident(context, self.incident_id)
        details: JsonObject = {"kind": incident.kind, **given_reason(self.reason)}
        record(context, instance, HistoryAction.RETRIED, element_id=incident.element_id, details=details)
        if incident.kind == TIMER_INCIDENT:
            return _fire_again(context, instance, incident)
        after, changes = advance_and_tell(context, instance, core.Retry(key=incident.key))
        again = context.unit_of_work.incidents.get(self.incident_id)
        further_on = [one for one in changes.incidents_raised.values() if incident.kind == one.kind == STEP_LIMIT]
        if again is not None and again.resolved_at is None:
            outcome, reason = ResolutionOutcome.FAILED, again.reason
        elif further_on:  # the loop went round until the limit once more, and stands at another element of it
            outcome, reason = ResolutionOutcome.FAILED, under(further_on[0].element_id, further_on[0].reason)
        elif any(context.unit_of_work.jobs.get(after.row_id(key)) is not None for key in _job_keys(after, incident)):
            outcome, reason = ResolutionOutcome.STARTED, None
        elif incident.kind == STEP_LIMIT and _is_due_again(context, changes, incident):
            outcome, reason = ResolutionOutcome.NOT_TRIED, None
        else:
            outcome, reason = ResolutionOutcome.FIXED, None
        return Resolution(instance=after, incident_id=self.incident_id, outcome=outcome, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetJobRetries:
    """Set how often an open job may still be tried, and let it be tried at once; a reason given is kept.

    It is taken from a worker that has it in hand: what that one says of it later is refused.

    Raises:
        NotFound: no such job is open.
        InstanceEnded: its instance is over.
        NotPermitted: the actor does not operate the region.
        ReasonMissing: the reason is longer than one may be.
    """

    job_id: UUID
    retries: int
    reason: str | None = None

    def execute(self, context: Context[Work]) -> Job:
        """Set them."""
        seen = context.unit_of_work.jobs.get(self.job_id)
        if seen is None:
            raise NotFound("job", self.job_id)
        instance = operated_instance(context, seen.process_instance_id, action="设置重试次数")
        found = context.unit_of_work.jobs.lock(self.job_id)
        if found is None:
            raise NotFound("job", self.job_id)
        job = found[1]
        changed = replace(
            job,
            retries=self.retries,
            failures=0,
            left_undone=0,
            due_at=min(job.due_at, context.now()),
            locked_by=None,
            locked_until=None,
            lease_id=None,
        )
        context.unit_of_work.jobs.save(changed)
        record(
            context,
            instance,
            HistoryAction.RETRIES_SET,
            element_id=job.element_id,
            details={"type": job.type, "retries": self.retries, **given_reason(self.reason)},
        )
        context.unit_of_work.wake_workers()
        return changed


def _job_keys(instance: ProcessInstance, incident: Incident) -> Iterator[int]:
    """Yield the keys a job of the element that was stuck may have: its own, and that of one it waits for."""
    elements = () if instance.snapshot is None else codec.decode(instance.snapshot).instances
    for element in elements:
        if element.key == incident.key:
            waited_for = (element.job, None if element.listening is None else element.listening.job)
            yield from (key for key in (element.key, *waited_for) if key is not None)


def _is_due_again(context: Context[Work], changes: Changes, incident: Incident) -> bool:
    """Say whether the timer a loop was stopped at is set once more and due at once."""
    soon = context.now() + timedelta(seconds=1)
    return any(one.element_id == incident.element_id and one.due_at <= soon for one in changes.timers_set.values())


def _fire_again(context: Context[Work], instance: ProcessInstance, incident: Incident) -> Resolution:
    """Fire a timer whose firing failed; its incident closes with it, and stays open when it fails again."""
    work = context.unit_of_work
    outcome, reason = ResolutionOutcome.FIXED, None
    if work.timers.get(instance.id, incident.key) is None:
        work.incidents.close(incident.id, at=context.now())
    else:
        reason = _why_it_does_not_fire(context, incident)
    if reason is not None:
        outcome = ResolutionOutcome.FAILED
        work.incidents.failed_again(incident.id, at=context.now())
        work.attempts.add(
            Attempt(
                process_instance_id=instance.id,
                key=incident.key,
                element_id=incident.element_id,
                kind=incident.kind,
                reason=reason,
                at=context.now(),
                by=context.actor.id,
            )
        )
    after = work.process_instances.get(instance.id) or instance
    return Resolution(instance=after, incident_id=incident.id, outcome=outcome, reason=reason)


def _why_it_does_not_fire(context: Context[Work], incident: Incident) -> str | None:
    fire = FireTimer(process_instance_id=incident.process_instance_id, subscription_key=incident.key)
    try:
        with context.unit_of_work.savepoint():
            return None if fire.execute(context) else _NOT_DUE
    except (ConcurrentChange, ConnectionError):
        raise
    except EngineError as error:
        return storable(f"{error.text('zh')} / {error.text('en')}")[:LONGEST_REASON]
    except Exception as error:  # noqa: BLE001  whatever keeps it from firing is what the operator asked for
        return told(error, log, incident=str(incident.id))


def _open_incident(context: Context[Work], incident_id: UUID) -> Incident:
    incident = context.unit_of_work.incidents.get(incident_id)
    if incident is None:
        raise NotFound("open incident", incident_id)
    if incident.resolved_at is not None:
        instance = context.unit_of_work.process_instances.get(incident.process_instance_id)
        if instance is None:
            raise NotFound("open incident", incident_id)
        require_one_of(context, OPERATORS, instance.region, action="重试")
        raise IncidentResolved(incident_id, incident.resolved_at)
    return incident

"""The load of people and units in a supervisor's sight, for the page and the API alike."""

from __future__ import annotations

from datetime import datetime, time

from engine.model import Actor
from web.services import services
from web.supervision import moments_now
from workflows.casework.absences.ports import AbsenceFilter
from workflows.casework.days import COUNTY_TIME, local_day, month_of
from workflows.casework.load import Away, Load, Staff, office_loads
from workflows.casework.supervision import Offices

MOST_ABSENCES = 1_000  # read at once; a county has fewer people away


def load(actor: Actor) -> Load:
    """Return how the tasks that the actor sees lie on people."""
    now, moments = services().now(), moments_now()
    since = month_of(local_day(now))
    begin = datetime.combine(since, time(), COUNTY_TIME)
    accounts = services().absences.choices(actor).absent
    held = services().queries.counts_of_holders(actor, moments)
    holders = {one.holder for one in held if one.holder is not None}
    logins = sorted(holders | {one.login for one in accounts})
    done = services().queries.counts_of_doers(actor, logins, begin)
    staff = Staff(accounts=accounts, names=services().organisation.names(logins), away=_away(actor))
    offices = Offices(services().organisation.units())
    rows = office_loads([*held, *done], staff, offices, tells_soon=moments.due_before is not None)
    return Load(counted_at=now, since=since, offices=rows)


def _away(actor: Actor) -> dict[str, Away]:
    wanted = AbsenceFilter(actor=actor, current_only=True, limit=MOST_ABSENCES)
    return {
        one.absence.login: Away(last_on=one.absence.last_on, substitute_name=one.substitute_name)
        for one in services().absences.absences(wanted).absences
        if one.is_running
    }

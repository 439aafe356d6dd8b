"""The end of a recognised status: who held it, what they are from then on, and which units gave something for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.benefits.overlap import identities
from workflows.casework.county import CIVIL_AFFAIRS, MEDICAL, PROGRAMME_NAMES, TOWNSHIP, deciding_group
from workflows.casework.days import local_day, month_of, months_later
from workflows.casework.errors import ReferralStateWrong
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.clock_commands import locked_case
from workflows.casework.programmes.model import AidLine, GrantState, MedicalStatus, PlaceState
from workflows.casework.records import Outcome, Referral
from workflows.casework.standards import standards_on
from workflows.casework.starting import start_process_of
from workflows.handlers.inputs import Inputs, case_of, referral_of

STATUSES = ("dibao", "tekun", "edge", "rigid")
"""From the one that entitles to most."""
END_PROCESS = "status_ended"
OPENING_MONTHS = {"spring": "school_opens_month_spring", "autumn": "school_opens_month_autumn"}
"""The figures of policy that say in which month schools open, by the season of a term."""
NO_STATUS = "none"
RUNNING_PERIODS = ("month", "year")
OWN_OFFICES = (CIVIL_AFFAIRS, TOWNSHIP)
"""What they give has re-checks and reviews of its own."""


def end_recognition(
    context: Context[CaseworkUnitOfWork], case: Case, *, status: str, last_month: date, reason: str
) -> None:
    """End a status of a case with the last day of a month, and let those be told who gave something for it.

    What is no status, or has ended by then already, stays as it is.
    """
    if status not in STATUSES:
        return
    last_day = months_later(last_month, 1) - timedelta(days=1)
    for held in context.unit_of_work.recognitions.of_case(case.id):
        goes_on = held.valid_until is None or held.valid_until > last_day
        if held.status == status and goes_on:
            ended = replace(held, valid_until=max(last_day, held.valid_from - timedelta(days=1)), end_reason=reason)
            context.unit_of_work.recognitions.save(ended)
    start_telling(context, case, status=status, ended_from=last_day + timedelta(days=1))


def start_telling(context: Context[CaseworkUnitOfWork], case: Case, *, status: str, ended_from: date) -> int:
    """Start in every case of the household with aid of other units what tells these units; return in how many."""
    aid = context.unit_of_work.programmes.household_aid.of_household(case.id, local_day(context.now()))
    numbers = sorted({line.case_number for line in aid if line.case_number and _rests_on_status(line)})
    for number in numbers:
        theirs = context.unit_of_work.cases.by_number(number)
        if theirs is None or theirs.erased:
            continue
        start_process_of(context, theirs, END_PROCESS, {"status": status, "ended_from": ended_from.isoformat()})
    return len(numbers)


def tell_status_end(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Start in every case of the household what tells the insurer and the units that a status has ended."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    status = inputs.choice("status", *STATUSES)
    return {"told_cases": start_telling(context, case, status=status, ended_from=inputs.day("ended_from"))}


def read_status_end(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Say whether a status has really ended for anybody of this case, and whom that concerns.

    It has for each who held it on the day before and holds it no more, whatever the others hold. `pushes` are what the
    insurer is to be told, one for each status that these persons have from the day on; nothing where it was never told
    of one. `units` give something that goes on and are asked to look again; `deciders` of each is the group that
    decides whether it stops.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case, day = case_of(context, inputs), inputs.day("ended_from")
    status = inputs.choice("status", *STATUSES)
    held = _without(context, case, status, day)
    if not held:
        return {"ended": False, "pushes": [], "units": []}
    given = [one for one in context.unit_of_work.referrals.of_case(case.id) if one.outcome == Outcome.GRANTED]
    return {
        "ended": True,
        "pushes": list(_pushes(context, case, held)),
        "units": [
            {
                "referral_id": str(one.id),
                "unit_kind": one.unit_kind,
                "programme": one.programme,
                "programme_name": _name(one.programme),
                "deciders": deciding_group(one.unit_kind),
            }
            for one in given
            if one.unit_kind not in (*OWN_OFFICES, MEDICAL) and _goes_on(context, one)
        ],
    }


def end_dependent_aid(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """End what a unit gave for a status with the day before the status ended; what ended already stays so.

    Grants of school terms that begin later are not paid, a place in the queue for public rental is given up.
    `stopped_before` says that another end was first: of two at once the second sees it.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = locked_case(context, case_of(context, inputs).id)
    referral = referral_of(context, inputs, case)
    if referral.outcome != Outcome.GRANTED:
        raise ReferralStateWrong(number=referral.number, state=referral.state, action="终止救助")
    if referral.aid_until is not None:
        return {"aid_until": referral.aid_until.isoformat(), "stopped_before": True}
    until = inputs.day("ended_from") - timedelta(days=1)
    context.unit_of_work.referrals.save(replace(referral, aid_until=until))
    programmes = context.unit_of_work.programmes
    due = programmes.term_grants.due_of_referral(referral.id)
    opening_months = _opening_months(context, until) if due else {}
    for grant in due:
        if grant.begins_on(opening_months) > until:
            programmes.term_grants.save(replace(grant, state=GrantState.ENDED))
    place = programmes.housing_queue.place_of(referral.id)
    if place is not None and place.state == PlaceState.WAITING:
        left = replace(place, state=PlaceState.LEFT, settled_on=local_day(context.now()))
        programmes.housing_queue.save(left)
    return {"aid_until": until.isoformat(), "stopped_before": False}


def _opening_months(context: Context[CaseworkUnitOfWork], day: date) -> Mapping[str, int]:
    figures = standards_on(context.unit_of_work, day)
    return {season: figures.month(key) for season, key in OPENING_MONTHS.items()}


def record_status_end(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep as what the insurer knows members from a day on; `none` means by no status."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case, valid_from = case_of(context, inputs), inputs.day("status_from")
    status = inputs.choice("status", *STATUSES, NO_STATUS)
    members = [one for one in case.members if one.number in inputs.whole_numbers("persons")]
    for member in members:
        context.unit_of_work.programmes.medical.add_status(
            MedicalStatus(
                id=uuid4(),
                case_id=case.id,
                member_number=member.number,
                status=status,
                valid_from=valid_from,
                confirmed_at=context.now(),
            ),
            identity_number=member.person.identity_number,
        )
    return {"persons": len(members)}


def statuses_of(context: Context[CaseworkUnitOfWork], case: Case, day: date) -> Mapping[int, frozenset[str]]:
    """Return the statuses each member of a case holds on a day, in whatever case they were recognised or granted."""
    files: dict[UUID, Case | None] = {case.id: case}
    found: dict[int, set[str]] = {one.number: set() for one in case.members}
    for case_id, persons, status in _holding(context, case, day):
        if case_id not in files:
            files[case_id] = context.unit_of_work.cases.get(case_id)
        file = files[case_id]
        holders = identities(file, persons) if file is not None else frozenset()
        for number, held in found.items():
            if holders & identities(case, (number,)):
                held.add(status)
    return {number: frozenset(held) for number, held in found.items()}


def _without(context: Context[CaseworkUnitOfWork], case: Case, status: str, day: date) -> Mapping[int, frozenset[str]]:
    """Return what those hold from a day on who held a status until then.

    Where nobody did, as with one that ended before it began, it is everybody, unless somebody holds it after all.
    """
    before, after = (statuses_of(context, case, each) for each in (day - timedelta(days=1), day))
    had = {number for number, held in before.items() if status in held}
    if not had and any(status in held for held in after.values()):
        return {}
    return {number: held for number, held in after.items() if status not in held and (not had or number in had)}


def _holding(
    context: Context[CaseworkUnitOfWork], case: Case, day: date
) -> Iterator[tuple[UUID, tuple[int, ...], str]]:
    work = context.unit_of_work
    for held in work.recognitions.of_household(case.id, day):
        yield held.case_id, held.persons, held.status
    for drawn in work.benefits.of_household(case.id):
        version = drawn.version_in(month_of(day))
        if version is not None and drawn.programme in STATUSES:
            yield drawn.case_id, version.persons, drawn.programme


def _pushes(
    context: Context[CaseworkUnitOfWork], case: Case, held: Mapping[int, frozenset[str]]
) -> Iterator[JsonObject]:
    if not context.unit_of_work.programmes.medical.is_known(case.id):
        return
    best = {number: next((one for one in STATUSES if one in each), NO_STATUS) for number, each in held.items()}
    for status in sorted(set(best.values())):
        persons = [one for one in case.members if best.get(one.number) == status]
        names = "、".join(one.person.name for one in persons)
        yield {"status": status, "persons": [one.number for one in persons], "names": names}


def _rests_on_status(line: AidLine) -> bool:
    rests = line.source == "referral" and line.unit_kind not in OWN_OFFICES
    return rests and not line.is_open and line.until is None and line.amount_period != "once"


def _goes_on(context: Context[CaseworkUnitOfWork], referral: Referral) -> bool:
    """Tell whether a granted referral still gives something: a running sum, a term to come, a place in the queue."""
    if referral.aid_until is not None:
        return False
    if referral.amount_period in RUNNING_PERIODS:
        return True
    programmes = context.unit_of_work.programmes
    place = programmes.housing_queue.place_of(referral.id)
    is_waiting = place is not None and place.state == PlaceState.WAITING
    return is_waiting or bool(programmes.term_grants.due_of_referral(referral.id))


def _name(programme: str) -> str:
    return PROGRAMME_NAMES.get(programme, (programme, programme))[0]

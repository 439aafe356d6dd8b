"""Who may take or complete a user task beyond what is drawn: nobody a kin's case, nobody their own request."""

from __future__ import annotations

from engine.host import Context, TaskStep
from engine.model import Actor, UserTask
from workflows.casework.elements import meaning_of
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.errors import CountyVisitMissing, KinBarred, OwnRequest
from workflows.casework.procedure.model import ExtensionState, SurveyKind
from workflows.casework.spot_checks.errors import TookPart

NEEDS, COUNTY_VISIT = "requires", "county_visit"
"""A user task with the property `requires` = `county_visit` waits for two of the county where kin of staff applies."""
BARRED, EXTENSION_ASKER = "barred", "extension_asker"
"""A user task with the property `barred` = `extension_asker` is closed to who asked for more time."""
CASE_WORKER = "case_worker"
"""A user task with the property `barred` = `case_worker` is closed to who did any step of its case."""


def guard_task(context: Context[CaseworkUnitOfWork], task: UserTask, person: Actor, /, *, step: TaskStep) -> None:
    """Let a person pass who is no kin, did not ask for it, and has the county's visit where one is needed.

    Raises:
        KinBarred: the register of relatives names the person for this case.
        OwnRequest: the person asked for what is to be decided.
        TookPart: the person did a step of the case that is to be reviewed.
        CountyVisitMissing: the county has not been to see a household with kin of staff.
    """
    if not task.business_key:
        return
    if context.unit_of_work.procedure.kin.holds(number=task.business_key, login=person.id):
        raise KinBarred(number=task.business_key, task=task.name)
    meaning = meaning_of(task)
    if meaning.get(BARRED) == EXTENSION_ASKER:
        _refuse_own_request(context, task, person)
    if meaning.get(BARRED) == CASE_WORKER:
        _refuse_case_worker(context, task, person)
    if step == "complete" and meaning.get(NEEDS) == COUNTY_VISIT:
        _require_county_visit(context, task)


def is_kin(context: Context[CaseworkUnitOfWork], case: Case) -> bool:
    """Say whether the register of relatives names the actor for a case.

    For commands that take a number in place of a case somebody saw: to kin their relatives' case does not exist.
    """
    return not context.actor.system and context.unit_of_work.procedure.kin.holds(
        number=case.number, login=context.actor.id
    )


def _refuse_own_request(context: Context[CaseworkUnitOfWork], task: UserTask, person: Actor) -> None:
    case = context.unit_of_work.cases.by_number(task.business_key)
    if case is None:
        return
    asked = context.unit_of_work.procedure.clock.extensions(case.id)
    if any(one.state is ExtensionState.ASKED and one.asked_by == person.id for one in asked):
        raise OwnRequest(task.name)


def _refuse_case_worker(context: Context[CaseworkUnitOfWork], task: UserTask, person: Actor) -> None:
    spot_checks = context.unit_of_work.procedure.supervision.spot_checks
    if person.id in spot_checks.participants(task.business_key):
        raise TookPart(number=task.business_key, task=task.name)


def _require_county_visit(context: Context[CaseworkUnitOfWork], task: UserTask) -> None:
    work = context.unit_of_work
    case = work.cases.by_number(task.business_key)
    if case is None or not work.procedure.kin.of_case(case.id):
        return
    if not any(one.kind is SurveyKind.COUNTY for one in work.procedure.surveys.of_case(case.id)):
        raise CountyVisitMissing(number=case.number, task=task.name)

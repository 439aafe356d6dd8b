"""The register of relatives (近亲属备案): entered at acceptance or when it comes out, read by supervisors."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from engine.commands.user_tasks import TakeBackUserTask
from engine.errors import ConcurrentChange, TaskNotOpen
from engine.host import Context
from workflows.casework.model import Case, CaseStatus
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.clock_commands import locked_case
from workflows.casework.procedure.errors import KinKnown
from workflows.casework.procedure.model import KinEntry, KinPost
from workflows.casework.procedure.office import WORKING, require_office
from workflows.casework.starting import start_process_of

COUNTY_VISIT_PROCESS = "county_visit"
REGISTERED_AS_KIN = "registered_as_kin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """A relative as declared; the login is that of the account that must keep away, where there is one."""

    name: str
    relation: str
    post: KinPost
    unit: str = ""
    login: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterKin:
    """Enter that somebody of the office or the village is kin of the household, found out after acceptance.

    What the household had not declared counts as concealed: it goes on the list of the discipline office.

    Raises:
        KinKnown: the register names this person for the case.
        NotPermitted: the actor does not work for this region.
    """

    case_id: UUID
    kin: Kin

    def execute(self, context: Context[CaseworkUnitOfWork]) -> KinEntry:
        """Enter it; from now on that person is barred from the case."""
        case = locked_case(context, self.case_id)
        require_office(context.actor, case.region, WORKING, action="登记近亲属备案")
        entry = register_kin(context, case, self.kin, concealed=case.accepted_on is not None)
        if entry is None:
            raise KinKnown(case.number)
        take_back(context, case, entry)
        return entry


def kin_of(entry: KinEntry) -> Kin:
    """Return the relative of an entry, to be entered for another case of the same persons."""
    return Kin(
        name=entry.name,
        relation=entry.relation,
        post=entry.post,
        unit=entry.unit,
        login=entry.login,
        note=entry.note,
    )


def register_kin(context: Context[CaseworkUnitOfWork], case: Case, kin: Kin, *, concealed: bool) -> KinEntry | None:
    """Enter a relative, and with the first one ask the county to go and see; None: known already."""
    register = context.unit_of_work.procedure.kin
    first = not register.of_case(case.id)
    entry = KinEntry(
        id=uuid4(),
        case_id=case.id,
        name=kin.name.strip(),
        relation=kin.relation,
        post=kin.post,
        unit=kin.unit,
        login=kin.login.strip() if kin.login and kin.login.strip() else None,
        registered_at=context.now(),
        registered_by=context.actor.id,
        concealed=concealed,
        note=kin.note,
    )
    if not register.add(entry):
        return None
    if first and case.status not in (CaseStatus.CLOSED, CaseStatus.DECLINED):
        start_process_of(context, case, COUNTY_VISIT_PROCESS, {})
    return entry


def take_back(context: Context[CaseworkUnitOfWork], case: Case, entry: KinEntry) -> None:
    """Take the tasks of the case from a relative and offer them to their groups again; the history says why.

    Raises:
        ConcurrentChange: a task ended meanwhile; asked once more, there is nothing to take back.
    """
    if entry.login is None:
        return
    for task_id in context.unit_of_work.procedure.kin.tasks_held(number=case.number, login=entry.login):
        command = TakeBackUserTask(user_task_id=task_id, holder=entry.login, ground=REGISTERED_AS_KIN)
        try:
            command.execute(context)
        except TaskNotOpen as ended:
            raise ConcurrentChange from ended

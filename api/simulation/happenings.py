"""What happens to households outside the office: deaths, changes, objections, kin who work there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import log
from random import Random
from typing import Any
from uuid import UUID

from api.services import Services
from api.simulation.staff import SimulatedStaff
from api.synthetic import people, shares
from engine.errors import EngineError
from engine.host import Context
from engine.model import SYSTEM, UserTask
from workflows.casework.benefits.commands import EndBenefit, EndGround, ReportChange
from workflows.casework.benefits.model import Benefit
from workflows.casework.days import months_later
from workflows.casework.model import Case
from workflows.casework.payments.deaths import RecordDeath
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import KinPost
from workflows.casework.procedure.objections import RecordObjection
from workflows.casework.verification.objecting import ObjectToReport, Proof

DAYS_TO_HEAR = 6.0  # median until the town hears of a death
HEARING_SIGMA = 0.9
ENDED_AT_ONCE = ("dibao",)
NOTICE_UP, NEW_CASE, REPORT = "Task_TakeDownNotice", "Task_RecordAuthorisations", "Task_ReviewReport"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A benefit in payment, and whose case it is."""

    benefit: Benefit
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRunning:
    """The benefits of a month that may end or change, by case number."""

    month: date

    def execute(self, context: Context[CaseworkUnitOfWork]) -> list[Running]:
        """Read them."""
        work = context.unit_of_work
        owed = {one.benefit_id: one.case_number for one in work.benefits.payable_in(self.month)}
        later = {one.benefit_id for one in work.benefits.payable_in(months_later(self.month, 1))}
        found = [
            Running(benefit=one, number=owed[one.id])
            for one in work.benefits.active_on(self.month)
            if one.id in owed and one.id in later and one.programme in ENDED_AT_ONCE
        ]
        return sorted(found, key=lambda one: one.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCase:
    """A case with its persons, as a register knows them."""

    case_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Case | None:
        """Read it."""
        return context.unit_of_work.cases.get(self.case_id)


@dataclass(slots=True)
class Happenings:
    """What befalls households, by chance of the seed."""

    services: Services
    staff: SimulatedStaff
    counted: Counter[str]
    days_to_hear: list[int]
    _coming: list[tuple[date, str, UUID, UUID, int]] = field(default_factory=list)

    def plan_month(self, today: date) -> None:
        """Draw who dies and whose income changes in the month that begins."""
        for one in self.services.engine.execute(ReadRunning(month=today.replace(day=1)), actor=SYSTEM):
            luck = self.staff.luck("month", one.number, f"{today:%Y-%m}")
            persons = one.benefit.version_in(today.replace(day=1))
            count = len(persons.persons) if persons else 1
            if luck.random() < shares.DEATHS_A_MONTH * count:
                self._plan_death(one, today, luck, count)
            elif luck.random() < shares.CHANGES_A_MONTH:
                day = today + timedelta(days=luck.randint(0, 27))
                self._coming.append((day, "change", one.benefit.case_id, one.benefit.id, 0))
                self.staff.changed.add(one.number)
        self._coming.sort(key=lambda one: (one[0], one[1], str(one[4])))

    def happen(self, today: date) -> None:
        """Let the town hear of what is to be heard of by a day."""
        while self._coming and self._coming[0][0] <= today:
            _, what, case_id, benefit_id, member = self._coming.pop(0)
            told = self._told(what, case_id, benefit_id, member)
            if told is not None:
                self._try(what, told)

    def notice(self, task: UserTask, luck: Random) -> None:
        """Let what a new task gives occasion for happen: an objection to a notice or report, kin in the office."""
        if task.element_id == NOTICE_UP and luck.random() < shares.NOTICE_OBJECTION:
            self._object_to_notice(task)
        elif task.element_id == NEW_CASE and luck.random() < shares.KIN:
            self._register_kin(task, luck)
        elif task.element_id == REPORT and luck.random() < shares.REPORT_OBJECTION:
            self._object_to_report(task)

    def _plan_death(self, one: Running, today: date, luck: Random, count: int) -> None:
        died = today + timedelta(days=luck.randint(0, 27))
        days = max(round(luck.lognormvariate(log(DAYS_TO_HEAR), HEARING_SIGMA)), 1)
        version = one.benefit.version_in(today.replace(day=1))
        member = luck.choice(version.persons) if version else 1
        self.staff.dead[one.number] = (member, died)
        self.days_to_hear.append(days)
        what = "death" if count == 1 else "death in the family"
        if luck.random() < shares.DEATHS_BY_DATA:
            what = "death found by data"
        self._coming.append((died + timedelta(days=days), what, one.benefit.case_id, one.benefit.id, member))

    def _told(
        self, what: str, case_id: UUID, benefit_id: UUID, member: int
    ) -> EndBenefit | ReportChange | RecordDeath | None:
        if what == "death found by data":
            return self._recorded(case_id, member)
        if what == "death":
            reason = f"享受对象死亡{people.MARK}"
            return EndBenefit(case_id=case_id, ground=EndGround.DEATH, reason=reason, benefit_id=benefit_id)
        told = f"家庭收入发生变化{people.MARK}" if what == "change" else f"第 {member} 名成员死亡{people.MARK}"
        return ReportChange(case_id=case_id, reported=told, benefit_id=benefit_id)

    def _recorded(self, case_id: UUID, member: int) -> RecordDeath | None:
        """Return the record that a register of cremations has of a member."""
        case = self.services.engine.execute(ReadCase(case_id=case_id), actor=SYSTEM)
        dead = self.staff.dead.get(case.number) if case else None
        person = next((one.person for one in case.members if one.number == member), None) if case else None
        if dead is None or person is None or not person.identity_number:
            return None
        return RecordDeath(
            identity_number=person.identity_number,
            name=person.name,
            died_on=dead[1],
            source=f"火化登记{people.MARK}",
        )

    def _object_to_notice(self, task: UserTask) -> None:
        shown = self.services.queries.user_task(task.id, SYSTEM).variables
        number = shown.get("notice_number")
        if not number:
            return
        text = f"反映该户收入未如实申报{people.MARK}"
        self._try("notice objection", RecordObjection(notice_number=str(number), text=text, channel="phone"))

    def _register_kin(self, task: UserTask, luck: Random) -> None:
        case = self.services.casework.case(task.business_key, SYSTEM)
        kin = Kin(name=people.name(luck), relation="亲属", post=KinPost.VILLAGE, unit=f"村民委员会{people.MARK}")
        self._try("kin", RegisterKin(case_id=case.summary.id, kin=kin))

    def _object_to_report(self, task: UserTask) -> None:
        case = self.services.casework.case(task.business_key, SYSTEM)
        report = case.check_report
        if report is None or not report.hits or report.purpose != "new_application":
            return
        objection = ObjectToReport(
            case_id=case.summary.id,
            report_version=report.version,
            agencies=("bank",),
            grounds=f"存款已用于还债{people.MARK}",
            evidence=(Proof(title="银行流水"),),
        )
        self._try("report objection", objection)

    def _try(self, what: str, command: Any) -> None:
        """Do it as the window does; what the house refuses, because it came too late, is counted apart."""
        try:
            self.services.engine.execute(command, actor=SYSTEM)
        except EngineError as refused:
            self.counted[f"{what}: {refused.code}"] += 1
        else:
            self.counted[what] += 1

"""Opening the register of a season; entering households in need, and taking wrong entries out, while a town may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from engine.core.texts import Words
from engine.errors import NotPermitted
from engine.host import Context
from engine.model import SYSTEM, Actor
from workflows.casework.county import TOWN_BY_REGION, TOWNS, TOWNSHIP
from workflows.casework.days import day_in, local_day
from workflows.casework.errors import CaseErased, CaseNotFound, ParameterMissing
from workflows.casework.model import Case
from workflows.casework.payments.commands import require_unit
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.guard import is_kin
from workflows.casework.standards import Standards, standards_on
from workflows.casework.starting import start_county_process
from workflows.casework.winter.errors import (
    WinterNeedInvalid,
    WinterNeedKnown,
    WinterNeedNotFound,
    WinterRegisterClosed,
    WinterRegisterKnown,
    WinterRegisterNotFound,
    WinterSeasonWrong,
)
from workflows.casework.winter.model import EMERGENCY, TownState, WinterNeed, WinterNeedKind, WinterRegister, WinterTown

WINTER_RELIEF = "winter_relief"
FILLING = ("clerk", "reviewer")
TOWN_OF = 9  # digits of a region that name its town


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWinterRegister:
    """Have every town survey who is in need, and begin the process of the season.

    Raises:
        NotPermitted: the actor is no clerk or reviewer of the emergency bureau.
        WinterSeasonWrong: it is another year, or the register would be frozen already.
        WinterRegisterKnown: the season has one.
        ParameterMissing: a day of the register is no figure of policy, or no day.
    """

    season: int

    def execute(self, context: Context[CaseworkUnitOfWork]) -> WinterRegister:
        """Keep the register with its towns and start its process."""
        require_unit(context.actor, EMERGENCY, action="部署冬春救助")
        winter, today = context.unit_of_work.winter, local_day(context.now())
        register = self._register(context, today)
        if today.year != self.season or today > register.freezes_on:
            raise WinterSeasonWrong(season=self.season, today=today, freezes_on=register.freezes_on)
        if not winter.add(register):
            raise WinterRegisterKnown(self.season)
        winter.add_towns(
            [
                WinterTown(register_id=register.id, region=one.region, number=f"{register.number}-{one.region}")
                for one in TOWNS
            ]
        )
        known = {
            "register_id": str(register.id),
            "register_key": register.number,
            "season": register.season,
            "freezes_on": register.freezes_on.isoformat(),
            **dict.fromkeys(("fund_source", "goods_source", "return_note")),
        }
        start_county_process(replace(context, actor=SYSTEM), WINTER_RELIEF, register.number, known)
        return register

    def _register(self, context: Context[CaseworkUnitOfWork], today: date) -> WinterRegister:
        standards = standards_on(context.unit_of_work, today)
        return WinterRegister(
            id=uuid4(),
            season=self.season,
            number=f"WINTER-{self.season}",
            warns_on=_day_in(self.season, standards, "winter_warning_day"),
            report_on=_day_in(self.season, standards, "winter_report_day"),
            freezes_on=_day_in(self.season, standards, "winter_freeze_day"),
            opened_by=context.actor.id,
            opened_at=context.now(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterWinterNeed:
    """Enter a household that will be in need; the same `need_id` enters it once.

    Raises:
        WinterRegisterNotFound, WinterRegisterClosed, WinterNeedKnown
        CaseNotFound, CaseErased: no such case of a town the actor works for.
        NotPermitted: the actor is no clerk or reviewer of a town.
        WinterNeedInvalid: more persons than the household has, no need, or neither money nor goods.
    """

    season: int
    case_number: str
    village: str
    persons: int
    kinds: Sequence[WinterNeedKind]
    amount: Decimal
    goods: str
    need_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> WinterNeed:
        """Keep it."""
        winter = context.unit_of_work.winter
        case = _case(context, self.case_number.strip())
        register = _locked(context, self.season)
        known = winter.need(self.need_id)
        if known is not None and known.case_id == case.id:
            return known
        _require_open(context, register, case.region[:TOWN_OF])
        self._require_sense(case)
        need = WinterNeed(
            id=self.need_id,
            register_id=register.id,
            region=case.region[:TOWN_OF],
            village=self.village.strip(),
            case_id=case.id,
            case_number=case.number,
            persons=self.persons,
            kinds=tuple(sorted(one.value for one in self.kinds)),
            amount=self.amount,
            goods=self.goods.strip(),
            entered_by=context.actor.id,
            entered_at=context.now(),
        )
        if not winter.add_need(need):
            before = next((one for one in winter.needs(register.id) if one.case_id == case.id), need)
            raise WinterNeedKnown(number=case.number, village=before.village)
        return need

    def _require_sense(self, case: Case) -> None:
        size = len(case.members)
        if not 1 <= self.persons <= size:
            zh = f"需救助人数应为 1 至 {size} 人（该户共 {size} 人），填的是 {self.persons}"
            raise WinterNeedInvalid(Words(zh, f"from 1 to {size} persons live there, found {self.persons}"))
        if not self.kinds:
            raise WinterNeedInvalid(Words("请至少选一种困难", "name at least one need"))
        if self.amount == 0 and not self.goods.strip():
            raise WinterNeedInvalid(Words("请填写所需金额或物资", "say what money or goods are needed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveWinterNeed:
    """Take an entry out, by the town until it has confirmed its register.

    Raises:
        WinterRegisterNotFound, WinterNeedNotFound, WinterRegisterClosed
    """

    season: int
    need_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> WinterNeed:
        """Remove it."""
        register = _locked(context, self.season)
        need = context.unit_of_work.winter.need(self.need_id)
        if need is None or need.register_id != register.id or not fills(context.actor, need.region):
            raise WinterNeedNotFound
        case = context.unit_of_work.cases.get(need.case_id)
        if case is not None and is_kin(context, case):
            raise WinterNeedNotFound
        town = town_of(context, register, need.region)
        if town.state not in (TownState.SURVEY, TownState.REPORTED):
            raise _closed(need.region, Words("该乡镇已确认或已截止", "the town has confirmed it, or it is over"))
        context.unit_of_work.winter.remove_need(need.id)
        return need


def fills(actor: Actor, region: str) -> bool:
    """Say whether somebody enters households of a town."""
    posts = (one for one in actor.memberships if one.unit_kind == TOWNSHIP and one.role in FILLING)
    return any(region.startswith(one.region) for one in posts)


def town_of(context: Context[CaseworkUnitOfWork], register: WinterRegister, region: str) -> WinterTown:
    """Return the part of a town in a register."""
    return next(one for one in context.unit_of_work.winter.towns(register.id) if one.region == region)


def _require_open(context: Context[CaseworkUnitOfWork], register: WinterRegister, region: str) -> None:
    if local_day(context.now()) > register.freezes_on:
        day = register.freezes_on
        raise _closed(region, Words(f"已于 {day} 截止", f"it was frozen on {day}"))
    if town_of(context, register, region).state is not TownState.SURVEY:
        raise _closed(region, Words("已上报", "it was handed in"))


def _closed(region: str, why: Words) -> WinterRegisterClosed:
    town = TOWN_BY_REGION.get(region)
    return WinterRegisterClosed(town=town.name if town else region, why=why)


def _case(context: Context[CaseworkUnitOfWork], number: str) -> Case:
    if not any(one.unit_kind == TOWNSHIP and one.role in FILLING for one in context.actor.memberships):
        raise NotPermitted("登记冬春困难家庭", f"{TOWNSHIP}/clerk")
    case = context.unit_of_work.cases.by_number(number)
    if case is None or not fills(context.actor, case.region) or is_kin(context, case):
        raise CaseNotFound(number)
    if case.erased:
        raise CaseErased(number=case.number, action="登记冬春困难")
    return case


def _locked(context: Context[CaseworkUnitOfWork], season: int) -> WinterRegister:
    winter = context.unit_of_work.winter
    found = winter.of_season(season)
    register = winter.lock(found.id) if found else None
    if register is None:
        raise WinterRegisterNotFound(season)
    return register


def _day_in(season: int, standards: Standards, key: str) -> date:
    found = day_in(season, standards.values.get(key))
    if found is None:
        raise ParameterMissing(key=key, day=standards.day)
    return found

"""A winter register as tests lay it down, at any day of the year and without its process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from engine.host import Context
from workflows.casework.county import TOWNS
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.winter.model import TownState, WinterNeed, WinterRegister, WinterState, WinterTown


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepWinterRegister:
    """Lay down the register of 2026 with one household, planned; return its entry. No process waits for it."""

    case_number: str
    village: str = "燕山村"
    goods: str = "棉被 1 床"
    granted: Decimal = Decimal(600)

    def execute(self, context: Context[CaseworkUnitOfWork]) -> WinterNeed:
        """Keep it."""
        winter = context.unit_of_work.winter
        case = context.unit_of_work.cases.by_number(self.case_number)
        if case is None:
            raise LookupError(self.case_number)
        register = self._register(context)
        winter.add(register)
        winter.add_towns([_town(register.id, one.region) for one in TOWNS])
        need = self._need(context, register.id, case)
        winter.add_need(need)
        winter.save_needs([need])
        return need

    def _register(self, context: Context[CaseworkUnitOfWork]) -> WinterRegister:
        return WinterRegister(
            id=uuid4(),
            season=2026,
            number="WINTER-2026",
            warns_on=date(2026, 10, 15),
            report_on=date(2026, 10, 25),
            freezes_on=date(2026, 10, 31),
            opened_by="emergency.clerk",
            opened_at=context.now(),
            state=WinterState.PLANNED,
        )

    def _need(self, context: Context[CaseworkUnitOfWork], register_id: UUID, case: Case) -> WinterNeed:
        return WinterNeed(
            id=uuid4(),
            register_id=register_id,
            region=case.region[:9],
            village=self.village,
            case_id=case.id,
            case_number=case.number,
            persons=1,
            kinds=("bedding", "food"),
            amount=Decimal(900),
            goods=self.goods,
            entered_by="kunlun.clerk",
            entered_at=context.now(),
            status="dibao",
            granted=self.granted,
            calculation="低保、特困家庭每人 600 元，1 人，所需 900 元，取低者",
        )


def _town(register_id: UUID, region: str) -> WinterTown:
    return WinterTown(register_id=register_id, region=region, number=f"WINTER-2026-{region}", state=TownState.NO_NEED)

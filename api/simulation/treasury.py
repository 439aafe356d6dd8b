"""The money of a simulation: the monthly run, the bank that answers it, prices, the new standard, recoveries."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from api.services import Services
from api.simulation.staff import SimulatedStaff
from api.synthetic import people, shares
from engine.errors import EngineError
from engine.host import Context
from engine.model import SYSTEM, Actor, UserTask
from workflows.casework.days import local_day, months_later
from workflows.casework.model import Case
from workflows.casework.payments.commands import HandOutBankList, ImportReturn, StartPayments
from workflows.casework.payments.errors import BatchOpen
from workflows.casework.payments.files import RETURN_COLUMNS
from workflows.casework.payments.model import BatchState
from workflows.casework.payments.starting import ProposeStandard, RecordReceipt, StartPriceLink
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.register.corrections import DecideCorrection, RequestCorrection

STANDARD, NEW_STANDARD_MONTH, RISE = "dibao_standard", 7, 40  # every July, decided when its month has begun
CODE = "账户已销户"
AGREED = "Task_AgreeInstalments"
WINDOW = replace(SYSTEM, id="simulation.window")  # asks for what somebody else must decide


@dataclass(frozen=True, slots=True, kw_only=True)
class AtBank:
    """Batches that the bank has had for a day and did not answer."""

    def execute(self, context: Context[CaseworkUnitOfWork]) -> list[str]:
        """Return their numbers, the oldest first."""
        before = context.now() - timedelta(days=1)
        batches = context.unit_of_work.money.payments.batches()
        waiting = (one for one in batches if one.state == BatchState.SENT and one.sent_at and one.sent_at <= before)
        return sorted(one.number for one in waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOf:
    """A case by its number, as the household itself knows it."""

    number: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Case | None:
        """Read it."""
        return context.unit_of_work.cases.by_number(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What a household still owes of its recoveries that have a plan."""

    case_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> list[tuple[UUID, Decimal]]:
        """Read it."""
        recoveries = context.unit_of_work.money.recoveries.of_case(self.case_id)
        return [(one.id, one.outstanding) for one in recoveries if one.instalments and one.outstanding > 0]


@dataclass(slots=True)
class Treasury:
    """Starts what money needs and plays the bank and those who pay back."""

    services: Services
    staff: SimulatedStaff
    counted: Counter[str]
    _months: list[date] = field(default_factory=list)  # whose run has not begun
    _corrections: list[tuple[date, str]] = field(default_factory=list)  # case numbers whose account came back
    _receipts: list[tuple[date, str]] = field(default_factory=list)

    def begin_month(self, today: date) -> None:
        """Start what a month begins with."""
        month = today.replace(day=1)
        self._months.append(month)
        self._try("price figure", StartPriceLink(month=months_later(month, -1)))
        if month.month == NEW_STANDARD_MONTH and self.counted["run"]:
            proposed = ProposeStandard(
                key=STANDARD,
                value=self.staff.standard_on(month) + RISE,
                effective_from=month,
                document=f"常政发〔{month.year}〕9 号{people.MARK}",
            )
            if self._try("new standard", proposed):
                self.staff.raise_standard(month, RISE)

    def go_on(self, now: datetime) -> None:
        """Let the bank answer, runs begin that had to wait, households correct accounts and pay back."""
        for number in self.services.engine.execute(AtBank(), actor=SYSTEM):
            self._answer(number, local_day(now))
        while self._months and self._begin_run(self._months[0]):
            del self._months[0]
        self._corrected(local_day(now))
        self._paid_back(local_day(now))

    def notice(self, task: UserTask, today: date) -> None:
        """See that somebody is to pay back: they do, some days later."""
        if task.element_id == AGREED:
            days = self.staff.luck("receipt", task.business_key).randint(5, 45)
            self._receipts.append((today + timedelta(days=days), task.business_key))

    def _begin_run(self, month: date) -> bool:
        try:
            self.services.engine.execute(StartPayments(month=month), actor=SYSTEM)
        except BatchOpen:
            return False
        self.counted["run"] += 1
        return True

    def _answer(self, number: str, today: date) -> None:
        sent = self.services.engine.execute(HandOutBankList(number=number), actor=SYSTEM)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(RETURN_COLUMNS)
        numbers = self.services.engine.execute(CaseNumbers(batch=number), actor=SYSTEM)
        for row in csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig"))):
            failed = self.staff.luck("bank", number, row["序号"]).random() < shares.FAILED_PAYMENTS
            outcome = ("失败", CODE) if failed else ("成功", "")
            writer.writerow([row["批次号"], row["序号"], row["付款编号"], row["金额"], *outcome])
            if failed:
                self.counted["payment failed"] += 1
                self._corrections.append((today + timedelta(days=10), numbers[row["付款编号"]]))
        self._try("bank answer", ImportReturn(number=number, content=text.getvalue().encode()))

    def _corrected(self, today: date) -> None:
        due = [number for day, number in self._corrections if day <= today]
        self._corrections = [one for one in self._corrections if one[0] > today]
        for number in sorted(set(due)):
            case = self.services.engine.execute(CaseOf(number=number), actor=SYSTEM)
            if case is None or case.account is None:
                continue
            fresh = people.account(self.staff.luck("account", number, today))
            account = {"bank": case.account.bank, "holder": case.account.holder, "number": fresh}
            asked = RequestCorrection(
                region=case.region,
                case_id=case.id,
                changes={"account": account},
                reason=CODE,
                correction_id=uuid4(),
            )
            if self._try("account change asked for", asked, actor=WINDOW) and asked.correction_id:
                decided = DecideCorrection(correction_id=asked.correction_id, approve=True, note="已核实")
                self._try("account changed", decided)

    def _paid_back(self, today: date) -> None:
        due = [number for day, number in self._receipts if day <= today]
        self._receipts = [one for one in self._receipts if one[0] > today]
        for number in due:
            case = self.services.engine.execute(CaseOf(number=number), actor=SYSTEM)
            owed = self.services.engine.execute(Owed(case_id=case.id), actor=SYSTEM) if case else []
            if not owed:
                self._receipts.append((today + timedelta(days=7), number))
            for recovery_id, amount in owed:
                reference = f"SIM-{number}-{today:%Y%m%d}"
                receipt = RecordReceipt(recovery_id=recovery_id, amount=amount, received_on=today, reference=reference)
                self._try("paid back", receipt)

    def _try(self, what: str, command: Any, *, actor: Actor = SYSTEM) -> bool:
        try:
            self.services.engine.execute(command, actor=actor)
        except EngineError as refused:
            self.counted[f"{what}: {refused.code}"] += 1
            return False
        self.counted[what] += 1
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNumbers:
    """The case of each payment of a batch."""

    batch: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> dict[str, str]:
        """Read them."""
        payments = context.unit_of_work.money.payments
        batch = payments.lock_batch(self.batch)
        return {str(one.id): one.case_number for one in payments.of_batch(batch.id)} if batch else {}

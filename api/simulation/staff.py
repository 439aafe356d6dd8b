"""What people enter in a simulation: as sensible staff do, but for what chance decides in a real county."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from api.demo.staff import Occasion, answer
from api.synthetic import shares
from api.synthetic.running import standard_on
from engine.json_values import JsonObject
from engine.model import UserTask

URGENT_TASKS = frozenset({"Task_UrgentPay", "Task_UrgentWitness"})
INCOME_STEPS = (-600, -300, 200, 400, 800, 1_600)


@dataclass(slots=True)
class SimulatedStaff:
    """Answers tasks; `dead` and `changed` hold what households told of, by case number."""

    seed: int
    dead: dict[str, tuple[int, date]] = field(default_factory=dict)  # the member's number and the day of death
    changed: set[str] = field(default_factory=set)

    _standard: int = 0  # what the county raised it to, 0 while it is that of the test figures

    def standard_on(self, day: date) -> Decimal:
        """Return the standard of the allowance that is in force before a new one."""
        return Decimal(self._standard or standard_on(day))

    def raise_standard(self, day: date, by: int) -> None:
        """Remember that a higher standard was proposed."""
        self._standard = int(self.standard_on(day)) + by

    def luck(self, *about: object) -> Random:
        """Return a source of chance that depends on the seed and on what it is about, and on nothing else."""
        return Random(":".join(str(one) for one in (self.seed, *about)))  # noqa: S311  synthetic work, no secrets

    def answer(self, task: UserTask, shown: JsonObject, today: date) -> JsonObject:
        """Return what is entered for a task.

        Raises:
            NoAnswer: nobody taught the staff this task.
        """
        values = answer(Occasion(element_id=task.element_id, shown=shown, today=today))
        match task.element_id:
            case "Task_RecordAuthorisations":
                return self._authorisations(task, values)
            case "Task_EnterPriceIndex":
                return self._price(task, values)
            case "Task_VerifyChange":
                return self._verified(task, values)
            case "Task_VerifyEnd":
                return self._ended(task, values)
        return values

    def _authorisations(self, task: UserTask, values: JsonObject) -> JsonObject:
        if self.luck("withdraws", task.business_key).random() >= shares.WITHDRAWAL:
            return values
        return {"withdrawn": "yes", "withdrawal_reason": "申请人自愿撤回（合成数据）。"}

    def _price(self, task: UserTask, values: JsonObject) -> JsonObject:
        index = self.luck("price", task.business_key).gauss(shares.PRICE_MEAN, shares.PRICE_DEVIATION)
        return {**values, "price_index": round(index, 1)}

    def _verified(self, task: UserTask, values: JsonObject) -> JsonObject:
        members: list[dict[str, Any]] = [dict(one) for one in values["members"]]
        death = self.dead.pop(task.business_key, None)
        for one in members:
            if death and one.get("number") == death[0]:
                one |= {"presence": "deceased", "net_monthly_wage": 0, "other_monthly_income": 0, "basic_pension": 0}
        if death is None and task.business_key in self.changed and members:
            self.changed.discard(task.business_key)
            step = self.luck("income", task.business_key).choice(INCOME_STEPS)
            first = members[0]
            first["other_monthly_income"] = max(int(first.get("other_monthly_income") or 0) + step, 0)
        return {**values, "members": members}

    def _ended(self, task: UserTask, values: JsonObject) -> JsonObject:
        death = self.dead.pop(task.business_key, None)
        return values if death is None else {**values, "happened_on": death[1].isoformat()}

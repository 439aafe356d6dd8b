"""A death that a register reports: whom of the county it is, what is held at once, what goes on from there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from engine.host import Context
from engine.json_values import JsonObject
from engine.model import SYSTEM
from workflows.casework.benefits.model import Benefit, BenefitState
from workflows.casework.county import COUNTY_REGION
from workflows.casework.days import months_later
from workflows.casework.model import Case
from workflows.casework.payments.model import Death, Hold, PaymentState
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.office import WORKING, require_office
from workflows.casework.starting import start_process_of
from workflows.rules.identity import identity_number

DEATH_FOUND = "death_found"
DIBAO = "dibao"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathTaken:
    """What a record led to: the benefits held, by case number."""

    death_id: UUID
    cases: tuple[str, ...]
    same_name_only: int  # members of that name with another identity number: nothing is done about them


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeath:
    """Take in a record of a death; who has the same number and name is meant, a name alone is nobody.

    What the dead person drew is held from the month after the death, rosters not yet sent included; what follows is
    looked into by a process of each benefit. The same record again finds everything held and starts nothing.

    Raises:
        NotPermitted: the actor works on no relief in the county.
        IdentityNumberRefused: it is no identity number.
    """

    identity_number: str
    name: str
    died_on: date
    source: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> DeathTaken:
        """Hold and start."""
        require_office(context.actor, COUNTY_REGION, WORKING, action="登记死亡信息")
        number = identity_number(self.identity_number).text
        money, name = context.unit_of_work.money, self.name.strip()
        found = [one for one in money.payments.persons(number) if one.name == name]
        death_id = uuid4()
        touched: list[str] = []
        for person in found:
            case = context.unit_of_work.cases.get(person.case_id)
            if case is not None:
                touched += [
                    case.number
                    for benefit in context.unit_of_work.benefits.of_case(case.id)
                    if self._hold(context, case, benefit, person.number, death_id)
                ]
        others = 0 if found else money.payments.count_of_name(name)
        money.payments.add_death(
            Death(
                id=death_id,
                died_on=self.died_on,
                source=self.source,
                recorded_at=context.now(),
                recorded_by=context.actor.id,
                matched=len(touched),
                same_name_only=others,
            )
        )
        return DeathTaken(death_id=death_id, cases=tuple(touched), same_name_only=others)

    def _hold(
        self, context: Context[CaseworkUnitOfWork], case: Case, benefit: Benefit, member: int, death_id: UUID
    ) -> bool:
        after = months_later(self.died_on, 1)
        version = benefit.version_in(after)
        payments = context.unit_of_work.money.payments
        known = [one for one in payments.holds_of([benefit.id]) if one.holds_in(after)]
        counted = version is not None and member in version.persons and benefit.amount_period == "month"
        if known or not counted or benefit.state_in(after) == BenefitState.ENDED:
            return False
        alone = version is not None and version.persons == (member,)
        if not alone and benefit.programme != DIBAO:
            return False
        payments.hold(
            Hold(
                id=uuid4(),
                benefit_id=benefit.id,
                from_month=after,
                reason=f"{self.source}：{self.died_on.isoformat()}",
                placed_at=context.now(),
                death_id=death_id,
            )
        )
        _take_off_rosters(context, benefit, after)
        found: JsonObject = {
            "benefit_id": str(benefit.id),
            "programme": benefit.programme,
            "died_on": self.died_on.isoformat(),
            "death_source": self.source,
            "member": member,
            "alone": alone,
            "death_id": str(death_id),
        }
        start_process_of(replace(context, actor=SYSTEM), case, DEATH_FOUND, found)
        return True


def _take_off_rosters(context: Context[CaseworkUnitOfWork], benefit: Benefit, after: date) -> None:
    """Take what is listed and not sent off its roster; finance approves a batch as it is when it is sent."""
    payments = context.unit_of_work.money.payments
    listed = [
        replace(one, state=PaymentState.BLOCKED, batch_id=None, line=None)
        for one in payments.of_basis(benefit.id)
        if one.month >= after and one.state in (PaymentState.LISTED, PaymentState.DUE)
    ]
    payments.save(listed)

"""The register of a season for whoever has to do with it: a town its own part, the county all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.errors import NotPermitted
from engine.host import Context
from engine.model import Actor
from workflows.casework.county import CIVIL_AFFAIRS, COUNTY_REGION, TOWNSHIP
from workflows.casework.model import ZERO
from workflows.casework.payments.commands import FINANCE
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.winter.errors import WinterRegisterNotFound
from workflows.casework.winter.model import EMERGENCY, WinterNeed, WinterRegister, WinterTown
from workflows.rules.masks import masked_name

COUNTY_KINDS = frozenset({EMERGENCY, CIVIL_AFFAIRS, FINANCE})


@dataclass(frozen=True, slots=True, kw_only=True)
class WinterTownLine:
    """The part of a town with what it comes to, in yuan."""

    town: WinterTown
    households: int
    persons: int
    amount: Decimal
    granted: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class WinterNeedLine:
    """A household in the register; of whom it is stands there as on a public notice."""

    need: WinterNeed
    applicant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WinterView:
    """A register as far as its reader may see it; the sums are of what is shown."""

    register: WinterRegister
    towns: Sequence[WinterTownLine]
    needs: Sequence[WinterNeedLine]


def sees_winter(actor: Actor) -> bool:
    """Say whether somebody has to do with winter and spring relief."""
    return bool(_regions(actor))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWinterRegisters:
    """Read the registers, the newest season first.

    Raises:
        NotPermitted: the actor's unit has nothing to do with them.
    """

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Sequence[WinterRegister]:
        """Return them."""
        _required(context.actor)
        return context.unit_of_work.winter.all()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWinterRegister:
    """Read the register of a season; households of the actor's kin are left out.

    Raises:
        NotPermitted, WinterRegisterNotFound
    """

    season: int

    def execute(self, context: Context[CaseworkUnitOfWork]) -> WinterView:
        """Return it."""
        regions, winter = _required(context.actor), context.unit_of_work.winter
        register = winter.of_season(self.season)
        if register is None:
            raise WinterRegisterNotFound(self.season)
        of_kin = context.unit_of_work.procedure.kin.numbers_of(context.actor.id)
        seen = [one for one in winter.needs(register.id) if one.region.startswith(regions)]
        return WinterView(
            register=register,
            towns=[_line(one, seen) for one in winter.towns(register.id) if one.region.startswith(regions)],
            needs=[
                WinterNeedLine(need=one, applicant=applicant_of(context, one))
                for one in seen
                if one.case_number not in of_kin
            ],
        )


def applicant_of(context: Context[CaseworkUnitOfWork], need: WinterNeed) -> str:
    """Return the applicant of a household with part of the name hidden; of an erased case nobody."""
    case = context.unit_of_work.cases.get(need.case_id)
    return "—" if case is None or case.erased else masked_name(case.applicant.person.name)


def _line(town: WinterTown, needs: Sequence[WinterNeed]) -> WinterTownLine:
    own = [one for one in needs if one.region == town.region]
    return WinterTownLine(
        town=town,
        households=len(own),
        persons=sum(one.persons for one in own),
        amount=sum((one.amount for one in own), ZERO),
        granted=sum((one.granted for one in own), ZERO),
    )


def _required(actor: Actor) -> tuple[str, ...]:
    regions = _regions(actor)
    if not regions:
        raise NotPermitted("查看冬春救助登记册", f"{EMERGENCY}/clerk、{TOWNSHIP}/clerk")
    return regions


def _regions(actor: Actor) -> tuple[str, ...]:
    """Return the beginnings of the regions whose part somebody sees."""
    if actor.system:
        return (COUNTY_REGION,)
    return tuple(
        one.region
        for one in actor.memberships
        if one.unit_kind == TOWNSHIP or (one.unit_kind in COUNTY_KINDS and COUNTY_REGION.startswith(one.region))
    )

"""Drawing a spot check, taking one back, and taking its result away as a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from engine.commands.process_instances import CancelProcessInstance, StartProcessInstance
from engine.errors import NotPermitted
from engine.host import Context
from engine.model import SYSTEM, InstanceState
from engine.permissions import checked_reason
from workflows.casework.county import COUNTY_REGION, TOWN_BY_REGION
from workflows.casework.days import local_day
from workflows.casework.errors import CaseErased, RecordNotFound
from workflows.casework.figures.periods import Period
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.guard import is_kin
from workflows.casework.spot_checks.errors import (
    NobodyToDecide,
    NobodyToReview,
    PopulationEmpty,
    PopulationTooLarge,
    SamplePeriodWrong,
    SampleSizeWrong,
    SeedWrong,
    SpotCheckKeyTaken,
    SpotCheckOfKin,
    SpotCheckWithdrawn,
)
from workflows.casework.spot_checks.model import (
    SPOT_CHECK_PROCESS,
    Candidate,
    ItemState,
    Population,
    RiskReason,
    SampledCase,
    SpotCheck,
    checking_post,
)
from workflows.casework.spot_checks.ports import SpotChecks
from workflows.casework.spot_checks.risks import reasons_of
from workflows.casework.spot_checks.sampling import Lot, Way, drawn, size_of_share
from workflows.casework.standards import standards_on

REVIEWING_ROLES = ("reviewer", "clerk", "leader")  # the first with somebody who may review a case is asked
SEED = re.compile(r"[A-Za-z0-9-]{1,64}")
WHOLE = 100  # percent


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawSpotCheck:
    """Draw a sample of finished cases or running benefits, and give each to a reviewer who had no part in it.

    One of `size` and `share` (percent) is given. Without a seed one is made; either way it is kept, and with the
    population's hashed keys the sample can be drawn again. The same submission key gives the same spot check.

    Raises:
        NotPermitted: the actor does not supervise the region whole.
        SamplePeriodWrong, SampleSizeWrong, SeedWrong, ReasonMissing: what was typed makes no sense.
        PopulationEmpty, PopulationTooLarge: nothing fits, or too much.
        NobodyToReview, NobodyToDecide: everybody of the unit had a part in a case that was drawn.
        CaseErased: a case that was drawn was erased at the same moment.
        SpotCheckKeyTaken: the key came with another draw.
    """

    population: Population
    way: Way
    reason: str
    submission_key: str
    size: int | None = None
    share: int | None = None
    seed: str | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> SpotCheck:
        """Draw it, keep how it was drawn, and begin the reviews."""
        spot_checks = _spot_checks(context)
        known = spot_checks.by_submission_key(self.submission_key)
        if known is not None:
            return self._as_before(context, known)
        unit_kind, group = self._post(context)
        self._check_period()
        reason, seed = checked_reason(self.reason), self._seed()
        spot_checks.lock_series(year=local_day(context.now()).year)  # of two draws the second sees what the first took
        known = spot_checks.by_submission_key(self.submission_key)
        if known is not None:  # the same came twice at one moment
            return self._as_before(context, known)
        candidates = self._candidates(context)
        lots, reasons = self._lots(context, candidates)
        spot_check = self._spot_check(context, lots, seed=seed, reason=reason, group=group)
        if not spot_checks.add(spot_check, submission_key=self.submission_key):  # it came at the turn of a year
            raise SpotCheckKeyTaken
        by_key = {one.key: one for one in candidates}
        sample = drawn(lots, seed=seed, size=spot_check.size, way=self.way)
        _keep_from_erasure(context, [by_key[key] for key in sample])
        for key in sample:
            found = reasons[key] if key in reasons else reasons_of(context, by_key[key])
            _begin_review(context, spot_check, by_key[key], found, unit_kind=unit_kind)
        return spot_check

    def _spot_check(
        self, context: Context[CaseworkUnitOfWork], lots: Sequence[Lot], *, seed: str, reason: str, group: str
    ) -> SpotCheck:
        size = self._size(context, len(lots))
        return SpotCheck(
            id=uuid4(),
            number=self._number(context),
            population=self.population,
            way=self.way,
            size=size,
            seed=seed,
            reason=reason,
            drawn_at=context.now(),
            drawn_by=context.actor.id,
            deciding_group=group,
            lots=sorted(str(one) for one in lots),
        )

    def _post(self, context: Context[CaseworkUnitOfWork]) -> tuple[str, str]:
        post = checking_post(context.actor, self.population.region)
        if post is None:
            raise NotPermitted("抽取案件抽查", "supervisor")
        return post

    def _check_period(self) -> None:
        period = Period(since=self.population.since, until=self.population.until)
        if not period.makes_sense:
            raise SamplePeriodWrong(since=period.since, until=period.until)

    def _seed(self) -> str:
        given = (self.seed or "").strip()
        if given and not SEED.fullmatch(given):
            raise SeedWrong
        return given or uuid4().hex[:16]

    def _candidates(self, context: Context[CaseworkUnitOfWork]) -> Sequence[Candidate]:
        spot_checks, today = _spot_checks(context), local_day(context.now())
        most = standards_on(context.unit_of_work, today).days("spot_check_population_most")
        found = spot_checks.count(self.population, context.actor, today=today)
        if found == 0:
            raise PopulationEmpty
        if found > most:
            raise PopulationTooLarge(most=most, found=found)
        return spot_checks.candidates(self.population, context.actor, today=today)

    def _lots(
        self, context: Context[CaseworkUnitOfWork], candidates: Sequence[Candidate]
    ) -> tuple[Sequence[Lot], dict[str, Sequence[RiskReason]]]:
        """Return the population; where risk counts, every case of it with its points and their reasons."""
        if self.way is Way.RANDOM:
            return [Lot(key=one.key) for one in candidates], {}
        reasons = {one.key: reasons_of(context, one) for one in candidates}
        return [Lot(key=key, points=points_of(found)) for key, found in reasons.items()], reasons

    def _size(self, context: Context[CaseworkUnitOfWork], population: int) -> int:
        most = standards_on(context.unit_of_work, local_day(context.now())).days("spot_check_size_most")
        told = f"{'' if self.size is None else self.size}/{'' if self.share is None else f'{self.share}%'}"
        if (self.size is None) == (self.share is None):
            raise SampleSizeWrong(most=most, found=told)
        if self.share is not None and not 1 <= self.share <= WHOLE:
            raise SampleSizeWrong(most=most, found=f"{self.share}%")
        size = size_of_share(population, self.share) if self.share is not None else self.size or 0
        if not 1 <= size <= most:
            raise SampleSizeWrong(most=most, found=str(size))
        return size

    def _number(self, context: Context[CaseworkUnitOfWork]) -> str:
        region, year = self.population.region, local_day(context.now()).year
        town = TOWN_BY_REGION.get(region)
        place = town.name if town else ("" if COUNTY_REGION.startswith(region) else region)
        return f"溧抽查{place}〔{year}〕{_spot_checks(context).next_number(year=year)}号"

    def _as_before(self, context: Context[CaseworkUnitOfWork], known: SpotCheck) -> SpotCheck:
        """Return what came of the same draw before; a share is compared by the size it comes to."""
        size = self.size if self.share is None else size_of_share(len(known.lots), self.share)
        is_same = (
            known.drawn_by == context.actor.id
            and (known.population, known.way) == (self.population, self.way)
            and known.reason == self.reason.strip()
            and self.seed in (None, "", known.seed)
            and size == known.size
        )
        if not is_same:
            raise SpotCheckKeyTaken
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawSpotCheck:
    """End the open reviews of a spot check that was drawn by mistake; what was reviewed stays, and so does the draw.

    Raises:
        RecordNotFound: there is no such spot check.
        NotPermitted: the actor does not supervise its region.
        SpotCheckOfKin: a register of relatives bars the actor from a case whose review is open.
        SpotCheckWithdrawn: nothing of it is open any more.
        ReasonMissing: the reason is empty or too long.
    """

    spot_check_id: UUID
    reason: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> SpotCheck:
        """End them, and keep why."""
        spot_checks = _spot_checks(context)
        spot_check = spot_checks.lock(self.spot_check_id)
        if spot_check is None:
            raise RecordNotFound("spot check", self.spot_check_id)
        if checking_post(context.actor, spot_check.population.region) is None:
            raise NotPermitted("撤回案件抽查", "supervisor")
        reason = checked_reason(self.reason)
        for course in spot_checks.open_courses(spot_check.id):  # before their items, as who completes a review does
            context.unit_of_work.process_instances.lock(course)
        items = spot_checks.open_items(spot_check.id)
        if not items or spot_check.withdrawn_at is not None:
            raise SpotCheckWithdrawn(number=spot_check.number)
        if any(_is_of_kin(context, item) for item in items):
            raise SpotCheckOfKin(number=spot_check.number)
        for item in items:
            spot_checks.save_item(replace(item, state=ItemState.WITHDRAWN))
            _end_review(context, item, reason)
        withdrawn = replace(spot_check, withdrawn_at=context.now(), withdrawal_reason=reason)
        spot_checks.save(withdrawn)
        return withdrawn


def points_of(reasons: Iterable[RiskReason]) -> int:
    """Return the points of a case."""
    return sum(one.points for one in reasons)


def _keep_from_erasure(context: Context[CaseworkUnitOfWork], sample: Sequence[Candidate]) -> None:
    """Let nobody erase these cases meanwhile: their main processes are what erasing waits for, always in one order."""
    cases = [context.unit_of_work.cases.get(one) for one in {one.case_id for one in sample}]
    courses = {one.process_instance_id for one in cases if one is not None and one.process_instance_id is not None}
    for course in sorted(courses):
        context.unit_of_work.process_instances.lock(course)
    for one in sample:
        case = context.unit_of_work.cases.get(one.case_id)
        if case is None or case.erased:
            raise CaseErased(number=one.case_number, action="抽取案件抽查")


def _is_of_kin(context: Context[CaseworkUnitOfWork], item: SampledCase) -> bool:
    case = context.unit_of_work.cases.get(item.case_id)
    return case is not None and is_kin(context, case)


def _begin_review(
    context: Context[CaseworkUnitOfWork],
    spot_check: SpotCheck,
    candidate: Candidate,
    reasons: Sequence[RiskReason],
    *,
    unit_kind: str,
) -> None:
    item = SampledCase(
        id=uuid4(),
        spot_check_id=spot_check.id,
        case_id=candidate.case_id,
        referral_id=candidate.referral_id,
        key=candidate.key,
        programme=candidate.programme,
        unit_kind=candidate.unit_kind,
        region=candidate.region,
        points=points_of(reasons),
        reasons=reasons,
    )
    reviewing_group = _reviewing_group(context, candidate, unit_kind=unit_kind)
    if not _able(context, candidate, spot_check.deciding_group):
        raise NobodyToDecide(number=candidate.case_number)
    course = StartProcessInstance(
        process_id=SPOT_CHECK_PROCESS,
        variables={
            "item_id": str(item.id),
            "spot_check_number": spot_check.number,
            "programme": item.programme or "intake",
            "outcome": candidate.outcome,
            "risk_reasons": "；".join(one.text for one in reasons) or None,
            "concerned_unit": item.unit_kind,
            "reviewing_group": reviewing_group,
            "deciding_group": spot_check.deciding_group,
        },
        region=candidate.region,
        business_key=candidate.case_number,
    ).execute(replace(context, actor=SYSTEM))
    _spot_checks(context).add_item(replace(item, process_instance_id=course.id))


def _reviewing_group(context: Context[CaseworkUnitOfWork], candidate: Candidate, *, unit_kind: str) -> str:
    """Return the first group with somebody who had no part in the case and is no kin.

    Raises:
        NobodyToReview: there is nobody.
    """
    for role in REVIEWING_ROLES:
        group = f"{unit_kind}/{role}"
        if _able(context, candidate, group):
            return group
    raise NobodyToReview(number=candidate.case_number)


def _able(context: Context[CaseworkUnitOfWork], candidate: Candidate, group: str) -> set[str]:
    """Return who of a group had no part in the case and is no kin."""
    supervision = context.unit_of_work.procedure.supervision
    holders = supervision.notices.holders((group,), region=candidate.region, matter=candidate.case_number)
    return set(holders) - supervision.spot_checks.participants(candidate.case_number)


def _end_review(context: Context[CaseworkUnitOfWork], item: SampledCase, reason: str) -> None:
    if item.process_instance_id is None:
        return
    course = context.unit_of_work.process_instances.lock(item.process_instance_id)
    if course is not None and course.state in (InstanceState.ACTIVE, InstanceState.SUSPENDED):
        CancelProcessInstance(process_instance_id=course.id, reason=reason).execute(replace(context, actor=SYSTEM))


def _spot_checks(context: Context[CaseworkUnitOfWork]) -> SpotChecks:
    return context.unit_of_work.procedure.supervision.spot_checks

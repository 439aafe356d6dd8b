"""All aid of one household beside each other, so that doubles and gaps are seen before another sum is granted.

Which aids exclude or double each other says the decision `aid_overlap`; what the household would be entitled to and
was never referred for says `route_needs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import combinations
from uuid import UUID

from engine.host import Context
from engine.json_values import JsonObject, JsonValue
from workflows.casework.case_file import case_file
from workflows.casework.days import local_day
from workflows.casework.deciding import decided
from workflows.casework.errors import CaseNotFound
from workflows.casework.model import Case, RecognisedStatus
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.programmes.model import AidLine

OVERLAP = "aid_overlap"
ROUTING = "route_needs"
OF_STATUS = ("dibao", "tekun", "edge", "rigid")


@dataclass(frozen=True, slots=True, kw_only=True)
class AidFinding:
    """Something to look at: `exclusive` and `duplicate` name two programmes, `gap` one."""

    kind: str
    programmes: tuple[str, ...]
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalAid:
    """Everything the household gets, the yearly sum of what is money, and what is to be looked at."""

    lines: Sequence[AidLine]
    yearly_total: Decimal | None
    findings: Sequence[AidFinding]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTotalAid:
    """Put together all aid of a household, over all cases of its members; whoever asks was shown the case before.

    Raises:
        CaseNotFound: no such case.
        NotFound: a decision is not deployed.
    """

    case_id: UUID
    with_amounts: bool

    def execute(self, context: Context[CaseworkUnitOfWork]) -> TotalAid:
        """Read and judge it."""
        case = context.unit_of_work.cases.get(self.case_id)
        if case is None:
            raise CaseNotFound(self.case_id)
        today = local_day(context.now())
        lines = context.unit_of_work.programmes.household_aid.of_household(case.id, today)
        findings = [*_doubles(context, lines, today), *_gaps(context, case, lines, today)]
        if not self.with_amounts:
            lines = [_for_other_units(line, case) for line in lines]
        total = _yearly_total(lines, today) if self.with_amounts else None
        return TotalAid(lines=lines, yearly_total=total, findings=findings)


def _for_other_units(line: AidLine, case: Case) -> AidLine:
    """Return what a unit may see that was shown the case for one purpose: no sums, no numbers of other cases."""
    own = line.case_number == case.number
    return replace(line, amount=None, case_number=line.case_number if own else None)


def _yearly_total(lines: Sequence[AidLine], today: date) -> Decimal:
    times = {"month": 12, "year": 1, "once": 1}
    return sum(
        (
            line.amount * times.get(line.amount_period or "once", 1)
            for line in lines
            if line.amount is not None and line.counts_on(today)
        ),
        Decimal(0),
    )


def _doubles(context: Context[CaseworkUnitOfWork], lines: Sequence[AidLine], today: date) -> Iterator[AidFinding]:
    now = [line for line in lines if line.counts_on(today)]
    for programme in sorted({line.programme for line in now}):
        same = [line for line in now if line.programme == programme and line.source != "bill"]
        if len({(line.source, line.case_number) for line in same}) > 1:
            yield AidFinding(
                kind="duplicate",
                programmes=(programme,),
                zh="同一家庭在两处登记了同一项救助，请核对是否重复",
                en="The same aid of one household is on file twice; check whether it is paid twice",
            )
    for first, second in combinations(sorted({line.programme for line in now}), 2):
        for one, other in ((first, second), (second, first)):
            for found in _decided(context, OVERLAP, {"first": one, "second": other}):
                yield AidFinding(
                    kind=str(found["finding"]), programmes=(one, other), zh=str(found["text"]), en=str(found["text_en"])
                )


def _gaps(
    context: Context[CaseworkUnitOfWork], case: Case, lines: Sequence[AidLine], today: date
) -> Iterator[AidFinding]:
    granted = {line.programme for line in lines if line.until is None or line.until >= today}
    status = next((one for one in OF_STATUS if one in granted), case.recognised_status)
    if status == RecognisedStatus.NONE:
        return
    unit_of_work = context.unit_of_work
    seen = case_file(case, None, today=today, referrals=unit_of_work.referrals.of_case(case.id))
    recognised: JsonObject = {**seen, "recognised_status": status}
    variables: JsonObject = {
        "case": recognised,
        "household_status": status,
        "standard": dict(unit_of_work.policy.parameters_on(today)),
    }
    for proposal in _decided(context, ROUTING, variables):
        programme = str(proposal["programme"])
        if proposal["strength"] == "propose" and programme not in granted:
            granted.add(programme)
            yield AidFinding(
                kind="gap",
                programmes=(programme,),
                zh=f"可能应享未享：{proposal['reason']}",
                en=f"Perhaps entitled and not referred: {proposal['reason_en']}",
            )


def _decided(
    context: Context[CaseworkUnitOfWork], decision: str, variables: Mapping[str, JsonValue]
) -> Sequence[JsonObject]:
    """Return the rows that a decision gives."""
    return decided(context, decision, variables) or ()

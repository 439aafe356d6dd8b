"""What a household has: the declaration, raised by what agencies and the survey found. Deductions are a decision's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.json_values import JsonObject, JsonValue
from workflows.casework.agencies import AGENCY_BY_KEY
from workflows.casework.model import ZERO, Case, Member
from workflows.casework.records import AgencyRequest, AnswerStatus, CheckReport, Means, Wage
from workflows.rules.money import round_to_fen

WAGE, PENSION, BENEFITS, OTHER = "wage", "pension", "benefits", "other"
EARNINGS = (WAGE, PENSION, BENEFITS)
"""What a member has of their own; rents and the like (`OTHER`) are the household's."""


def compile_means(case: Case, requests: Sequence[AgencyRequest], survey: Mapping[str, JsonValue]) -> Means:
    """Return the means of the whole household, before any deduction.

    Work, pensions and benefits count for each person at the highest of declaration and agencies: several agencies
    report the same wage, and what one knows of the husband comes on top of what another knows of the wife.
    Rents and the like come on top, at the higher of declaration and finding.
    Deposits are added over agencies and count at the higher of declaration and finding. A finding that needs
    explanation (a car registered to another name) is flagged and not counted.
    """
    answers = [request.answer for request in requests if request.status == AnswerStatus.HIT and request.answer]
    totals = (_number(answer, "monthly_income") for answer in answers if not answer.get("earners"))
    earned = max([sum((_earned(member, answers) for member in case.at_home), ZERO), *totals])
    other = max(_declared_other(case), sum((_number(answer, "other_monthly_income") for answer in answers), ZERO))
    income = earned + other + _number(survey, "extra_monthly_income")
    assets = max(case.household.assets_declared, sum((_number(answer, "assets") for answer in answers), ZERO))
    return Means(
        monthly_income=income,
        income_per_capita=round_to_fen(income / max(len(case.at_home), 1)),
        assets=assets + _number(survey, "extra_assets"),
        has_vehicle=case.household.has_vehicle or any(answer.get("has_vehicle") is True for answer in answers),
        complete=all(request.has_data for request in requests),
        needs_explanation=bool(explanations(requests)),
        stale=any(request.answer.get("stale") is True for request in requests if request.answer),
        wages=tuple(Wage(number=member.number, amount=_wage(member, answers)) for member in case.at_home),
    )


def means_of_one(member: Member, requests: Sequence[AgencyRequest], *, complete: bool) -> Means:
    """Return what one person earns and draws, as the check of the whole household knows it; assets are the household's.

    It is asked only where the check tells what each member has (`tells_of_one`): no income is nobody's in particular.
    """
    answers = [request.answer for request in requests if request.status == AnswerStatus.HIT and request.answer]
    income = _earned(member, answers) + member.person.income.other_monthly_income
    return Means(
        monthly_income=income,
        income_per_capita=round_to_fen(income),
        assets=ZERO,
        has_vehicle=False,
        complete=complete,
        wages=(Wage(number=member.number, amount=_wage(member, answers)),),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundIncome:
    """What agencies and the visit found a month, beside what the file says now."""

    earned: Mapping[tuple[int, str], Decimal]  # by member at home and item of `EARNINGS`, at the highest of both
    wages: Mapping[int, Decimal]
    in_total: Decimal  # what an agency told of the whole household alone
    other: Decimal  # rents and the like, of nobody in particular
    seen: Decimal  # what a visit found on top


def found_income(case: Case, requests: Sequence[AgencyRequest], survey: Mapping[str, JsonValue]) -> FoundIncome:
    """Return what of incomes was found of a household as it is now."""
    answers = [request.answer for request in requests if request.status == AnswerStatus.HIT and request.answer]
    return FoundIncome(
        earned={
            (member.number, item): amount
            for member in case.at_home
            for item, amount in _earnings(member, answers).items()
        },
        wages={member.number: _wage(member, answers) for member in case.at_home},
        in_total=max([ZERO, *(_number(one, "monthly_income") for one in answers if not one.get("earners"))]),
        other=sum((_number(answer, "other_monthly_income") for answer in answers), ZERO),
        seen=_number(survey, "extra_monthly_income"),
    )


def tells_of_one(requests: Sequence[AgencyRequest], survey: Mapping[str, JsonValue]) -> bool:
    """Say whether the check of a household tells what each of its members has.

    It does not where it found income of nobody in particular, or where something is stale or still to be explained.
    """
    answers = [request.answer for request in requests if request.status == AnswerStatus.HIT and request.answer]
    nobodys = any(
        _number(answer, "other_monthly_income") > 0
        or (_number(answer, "monthly_income") > 0 and not answer.get("earners"))
        for answer in answers
    )
    is_stale = any(request.answer.get("stale") is True for request in requests if request.answer)
    return not (nobodys or is_stale or explanations(requests) or _number(survey, "extra_monthly_income") > 0)


def are_checked(case: Case, report: CheckReport | None) -> bool:
    """Say whether what rests on means may be opened: the case is accepted and its newest report concluded."""
    return case.accepted_on is not None and report is not None and report.conclusion is not None


def _earned(member: Member, answers: Sequence[Mapping[str, JsonValue]]) -> Decimal:
    """Return what a person earns and draws a month; an answer in totals only, as the desk enters it, says nothing."""
    return sum(_earnings(member, answers).values(), ZERO)


def _earnings(member: Member, answers: Sequence[Mapping[str, JsonValue]]) -> Mapping[str, Decimal]:
    """Return the same by item."""
    income = member.person.income
    return {
        WAGE: max([income.net_monthly_wage, *_of_person(member, answers, "work")]),
        PENSION: max([income.basic_pension, *_of_person(member, answers, "pension")]),
        BENEFITS: max([ZERO, *_of_person(member, answers, "benefits")]),
    }


def _wage(member: Member, answers: Sequence[Mapping[str, JsonValue]]) -> Decimal:
    return max([member.person.income.net_monthly_wage, *_of_person(member, answers, "wage")])


def _of_person(member: Member, answers: Sequence[Mapping[str, JsonValue]], kind: str) -> list[Decimal]:
    found: list[Decimal] = []
    for answer in answers:
        earners = answer.get("earners")
        if isinstance(earners, list | tuple):
            found.extend(_number(one, kind) for one in earners if one["member"] == member.number)
    return found


def explanations(requests: Sequence[AgencyRequest]) -> tuple[JsonObject, ...]:
    """Return what the household is to explain, by source; a person alive here and cremated there is a matter too."""
    told = [
        {"source": request.agency, **matter}
        for request in requests
        if request.answer and request.has_data
        for matter in request.answer.get("explanations") or _remarks(request.answer)
    ]
    return (*told, *_life_conflicts(requests))


def sources(requests: Sequence[AgencyRequest]) -> tuple[JsonObject, ...]:
    """Return how each source answered."""
    return tuple(
        {
            "agency": request.agency,
            "title": AGENCY_BY_KEY[request.agency].name,
            "number": request.number,
            "status": request.status.value if request.status else None,
            "as_of": request.as_of.isoformat() if request.as_of else None,
            "stale": bool((request.answer or {}).get("stale")),
            "late": request.is_late,
            "by_hand": request.entered_by is not None,
        }
        for request in requests
    )


def report_lines(
    case: Case, requests: Sequence[AgencyRequest], survey: Mapping[str, JsonValue]
) -> tuple[JsonObject, ...]:
    """Return the report's lines: what was declared, what each source found, what is to be explained."""
    return (
        _line("declaration", "monthly_income", _declared_earnings(case) + _declared_other(case)),
        _line("declaration", "assets", case.household.assets_declared),
        _line("declaration", "has_vehicle", case.household.has_vehicle),
        *(line for request in requests for line in _request_lines(request)),
        _line("survey", "monthly_income", _number(survey, "extra_monthly_income")),
        _line("survey", "assets", _number(survey, "extra_assets")),
        *_totals(case, requests, survey),
    )


def _totals(case: Case, requests: Sequence[AgencyRequest], survey: Mapping[str, JsonValue]) -> Iterable[JsonObject]:
    """Return what was declared beside what counts, for each total."""
    means = compile_means(case, requests, survey)
    declared = {
        "monthly_income": _declared_earnings(case) + _declared_other(case),
        "assets": case.household.assets_declared,
        "has_vehicle": case.household.has_vehicle,
    }
    for item, stated in declared.items():
        yield {**_line("total", item, getattr(means, item)), "declared": stated}


def _request_lines(request: AgencyRequest) -> Iterable[JsonObject]:
    agency = AGENCY_BY_KEY[request.agency].name
    answer = request.answer or {}
    if request.status is None or request.status == AnswerStatus.NO_DATA:
        yield {"source": agency, "item": "no_data", "found": None, "remark": request.reason}
    elif request.status == AnswerStatus.NO_HIT:
        yield {"source": agency, "item": "no_hit", "found": None, "remark": None}
    for item in ("monthly_income", "other_monthly_income", "assets", "has_vehicle"):
        if answer.get(item) is not None:
            yield _line(agency, item, answer[item], as_of=request.as_of.isoformat() if request.as_of else None)
    for remark in answer.get("remarks") or ():
        yield {"source": agency, "item": "explanation", "found": None, "remark": remark}


def _remarks(answer: Mapping[str, JsonValue]) -> list[JsonObject]:
    """Return the remarks of an answer that an earlier release read, or a checker typed in."""
    remarks = answer.get("remarks")
    found = [{"code": "remark", "zh": one, "en": one} for one in remarks] if isinstance(remarks, list | tuple) else []
    if not found and answer.get("needs_explanation") is True:
        return [{"code": "remark", "zh": "该来源的答复需说明", "en": "the source's answer is to be explained"}]
    return found


def _life_conflicts(requests: Sequence[AgencyRequest]) -> Iterable[JsonObject]:
    """Return whom one source calls alive and another dead, and whom all call dead: no source is believed unasked."""
    told: dict[int, dict[str, set[str]]] = {}
    for request in requests:
        for entry in (request.answer or {}).get("life") or ():
            told.setdefault(int(entry["member"]), {}).setdefault(entry["state"], set()).add(request.agency)
    for member, states in sorted(told.items()):
        names = {
            state: "、".join(AGENCY_BY_KEY[agency].name for agency in sorted(found)) for state, found in states.items()
        }
        if {"alive", "dead"} <= names.keys():
            yield {
                "source": min(states["dead"]),
                "code": "life_conflict",
                "zh": f"成员{member}生存状态不一致：{names['alive']}显示在世，{names['dead']}显示死亡，需核实",
                "en": f"member {member} is alive to one source and dead to another",
            }
        elif "dead" in names:
            yield {
                "source": min(states["dead"]),
                "code": "dead",
                "zh": f"成员{member}：{names['dead']}显示死亡，需核实",
                "en": f"member {member} is dead to a source",
            }


def _line(source: str, item: str, found: JsonValue, *, as_of: str | None = None) -> JsonObject:
    return {"source": source, "item": item, "found": found, "remark": None, "as_of": as_of}


def _declared_earnings(case: Case) -> Decimal:
    incomes = [member.person.income for member in case.at_home]
    return sum((income.net_monthly_wage + income.basic_pension for income in incomes), ZERO)


def _declared_other(case: Case) -> Decimal:
    return sum((member.person.income.other_monthly_income for member in case.at_home), ZERO)


def _number(values: Mapping[str, JsonValue], name: str) -> Decimal:
    value = values.get(name)
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else ZERO

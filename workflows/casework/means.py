"""What a household has: the declaration, raised by what agencies and the survey found. Deductions are a decision's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from engine.json_values import JsonObject, JsonValue
from workflows.casework.county import AGENCY_BY_KEY
from workflows.casework.model import ZERO, Case
from workflows.casework.records import AgencyRequest, AnswerStatus, Means
from workflows.rules.money import round_to_fen


def compile_means(case: Case, requests: Sequence[AgencyRequest], survey: Mapping[str, JsonValue]) -> Means:
    """Return the means of the whole household, before any deduction.

    Wages and pensions count at the highest of declaration and agencies: several agencies report the same wage.
    Deposits are added over agencies and count at the higher of declaration and finding. A finding that needs
    explanation (a car registered to another name) is flagged and not counted.
    """
    answers = [request.answer for request in requests if request.status == AnswerStatus.HIT and request.answer]
    earned = max([_declared_earnings(case), *(_number(answer, "monthly_income") for answer in answers)])
    other = sum((member.person.income.other_monthly_income for member in case.at_home), ZERO)
    income = earned + other + _number(survey, "extra_monthly_income")
    assets = max(case.household.assets_declared, sum((_number(answer, "assets") for answer in answers), ZERO))
    return Means(
        monthly_income=income,
        income_per_capita=round_to_fen(income / max(len(case.at_home), 1)),
        assets=assets + _number(survey, "extra_assets"),
        has_vehicle=case.household.has_vehicle or any(answer.get("has_vehicle") is True for answer in answers),
        complete=all(request.status in (AnswerStatus.HIT, AnswerStatus.NO_HIT) for request in requests),
        needs_explanation=any(answer.get("needs_explanation") is True for answer in answers),
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
    )


def _request_lines(request: AgencyRequest) -> Iterable[JsonObject]:
    agency = AGENCY_BY_KEY[request.agency].name
    answer = request.answer or {}
    if request.status is None or request.status == AnswerStatus.NO_DATA:
        yield {"source": agency, "item": "no_data", "found": None, "remark": request.reason}
    elif request.status == AnswerStatus.NO_HIT:
        yield {"source": agency, "item": "no_hit", "found": None, "remark": None}
    for item in ("monthly_income", "assets", "has_vehicle"):
        if answer.get(item) is not None:
            yield _line(agency, item, answer[item], as_of=request.as_of.isoformat() if request.as_of else None)
    for remark in answer.get("remarks") or ():
        yield {"source": agency, "item": "explanation", "found": None, "remark": remark}


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

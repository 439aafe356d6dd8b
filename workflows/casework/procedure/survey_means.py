"""What a visit adds to the means check: income and assets seen that nobody declared."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from engine.json_values import JsonObject
from workflows.casework.model import ZERO
from workflows.casework.procedure.model import SurveyRecord
from workflows.casework.records import CheckReport
from workflows.rules.money import round_to_fen

INCOME, ASSETS = "extra_monthly_income", "extra_assets"
SOURCE = "survey"


def counts_already(report: CheckReport, survey: SurveyRecord) -> bool:
    """Tell whether the report holds what the visit found undeclared: the same sums, or both nothing."""
    return all(_number(report.survey, name) == _number(survey.record, name) for name in (INCOME, ASSETS))


def report_with_survey(report: CheckReport, survey: SurveyRecord, *, persons: int) -> CheckReport:
    """Return a report raised by what this visit found, and not by what an earlier visit had found."""
    income = report.means.monthly_income - _number(report.survey, INCOME) + _number(survey.record, INCOME)
    assets = report.means.assets - _number(report.survey, ASSETS) + _number(survey.record, ASSETS)
    means = replace(
        report.means, monthly_income=income, income_per_capita=round_to_fen(income / persons), assets=assets
    )
    kept = tuple(line for line in report.lines if line.get("source") != SOURCE)
    return replace(
        report,
        means=means,
        lines=(*kept, _line("monthly_income", survey, INCOME), _line("assets", survey, ASSETS)),
        survey=survey.record,
        second_survey=survey.confirmation,
    )


def _line(item: str, survey: SurveyRecord, name: str) -> JsonObject:
    found = _number(survey.record, name)
    return {
        "source": SOURCE,
        "item": item,
        "found": found,
        "remark": None,
        "as_of": survey.visited_on.isoformat(),
    }


def _number(record: JsonObject, name: str) -> Decimal:
    value = record.get(name)
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else ZERO

"""Versions of the check report: what is sealed of one, and the report of a row."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal

from sqlalchemy import RowMapping

from engine.json_values import JsonObject
from storage.encryption import CaseSeal
from storage.sealing import open_json
from workflows.casework.records import CheckReport, Means, VerifiedItem, Wage


def report_content(report: CheckReport) -> JsonObject:
    """Return what is sealed of a report."""
    return {
        "means": {name: value for name, value in asdict(report.means).items() if name not in ("stale", "wages")},
        "stale": report.means.stale,  # apart from the means, as wages are: the release before knows no such figures
        "wages": [asdict(one) for one in report.means.wages],
        "lines": list(report.lines),
        "missing": list(report.missing),
        "survey": report.survey,
        "second_survey": report.second_survey,
        "supplement": report.supplement,
        "round": report.round,
        "purpose": report.purpose,
        "trigger": report.trigger,
        "sources": list(report.sources),
        "explanations": list(report.explanations),
        "not_asked": list(report.not_asked),
        "conclusion": report.conclusion,
        "hits": list(report.hits),
        "valid_until": report.valid_until.isoformat() if report.valid_until else None,
        "made_by": report.made_by,
        "verified_items": [list(one) for one in report.verified],
    }


def to_report(row: RowMapping, seal: CaseSeal) -> CheckReport:
    """Return the report of a row; one of an earlier release tells less."""
    content = open_json(seal, row["content_sealed"], where=f"check_report:{row['id']}")
    means = content["means"]
    amounts = {name: Decimal(means[name]) for name in ("monthly_income", "income_per_capita", "assets")}
    valid_until = content.get("valid_until")
    return CheckReport(
        id=row["id"],
        case_id=row["case_id"],
        version=row["version"],
        compiled_at=row["compiled_at"],
        means=Means(**{**means, **amounts}, stale=bool(content.get("stale", False)), wages=_wages(content)),
        lines=tuple(content["lines"]),
        missing=tuple(content["missing"]),
        survey=content["survey"],
        second_survey=content["second_survey"],
        supplement=content["supplement"],
        round=int(content.get("round", 1)),
        purpose=content.get("purpose", "new_application"),
        trigger=content.get("trigger", "check"),
        sources=tuple(content.get("sources", ())),
        explanations=tuple(content.get("explanations", ())),
        not_asked=tuple(int(number) for number in content.get("not_asked", ())),
        conclusion=content.get("conclusion"),
        hits=tuple(content.get("hits", ())),
        valid_until=date.fromisoformat(valid_until) if valid_until else None,
        made_by=content.get("made_by"),
        verified=tuple(VerifiedItem(int(number), str(item)) for number, item in content.get("verified_items", ())),
    )


def _wages(content: JsonObject) -> tuple[Wage, ...]:
    return tuple(Wage(number=int(one["number"]), amount=Decimal(one["amount"])) for one in content.get("wages", ()))

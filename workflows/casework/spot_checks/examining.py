"""What is wrong with an order that is to follow from a finding: told in the form, not as an incident afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.core.texts import Words
from engine.forms import FieldError
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import UserTask
from workflows.casework.county import UNIT_KIND_NAMES
from workflows.casework.days import local_day
from workflows.casework.orders.commands import involved_units
from workflows.casework.orders.telling import answering_group
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import standards_on


def order_of_findings(context: Context[CaseworkUnitOfWork], task: UserTask, values: JsonObject) -> Iterator[FieldError]:
    """The unit has something to do in the case and somebody who can answer, and the term is one an order can have."""
    if values.get("finding_decision") != "order":
        return
    most = standards_on(context.unit_of_work, local_day(context.now())).days("order_days_most")
    days = values.get("working_days")
    if isinstance(days, int | Decimal) and not 1 <= days <= most:
        told = Words(f"应为 1 至 {most} 个工作日", f"1 to {most} working days")
        yield _fault("working_days", Words("办理期限（工作日）", "term in working days"), "order-term", told)
    case, unit = context.unit_of_work.cases.by_number(task.business_key), str(values.get("unit_kind") or "")
    if case is None or unit not in UNIT_KIND_NAMES:
        return
    label = Words("承办单位", "unit")
    if unit not in involved_units(context, case):
        told = Words("该单位没有承办此案件的任何事项；请另选单位", "has nothing to do in the case; choose another")
        yield _fault("unit_kind", label, "order-unit", told)
        return
    notices = context.unit_of_work.procedure.supervision.notices
    if not notices.holders((answering_group(unit),), region=case.region, matter=case.number):
        told = Words("该单位没有可以答复的人员；请另选单位", "has nobody who could answer; choose another unit")
        yield _fault("unit_kind", label, "order-unit", told)


def whole_checklist(_context: Context[CaseworkUnitOfWork], task: UserTask, values: JsonObject) -> Iterator[FieldError]:
    """Every item of the checklist is answered: rows may be left out by whoever sends them without the page."""
    wanted: Any = task.variables.get("checklist") or ()
    given: Any = values.get("checklist") or ()
    answered = [row.get("code") for row in given if row.get("verdict")]
    if answered != [row.get("code") for row in wanted]:
        told = Words(
            f"清单共 {len(wanted)} 项，须逐项填写，现填 {len(answered)} 项",
            f"{len(wanted)} items must be answered, found {len(answered)}",
        )
        yield _fault("checklist", Words("核查清单", "checklist"), "checklist-incomplete", told)


def _fault(key: str, label: Words, code: str, told: Words) -> FieldError:
    return FieldError(path=(key,), key=key, label=label.zh, code=code, message_zh=told.zh, message_en=told.en)

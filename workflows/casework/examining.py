"""What the office's records say of a submission, beyond the rules of its form.

A user task names its examinations in the property `examines`, with commas between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from engine.core.texts import Words
from engine.forms import FieldError
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import UserTask
from workflows.casework.conference.examining import meeting_results, other_unit
from workflows.casework.days import local_day
from workflows.casework.means import are_checked
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.spot_checks.examining import order_of_findings, whole_checklist
from workflows.casework.verification.authorising import consents_on_file, fault_of_day

EXAMINES = "examines"
NEED_FIELDS: Mapping[str, Words] = {
    "added_needs": Words("补充的转办事项", "Referrals to add"),
    "reroute_to": Words("改派到", "Reroute to"),
    "next_need": Words("建议的下一个项目", "Next project"),
}
"""The fields of forms in which a need is chosen."""
Examination = Callable[[Context[CaseworkUnitOfWork], UserTask, JsonObject], Iterator[FieldError]]


def examine(context: Context[Any], task: UserTask, values: JsonObject, /) -> Sequence[FieldError]:
    """Return what is to be corrected, by every examination the task names."""
    named = [one.strip() for one in (task.properties.get(EXAMINES) or "").split(",")]
    return [fault for name in named if name in EXAMINATIONS for fault in EXAMINATIONS[name](context, task, values)]


def kin_accounts(context: Context[CaseworkUnitOfWork], _task: UserTask, values: JsonObject) -> Iterator[FieldError]:
    """Each account named for a relative must exist: a wrong name would bar nobody, and nobody would notice."""
    told = Words("系统中没有这个账号；请核对，不知道账号的留空", "no such account; correct it, or leave it empty")
    rows: Any = values.get("kin") or ()
    for place, row in enumerate(rows):
        login = str(row.get("login") or "").strip()
        if login and not context.unit_of_work.procedure.kin.is_account(login):
            yield _fault(("kin", place, "login"), Words("系统账号", "account"), "unknown-account", told)


def consents(context: Context[CaseworkUnitOfWork], task: UserTask, values: JsonObject) -> Iterator[FieldError]:
    """Each day of signing is one on which the member can have signed: not tomorrow, nor that of a consent now over."""
    case = context.unit_of_work.cases.by_number(task.business_key)
    if case is None:
        return
    kept = consents_on_file(context, case)
    rows: Any = values.get("authorisations") or ()
    for place, row in enumerate(rows):
        if row.get("authorised") != "yes" or not row.get("signed_on"):
            continue
        signed_on, today = date.fromisoformat(row["signed_on"]), local_day(context.now())
        told = fault_of_day(signed_on, person=int(row["number"]), kept=kept, today=today)
        if told is not None:
            at = ("authorisations", place, "signed_on")
            yield _fault(at, Words("签署日期", "signed on"), "consent-day", told)


def means_checked(context: Context[CaseworkUnitOfWork], task: UserTask, values: JsonObject) -> Iterator[FieldError]:
    """What rests on means is chosen only while the check stands concluded: it may have been reopened meanwhile."""
    resting: Any = task.variables.get("resting_on_means") or ()
    titles = {one["need"]: Words(one["title"], one["title_en"]) for one in resting}
    chosen = [(field, titles[need]) for field in NEED_FIELDS for need in _needs(values.get(field)) if need in titles]
    case = context.unit_of_work.cases.by_number(task.business_key) if chosen else None
    if case is None or are_checked(case, context.unit_of_work.cases.check_report(case.id)):
        return
    for field, title in chosen:
        told = Words(
            f"“{title.zh}”依据收入财产，本案现在没有核对结论，不能选；等核对重新得出结论后再办，或者先去掉该项",
            f"{title.en!r} rests on means and the check has no conclusion now; wait for it, or leave this out",
        )
        yield _fault((field,), NEED_FIELDS[field], "means-unchecked", told)


def service_day(context: Context[CaseworkUnitOfWork], task: UserTask, values: JsonObject) -> Iterator[FieldError]:
    """A decision is served from the day it is made until today; the remedies run from that day."""
    case = context.unit_of_work.cases.by_number(task.business_key)
    number, stated = task.variables.get("decision_number"), values.get("served_on")
    decisions = context.unit_of_work.decisions.of_case(case.id) if case else ()
    decision = next((one for one in decisions if one.number == number), None)
    if decision is None or not isinstance(stated, str):
        return
    first, last = local_day(decision.decided_at), local_day(context.now())
    if not first <= date.fromisoformat(stated) <= last:
        told = Words(f"应在 {first}（作出决定）至 {last}（今天）之间", f"from {first} (decided) to {last} (today)")
        yield _fault(("served_on",), Words("送达日期", "served on"), "service-day", told)


def letter_day(context: Context[CaseworkUnitOfWork], task: UserTask, values: JsonObject) -> Iterator[FieldError]:
    """A letter is delivered from the day it is written until today; terms run from that day."""
    written, stated = task.variables.get("written_on"), values.get("delivered_on")
    if not isinstance(written, str) or not isinstance(stated, str):
        return
    first, last = date.fromisoformat(written), local_day(context.now())
    if not first <= date.fromisoformat(stated) <= last:
        told = Words(f"应在 {first}（出具）至 {last}（今天）之间", f"from {first} (written) to {last} (today)")
        yield _fault(("delivered_on",), Words("送达日期", "delivered on"), "letter-day", told)


def delivery_day(context: Context[CaseworkUnitOfWork], task: UserTask, values: JsonObject) -> Iterator[FieldError]:
    """A file is delivered to the bank from the day it is made until today."""
    batch = context.unit_of_work.money.payments.batch_numbered(task.business_key or "")
    stated = values.get("delivered_on")
    if batch is None or batch.sent_at is None or not isinstance(stated, str):
        return
    first, last = local_day(batch.sent_at), local_day(context.now())
    if not first <= date.fromisoformat(stated) <= last:
        told = Words(f"应在 {first}（文件生成）至 {last}（今天）之间", f"from {first} (file made) to {last} (today)")
        yield _fault(("delivered_on",), Words("送交银行日期", "delivered to the bank on"), "delivery-day", told)


def _needs(value: Any) -> Sequence[str]:
    return [value] if isinstance(value, str) else value or ()


def _fault(path: tuple[str | int, ...], label: Words, code: str, told: Words) -> FieldError:
    key = str(path[-1])
    return FieldError(path=path, key=key, label=label.zh, code=code, message_zh=told.zh, message_en=told.en)


EXAMINATIONS: Mapping[str, Examination] = {
    "consents": consents,
    "delivery_day": delivery_day,
    "kin_accounts": kin_accounts,
    "letter_day": letter_day,
    "means_checked": means_checked,
    "meeting_results": meeting_results,
    "order_of_findings": order_of_findings,
    "other_unit": other_unit,
    "service_day": service_day,
    "whole_checklist": whole_checklist,
}

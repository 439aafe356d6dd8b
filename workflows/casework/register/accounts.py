"""Where a household is paid to: an approved change reaches the case, the register, and what the bank sent back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from uuid import UUID

from engine.host import Context
from engine.json_values import JsonObject
from workflows.casework.days import local_day
from workflows.casework.errors import ApplicationError
from workflows.casework.faults import fault, refused
from workflows.casework.model import Account, Case
from workflows.casework.payments.commands import correct
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.register.feeding import paid_to
from workflows.casework.register.history import household_facts, note
from workflows.casework.register.model import EntryAction
from workflows.rules.identity import account_number


def account_errors(account: JsonObject, holders: Collection[str]) -> Iterator[ApplicationError]:
    """Name what is wrong with an account that is asked for; only a member of the household holds it."""
    yield from refused("changes.account.number", lambda: account_number(account["number"]))
    if account["holder"] not in holders:
        yield fault(
            "changes.account.holder",
            "holder-not-a-member",
            "户名须是家庭成员的姓名",
            "The holder must be a member of the household",
        )


def account_facts(case: Case) -> JsonObject:
    """Return where a case is paid to, as a change request keeps it."""
    account = case.account
    kept = {"bank": account.bank, "holder": account.holder, "number": account.number} if account else None
    return {"account": kept}


def pay_case_to(context: Context[CaseworkUnitOfWork], case: Case, account: JsonObject, correction_id: UUID) -> None:
    """Pay a case to another account from the next batch on, and tell the register of its household."""
    correct(context, case, Account(**account))
    households = context.unit_of_work.register.households
    known = households.of_case(case.id)
    household = households.lock(known.id) if known else None
    if household is None or household.forgotten:
        return  # taken over from an earlier system, or of a person whose household is that of another case
    today = local_day(context.now())
    changed = paid_to(household, **account, on=today, source=case.id)
    if changed == household:
        return
    facts = household_facts(household, today)
    note(context, household.id, EntryAction.CORRECTED, correction_id, facts, of_person=False)
    households.save(replace(changed, version=household.version + 1, confirmed_at=context.now()))


def lock_cases(context: Context[CaseworkUnitOfWork], household_id: UUID) -> None:
    """Keep others from changing the cases of a household, before it is locked itself: all take them in this order."""
    for case_id in sorted(context.unit_of_work.register.households.cases_of(household_id)):
        context.unit_of_work.cases.lock(case_id)


def pay_cases_to(context: Context[CaseworkUnitOfWork], household_id: UUID, account: JsonObject) -> None:
    """Pay every case of a household that the holder is a member of to another account from the next batch on."""
    work = context.unit_of_work
    for case_id in work.register.households.cases_of(household_id):
        case = work.cases.get(case_id)
        if case is not None and not case.erased and account["holder"] in holders_of(case):
            correct(context, case, Account(**account))


def holders_of(case: Case) -> frozenset[str]:
    """Return whose account a case may be paid to."""
    return frozenset(one.person.name for one in case.members)

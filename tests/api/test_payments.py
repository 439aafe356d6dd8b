"""The file for the bank and the file that comes back, over HTTP."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from api.services import Services
from engine.host import Context
from engine.model import SYSTEM
from tests.api.applications import application_json
from tests.api.conftest import PASSWORD, Client, content
from workflows.casework.county import COUNTY_REGION
from workflows.casework.days import local_day, month_of
from workflows.casework.model import ZERO, Account
from workflows.casework.payments.commands import attempt_of
from workflows.casework.payments.files import RETURN_COLUMNS, bank_list
from workflows.casework.payments.model import Batch, BatchState, Payment, PaymentKind, PaymentState
from workflows.casework.payments.roster import with_account
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.verification.model import FileEncoding
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.model import Unit

SignIn = Callable[[str], Client]
SUMS = (Decimal(1080), Decimal(560))
ACCOUNT = Account(bank="测试银行", holder="陈建国", number="6200000000000000")


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBatch:
    """A command that leaves a batch at the bank, with a line for each sum, as an approved run does."""

    case_number: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> str:
        payments = context.unit_of_work.money.payments
        month = month_of(local_day(context.now()))
        batch = Batch(
            id=uuid4(),
            number=f"PAY-{month:%Y-%m}",
            month=month,
            region=COUNTY_REGION,
            state=BatchState.SENT,
            created_at=context.now(),
            encoding=FileEncoding.UTF_8.value,
            sent_at=context.now(),
        )
        payments.add_batch(batch)
        lines = [self._line(context, batch, number) for number in range(1, len(SUMS) + 1)]
        for line in lines:
            payments.add(line)
        payments.save(lines)
        payments.add_attempts([attempt_of(one, batch) for one in lines])
        payments.save_batch(replace(batch, checksum=bank_list(batch, lines, FileEncoding.UTF_8).checksum))
        return batch.number

    def _line(self, context: Context[CaseworkUnitOfWork], batch: Batch, number: int) -> Payment:
        case = context.unit_of_work.cases.by_number(self.case_number)
        assert case is not None
        owed = Payment(
            id=uuid4(),
            basis_id=uuid4(),
            month=batch.month,
            kind=PaymentKind.ENTITLEMENT,
            case_id=case.id,
            case_number=case.number,
            region=case.region,
            programme="dibao",
            persons=1,
            base=SUMS[number - 1],
            add_ons=ZERO,
            price_subsidy=ZERO,
            created_at=context.now(),
            state=PaymentState.SENT,
            batch_id=batch.id,
            line=number,
        )
        return with_account(owed, ACCOUNT)


@pytest.fixture
def payer(services: Services, sign_in: SignIn) -> Client:
    """A clerk of finance."""
    unit = Unit(id="finance", kind="finance", name="财政局", name_en="Finance", region=COUNTY_REGION)
    services.engine.execute(CreateUnit(unit=unit), actor=SYSTEM)
    account = CreateAccount(
        login="payer", name="钱进", password=PASSWORD, posts=(("finance", "clerk"),), must_change_password=False
    )
    services.engine.execute(account, actor=SYSTEM)
    return sign_in("payer")


@pytest.fixture
def batch(services: Services, sign_in: SignIn) -> str:
    """The address of a batch that is at the bank."""
    number = content(sign_in("clerk").post("/api/v1/applications", application_json()))["number"]
    return f"/api/v1/payments/batches/{services.engine.execute(SendBatch(case_number=number), actor=SYSTEM)}"


def handed_out(payer: Client, batch: str) -> list[dict[str, str]]:
    answer = content(payer.post(f"{batch}/bank-file"))
    text = base64.b64decode(answer["content"]).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def answered(payer: Client, batch: str, lines: list[dict[str, str]]) -> Any:
    rows = [[one["批次号"], one["序号"], one["付款编号"], one["金额"], "成功", ""] for one in lines]
    text = "\r\n".join(",".join(row) for row in (RETURN_COLUMNS, *rows))
    given = base64.b64encode(text.encode()).decode("ascii")
    return content(payer.post(f"{batch}/returns", {"content": given}))["state"]


@pytest.mark.parametrize(("lines", "state"), [(1, "sent"), (2, "settled")])
def test_a_file_the_bank_answered_is_not_handed_out_again(payer: Client, batch: str, lines: int, state: str) -> None:
    sent = handed_out(payer, batch)
    assert sent == handed_out(payer, batch)
    assert answered(payer, batch, sent[:lines]) == state

    refused = payer.post(f"{batch}/bank-file")
    assert (refused.status_code, refused.json["code"]) == (409, "bank-file-answered")
    assert payer.get(batch).json["batch"]["checksum"] in refused.json["detail"]
    assert len(payer.get(batch).json["lines"]) == len(SUMS)

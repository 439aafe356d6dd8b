"""Applications to test with: the households of the acceptance scenarios, and identity numbers no living person has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from workflows.casework.model import Account, Application, Health, Household, Income, Person

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
DIVISION = "320499"  # never assigned
KUNLUN = "320481001"


def identity(birth: date, *, count: int = 1, division: str = DIVISION) -> str:
    """Return a valid identity number of a test person; an odd count is male."""
    body = f"{division}{birth:%Y%m%d}{count:03d}"
    check = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[check]


FATHER = Person(
    name="陈建国",
    identity_number=identity(date(1986, 3, 2), count=11),
    relation="self",
    phone="19900001234",
    labour_capacity="full",
    employment="employed",
    income=Income(net_monthly_wage=Decimal(2000)),
)
MOTHER = Person(
    name="李秀英",
    identity_number=identity(date(1988, 5, 20), count=22),
    relation="spouse",
    health=Health(serious_illness=True),
)
CHILD = Person(
    name="陈小明",
    identity_number=identity(date(2016, 2, 1), count=33),
    relation="child",
    employment="student",
    school_stage="primary",
    grade=4,
)
HOUSEHOLD = Household(
    address="昆仑街道测试路1号",
    tenure="owned",
    own_area=Decimal(60),
    settlement="town",
    assets_declared=Decimal(9000),
)
ALL_PAPERS = (
    "application_form",
    "identity_papers",
    "authorisation",
    "truth_promise",
    "bank_account",
    "illness_proof",
)


def plain_dibao(**changes: Any) -> Application:
    """Return the application of scenario A1: father with a small wage, mother ill, child at school."""
    application = Application(
        submission_key="test-a1-0001",
        channel="window",
        region=KUNLUN,
        household=HOUSEHOLD,
        members=(FATHER, MOTHER, CHILD),
        needs=("subsistence", "medical", "education"),
        account=Account(bank="测试银行", holder="陈建国", number="6200000000000000"),
        documents=ALL_PAPERS,
    )
    return replace(application, **changes)

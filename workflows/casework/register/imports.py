"""Applications from a spreadsheet: a row a person, rows of one key a household; taken in once, however often sent.

A key that came before with the same rows gives the case it gave then; with other rows it is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from engine.errors import NotPermitted
from engine.host import Context
from engine.operation_errors import IdempotencyConflict
from workflows.casework.circumstances import Proxy
from workflows.casework.commands import SubmitApplication
from workflows.casework.county import TOWN_BY_REGION
from workflows.casework.days import local_day
from workflows.casework.intake import application_errors
from workflows.casework.model import (
    Account,
    Application,
    Channel,
    Household,
    Income,
    LabourCapacity,
    Need,
    Person,
    Relation,
    Settlement,
    Tenure,
)
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.programmes.errors import RowError
from workflows.casework.register.errors import ImportInvalid
from workflows.casework.register.sight import may_ask

KEY, TOWN, NAME, IDENTITY, RELATION, PHONE = "申请编号", "乡镇", "姓名", "身份证号", "与申请人关系", "手机号"
ADDRESS, DIVISION, TENURE, SETTLEMENT, NEEDS = "住址", "村居代码", "住房", "城乡", "救助需求"
WAGE, OTHER_INCOME, CAPACITY, ASSETS = "月工资", "其他月收入", "劳动能力", "家庭财产"
BANK, HOLDER, ACCOUNT = "开户银行", "户名", "账号"
PROXY, PROXY_PHONE, VILLAGE, MANDATE, MANDATED_ON = "代办人", "代办人手机号", "代办村居", "委托书", "委托日期"
COLUMNS = (
    *(KEY, TOWN, NAME, IDENTITY, RELATION, PHONE, ADDRESS, DIVISION, TENURE, SETTLEMENT, NEEDS),
    *(WAGE, OTHER_INCOME, CAPACITY, ASSETS, BANK, HOLDER, ACCOUNT),
    *(PROXY, PROXY_PHONE, VILLAGE, MANDATE, MANDATED_ON),
)
"""The head of the template, in order; what is about the household is read from the applicant's row."""

RELATIONS = {"本人": "self", "配偶": "spouse", "子女": "child", "父母": "parent", "其他": "other"}
TENURES = {"自有": "owned", "租住": "rented", "借住": "borrowed"}
SETTLEMENTS = {"城镇": "town", "农村": "village"}
CAPACITIES = {"有": "full", "部分": "partial", "无": "none", "": "none"}
NEED_WORDS = {
    "生活": "subsistence",
    "医疗": "medical",
    "教育": "education",
    "住房": "housing",
    "就业": "employment",
    "残疾": "disability",
    "供养": "care",
    "大额支出": "large_bill",
}
MOST_FAMILIES = 300
MONEY = (WAGE, OTHER_INCOME, ASSETS)

Cells = Mapping[str, str]
Rows = Sequence[tuple[int, Cells]]

_COLUMN_OF = {
    "region": TOWN,
    "needs": NEEDS,
    "household.address": ADDRESS,
    "household.division": DIVISION,
    "household.tenure": TENURE,
    "household.settlement": SETTLEMENT,
    "household.assets_declared": ASSETS,
    "account.number": ACCOUNT,
    "account.bank": BANK,
    "account.holder": HOLDER,
    "proxy": PROXY,
    "proxy.name": PROXY,
    "proxy.phone": PROXY_PHONE,
    "proxy.organisation": VILLAGE,
    "proxy.mandate": MANDATE,
    "proxy.mandated_on": MANDATED_ON,
    "name": NAME,
    "identity_number": IDENTITY,
    "phone": PHONE,
    "relation": RELATION,
    "labour_capacity": CAPACITY,
    "net_monthly_wage": WAGE,
    "other_monthly_income": OTHER_INCOME,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """An application of the spreadsheet that has a case; `is_new` says whether this import opened it."""

    key: str
    row: int
    case_number: str
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What came of a spreadsheet; rows with errors were left out."""

    imported: Sequence[Imported]
    errors: Sequence[RowError]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportApplications:
    """Take in the applications of a spreadsheet: all or nothing, or those without errors.

    Raises:
        ImportInvalid: there are errors, and all or nothing was asked for; nothing is kept.
        NotPermitted: the actor takes in nothing for one of the towns.
    """

    rows: Rows
    good_rows_only: bool

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ImportResult:
        """Check all, then take in what may be taken in."""
        today = local_day(context.now())
        errors: list[RowError] = list(_sheet_errors(self.rows))
        good: list[tuple[str, int, Application]] = []
        for key, rows in ({} if errors else _by_key(self.rows)).items():
            found, application = self._checked(context, key, rows, today)
            errors.extend(found)
            if application is not None and not found:
                good.append((key, rows[0][0], application))
        errors.sort(key=lambda one: one.row)
        if errors and not (self.good_rows_only and good):
            raise ImportInvalid(errors)
        return ImportResult(imported=[self._taken_in(context, *one) for one in good], errors=errors)

    def _checked(
        self, context: Context[CaseworkUnitOfWork], key: str, rows: Rows, today: date
    ) -> tuple[list[RowError], Application | None]:
        errors = [error for number, cells in rows for error in _cell_errors(number, cells)]
        if errors:
            return errors, None
        application = _application(key, rows)
        if application.region in TOWN_BY_REGION and not may_ask(context.actor, application.region):
            raise NotPermitted("登记救助申请", "clerk、administrator")
        errors = [
            RowError(row=_row_of(one.path, rows), column=_column_of(one.path), zh=one.zh, en=one.en)
            for one in application_errors(application, today=today)
        ]
        known = context.unit_of_work.cases.by_submission_key(application.submission_key)
        if known is not None and known.submission_digest != application.digest:
            text = IdempotencyConflict(key)
            errors.append(RowError(row=rows[0][0], column=KEY, zh=text.text("zh"), en=text.text("en")))
        return errors, application

    def _taken_in(self, context: Context[CaseworkUnitOfWork], key: str, row: int, application: Application) -> Imported:
        known = context.unit_of_work.cases.by_submission_key(application.submission_key)
        case = known or SubmitApplication(application=application).execute(context)
        return Imported(key=key, row=row, case_number=case.number, is_new=known is None)


def _sheet_errors(rows: Rows) -> Iterator[RowError]:
    if not rows:
        yield RowError(row=1, column="—", zh="表中没有数据行", en="no line of data")
    if len(_by_key(rows)) > MOST_FAMILIES:
        yield RowError(
            row=1,
            column=KEY,
            zh=f"一次最多导入 {MOST_FAMILIES} 户，请分批导入",
            en=f"at most {MOST_FAMILIES} households at once; split the sheet",
        )


def _by_key(rows: Rows) -> dict[str, list[tuple[int, Cells]]]:
    households: dict[str, list[tuple[int, Cells]]] = {}
    for number, cells in rows:
        households.setdefault(cells[KEY], []).append((number, cells))
    return households


def _cell_errors(number: int, cells: Cells) -> Iterator[RowError]:
    for column, zh, en in _objections(cells):
        yield RowError(row=number, column=column, zh=zh, en=en)


def _objections(cells: Cells) -> Iterator[tuple[str, str, str]]:
    if not cells[KEY].isascii() or not 0 < len(cells[KEY]) <= 60 or not cells[KEY].replace("-", "").isalnum():
        yield KEY, "须为1至60位字母、数字或短横线", "1 to 60 letters, digits or dashes are needed"
    is_applicant = cells[RELATION] == "本人"
    choices = {RELATION: RELATIONS, CAPACITY: CAPACITIES}
    if is_applicant:
        choices |= {TENURE: TENURES, SETTLEMENT: SETTLEMENTS}
    for column, words in choices.items():
        if cells[column] not in words:
            known = "、".join(one for one in words if one)
            yield column, f"应为下列之一：{known}", f"one of these is needed: {known}"
    for column in MONEY:
        if cells[column] and _sum(cells[column]) is None:
            yield column, "不是数字", "no number"
    if is_applicant:
        for one in _needs(cells):
            if one not in NEED_WORDS:
                known = "、".join(NEED_WORDS)
                yield NEEDS, f"“{one[:20]}”不是救助需求，应为：{known}", f"no need; one of these: {known}"
    if cells[MANDATED_ON] and _day(cells[MANDATED_ON]) is None:
        yield MANDATED_ON, "须为 2026-09-14 这样的日期", "must be a day like 2026-09-14"


def _application(key: str, rows: Rows) -> Application:
    head = next((cells for _, cells in rows if cells[RELATION] == "本人"), rows[0][1])
    proxy = _proxy(head)
    return Application(
        submission_key=f"import:{_region(head[TOWN])}:{key}",
        channel=Channel.WINDOW if proxy is None else Channel.VILLAGE if proxy.organisation else Channel.PROXY,
        region=_region(head[TOWN]),
        household=Household(
            address=head[ADDRESS],
            division=head[DIVISION],
            tenure=TENURES.get(head[TENURE], Tenure.OWNED.value),
            own_area=Decimal(0),
            settlement=SETTLEMENTS.get(head[SETTLEMENT], Settlement.TOWN.value),
            assets_declared=_sum(head[ASSETS]) or Decimal(0),
        ),
        members=tuple(_person(cells) for _, cells in rows),
        needs=tuple(dict.fromkeys(Need(NEED_WORDS[one]).value for one in _needs(head) if one in NEED_WORDS)),
        account=Account(bank=head[BANK], holder=head[HOLDER], number=head[ACCOUNT]) if head[ACCOUNT] else None,
        proxy=proxy,
    )


def _person(cells: Cells) -> Person:
    income = Income(
        net_monthly_wage=_sum(cells[WAGE]) or Decimal(0), other_monthly_income=_sum(cells[OTHER_INCOME]) or Decimal(0)
    )
    return Person(
        name=cells[NAME],
        identity_number=cells[IDENTITY],
        relation=RELATIONS.get(cells[RELATION], Relation.OTHER.value),
        phone=cells[PHONE],
        labour_capacity=CAPACITIES.get(cells[CAPACITY], LabourCapacity.NONE.value),
        income=income,
    )


def _proxy(cells: Cells) -> Proxy | None:
    if not cells[PROXY]:
        return None
    return Proxy(
        name=cells[PROXY],
        phone=cells[PROXY_PHONE],
        organisation=cells[VILLAGE],
        mandate=cells[MANDATE],
        mandated_on=_day(cells[MANDATED_ON]) or date.max,  # none given: refused as a day to come
    )


def _region(town: str) -> str:
    """Return the code of a town given by code or name."""
    return next((one.region for one in TOWN_BY_REGION.values() if town == one.name), town)


def _needs(cells: Cells) -> list[str]:
    return [one.strip() for one in cells[NEEDS].replace(",", "、").replace("，", "、").split("、") if one.strip()]


def _sum(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _row_of(path: str, rows: Rows) -> int:
    """Return the row a fault of the application stands in: of a member its own, else the applicant's."""
    if path.startswith("members["):
        return rows[int(path[len("members[") : path.index("]")])][0]
    return next((number for number, cells in rows if cells[RELATION] == "本人"), rows[0][0])


def _column_of(path: str) -> str:
    if path == "members":
        return RELATION
    plain = path.partition("].")[2] if path.startswith("members[") else path
    if path.startswith("members[") and not plain:
        return IDENTITY
    return _COLUMN_OF.get(plain.partition("[")[0], KEY)

"""What makes an application acceptable to the register: pure checks, every fault named at its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal

from workflows.casework.circumstance_checks import circumstance_errors
from workflows.casework.circumstances import DisabilityCard
from workflows.casework.county import TOWN_BY_REGION
from workflows.casework.errors import ApplicationError
from workflows.casework.faults import amount_out_of_range, fault, refused, unknown_choice, unknown_choices
from workflows.casework.model import (
    Account,
    Application,
    Channel,
    DisabilityKind,
    DocumentKind,
    Employment,
    Health,
    Household,
    LabourCapacity,
    Member,
    Need,
    Person,
    Presence,
    RecognisedStatus,
    Relation,
    SchoolStage,
    Settlement,
    Tenure,
)
from workflows.casework.register.divisions import division_state, plain_division
from workflows.rules.disability_card import card_number
from workflows.rules.errors import RuleError
from workflows.rules.identity import account_number, identity_number, mobile_number

LARGEST_HOUSEHOLD = 30
OLDEST_AGE = 130
LONGEST_ON_THE_WAY = timedelta(days=366)  # an application older than this is another one
LARGEST_SUM = Decimal("1e9")
LARGEST_AREA = Decimal(10_000)
LARGEST_GRADE = {
    SchoolStage.PRIMARY: 6,
    SchoolStage.JUNIOR: 9,
    SchoolStage.SENIOR: 3,
    SchoolStage.COLLEGE: 8,
    SchoolStage.NURSERY: 4,
}
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·A-Za-z .]{2,50}")
_KEY = re.compile(r"[A-Za-z0-9_.:-]{8,100}")


def application_errors(application: Application, *, today: date) -> tuple[ApplicationError, ...]:
    """Return everything that is wrong with an application, in the order of its fields; empty when it is right."""
    return (
        *_heading_errors(application, today),
        *_household_errors(application.household),
        *_membership_errors(application.members),
        *(
            error
            for index, person in enumerate(application.members)
            for error in _person_errors(person, f"members[{index}]", today)
        ),
        *_account_errors(application),
        *circumstance_errors(application, today),
        *_proxy_errors(application, today),
    )


def is_name(text: str) -> bool:
    """Say whether a text can be a person's name."""
    return _NAME.fullmatch(text.strip()) is not None


def members_of(application: Application) -> tuple[Member, ...]:
    """Return the members of a valid application with what their identity numbers state, numbers in plain form."""
    return tuple(_member(number, person) for number, person in enumerate(application.members, start=1))


def _member(number: int, person: Person) -> Member:
    identity = identity_number(person.identity_number)
    return Member(
        number=number,
        person=Person(
            name=person.name.strip(),
            identity_number=identity.text,
            relation=person.relation,
            phone=mobile_number(person.phone) if person.phone else "",
            labour_capacity=person.labour_capacity,
            employment=person.employment,
            income=person.income,
            school_stage=person.school_stage,
            grade=person.grade,
            health=person.health,
            presence=person.presence,
            card=_plain_card(person, identity.text),
            failed_self_care=person.failed_self_care,
        ),
        birth_date=identity.birth_date,
        sex=identity.sex,
    )


def _plain_card(person: Person, identity: str) -> DisabilityCard | None:
    if person.card is None:
        return None
    health = person.health
    number = card_number(
        person.card.number, identity=identity, kind=health.disability_kind, level=health.disability_level
    )
    return DisabilityCard(number=number, expires_on=person.card.expires_on)


def _heading_errors(application: Application, today: date) -> Iterator[ApplicationError]:
    if not _KEY.fullmatch(application.submission_key):
        yield fault(
            "submission_key",
            "submission-key-malformed",
            "提交标识应为8至100位字母、数字或 _.:- 组成",
            "The submission key must be 8 to 100 letters, digits or _.:-",
        )
    if application.region not in TOWN_BY_REGION:
        yield fault(
            "region",
            "region-unknown",
            "应为本市街道或镇的9位区划代码",
            "A nine-digit code of one of the county's towns is needed",
        )
    yield from unknown_choice("channel", application.channel, Channel)
    yield from unknown_choice("recognised_status", application.recognised_status, RecognisedStatus)
    if not application.needs:
        yield fault("needs", "needs-missing", "请至少选择一项救助需求", "Name at least one need")
    yield from unknown_choices("needs", application.needs, Need)
    yield from unknown_choices("documents", application.documents, DocumentKind)
    if application.received_on is not None and application.received_on > today:
        yield fault(
            "received_on", "date-in-future", "申请日期不能晚于今天", "The day of application cannot lie after today"
        )
    if application.received_on is not None and application.received_on < today - LONGEST_ON_THE_WAY:
        yield fault(
            "received_on",
            "date-too-old",
            "申请日期不能早于一年前",
            "The day of application cannot lie more than a year back",
        )


def _household_errors(household: Household) -> Iterator[ApplicationError]:
    if household.division:
        yield from refused("household.division", lambda: division_state(plain_division(household.division)))
    if not household.address.strip():
        yield fault("household.address", "address-missing", "请填写居住地址", "Enter the address")
    yield from unknown_choice("household.tenure", household.tenure, Tenure)
    yield from unknown_choice("household.settlement", household.settlement, Settlement)
    yield from amount_out_of_range("household.own_area", household.own_area, LARGEST_AREA)
    yield from amount_out_of_range("household.monthly_rent", household.monthly_rent, LARGEST_SUM)
    yield from amount_out_of_range("household.assets_declared", household.assets_declared, LARGEST_SUM)
    for kind, amount in asdict(household.yearly_spending).items():
        yield from amount_out_of_range(f"household.yearly_spending.{kind}", amount, LARGEST_SUM)


def _membership_errors(members: tuple[Person, ...]) -> Iterator[ApplicationError]:
    applicants = sum(person.relation == Relation.SELF for person in members)
    if applicants != 1:
        yield fault(
            "members",
            "applicant-not-single",
            f"家庭成员中应有且只有一名申请人本人（relation 为 self）,现有 {applicants} 名",
            f"Exactly one member must be the applicant (relation 'self'); {applicants} were found",
        )
    if len(members) > LARGEST_HOUSEHOLD:
        yield fault(
            "members",
            "household-too-large",
            f"一份申请最多 {LARGEST_HOUSEHOLD} 名成员",
            f"An application holds up to {LARGEST_HOUSEHOLD} members",
        )
    if sum(person.relation == Relation.SPOUSE for person in members) > 1:
        yield fault("members", "spouse-not-single", "配偶只能有一名", "There can be one spouse only")
    counted = Counter(_normalised(person.identity_number) for person in members)
    for index, person in enumerate(members):
        if counted[_normalised(person.identity_number)] > 1:
            yield fault(
                f"members[{index}].identity_number",
                "identity-number-repeated",
                "同一身份号码在家庭成员中出现多次",
                "The same identity number stands at more than one member",
            )


def _person_errors(person: Person, path: str, today: date) -> Iterator[ApplicationError]:
    if not is_name(person.name):
        yield fault(f"{path}.name", "name-malformed", "姓名应为2至50个字", "A name of 2 to 50 characters is needed")
    yield from _identity_errors(person, f"{path}.identity_number", today)
    if person.phone:
        yield from refused(f"{path}.phone", lambda: mobile_number(person.phone))
    elif person.relation == Relation.SELF:
        yield fault(f"{path}.phone", "phone-missing", "请填写申请人手机号码", "Enter the applicant's mobile number")
    yield from unknown_choice(f"{path}.relation", person.relation, Relation)
    yield from unknown_choice(f"{path}.labour_capacity", person.labour_capacity, LabourCapacity)
    yield from unknown_choice(f"{path}.presence", person.presence, Presence)
    if person.relation == Relation.SELF and person.presence == Presence.DECEASED:
        yield fault(f"{path}.presence", "applicant-deceased", "申请人不能是已故人员", "Who applies cannot be deceased")
    yield from unknown_choice(f"{path}.employment", person.employment, Employment)
    yield from amount_out_of_range(f"{path}.net_monthly_wage", person.income.net_monthly_wage, LARGEST_SUM)
    yield from amount_out_of_range(f"{path}.other_monthly_income", person.income.other_monthly_income, LARGEST_SUM)
    yield from amount_out_of_range(f"{path}.basic_pension", person.income.basic_pension, LARGEST_SUM)
    yield from _school_errors(person, path)
    yield from _health_errors(person.health, path)


def _identity_errors(person: Person, path: str, today: date) -> Iterator[ApplicationError]:
    yield from refused(path, lambda: identity_number(person.identity_number))
    try:
        birth_date = identity_number(person.identity_number).birth_date
    except RuleError:
        return
    if birth_date > today:
        yield fault(path, "birth-in-future", "出生日期晚于今天", "The birth date lies after today")
    elif birth_date.year < today.year - OLDEST_AGE:
        yield fault(
            path, "birth-too-early", f"按此号码已超过{OLDEST_AGE}岁", f"Nobody is older than {OLDEST_AGE} years"
        )


def _school_errors(person: Person, path: str) -> Iterator[ApplicationError]:
    yield from unknown_choice(f"{path}.school_stage", person.school_stage, SchoolStage)
    largest = LARGEST_GRADE.get(SchoolStage(person.school_stage), 0) if person.school_stage in set(SchoolStage) else 0
    if person.grade is not None and not 1 <= person.grade <= largest:
        yield fault(
            f"{path}.grade",
            "grade-out-of-range",
            f"该学段年级应为1至{largest}" if largest else "未就学的成员不填写年级",
            f"A grade of 1 to {largest} is needed" if largest else "Who attends no school has no grade",
        )


def _health_errors(health: Health, path: str) -> Iterator[ApplicationError]:
    yield from unknown_choice(f"{path}.disability_kind", health.disability_kind, DisabilityKind)
    if not 0 <= health.disability_level <= 4:
        yield fault(
            f"{path}.disability_level",
            "disability-level-out-of-range",
            "残疾等级应为1至4级，无残疾填0",
            "A disability level of 1 to 4, or 0 for none, is needed",
        )
    elif (health.disability_level == 0) != (health.disability_kind == DisabilityKind.NONE):
        yield fault(
            f"{path}.disability_level",
            "disability-incomplete",
            "残疾类别与等级应同时填写",
            "Kind and level of a disability go together",
        )


def _account_errors(application: Application) -> Iterator[ApplicationError]:
    account: Account | None = application.account
    if account is None:
        return
    yield from refused("account.number", lambda: account_number(account.number))
    if not account.bank.strip():
        yield fault("account.bank", "bank-missing", "请填写开户银行", "Enter the bank")
    if account.holder.strip() not in {person.name.strip() for person in application.members}:
        yield fault(
            "account.holder",
            "holder-not-a-member",
            "账户户名应为家庭成员之一",
            "The account's holder must be a member of the household",
        )


def _proxy_errors(application: Application, today: date) -> Iterator[ApplicationError]:
    """Who hands in for a household needs its mandate (委托代办); a village helper is one of them."""
    proxy = application.proxy
    if proxy is None:
        if application.channel in (Channel.VILLAGE, Channel.PROXY):
            yield fault(
                "proxy",
                "mandate-missing",
                "村（社区）代办或他人代办的申请，须登记代办人和委托书",
                "An application handed in by a village or another proxy needs the proxy and the household's mandate",
            )
        return
    if not is_name(proxy.name):
        yield fault("proxy.name", "name-malformed", "姓名应为2至50个字", "A name of 2 to 50 characters is needed")
    yield from refused("proxy.phone", lambda: mobile_number(proxy.phone))
    if not proxy.mandate.strip():
        yield fault("proxy.mandate", "mandate-missing", "请填写委托书编号或存放处", "Say where the signed mandate is")
    if application.channel == Channel.VILLAGE and not proxy.organisation.strip():
        yield fault(
            "proxy.organisation",
            "organisation-missing",
            "请填写代办的村（居）民委员会",
            "Name the village or community committee",
        )
    if proxy.mandated_on > today:
        yield fault(
            "proxy.mandated_on", "date-in-future", "委托日期不能晚于今天", "The mandate cannot be of a later day"
        )


def _normalised(number: str) -> str:
    return re.sub(r"\s", "", number).upper()

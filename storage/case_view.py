"""One case put together from its tables, as far as the actor may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Table, select

from engine.json_values import JsonObject
from engine.model import Actor
from storage.benefits import SqlCaseLinks, SqlRecognitions, benefits_of
from storage.case_files import to_case
from storage.casework import to_agency_request
from storage.check_reports import to_report
from storage.decisions import SqlDecisions
from storage.encryption import ERASED, CaseSeal, KeyRing
from storage.programmes import read_shares, to_pause
from storage.referral_clocks import acknowledged_at
from storage.rows import to_value
from storage.tables import casework as tables
from storage.tables import programmes as units
from storage.tables.engine import user_task
from workflows.casework.benefits.recognition import LinkedCase
from workflows.casework.county import MEDICAL, UNIT_KIND_NAMES
from workflows.casework.days import local_day
from workflows.casework.elements import FIRST_SURVEY, SECOND_SURVEY
from workflows.casework.model import Account, Case, Household, Member
from workflows.casework.programmes.model import ReferralPause
from workflows.casework.queries import (
    AccountView,
    CaseSummary,
    CaseView,
    HouseholdView,
    MemberView,
    ReferralView,
)
from workflows.casework.records import (
    AgencyRequest,
    CheckReport,
    CorrectionNotice,
    Notice,
    PublicNotice,
    Referral,
    ReferralState,
    Survey,
)
from workflows.casework.sight import is_purpose_limited, unit_kinds
from workflows.casework.trail import Records, trail
from workflows.rules.identity import age_on
from workflows.rules.masks import masked_account, masked_identity_number, masked_phone

Record = TypeVar("Record")


def case_view(connection: Connection, keys: KeyRing, summary: CaseSummary, *, actor: Actor, now: datetime) -> CaseView:
    """Return everything of a case that the actor may see; that it may see the case at all is known already."""
    reader = _Reader(connection, keys, summary.id)
    records, work = reader.records(), reader.unit_work()
    kinds = unit_kinds(actor, summary.region)
    limited = is_purpose_limited(actor, summary.region)
    if limited:
        records = _for_purpose(records, kinds)
        work = work.of({one.id for one in records.referrals if one.unit_kind in kinds})
    case = records.case
    own = [fact for one in records.referrals for fact in work.shares.get(one.id, ())]
    sight = _Sight(limited=limited, medical=MEDICAL in kinds, told=frozenset(str(fact["fact"]) for fact in own))
    return CaseView(
        summary=summary,
        household=_household(case.household, sight),
        members=[_member(member, sight, today=local_day(now)) for member in case.members],
        account=None if limited or case.account is None else _account(case.account),
        documents=case.documents,
        remark=case.remark,
        receipt_number=case.receipt_number,
        declined_reason=case.declined_reason,
        outcome=case.outcome,
        correction=records.correction,
        agency_requests=records.agency_requests,
        surveys=records.surveys,
        check_report=records.check_report,
        referrals=[_referral(referral, now, work) for referral in records.referrals],
        notices=records.notices,
        public_notices=records.public_notices,
        benefits=records.benefits,
        recognitions=records.recognitions,
        decisions=records.decisions,
        linked_cases=records.linked_cases,
        trail=trail(records),
        purpose_limited=limited,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sight:
    """What the actor may see of persons and dwelling: everything, or what its unit was told."""

    limited: bool
    medical: bool
    told: frozenset[str]

    def sees(self, *facts: str) -> bool:
        """Say whether one of these facts was told."""
        return not self.limited or not self.told.isdisjoint(facts)


def _household(home: Household, sight: _Sight) -> HouseholdView:
    dwelling, limited = sight.sees("dwelling"), sight.limited
    return HouseholdView(
        address=home.address,
        tenure=home.tenure if dwelling else None,
        own_area=home.own_area if dwelling else None,
        settlement=home.settlement if dwelling else None,
        dangerous_dwelling=home.dangerous_dwelling if dwelling else None,
        monthly_rent=home.monthly_rent if dwelling else None,
        assets_declared=None if limited else home.assets_declared,
        has_vehicle=None if limited else home.has_vehicle,
        yearly_spending=None if limited else home.yearly_spending,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _UnitWork:
    """What units were told of a case, by referral, and what they asked."""

    shares: Mapping[UUID, Sequence[JsonObject]]
    pauses: Sequence[ReferralPause]

    def of(self, referrals: AbstractSet[UUID]) -> _UnitWork:
        """Return what belongs to these referrals."""
        return _UnitWork(
            shares={one: facts for one, facts in self.shares.items() if one in referrals},
            pauses=[pause for pause in self.pauses if pause.referral_id in referrals],
        )


class _Reader:
    """Reads everything that gathered in one case file."""

    def __init__(self, connection: Connection, keys: KeyRing, case_id: UUID) -> None:
        self._connection = connection
        self._keys = keys
        self._case_id = case_id

    def records(self) -> Records:
        row = self._connection.execute(select(tables.case_file).where(tables.case_file.c.id == self._case_id))
        found = row.mappings().one()
        seal = self._keys.seal(found["wrapped_key"]) if found["wrapped_key"] else None
        case = to_case(found, self._rows(tables.member, tables.member.c.number), self._keys)
        return Records(
            case=case,
            correction=self._correction(),
            agency_requests=self._agency_requests(seal),
            surveys=self._surveys(case),
            check_report=self._check_report(seal),
            referrals=self._referrals(),
            notices=self._all(Notice, tables.notice, tables.notice.c.written_at),
            public_notices=self._all(PublicNotice, tables.public_notice, tables.public_notice.c.prepared_at),
            benefits=benefits_of(self._connection, self._rows(tables.benefit, tables.benefit.c.granted_at)),
            recognitions=SqlRecognitions(self._connection).of_case(self._case_id),
            decisions=SqlDecisions(self._connection, self._keys).of_case(self._case_id),
            linked_cases=self._linked_cases(),
        )

    def unit_work(self) -> _UnitWork:
        """Return what units were told and asked."""
        statement = select(tables.case_file.c.wrapped_key).where(tables.case_file.c.id == self._case_id)
        wrapped = self._connection.execute(statement).scalar_one()
        if wrapped is None:
            return _UnitWork(shares={}, pauses=())
        seal = self._keys.seal(wrapped)
        shares = read_shares(self._rows(units.referral_share, units.referral_share.c.sent_at), seal)
        pauses = self._rows(units.referral_pause, units.referral_pause.c.asked_at)
        return _UnitWork(
            shares={one.referral_id: one.facts for one in shares}, pauses=[to_pause(row, seal) for row in pauses]
        )

    def _rows(self, table: Table, order: Any) -> Sequence[RowMapping]:
        statement = select(table).where(table.c.case_id == self._case_id).order_by(order)
        return self._connection.execute(statement).mappings().all()

    def _all(self, kind: type[Record], table: Table, order: Any) -> list[Record]:
        return [to_value(kind, row) for row in self._rows(table, order)]

    def _correction(self) -> CorrectionNotice | None:
        rows = self._rows(tables.correction_notice, tables.correction_notice.c.round.desc())
        return to_value(CorrectionNotice, rows[0]) if rows else None

    def _agency_requests(self, seal: CaseSeal | None) -> list[AgencyRequest]:
        rows = self._rows(tables.agency_request, tables.agency_request.c.agency)
        return [to_agency_request(row, seal) for row in rows] if seal else []

    def _check_report(self, seal: CaseSeal | None) -> CheckReport | None:
        rows = self._rows(tables.check_report, tables.check_report.c.version.desc())
        return to_report(rows[0], seal) if rows and seal else None

    def _referrals(self) -> list[Referral]:
        statement = (
            select(tables.referral, acknowledged_at().label("acknowledged_at"))
            .where(tables.referral.c.case_id == self._case_id)
            .order_by(tables.referral.c.number)
        )
        return [_taken_on(to_value(Referral, row)) for row in self._connection.execute(statement).mappings()]

    def _linked_cases(self) -> list[LinkedCase]:
        links = SqlCaseLinks(self._connection).of_case(self._case_id)
        others = [one.linked_case_id if one.case_id == self._case_id else one.case_id for one in links]
        statement = select(tables.case_file.c.id, tables.case_file.c.number).where(tables.case_file.c.id.in_(others))
        numbers = {row.id: row.number for row in self._connection.execute(statement)}
        return [
            LinkedCase(
                number=numbers[other], kind=one.kind, member=one.member, is_origin=one.linked_case_id == self._case_id
            )
            for one, other in zip(links, others, strict=True)
        ]

    def _surveys(self, case: Case) -> list[Survey]:
        columns = user_task.c
        statement = (
            select(columns.element_id, columns.completed_by, columns.completed_at)
            .where(
                columns.business_key == case.number,
                columns.element_id.in_((FIRST_SURVEY, SECOND_SURVEY)),
                columns.state == "completed",
            )
            .order_by(columns.completed_at)
        )
        return [
            Survey(surveyor=row.completed_by, recorded_at=row.completed_at, confirmed=row.element_id == SECOND_SURVEY)
            for row in self._connection.execute(statement)
        ]


def _taken_on(referral: Referral) -> Referral:
    if referral.acknowledged_at and referral.state == ReferralState.SENT:
        return replace(referral, state=ReferralState.ACKNOWLEDGED)
    return referral


def _for_purpose(records: Records, kinds: frozenset[str]) -> Records:
    own = [referral for referral in records.referrals if referral.unit_kind in kinds]
    ids = {referral.id for referral in own}
    return replace(
        records,
        correction=None,
        agency_requests=(),
        surveys=(),
        check_report=None,
        referrals=[*own, *_passed_on(records.referrals, kinds)],
        notices=[notice for notice in records.notices if notice.referral_id in ids],
        public_notices=[notice for notice in records.public_notices if notice.referral_id in ids],
        benefits=[benefit for benefit in records.benefits if benefit.referral_id in ids],
        decisions=[replace(one, trace=(), calculation="") for one in records.decisions if one.referral_id in ids],
        linked_cases=(),
    )


def _passed_on(referrals: Sequence[Referral], kinds: frozenset[str]) -> list[Referral]:
    """Return what these units referred to others on their way: where it goes and how it stands, not what was found."""
    found = [one for one in referrals if one.referring_unit in kinds and one.unit_kind not in kinds]
    return [_untold(one) for one in found]


def _untold(referral: Referral) -> Referral:
    return replace(
        referral,
        result=None,
        outcome=None,
        amount=None,
        amount_period=None,
        outcome_reason=None,
        aid_until=None,
    )


def _member(member: Member, sight: _Sight, *, today: date) -> MemberView:
    person = member.person
    erased = person.identity_number == ERASED
    return MemberView(
        number=member.number,
        name=person.name,
        identity_number=ERASED if erased else masked_identity_number(person.identity_number),
        phone=ERASED if erased else masked_phone(person.phone),
        relation=person.relation,
        age=age_on(member.birth_date, today),
        sex=member.sex,
        labour_capacity=person.labour_capacity if sight.sees("jobseekers") else None,
        employment=person.employment if sight.sees("jobseekers", "workers") else None,
        school_stage=person.school_stage if sight.sees("pupils") else None,
        grade=person.grade if sight.sees("pupils") else None,
        authorised_on=member.authorised_on,
        income=None if sight.limited else person.income,
        health=person.health if not sight.limited or sight.medical else None,
    )


def _account(account: Account) -> AccountView:
    return AccountView(bank=account.bank, holder=account.holder, number=masked_account(account.number))


def _referral(referral: Referral, now: datetime, work: _UnitWork) -> ReferralView:
    unit_name, unit_name_en = UNIT_KIND_NAMES.get(referral.unit_kind, (referral.unit_kind, referral.unit_kind))
    return ReferralView(
        referral=referral,
        unit_name=unit_name,
        unit_name_en=unit_name_en,
        overdue=referral.is_overdue(now),
        shared=work.shares.get(referral.id, ()),
        pauses=[pause for pause in work.pauses if pause.referral_id == referral.id],
    )

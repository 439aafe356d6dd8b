"""Whether the books of the county hold, asked of the tables themselves and not of what any page shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, exists, func, not_, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from storage.casework import read_calendar
from storage.payment_books import PaymentBooks
from storage.referral_clocks import OPEN_STATES, is_late, stands_still
from storage.tables.benefits import benefit_version
from storage.tables.casework import benefit, case_file, member, parameter, referral
from storage.tables.decisions import case_decision
from storage.tables.engine import event_subscription, incident, job, process_instance, timer, user_task
from workflows.casework.days import local_day
from workflows.casework.figures.books import Check, Finding
from workflows.casework.model import CaseStatus
from workflows.casework.records import Outcome

ENDED = (CaseStatus.CLOSED, CaseStatus.DECLINED)
UNDER_WAY = (CaseStatus.ACCEPTED, CaseStatus.CHECKING, CaseStatus.REFERRED)
MONTHLY = ("dibao", "tekun", "child_support")
EXCLUSIVE_PROGRAMMES = "exclusive_programmes"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Books:
    """All checks on one connection, as things stand at a moment."""

    connection: Connection
    now: datetime

    def findings(self) -> Sequence[Finding]:
        """Return what does not hold, check by check."""
        return [
            *self._states(),
            *self._stuck(),
            *self._entitlements(),
            *PaymentBooks(self.connection).findings(),
            *self._exclusives(),
            *self._limits(),
            *self._calendar(),
        ]

    def _states(self) -> Iterator[Finding]:
        """A case's status, its days and its process tell the same."""
        columns, instance = case_file.c, process_instance.c
        runs = and_(instance.ended_at.is_(None), columns.process_instance_id.is_not(None))
        open_referral = exists().where(referral.c.case_id == columns.id, referral.c.state.in_(OPEN_STATES))
        wrong = (
            (
                and_(columns.status.in_(ENDED), columns.closed_at.is_(None)),
                "已办结却无办结时间",
                "ended without a time",
            ),
            (
                and_(columns.status.not_in(ENDED), columns.closed_at.is_not(None)),
                "未办结却有办结时间",
                "open with an end",
            ),
            (and_(columns.status.not_in(ENDED), not_(runs)), "未办结而流程已结束", "open, but its process has ended"),
            (and_(columns.status.in_(ENDED), open_referral), "已办结仍有未答复的转办", "ended with an open referral"),
            (
                and_(columns.status.in_(UNDER_WAY), columns.accepted_on.is_(None), not_(_only_urgent())),
                "已受理却无受理日",
                "accepted without a day",
            ),
            (
                and_(columns.status.in_(UNDER_WAY), columns.accepted_on.is_not(None), columns.due_on.is_(None)),
                "已受理却无办理时限",
                "accepted without a limit",
            ),
        )
        joined = case_file.outerjoin(process_instance, instance.id == columns.process_instance_id)
        for condition, zh, en in wrong:
            statement = select(columns.number).select_from(joined).where(condition).order_by(columns.number)
            for number in self.connection.execute(statement).scalars():
                yield Finding(check=Check.STATE, case_number=number, zh=zh, en=en)

    def _stuck(self) -> Iterator[Finding]:
        """A process that runs waits for something that is there, or for an operator who has its incident."""
        instance = process_instance.c

        def has(table: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
            return exists().where(table.c.process_instance_id == instance.id, *conditions)

        waits = or_(
            has(user_task, user_task.c.state == "open"),
            has(job),
            has(timer),
            has(event_subscription),
            has(incident, incident.c.resolved_at.is_(None)),
        )
        statement = (
            select(instance.business_key, instance.process_id)
            .where(instance.ended_at.is_(None), not_(waits))
            .order_by(instance.business_key)
        )
        for number, process_id in self.connection.execute(statement):
            yield Finding(
                check=Check.STUCK,
                case_number=number,
                zh=f"流程 {process_id} 停滞，无待办、无定时、无异常记录",
                en=f"the process {process_id} rests: no task, no timer, no incident",
            )

    def _entitlements(self) -> Iterator[Finding]:
        """A benefit began as it was decided, and every later sum has a decision that says it."""
        version, decided = benefit_version.c, case_decision.c
        begun = and_(decided.referral_id == benefit.c.referral_id, decided.kind == "grant")
        statement = (
            select(case_file.c.number, benefit.c.programme, benefit.c.amount, func.max(decided.amount).label("decided"))
            .select_from(benefit)
            .join(case_file, case_file.c.id == benefit.c.case_id)
            .outerjoin(case_decision, begun)
            .group_by(case_file.c.number, benefit.c.id, benefit.c.programme, benefit.c.amount)
            .having(or_(func.max(decided.amount).is_(None), func.max(decided.amount) != benefit.c.amount))
        )
        for number, programme, amount, found in self.connection.execute(statement):
            yield Finding(
                check=Check.ENTITLEMENT,
                case_number=number,
                zh=f"{programme} 待遇 {amount} 元，决定 {found} 元",
                en=f"{programme} pays {amount}, its decision says {found}",
            )
        changed = (
            select(
                case_file.c.number, benefit.c.programme, version.number, version.base + version.add_ons, decided.amount
            )
            .select_from(benefit_version)
            .join(benefit, benefit.c.id == version.benefit_id)
            .join(case_file, case_file.c.id == benefit.c.case_id)
            .join(case_decision, decided.id == version.decision_id)
            .where(decided.kind.in_(("grant", "change", "resume")), decided.amount.is_not(None), ~version.suspended)
            .where(version.base + version.add_ons != decided.amount)
        )
        for number, programme, place, amount, found in self.connection.execute(changed):
            yield Finding(
                check=Check.ENTITLEMENT,
                case_number=number,
                zh=f"{programme} 待遇第 {place} 版 {amount} 元，决定 {found} 元",
                en=f"version {place} of {programme} pays {amount}, its decision says {found}",
            )
        yield from self._grants_without_benefit()

    def _grants_without_benefit(self) -> Iterator[Finding]:
        granted = and_(
            referral.c.outcome == Outcome.GRANTED,
            referral.c.programme.in_(MONTHLY),
            referral.c.amount_period == "month",
            referral.c.amount > 0,
        )
        statement = (
            select(case_file.c.number, referral.c.programme, referral.c.amount, benefit.c.amount)
            .select_from(referral)
            .join(case_file, case_file.c.id == referral.c.case_id)
            .outerjoin(benefit, benefit.c.referral_id == referral.c.id)
            .where(granted, benefit.c.amount.is_distinct_from(referral.c.amount))
        )
        for number, programme, told, amount in self.connection.execute(statement):
            yield Finding(
                check=Check.ENTITLEMENT,
                case_number=number,
                zh=f"{programme} 已批准每月 {told} 元，待遇为 {amount}",
                en=f"{programme} was granted with {told} a month, the benefit is {amount}",
            )

    def _exclusives(self) -> Iterator[Finding]:
        """Nobody is counted by two benefits of one group in the same month."""
        groups = self._parameter(EXCLUSIVE_PROGRAMMES)
        pairs = [(one, two) for group in groups or () for one in group for two in group]
        for one, two in sorted(set(pairs)):
            if one <= two:
                yield from self._together(one, two)

    def _together(self, one: str, two: str) -> Iterator[Finding]:
        mine, theirs = _counted("mine"), _counted("theirs")
        overlap = and_(
            mine.c.from_month <= func.coalesce(theirs.c.until_month, mine.c.from_month),
            theirs.c.from_month <= func.coalesce(mine.c.until_month, theirs.c.from_month),
        )
        statement = (
            select(mine.c.number, theirs.c.number)
            .select_from(mine.join(theirs, mine.c.identity_hash == theirs.c.identity_hash))
            .where(mine.c.programme == one, theirs.c.programme == two, mine.c.benefit_id < theirs.c.benefit_id, overlap)
            .distinct()
        )
        for number, other in self.connection.execute(statement):
            yield Finding(
                check=Check.EXCLUSIVE,
                case_number=number,
                zh=f"同月享受 {one} 与 {two}（案件 {other}）",
                en=f"{one} and {two} in one month (case {other})",
            )

    def _limits(self) -> Iterator[Finding]:
        """What is past its day is in the lists of what is overdue, or its clock rests by the ledger."""
        today, columns = local_day(self.now), referral.c
        over = columns.result_due_at < self.now
        statement = (
            select(case_file.c.number, columns.number.label("referral"))
            .join(case_file, case_file.c.id == columns.case_id)
            .where(columns.state.in_(OPEN_STATES), over, not_(is_late(self.now)), not_(stands_still(case_file.c.id)))
            .where(columns.state != "need_info")
        )
        for number, name in self.connection.execute(statement):
            yield Finding(
                check=Check.LIMIT,
                case_number=number,
                zh=f"转办 {name} 已逾期，未列入逾期清单",
                en=f"the referral {name} is late and in no list",
            )
        unseen = select(case_file.c.number).where(
            case_file.c.due_on < today, case_file.c.closed_at.is_(None), case_file.c.status.in_(ENDED)
        )
        for number in self.connection.execute(unseen).scalars():
            yield Finding(
                check=Check.LIMIT, case_number=number, zh="逾期案件不在逾期清单", en="a late case is in no list"
            )

    def _calendar(self) -> Iterator[Finding]:
        """Every limit lies in a year whose working days are known."""
        loaded = read_calendar(self.connection).loaded_years
        year = func.extract("year", case_file.c.due_on)
        statement = select(case_file.c.number, year).where(case_file.c.due_on.is_not(None), year.not_in(loaded or (0,)))
        for number, found in self.connection.execute(statement):
            yield Finding(
                check=Check.CALENDAR,
                case_number=number,
                zh=f"办理时限在 {int(found)} 年，该年日历未导入",
                en=f"its limit lies in {int(found)}, whose calendar is not loaded",
            )

    def _parameter(self, key: str) -> Any:
        statement = (
            select(parameter.c.value)
            .where(parameter.c.key == key, parameter.c.effective_from <= local_day(self.now))
            .order_by(parameter.c.effective_from.desc())
            .limit(1)
        )
        return self.connection.execute(statement).scalar_one_or_none()


def _counted(name: str) -> Any:
    """Return the persons whom standing versions of benefits count, with the months."""
    version = benefit_version.c
    return (
        select(
            case_file.c.number,
            benefit.c.programme,
            version.benefit_id,
            version.from_month,
            version.until_month,
            member.c.identity_hash,
        )
        .select_from(benefit_version)
        .join(benefit, benefit.c.id == version.benefit_id)
        .join(case_file, case_file.c.id == benefit.c.case_id)
        .join(member, and_(member.c.case_id == case_file.c.id, member.c.number == func.any(version.persons)))
        .where(version.superseded_at.is_(None), ~version.suspended, member.c.identity_hash != "")
        .subquery(name)
    )


def _only_urgent() -> ColumnElement[bool]:
    return case_file.c.needs == cast(["urgent"], ARRAY(Text))

"""The history of a benefit: versions follow each other without a gap and without an overlap."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from workflows.casework.benefits.errors import BenefitStateWrong
from workflows.casework.benefits.model import Act, Benefit, BenefitState, Terms
from workflows.casework.benefits.overlap import excluded_by
from workflows.casework.benefits.rechecks import DueBenefits, RecheckFailed, begin_due_rechecks
from workflows.casework.errors import CaseNotFound

NOVEMBER, DECEMBER, JANUARY, MARCH = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 3, 1)
GRANT = Act(reason="批准", at=datetime(2026, 10, 15, tzinfo=UTC))
LATER = Act(reason="变更", at=datetime(2026, 11, 20, tzinfo=UTC))
LESS = Terms(base=Decimal(560), add_ons=Decimal(108), persons=(1, 3))


def granted() -> Benefit:
    return Benefit(
        id=uuid4(),
        case_id=uuid4(),
        referral_id=uuid4(),
        programme="dibao",
        amount=Decimal(1964),
        amount_period="month",
        base=Decimal(1640),
        add_ons=Decimal(324),
        start_month=NOVEMBER,
        granted_at=GRANT.at,
    ).opened((1, 2, 3), GRANT)


def sums(benefit: Benefit, *months: date) -> list[int]:
    return [int(benefit.amount_in(month)) for month in months]


def test_a_benefit_is_paid_from_its_first_month_without_an_end() -> None:
    benefit = granted()

    assert sums(benefit, date(2026, 10, 1), NOVEMBER, MARCH) == [0, 1964, 1964]
    assert benefit.state_in(date(2026, 10, 1)) is BenefitState.NOT_STARTED
    assert benefit.last_month is None


def test_a_change_holds_from_its_month_and_leaves_the_months_before() -> None:
    benefit = granted().changed(JANUARY, LESS, LATER)

    assert sums(benefit, DECEMBER, JANUARY) == [1964, 668]
    assert benefit.current[1].persons == (1, 3)


def test_what_was_believed_before_a_change_is_kept() -> None:
    benefit = granted().changed(JANUARY, LESS, LATER)

    (replaced,) = [one for one in benefit.versions if one.superseded_at]
    assert (replaced.until_month, replaced.amount, replaced.superseded_at) == (None, Decimal(1964), LATER.at)
    assert [one.number for one in benefit.versions] == [1, 2, 3]


def test_a_change_from_the_first_month_replaces_everything() -> None:
    benefit = granted().changed(NOVEMBER, LESS, LATER)

    assert [one.amount for one in benefit.current] == [Decimal(668)]


def test_a_change_does_not_move_an_end_that_was_set() -> None:
    benefit = granted().ended(MARCH, LATER).changed(JANUARY, LESS, LATER)

    assert sums(benefit, MARCH, date(2027, 4, 1)) == [668, 0]
    assert benefit.last_month == MARCH


def test_an_end_cuts_what_was_planned_after_it() -> None:
    benefit = granted().changed(JANUARY, LESS, LATER).ended(NOVEMBER, LATER)

    assert sums(benefit, NOVEMBER, DECEMBER, JANUARY) == [1964, 0, 0]
    assert benefit.state_in(DECEMBER) is BenefitState.ENDED


def test_an_end_before_the_first_month_leaves_nothing_to_pay() -> None:
    benefit = granted().ended(date(2026, 10, 1), LATER)

    assert benefit.current == ()
    assert benefit.amount_in(NOVEMBER) == 0
    assert benefit.state_in(NOVEMBER) is BenefitState.ENDED
    with pytest.raises(BenefitStateWrong, match="ended"):
        benefit.ended(NOVEMBER, LATER)


def test_what_is_suspended_is_paid_again_with_its_own_sums() -> None:
    resting = granted().suspended(DECEMBER, LATER)
    paid_again = resting.resumed(MARCH, LATER)

    assert resting.state_in(DECEMBER) is BenefitState.SUSPENDED
    assert sums(paid_again, NOVEMBER, DECEMBER, JANUARY, MARCH) == [1964, 0, 0, 1964]


def test_what_is_changed_while_it_is_suspended_is_resumed_with_the_new_sums() -> None:
    resting = granted().suspended(DECEMBER, LATER).changed(JANUARY, LESS, LATER)

    assert [resting.state_in(month) for month in (DECEMBER, JANUARY)] == [BenefitState.SUSPENDED] * 2
    assert sums(resting, NOVEMBER, DECEMBER, JANUARY, MARCH) == [1964, 0, 0, 0]
    assert sums(resting.resumed(MARCH, LATER), JANUARY, MARCH) == [0, 668]


def test_what_cannot_follow_is_refused_with_the_state_found() -> None:
    benefit = granted()
    ended = benefit.ended(DECEMBER, LATER)

    with pytest.raises(BenefitStateWrong, match="not begun"):
        benefit.changed(date(2026, 10, 1), LESS, LATER)
    with pytest.raises(BenefitStateWrong, match="in payment"):
        benefit.resumed(DECEMBER, LATER)
    with pytest.raises(BenefitStateWrong, match="ended"):
        ended.changed(JANUARY, LESS, LATER)
    with pytest.raises(BenefitStateWrong, match="ended"):
        ended.suspended(JANUARY, LATER)
    with pytest.raises(BenefitStateWrong, match="ended"):
        ended.ended(JANUARY, LATER)
    assert sums(ended.ended(NOVEMBER, LATER), NOVEMBER, DECEMBER) == [1964, 0]


def test_months_never_overlap_whatever_is_done() -> None:
    benefit = granted()
    for month, terms in ((MARCH, LESS), (DECEMBER, LESS), (JANUARY, replace(LESS, base=Decimal(1)))):
        benefit = benefit.changed(month, terms, LATER)

    spans = [(one.from_month, one.until_month) for one in benefit.current]
    assert spans == [(NOVEMBER, NOVEMBER), (DECEMBER, DECEMBER), (JANUARY, None)]
    numbers = [one.number for one in benefit.versions]
    assert numbers == sorted(set(numbers))


def test_programmes_of_a_group_exclude_each_other_and_themselves() -> None:
    groups = [["dibao", "tekun"], ["tekun", "orphan"]]

    assert excluded_by("tekun", groups) == {"dibao", "tekun", "orphan"}
    assert excluded_by("dibao", groups) == {"dibao", "tekun"}
    assert excluded_by("housing_aid", groups) == frozenset()
    assert excluded_by("dibao", None) == frozenset()


def test_one_benefit_that_cannot_be_rechecked_holds_up_no_other() -> None:
    first, bad, busy, last = (uuid4() for _ in range(4))

    def execute(command: Any) -> Any:
        if isinstance(command, DueBenefits):
            assert (command.region, command.due_by) == ("320481", date(2026, 12, 1))
            return [first, bad, busy, last]
        if command.benefit_id == bad:
            raise CaseNotFound(bad)
        return command.benefit_id != busy

    begun = begin_due_rechecks(execute, region="320481", due_by=date(2026, 12, 1))
    assert begun.benefit_ids == (first, last)
    assert begun.failed == (RecheckFailed(benefit_id=bad, code="case-not-found"),)

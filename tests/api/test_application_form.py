"""The parts of the application's form that few households need: folded away, in rows, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from tests.api.conftest import Client
from tests.api.test_pages import filled
from tests.applications import identity
from web.pages.application_form import ApplicationForm
from workflows.casework.circumstances import Bill, DisabilityCard, Event, Supporter, YearlySpending

SignIn = Callable[[str], Client]
Fields = dict[str, str | list[str]]
CARD = f"{identity(date(1986, 3, 2), count=11)}42"

CIRCUMSTANCES: Fields = {
    "needs": ["subsistence", "urgent", "large_bill"],
    "household-yearly_spending-medical": "32000.50",
    "members-0-presence": "home",
    "members-0-disability_kind": "physical",
    "members-0-disability_level": "2",
    "members-0-card-number": CARD,
    "members-0-card-expires_on": "2031-05-01",
    "members-0-failed_self_care": ["eat", "bathe"],
    "event-kind": "fire",
    "event-happened_on": "2026-06-01",
    "event-place": "老街 3 号",
    "bill_count": "2",
    "bills-0-kind": "medical",
    "bills-0-amount": "9000",
    "bills-0-reimbursed": "1200",
    "bills-1-kind": "living",
    "bills-1-amount": "300",
    "supporter_count": "1",
    "supporters-0-name": "陈父",
    "supporters-0-relation": "parent",
    "supporters-0-age": "66",
    "supporters-0-condition": "severely_disabled",
    "supporters-0-recognised_status": "dibao",
    "supporters-0-low_means": "1",
}


def form_of(fields: Fields) -> ApplicationForm:
    pairs = [(name, one) for name, value in fields.items() for one in ([value] if isinstance(value, str) else value)]
    return ApplicationForm.read(MultiDict(pairs))


def test_the_form_hands_in_every_circumstance() -> None:
    application = form_of(filled(**CIRCUMSTANCES)).application()

    assert application is not None
    assert application.household.yearly_spending == YearlySpending(medical=Decimal("32000.50"))
    assert application.members[0].card == DisabilityCard(number=CARD, expires_on=date(2031, 5, 1))
    assert application.members[0].failed_self_care == ("eat", "bathe")
    assert application.event == Event(kind="fire", happened_on=date(2026, 6, 1), place="老街 3 号")
    assert application.bills == (
        Bill(kind="medical", amount=Decimal(9000), reimbursed=Decimal(1200)),
        Bill(kind="living", amount=Decimal(300)),
    )
    assert application.supporters == (
        Supporter(
            name="陈父",
            relation="parent",
            age=66,
            condition="severely_disabled",
            recognised_status="dibao",
            low_means=True,
        ),
    )


def test_a_household_without_circumstances_hands_in_none() -> None:
    application = form_of(filled()).application()

    assert application is not None
    assert (application.event, application.bills, application.supporters) == (None, (), ())
    assert application.members[0].card is None


def test_the_form_with_every_circumstance_is_registered(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    answer = clerk.form("/applications/new", **filled(**CIRCUMSTANCES))

    assert answer.status_code == 303, answer.text
    assert "32,000.50" in clerk.get(answer.headers["Location"]).text


@pytest.mark.parametrize(("one", "name"), [("bill", "bills-0-amount"), ("supporter", "supporters-0-age")])
def test_rows_are_added_one_by_one_and_taken_out(sign_in: SignIn, one: str, name: str) -> None:
    clerk = sign_in("clerk")
    added = clerk.form("/applications/new", **filled(action=f"add-{one}"))
    assert f'name="{name}"' in added.text
    two = {f"{one}_count": "2", name.replace("0", "1"): "77", "action": f"remove-{one}-0"}
    removed = clerk.form("/applications/new", **filled(**two))

    assert name.replace("0", "1") not in removed.text
    assert 'value="77"' in removed.text


def test_what_was_ticked_of_a_member_moves_up_with_the_row() -> None:
    form = form_of(filled(**{"member_count": "2", "members-1-failed_self_care": ["walk"]}))

    assert form.change_rows("remove-member-0")
    assert form.rows["members"] == 1
    assert form.is_chosen("members-0-failed_self_care", "walk")


def test_a_part_with_something_wrong_in_it_stands_open(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    blank = clerk.get("/applications/new").text
    assert blank.count('<details class="form-part">') == 3
    assert '<details class="form-part" open>' not in blank
    answer = clerk.form("/applications/new", **filled(**{"event-kind": "fire", "bill_count": "1"}))

    assert answer.status_code == 422
    assert '<details class="form-part" open>' in answer.text
    assert 'id="event-happened_on-error"' in answer.text
    assert 'id="bills-0-amount-error"' in answer.text
    assert "账单 1 账单金额（元）" in answer.text


def test_a_rule_of_the_office_stands_at_its_field(sign_in: SignIn) -> None:
    wrong = {"event-happened_on": "2126-06-01", "bills-0-reimbursed": "9000.01", "members-0-card-number": "1"}
    answer = sign_in("clerk").form("/applications/new", **filled(**(CIRCUMSTANCES | wrong)))

    assert answer.status_code == 422
    for name in wrong:
        assert f'id="{name}-error"' in answer.text

"""What agencies get wrong, each read with distrust: E2 to E9 and E12 of the check, over JSON and in table files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from api.scenario.outside import ADDRESS, OutsideTransport
from tests.unit.connectors.test_answers import INQUIRY, ONE, TWO, answer, deposit, person
from workflows.casework.correspondence import Inquiry, Subject
from workflows.casework.verification.errors import FileRefused
from workflows.casework.verification.model import FileEncoding, FileFormat
from workflows.casework.verification.table_files import digest_of, read_table, write_table
from workflows.connectors.answers import AnswerWrong, checked_answer
from workflows.connectors.channels import ChannelledAgencies, FileAgencies
from workflows.connectors.http import HttpAgencies, HttpConnector
from workflows.connectors.ports import AgencyRefused, AnswerPending, ConnectorError

COLUMNS = ("查询编号", "姓名", "证件号码")


def codes(body: dict[str, Any], inquiry: Inquiry = INQUIRY) -> list[str]:
    return [one["code"] for one in checked_answer(body, inquiry)["explanations"]]


def test_stale_is_what_the_county_says() -> None:  # E3
    dated = replace(INQUIRY, stale_before=date(2026, 9, 10))

    assert codes(answer(as_of="2026-09-09"), dated) == ["stale"]
    assert codes(answer(as_of="2026-09-10"), dated) == []


def test_the_same_hit_twice_counts_once_with_and_without_a_reference() -> None:  # E4
    twice = [deposit(ONE, 100, reference="A"), deposit(ONE, 100, reference="A")]
    unnamed = [deposit(ONE, 100), deposit(ONE, 100)]

    assert checked_answer(answer(*twice), INQUIRY)["assets"] == 100
    assert checked_answer(answer(*unnamed), INQUIRY)["assets"] == 100
    assert codes(answer(*unnamed)) == ["repeated"]


@pytest.mark.parametrize(("item", "state"), [("vehicle", "sold"), ("company", "deregistered"), ("deposit", "closed")])
def test_what_is_sold_or_closed_needs_proof_and_does_not_count(item: str, state: str) -> None:  # E5
    record = {**person(ONE), "item": item, "state": state, "amount": 100, "unit": "yuan"}
    found = checked_answer(answer(record), INQUIRY)

    assert [one["code"] for one in found["explanations"]] == ["no_longer_held"]
    assert (found["has_vehicle"], found["assets"]) == (None, None)


def test_of_a_joint_deposit_the_share_counts() -> None:  # E6
    assert checked_answer(answer(deposit(ONE, 1000, share=Decimal("0.25"))), INQUIRY)["assets"] == 250
    assert codes(answer(deposit(ONE, 1000, share=Decimal("0.25")))) == []
    halved = answer(deposit(ONE, 1000, holders=2))
    assert (checked_answer(halved, INQUIRY)["assets"], codes(halved)) == (500, ["joint"])
    held = answer(deposit(ONE, 1000, held_for_others=True))
    assert (checked_answer(held, INQUIRY)["assets"], codes(held)) == (None, ["held_for_others"])
    for share in (0, 2, True, "1"):
        with pytest.raises(AnswerWrong):
            checked_answer(answer(deposit(ONE, 1000, share=share)), INQUIRY)


def test_ten_thousand_yuan_fen_and_yuan_are_one_sum() -> None:  # E7
    sums = [deposit(ONE, Decimal("0.5"), "ten_thousand_yuan"), deposit(ONE, 12, "fen"), deposit(TWO, 3, "yuan")]

    assert checked_answer(answer(*sums), INQUIRY)["assets"] == Decimal("5003.12")


def test_who_is_missing_from_the_household_register_is_named_and_others_are_counted() -> None:  # E8
    other = {"name": "陈小丽", "identity_number": "11010519491231002X"}
    found = checked_answer(answer(register=[person(ONE), other]), INQUIRY)

    assert [one["code"] for one in found["explanations"]] == ["not_in_register", "undeclared_member"]
    assert "陈小丽" not in str(found)


def test_life_states_are_kept_by_member_and_a_hit_under_another_name_is_none() -> None:  # E9
    dead = {**person(ONE), "item": "cremation"}
    other = {**person(TWO), "name": "李秀兰", "item": "life_state", "value": "dead"}
    found = checked_answer(answer(dead, other), INQUIRY)

    assert found["life"] == [{"member": 1, "state": "dead"}]
    with pytest.raises(AnswerWrong):
        checked_answer(answer({**person(ONE), "item": "life_state", "value": "unknown"}), INQUIRY)


def test_a_supporter_is_asked_about_and_not_counted() -> None:
    brother = Subject(member=101, name="陈建华", identity_number="11010519491231002X")
    asked = replace(INQUIRY, subjects=(ONE, brother))
    body = answer(deposit(brother, 90_000), deposit(ONE, 1), subjects=[person(ONE), person(brother)])

    found = checked_answer(body, asked)
    assert found["assets"] == 1
    assert {one["member"] for one in found["records"]} == {1, 101}


def test_rent_comes_on_top_of_wages_and_an_exempt_vehicle_is_none() -> None:
    letting = {**person(ONE), "item": "letting", "amount": 500, "unit": "yuan"}
    wheelchair = {**person(ONE), "item": "vehicle", "exempt": True}
    found = checked_answer(answer(letting, wheelchair), INQUIRY)

    assert (found["monthly_income"], found["other_monthly_income"], found["has_vehicle"]) == (None, 500, None)


# ---- table files


@pytest.mark.parametrize(
    ("kind", "encoding"),
    [(FileFormat.CSV, FileEncoding.GBK), (FileFormat.CSV, FileEncoding.UTF_8), (FileFormat.XLSX, FileEncoding.GBK)],
)
def test_a_table_is_read_as_it_was_written(kind: FileFormat, encoding: FileEncoding) -> None:  # E12
    rows = [["H1", "陈建国", "320499198603021112"], ["H1", "李,秀英", "11010519491231002X"]]
    content = write_table(COLUMNS, rows, kind=kind, encoding=encoding)

    read = read_table(content, needed=COLUMNS)
    assert [list(row.cells.values()) for row in read] == rows
    assert [row.number for row in read] == [2, 3]


def test_a_rare_sign_is_not_lost_in_gbk() -> None:
    with pytest.raises(FileRefused):
        write_table(COLUMNS, [["H1", "𠮷田", "1"]], kind=FileFormat.CSV, encoding=FileEncoding.GBK)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xff\xff", b"PK\x03\x04broken", "姓名,证件号码\n陈,1\n".encode(), b'"open,\n'],
)
def test_what_is_no_such_table_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(FileRefused) as refusal:
        read_table(content, needed=COLUMNS)

    assert refusal.value.text("zh") != refusal.value.text("en")


# ---- the channels


@pytest.fixture
def outside() -> OutsideTransport:
    return OutsideTransport()


def line(outside: OutsideTransport) -> HttpConnector:
    return HttpConnector(ADDRESS, transport=outside)


def behaving(outside: OutsideTransport, mode: str, *records: dict[str, Any], agency: str = "bank") -> None:
    outside.county.register({**person(ONE), "records": {agency: list(records)}})
    outside.county.register({**person(TWO), "records": {}})
    outside.county.behave({"agency": agency, "mode": mode})


MONEY = {"item": "deposit", "amount": 12000, "unit": "yuan", "reference": "A1"}


@pytest.mark.parametrize(
    ("mode", "assets", "explained"),
    [
        ("normal", 12000, []),
        ("xlsx", 12000, []),
        ("gbk", 12000, []),
        ("in_fen", 12000, []),
        ("in_ten_thousand", 12000, []),
        ("duplicates", 12000, []),
        ("other_name", None, ["other_name"]),
        ("closed", None, ["no_longer_held"]),
        ("joint", 6000, ["joint"]),
        ("held_for_others", None, ["held_for_others"]),
        ("stale", 12000, ["stale"]),
    ],
)
@pytest.mark.parametrize("channel", [HttpAgencies, FileAgencies])
def test_each_behaviour_of_a_bank_comes_to_the_same_over_both_lines(
    outside: OutsideTransport, channel: Any, mode: str, assets: int | None, explained: list[str]
) -> None:
    behaving(outside, mode, MONEY)
    found = checked_answer(channel(line(outside)).ask(INQUIRY, key="k"), INQUIRY)

    assert found["assets"] == assets
    assert [one["code"] for one in found["explanations"]] == explained


@pytest.mark.parametrize("channel", [HttpAgencies, FileAgencies])
@pytest.mark.parametrize(
    ("mode", "error"), [("silent", ConnectorError), ("error", ConnectorError), ("refused", AgencyRefused)]
)
def test_who_holds_back_is_tried_again_or_refused(
    outside: OutsideTransport, channel: Any, mode: str, error: type[Exception]
) -> None:
    behaving(outside, mode, MONEY)
    with pytest.raises(error):
        channel(line(outside)).ask(INQUIRY, key="k")


@pytest.mark.parametrize("mode", ["changed", "malformed", "wrong_unit"])
def test_a_file_that_was_changed_or_cannot_be_read_goes_to_a_person(outside: OutsideTransport, mode: str) -> None:
    behaving(outside, mode, MONEY)
    with pytest.raises(AnswerWrong):
        checked_answer(FileAgencies(line(outside)).ask(INQUIRY, key="k"), INQUIRY)


def test_no_file_back_yet_is_no_failure(outside: OutsideTransport) -> None:
    outside.county.put_file = lambda *_: None  # type: ignore[method-assign]  # the bank has not looked yet
    with pytest.raises(AnswerPending):
        FileAgencies(line(outside)).ask(INQUIRY, key="k")


def test_each_agency_is_reached_by_its_channel_and_a_desk_by_none(outside: OutsideTransport) -> None:
    agencies = ChannelledAgencies(line(outside))
    tax = replace(INQUIRY, agency="tax", items=("taxable_income",))

    assert checked_answer(agencies.ask(tax, key="k"), tax)["status"] == "no_hit"
    assert checked_answer(agencies.ask(INQUIRY, key="k"), INQUIRY)["status"] == "hit"
    with pytest.raises(AgencyRefused):
        agencies.ask(replace(INQUIRY, agency="court"), key="k")


def test_a_digest_is_of_the_bytes() -> None:
    assert digest_of(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

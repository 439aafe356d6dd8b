"""The simulator as a server, reached by the adapters the county uses."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from engine.core.model import BpmnError
from engine.model import Job
from tests.unit.connectors.test_answers import INQUIRY, ONE, TWO
from workflows.casework.correspondence import (
    CountFailure,
    Coverage,
    DeliverOnPaper,
    Inquiry,
    Message,
    ReadInquiry,
    ReadMessage,
    RecordDelivery,
)
from workflows.connectors.http import HttpAgencies, HttpConnector, HttpInsurer, HttpMessageGateway
from workflows.connectors.ports import AgencyRefused, ConnectorError, PersonUnknown
from workflows.connectors.simulator import Simulator
from workflows.handlers.outside import AskAgency, SendNotice


@dataclass(frozen=True, slots=True)
class Outside:
    url: str
    connector: HttpConnector

    def tell(self, path: str, **body: Any) -> None:
        httpx.post(f"{self.url}/simulator/{path}", json=body).raise_for_status()

    def ledger(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{self.url}/simulator/ledger").json()
        return found


@pytest.fixture
def outside() -> Iterator[Outside]:
    with Simulator() as simulator:
        connector = HttpConnector(simulator.url, timeout=httpx.Timeout(5.0))
        yield Outside(simulator.url, connector)
        connector.close()


def asking(outside: Outside, inquiry: Inquiry = INQUIRY) -> AskAgency:
    def execute(command: Any) -> Any:
        if command == CountFailure(agency=inquiry.agency):
            return None
        assert command == ReadInquiry(request_id=inquiry.request_id)
        return inquiry

    return AskAgency(execute=execute, agencies=HttpAgencies(outside.connector))


def job(job_type: str, **variables: str) -> Job:
    return Job(
        id=UUID(int=1),
        process_instance_id=UUID(int=2),
        key=3,
        definition_id=UUID(int=4),
        element_id="Service",
        type=job_type,
        region="320481001",
        business_key="溧民救320481001-2026-000001",
        headers={},
        variables=variables,
        retries=3,
        due_at=None,  # type: ignore[arg-type]  # no handler reads it
    )


ASK = job("ask_agency", agency="bank", request_id=str(INQUIRY.request_id))


def test_registered_facts_come_back_checked_and_summed(outside: Outside) -> None:
    for subject, amount in ((ONE, 6000), (TWO, 3000)):
        deposit = {"item": "deposit", "amount": amount, "unit": "yuan"}
        outside.tell("facts", identity_number=subject.identity_number, records={"bank": [deposit]})

    answer = asking(outside)(ASK)["answer"]

    assert (answer["status"], answer["assets"], answer["needs_explanation"]) == ("hit", Decimal(9000), False)


def test_unregistered_persons_are_answered_alike_every_time(outside: Outside) -> None:
    first = asking(outside)(ASK)["answer"]
    outside.tell("reset")

    assert asking(outside)(ASK)["answer"] == first


def test_the_same_job_asked_twice_is_one_question(outside: Outside) -> None:
    first = asking(outside)(ASK)
    outside.tell("facts", identity_number=ONE.identity_number, records={"bank": []})

    assert asking(outside)(ASK) == first
    assert outside.ledger()["calls"] == [
        {"place": "bank", "key": str(ASK.id), "subjects": 2, "times": 2, "outcome": "answered"}
    ]


@pytest.mark.parametrize("mode", ["wrong_person", "wrong_unit", "malformed"])
def test_a_wrong_answer_goes_to_a_person(outside: Outside, mode: str) -> None:
    outside.tell("behaviour", agency="bank", mode=mode)

    with pytest.raises(BpmnError) as error:
        asking(outside)(ASK)
    assert error.value.code == "WRONG_ANSWER"


def test_a_refusal_goes_to_a_person(outside: Outside) -> None:
    outside.tell("behaviour", agency="bank", mode="refused", identity_number=TWO.identity_number)

    with pytest.raises(BpmnError) as error:
        asking(outside)(ASK)
    assert error.value.code == "REFUSED"
    with pytest.raises(AgencyRefused):
        HttpAgencies(outside.connector).ask(INQUIRY, key="other")


@pytest.mark.parametrize("mode", ["silent", "error"])
def test_silence_is_worth_another_try_and_the_next_try_succeeds(outside: Outside, mode: str) -> None:
    outside.tell("behaviour", agency="bank", mode=mode)
    with pytest.raises(ConnectorError) as failure:
        asking(outside)(ASK)
    assert ONE.identity_number not in str(failure.value)

    outside.tell("behaviour", agency="bank", mode="normal")
    assert asking(outside)(ASK)["answer"]["status"] == "hit"
    assert [call["times"] for call in outside.ledger()["calls"]] == [2]


def test_a_late_answer_is_still_an_answer(outside: Outside) -> None:
    outside.tell("behaviour", agency="bank", mode="late", seconds=0.05)

    assert asking(outside)(ASK)["answer"]["status"] == "hit"


def test_a_closed_port_is_worth_another_try() -> None:
    connector = HttpConnector("http://127.0.0.1:9")
    with pytest.raises(ConnectorError):
        HttpAgencies(connector).ask(INQUIRY, key="k")
    connector.close()


def test_a_message_is_sent_once_and_its_delivery_written_down(
    outside: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    message = Message(
        notice_id=UUID(int=5), case_number="溧民救320481001-2026-000001", phone="19900001234", text="您好"
    )
    written: list[RecordDelivery] = []

    def execute(command: Any) -> Any:
        if isinstance(command, ReadMessage):
            return message
        written.append(command)
        return None

    handler = SendNotice(execute=execute, gateway=HttpMessageGateway(outside.connector))
    send = job("send_notice", notice_id=str(message.notice_id))
    with caplog.at_level(logging.DEBUG):
        results = [handler(send), handler(send)]

    assert results == [{"delivered": True, "channel": "sms"}] * 2
    assert [(sent["to"], sent["times"]) for sent in outside.ledger()["messages"]] == [("19900001234", 2)]
    assert written[0] == written[1]
    assert "19900001234" not in caplog.text


def test_without_a_phone_the_notice_is_delivered_on_paper(outside: Outside) -> None:
    message = Message(notice_id=UUID(int=5), case_number="x", phone="", text="您好")
    asked: list[Any] = []

    def execute(command: Any) -> Any:
        asked.append(command)
        return message if isinstance(command, ReadMessage) else None

    handler = SendNotice(execute=execute, gateway=HttpMessageGateway(outside.connector))

    assert handler(job("send_notice", notice_id=str(message.notice_id))) == {"delivered": False, "channel": "print"}
    assert asked[1:] == [DeliverOnPaper(notice_id=message.notice_id)]
    assert outside.ledger()["messages"] == []


def test_the_insurer_says_from_when_the_status_counts(outside: Outside) -> None:
    coverage = Coverage(
        case_number="溧民救320481001-2026-000001", status="dibao", subjects=(ONE, TWO), wanted_from=date(2026, 6, 16)
    )
    insurer = HttpInsurer(outside.connector)

    assert insurer.push_status(coverage, key="a") == date(2026, 6, 16)

    outside.tell("facts", identity_number=ONE.identity_number, insured=False)
    with pytest.raises(PersonUnknown):
        insurer.push_status(replace(coverage, subjects=(ONE,)), key="b")


def test_an_unknown_behaviour_is_refused(outside: Outside) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        outside.tell("behaviour", agency="bank", mode="moody")

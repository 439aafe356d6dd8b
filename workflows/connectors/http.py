"""The ports over HTTP. Errors name the place and the status, never persons."""

from __future__ import annotations

import hashlib
import ssl
from datetime import date, timedelta
from functools import cache
from http import HTTPStatus
from typing import Any

import httpx

from engine.json_values import JsonObject, dump_json, load_json
from workflows.casework.correspondence import Coverage, Inquiry, Message, Subject
from workflows.connectors.ports import AgencyRefused, AnswerPending, ConnectorError, PersonUnknown

ENCODINGS = ("utf-8-sig", "gb18030")  # some agencies write GBK whatever they say
LONGEST_STATED_PAUSE = 30 * 24 * 3600  # seconds; nobody plans further
TIMEOUT = httpx.Timeout(20.0, connect=5.0)


@cache
def _trusted() -> ssl.SSLContext:
    """Whom connections trust, for all of them: to read it takes as long as all else that opens a house."""
    return httpx.create_ssl_context()


class HttpConnector:
    """Posts JSON to one base URL with an idempotency key."""

    def __init__(
        self, base_url: str, *, timeout: httpx.Timeout = TIMEOUT, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._client = httpx.Client(
            base_url=base_url.rstrip("/"), timeout=timeout, transport=transport, verify=_trusted()
        )

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def post(self, path: str, body: JsonObject, *, key: str) -> httpx.Response:
        """Post a body and return what came back, whatever its status.

        Raises:
            ConnectorError: nothing came back.
        """
        return self.send("POST", path, dump_json(body).encode(), kind="application/json", key=key)

    def send(self, method: str, path: str, content: bytes, *, kind: str, key: str) -> httpx.Response:
        """Send bytes with their SHA-256 and return what came back, whatever its status.

        Raises:
            ConnectorError: nothing came back.
        """
        headers = {
            "Content-Type": kind,
            "Idempotency-Key": key,
            "X-Content-SHA256": hashlib.sha256(content).hexdigest(),
        }
        try:
            return self._client.request(method, path, content=content, headers=headers)
        except httpx.HTTPError as error:
            raise ConnectorError(f"no answer from {path}: {type(error).__name__}") from None


class HttpAgencies:
    """All agencies behind the county's exchange: POST /agencies/{agency}/inquiries.

    An agency that needs time answers 202, with `Retry-After` where it knows when; the same question is put again then.
    """

    def __init__(self, connector: HttpConnector) -> None:
        self._connector = connector

    def ask(self, inquiry: Inquiry, *, key: str) -> Any:  # JSON from outside, checked by the caller
        """Ask and return the answer as it came; text that is no JSON comes back as None."""
        path = f"/agencies/{inquiry.agency}/inquiries"
        response = self._connector.post(path, inquiry_body(inquiry), key=key)
        if response.status_code == HTTPStatus.FORBIDDEN:
            raise AgencyRefused(inquiry.agency)
        if response.status_code == HTTPStatus.ACCEPTED:
            raise AnswerPending(f"{path} has the question and no answer yet", after=retry_after(response))
        if response.status_code != HTTPStatus.OK:
            raise ConnectorError(f"{path} answered {response.status_code}")
        return _json_of(response)


class HttpMessageGateway:
    """The message gateway: POST /messages."""

    def __init__(self, connector: HttpConnector) -> None:
        self._connector = connector

    def send(self, message: Message, *, key: str) -> str:
        """Send a text and return the gateway's reference."""
        body: JsonObject = {"to": message.phone, "text": message.text, "subject": message.case_number}
        response = self._connector.post("/messages", body, key=key)
        if not response.is_success:
            raise ConnectorError(f"/messages answered {response.status_code}")
        answer = _json_of(response)
        if not isinstance(answer, dict) or not isinstance(answer.get("reference"), str):
            raise ConnectorError("/messages answered without a reference")
        return str(answer["reference"])


class HttpInsurer:
    """The medical insurance: POST /insurer/status."""

    def __init__(self, connector: HttpConnector) -> None:
        self._connector = connector

    def push_status(self, coverage: Coverage, *, key: str) -> date:
        """Push the status of all members and return the day from which it counts."""
        body: JsonObject = {
            "case_number": coverage.case_number,
            "status": coverage.status,
            "wanted_from": coverage.wanted_from.isoformat(),
            "persons": [_person_body(subject) for subject in coverage.subjects],
        }
        response = self._connector.post("/insurer/status", body, key=key)
        if response.status_code == HTTPStatus.NOT_FOUND:
            raise PersonUnknown(coverage.case_number)
        if not response.is_success:
            raise ConnectorError(f"/insurer/status answered {response.status_code}")
        answer = _json_of(response)
        try:
            return date.fromisoformat(answer["status_from"])
        except (TypeError, KeyError, ValueError):
            raise ConnectorError("/insurer/status answered without a day in status_from") from None


def retry_after(response: httpx.Response) -> timedelta | None:
    """Return when the other side says that asking again is worth it: the seconds of `Retry-After`, if it said so."""
    stated = response.headers.get("Retry-After", "")
    if not stated.isascii() or not stated.isdigit():
        return None
    return timedelta(seconds=min(int(stated), LONGEST_STATED_PAUSE))


def inquiry_body(inquiry: Inquiry) -> JsonObject:
    """Return a question as the exchange takes it."""
    return {
        "request_id": str(inquiry.request_id),
        "request_number": inquiry.number,
        "agency": inquiry.agency,
        "case_number": inquiry.case_number,
        "purpose": inquiry.purpose,
        "legal_basis": inquiry.legal_basis,
        "requester": inquiry.requester,
        "authorised": True,  # the ledger lets no request out without every member's consent
        "authorisations": [str(one) for one in inquiry.authorisations],
        "items": list(inquiry.items),
        "subjects": [_person_body(subject) for subject in inquiry.subjects],
        "as_of": inquiry.today.isoformat(),
        "look_back_months": inquiry.look_back_months,
        "answer_by": inquiry.answer_by.isoformat(),
    }


def _person_body(subject: Subject) -> JsonObject:
    return {"name": subject.name, "identity_number": subject.identity_number}


def _json_of(response: httpx.Response) -> Any:  # JSON from outside
    for encoding in ENCODINGS:
        try:
            return load_json(response.content.decode(encoding))
        except ValueError:
            continue
    return None

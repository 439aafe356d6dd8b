"""The county's agencies by the channel each is reached by: JSON over the exchange, or table files put and fetched."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import httpx

from workflows.casework.agencies import AGENCY_BY_KEY, Channel
from workflows.casework.correspondence import Inquiry
from workflows.casework.verification.bank_files import ASK_COLUMNS, question_rows
from workflows.casework.verification.errors import FileRefused
from workflows.casework.verification.model import FileEncoding, FileFormat
from workflows.casework.verification.return_rows import RETURN_COLUMNS, RowFault, answer_of
from workflows.casework.verification.table_files import digest_of, read_table, write_table
from workflows.connectors.answer_records import AnswerWrong
from workflows.connectors.http import HttpAgencies, HttpConnector, retry_after
from workflows.connectors.ports import Agencies, AgencyRefused, AnswerPending, ConnectorError

CSV = "text/csv"
DIGEST = "X-Content-SHA256"


class ChannelledAgencies:
    """Asks each agency by its channel; an agency of the desk is never asked over a line."""

    def __init__(self, connector: HttpConnector) -> None:
        self._channels: dict[Channel, Agencies] = {
            Channel.EXCHANGE: HttpAgencies(connector),
            Channel.FILE: FileAgencies(connector),
        }

    def ask(self, inquiry: Inquiry, *, key: str) -> Any:  # JSON from outside, checked by the caller
        """Ask by the agency's channel."""
        channel = self._channels.get(AGENCY_BY_KEY[inquiry.agency].channel)
        if channel is None:
            raise AgencyRefused(inquiry.agency)
        return channel.ask(inquiry, key=key)


class FileAgencies:
    """Puts a table of questions at the exchange and fetches the table that comes back.

    PUT /agencies/{agency}/files/{number}, GET /agencies/{agency}/files/{number}/return; both carry the SHA-256 of
    their bytes. The table goes out in GBK, which every bank reads, or in UTF-8 for a name that GBK lacks.
    """

    def __init__(self, connector: HttpConnector) -> None:
        self._connector = connector

    def ask(self, inquiry: Inquiry, *, key: str) -> Any:
        """Put the questions and return the answer that the returned table gives.

        Raises:
            AnswerWrong: the returned table is malformed, about somebody else, or changed on the way.
            AnswerPending: there is none yet.
            AgencyRefused, ConnectorError
        """
        path = f"/agencies/{inquiry.agency}/files/{inquiry.request_id}"
        put = self._connector.send("PUT", path, _questions(inquiry), kind=CSV, key=key)
        _require_willing(put, inquiry)
        if not put.is_success:
            raise ConnectorError(f"/agencies/{inquiry.agency}/files answered {put.status_code}")
        returned = self._connector.send("GET", f"{path}/return", b"", kind=CSV, key=key)
        _require_willing(returned, inquiry)
        if returned.status_code == HTTPStatus.NOT_FOUND:
            pending = f"{inquiry.agency} has not returned the file of request {inquiry.request_id}"
            raise AnswerPending(pending, after=retry_after(returned))
        if not returned.is_success:
            raise ConnectorError(f"/agencies/{inquiry.agency}/files answered {returned.status_code}")
        if returned.headers.get(DIGEST, "").lower() != digest_of(returned.content):
            raise AnswerWrong("the returned file is not the one whose hash came with it")
        return _answer(returned.content, inquiry)


def _require_willing(response: httpx.Response, inquiry: Inquiry) -> None:
    if response.status_code == HTTPStatus.FORBIDDEN:
        raise AgencyRefused(inquiry.agency)


def _answer(content: bytes, inquiry: Inquiry) -> Any:
    try:
        return answer_of(read_table(content, needed=RETURN_COLUMNS), inquiry)
    except RowFault as fault:
        raise AnswerWrong(f"row {fault.row}: {fault}") from fault
    except FileRefused as refused:
        raise AnswerWrong(refused.text("en")) from refused


def _questions(inquiry: Inquiry) -> bytes:
    rows = question_rows(inquiry.number, inquiry)
    try:
        return write_table(ASK_COLUMNS, rows, kind=FileFormat.CSV, encoding=FileEncoding.GBK)
    except FileRefused:  # a rare sign in a name
        return write_table(ASK_COLUMNS, rows, kind=FileFormat.CSV, encoding=FileEncoding.UTF_8)

"""Handing out the file of a batch of payments: written down before anybody has it, for pages and the API alike."""

from __future__ import annotations

from web.authentication import current_actor
from web.services import services
from workflows.casework.payments.commands import HandOutBankList
from workflows.casework.payments.files import BankList
from workflows.organisation.exports import RecordBankFileTaken


def handed_out(number: str) -> BankList:
    """Return the file of a batch; who took it stands in the record of access."""
    actor = current_actor()
    given: BankList = services().engine.execute(HandOutBankList(number=number), actor=actor)
    services().engine.execute(RecordBankFileTaken(number=number, checksum=given.checksum), actor=actor)
    return given

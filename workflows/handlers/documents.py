"""Printed documents as diagrams issue them: only values and a number are kept, the file is made when it is wanted."""

from __future__ import annotations

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.documents.issuing import Documents
from workflows.casework.documents.kinds import About, paper_kind
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.handlers.inputs import Inputs


def issue_document(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Issue a document of a kind: `kind` names it, `values` fill what the records leave open.

    `subject` names the record it is about by id or number (a decision, a referral, a notice); without it the newest
    of the case counts. A kind of the county needs no `caseId`. The same content again is the same document.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    kind = paper_kind(inputs.text("kind"))
    issued = Documents(context=context).issue(
        kind.key,
        inputs.id("caseId") if kind.about is About.CASE else None,
        inputs.optional_context("values") or {},
        subject=inputs.optional_text("subject"),
    )
    return {"document_id": str(issued.id), "document_number": issued.number, "document_version": issued.version}

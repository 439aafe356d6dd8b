"""Printed documents as diagrams issue them: only values and a number are kept, the file is made when it is wanted.

Where a step keeps the record a paper is about, its handler issues the paper too (`issue`); `issue_document` is for
papers that are a step of their own.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.documents.issuing import Documents
from workflows.casework.documents.kinds import About, paper_kind
from workflows.casework.documents.model import IssuedDocument
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.handlers.inputs import Inputs
from workflows.printing.fields import Value


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


def issue(
    context: Context[CaseworkUnitOfWork],
    kind: str,
    case: Case,
    *,
    subject: object = None,
    values: Mapping[str, Value] | None = None,
) -> IssuedDocument:
    """Issue the paper of a record that was kept just now; done again it is the same paper."""
    about = None if subject is None else str(subject)
    return Documents(context=context).issue(kind, case.id, values or {}, subject=about)

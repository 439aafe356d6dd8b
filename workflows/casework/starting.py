"""Starting a process about a case: it carries the case's id, and belongs to its region and its number."""

from __future__ import annotations

from engine.commands.process_instances import StartProcessInstance
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork


def start_process_of(
    context: Context[CaseworkUnitOfWork], case: Case, process_id: str, variables: JsonObject
) -> ProcessInstance:
    """Start a process about a case as the actor of the context; `caseId` is among its variables."""
    command = StartProcessInstance(
        process_id=process_id,
        variables={"caseId": str(case.id), **variables},
        region=case.region,
        business_key=case.number,
    )
    return command.execute(context)

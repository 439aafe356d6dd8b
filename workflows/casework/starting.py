"""Starting a process: of a case, whose id, region and number it carries, or of the county as a whole."""

from __future__ import annotations

from engine.commands.process_instances import StartProcessInstance
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.county import COUNTY_REGION
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


def start_county_process(
    context: Context[CaseworkUnitOfWork], process_id: str, business_key: str, variables: JsonObject
) -> ProcessInstance:
    """Start a process of the county as the actor of the context, under a key that is no case's number, or none."""
    command = StartProcessInstance(
        process_id=process_id, variables=variables, region=COUNTY_REGION, business_key=business_key
    )
    return command.execute(context)

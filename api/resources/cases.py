"""Reading cases."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.operations import Operation, operation
from api.resources.addresses import without_numbers
from api.resources.blueprint import api
from api.schemas.answers import CaseListSchema as CaseListAnswerSchema
from api.schemas.answers import CaseProgress, CaseProgressSchema, CaseViewSchema, DiagramAnswer, PersonalFactsSchema
from api.schemas.requests import CaseListSchema, RevealSchema
from api.services import current
from engine.json_values import JsonObject
from engine.queries import DiagramState
from web.authentication import current_actor
from web.i18n import in_reader_language
from workflows.casework.errors import CaseNotFound
from workflows.casework.privacy import EraseCase, PersonalFacts, RevealPersonalFacts
from workflows.casework.purpose import within_purpose
from workflows.casework.queries import CaseFilter, CasePage, CaseView
from workflows.organisation.rights import Right


@api.get("/cases")
@operation(
    Operation(
        summary="The cases one may see, a page at a time",
        right=Right.WORK,
        query=CaseListSchema,
        answer=CaseListAnswerSchema,
    )
)
def list_cases(query: dict[str, Any]) -> CasePage:
    """List cases."""
    return list_of_cases(without_numbers(query, twin="api.search_cases"))


def list_of_cases(wanted: dict[str, Any]) -> CasePage:
    """Return a page of the cases one may see."""
    return current().casework.cases(CaseFilter(actor=current_actor(), **wanted))


@api.post("/cases/search")
@operation(
    Operation(
        summary="The same as a list of cases, by a body: an identity number or telephone stands in no address",
        right=Right.WORK,
        body=CaseListSchema,
        answer=CaseListAnswerSchema,
    )
)
def search_cases(body: dict[str, Any]) -> CasePage:
    """Search cases."""
    return list_of_cases(body)


@api.get("/cases/<key>")
@operation(Operation(summary="One case, by its number or id", right=Right.WORK, answer=CaseViewSchema))
def get_case(key: str) -> CaseView:
    """Show a case."""
    return current().casework.case(case_key(key), current_actor())


@api.get("/cases/<key>/progress")
@operation(
    Operation(
        summary="Where a case stands in its diagrams, and its history", right=Right.WORK, answer=CaseProgressSchema
    )
)
def get_case_progress(key: str) -> CaseProgress:
    """Show the diagrams of a case with their tokens."""
    actor = current_actor()
    case = current().casework.case(case_key(key), actor)
    if case.summary.process_instance_id is None:
        raise CaseNotFound(key)
    view = within_purpose(current().queries.instance(case.summary.process_instance_id), case, actor)
    return CaseProgress(
        state=view.instance.state.value,
        diagrams=[_diagram(state) for state in view.diagrams],
        activities=view.activities,
        history=view.history,
    )


@api.post("/cases/<key>/members/<int:member>/numbers")
@operation(
    Operation(
        summary="Show the numbers of a member in full; the look is written down",
        right=Right.WORK,
        body=RevealSchema,
        answer=PersonalFactsSchema,
    )
)
def reveal_numbers(key: str, member: int, body: JsonObject) -> PersonalFacts:
    """Show what is masked."""
    actor = current_actor()
    case = current().casework.case(case_key(key), actor)
    command = RevealPersonalFacts(case_id=case.summary.id, member_number=member, purpose=body["purpose"])
    return current().engine.execute(command, actor=actor)


@api.post("/cases/<key>/erase")
@operation(
    Operation(summary="Destroy the personal facts of a finished case; there is no way back", right=Right.ADMINISTER)
)
def erase_case(key: str) -> None:
    """Forget the persons of a case."""
    actor = current_actor()
    case = current().casework.case(case_key(key), actor)
    current().engine.execute(EraseCase(case_id=case.summary.id), actor=actor)


def case_key(key: str) -> UUID | str:
    """Return a key of a case as an id where it is one, else as a number."""
    try:
        return UUID(key)
    except ValueError:
        return key


def _diagram(state: DiagramState) -> DiagramAnswer:
    return DiagramAnswer(
        process_id=state.definition.key,
        name=state.definition.name,
        name_en=state.definition.name_en,
        version=state.definition.version,
        definition_id=state.definition.id,
        active=state.active,
        completed=state.completed,
        flows=state.flows,
        incidents={element: in_reader_language(reason) for element, reason in state.incidents.items()},
        xml=state.xml.decode("utf-8", errors="replace"),
    )

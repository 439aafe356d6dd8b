"""Casework on a database of the test's own: set up like a county, steps run one by one as diagrams would run them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from engine.core.model import BpmnError, HandlerCall
from engine.errors import EngineError
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import SYSTEM, Actor, InstanceState, ProcessInstance
from storage.casework_read_models import SqlCaseworkQueries
from tests.engines import EngineUnderTest, engine_on
from tests.processes.diagrams import end, flows, one_process, start
from workflows.casework.commands import LoadCalendarYears, SetParameters
from workflows.casework.county import COUNTY_REGION
from workflows.casework.days import COUNTY_TIME
from workflows.casework.model import Case
from workflows.casework.parameters import TEST_PARAMETERS
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.connectors.http import HttpAgencies, HttpConnector, HttpInsurer, HttpMessageGateway
from workflows.host import INSIDE, Connectors, build_host

NOWHERE = "http://127.0.0.1:9"
UNIT_OF = {
    "dibao": "civil_affairs",
    "medical_aid": "medical",
    "education_aid": "education",
    "housing_aid": "housing",
    "employment_aid": "employment",
}
LOOKING_CASE = one_process(
    start(),
    """<bpmn:userTask id="Task_Look" name="看"><bpmn:extensionElements><zeebe:userTask/>
         <zeebe:assignmentDefinition candidateGroups="township/clerk"/>
         <zeebe:ioMapping><zeebe:input target="seen" source="={size: case.household.size,
           accepted_on: case.accepted_on, age: case.members[1].age, standard: standard.dibao_standard,
           due: string(add working days(today(), 2))}"/></zeebe:ioMapping>
       </bpmn:extensionElements></bpmn:userTask>""",
    """<bpmn:serviceTask id="Service_Accept"><bpmn:extensionElements>
         <zeebe:taskDefinition type="accept_application"/>
         <zeebe:ioMapping><zeebe:input target="caseId" source="=caseId"/></zeebe:ioMapping>
       </bpmn:extensionElements></bpmn:serviceTask>""",
    """<bpmn:userTask id="Task_LookAgain" name="再看"><bpmn:extensionElements><zeebe:userTask/>
         <zeebe:assignmentDefinition candidateGroups="township/clerk"/>
         <zeebe:ioMapping><zeebe:input target="accepted_on" source="=case.accepted_on"/></zeebe:ioMapping>
       </bpmn:extensionElements></bpmn:userTask>""",
    end(),
    flows("s>Task_Look>Service_Accept>Task_LookAgain>e"),
).replace(b'id="P"', b'id="relief_case"')


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStep:
    """A command that runs one inside handler as an instance of the case would."""

    type: str
    variables: JsonObject

    def execute(self, context: Context[CaseworkUnitOfWork]) -> JsonObject:
        case_id = self.variables.get("caseId")
        case = context.unit_of_work.cases.get(UUID(case_id)) if isinstance(case_id, str) else None
        instance = ProcessInstance(
            id=(case.process_instance_id if case else None) or uuid4(),
            definition_id=uuid4(),
            process_id="relief_case",
            region=COUNTY_REGION,
            business_key="",
            state=InstanceState.ACTIVE,
            snapshot=None,
            version=1,
            started_at=context.now(),
        )
        call = HandlerCall(
            key=1, definition="", element="Service", type=self.type, headers={}, variables=self.variables
        )
        return INSIDE[self.type](context, instance, call)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCase:
    """A command that reads a case file in the clear."""

    case: Case

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Case | None:
        return context.unit_of_work.cases.get(self.case.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStandard:
    """A command that reads a parameter on a day."""

    day: date

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Any:
        return context.unit_of_work.policy.parameters_on(self.day)["dibao_standard"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadParameter:
    """A command that reads any parameter on a day."""

    key: str
    day: date

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Any:
        return context.unit_of_work.policy.parameters_on(self.day)[self.key]


@dataclass(slots=True, kw_only=True)
class CaseworkUnderTest:
    """The engine with the office's handlers, and the questions of casework."""

    under_test: EngineUnderTest
    questions: SqlCaseworkQueries

    def run(self, command: Any, *, actor: Actor) -> Any:
        return self.under_test.engine.execute(command, actor=actor)

    def step(self, step: str, case: Case, **variables: Any) -> JsonObject:
        given: JsonObject = self.run(RunStep(type=step, variables={"caseId": str(case.id), **variables}), actor=SYSTEM)
        return given

    def fails(self, step: str, case: Case, **variables: Any) -> str:
        with pytest.raises(BpmnError) as error:
            self.step(step, case, **variables)
        return error.value.code

    def breaks(self, step: str, case: Case, **variables: Any) -> str:
        with pytest.raises(EngineError) as error:
            self.step(step, case, **variables)
        return error.value.code

    def case(self, case: Case) -> Case:
        found: Case = self.run(ReadCase(case=case), actor=SYSTEM)
        return found

    def authorised(self, case: Case) -> Case:
        signed = [
            {"number": member.number, "authorised": True, "signed_on": None, "signed_by": "self"}
            for member in case.members
        ]
        self.step("record_authorisations", case, authorisations=signed, note=None)
        return self.case(case)

    def parameter(self, key: str, day: date) -> Any:
        return self.run(ReadParameter(key=key, day=day), actor=SYSTEM)

    def standard(self, day: date) -> Any:
        return self.run(ReadStandard(day=day), actor=SYSTEM)

    def at(self, moment: str) -> None:
        local = datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=COUNTY_TIME)
        self.under_test.clock.time = local.astimezone(UTC)

    def local(self, moment: datetime | None) -> str:
        assert moment is not None
        return moment.astimezone(COUNTY_TIME).strftime("%Y-%m-%d %H:%M:%S")

    def count(self, table: str) -> int:
        with self.under_test.database.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def confirmed(programme: str) -> dict[str, str]:
    """Return a proposal as the clerk confirms it."""
    return {
        "rule": "R1",
        "need": programme.removesuffix("_aid"),
        "programme": programme,
        "unit_kind": UNIT_OF[programme],
        "process_id": programme,
        "reason": "测试",
    }


@contextmanager
def casework_on(database_url: str) -> Iterator[CaseworkUnderTest]:
    """Open casework on a migrated database, with calendar, test parameters and a small diagram deployed."""
    connector = HttpConnector(NOWHERE)
    connectors = Connectors(
        agencies=HttpAgencies(connector), gateway=HttpMessageGateway(connector), insurer=HttpInsurer(connector)
    )

    def execute(command: Any) -> Any:
        return under_test.engine.execute(command, actor=SYSTEM)

    with engine_on(database_url, build_host(connectors, execute=execute)) as under_test:
        execute(LoadCalendarYears(first_year=2025, last_year=2026, region=COUNTY_REGION))
        execute(SetParameters(parameters=TEST_PARAMETERS, region=COUNTY_REGION))
        under_test.deploy(relief_case_bpmn=LOOKING_CASE)
        questions = SqlCaseworkQueries(under_test.database, under_test.keys, now=under_test.clock)
        yield CaseworkUnderTest(under_test=under_test, questions=questions)
    connector.close()

"""Handlers inside the transaction: what they write counts with the command, and a failing one loses nobody's work."""

from __future__ import annotations

from sqlalchemy import text

from engine.commands.incidents import ResolveIncident
from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.core.model import BpmnError, HandlerCall
from engine.host import Context, Host
from engine.json_values import JsonObject
from engine.model import SYSTEM, HistoryEntry, InstanceState, ProcessInstance, TaskState
from storage.unit_of_work import SqlUnitOfWork
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import boundary, end, error, flows, job, one_process, start, user

ANN = person("ann", "township/clerk")
CHIEF = person("chief", "civil_affairs/supervisor", region="320481")
GROUP = (
    "<bpmn:extensionElements><zeebe:userTask/>"
    '<zeebe:assignmentDefinition candidateGroups="township/clerk"/></bpmn:extensionElements>'
)
DIAGRAM = one_process(
    start(),
    user("ask", GROUP),
    job("call"),
    boundary("refused", "call", error("NO")),
    user("repair", GROUP),
    end(),
    flows("s>ask>call>e refused>repair>e"),
)


class Handler:
    """Writes a line of history, then does what the test wants."""

    def __init__(self, failure: Exception | None) -> None:
        self.failure = failure

    def __call__(self, context: Context[SqlUnitOfWork], instance: ProcessInstance, call: HandlerCall) -> JsonObject:
        context.unit_of_work.history.add(
            HistoryEntry(process_instance_id=instance.id, at=context.now(), actor="handler", action="handler-wrote")
        )
        if self.failure is not None:
            raise self.failure
        return {"answer": call.variables["question"]}


def completed(house: EngineUnderTest) -> ProcessInstance:
    house.deploy(case_bpmn=DIAGRAM)
    begin = StartProcessInstance(process_id="P", variables={"question": 7}, region=REGION, business_key="1")
    instance = house.engine.execute(begin, actor=SYSTEM)
    task = house.queries.instance(instance.id).tasks[0]
    house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=ANN)
    house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=ANN)
    return instance


def lines_written(house: EngineUnderTest) -> int:
    with house.database.connect() as connection:
        query = text("SELECT count(*) FROM history_entry WHERE action = 'handler-wrote'")
        return int(connection.execute(query).scalar_one())


def test_what_a_handler_writes_and_returns_counts_with_the_completion(database_url: str) -> None:
    with engine_on(database_url, Host(inside={"call": Handler(None)}, region="320481")) as house:
        instance = completed(house)

        view = house.queries.instance(instance.id)
        assert (view.instance.state, view.variables["answer"]) == (InstanceState.COMPLETED, 7)
        assert lines_written(house) == 1


def test_a_failing_handler_leaves_an_incident_and_not_its_writes(database_url: str) -> None:
    handler = Handler(KeyError("table"))
    with engine_on(database_url, Host(inside={"call": handler}, region="320481")) as house:
        instance = completed(house)

        view = house.queries.instance(instance.id)
        (incident,) = view.incidents
        assert (incident.kind, incident.element_id, incident.resolved_at) == ("handler", "call", None)
        assert view.tasks[0].state is TaskState.COMPLETED
        assert lines_written(house) == 0

        house.engine.execute(ResolveIncident(incident_id=incident.id), actor=CHIEF)
        (again,) = house.queries.instance(instance.id).incidents
        assert again.resolved_at is None

        handler.failure = None
        house.engine.execute(ResolveIncident(incident_id=again.id), actor=CHIEF)
        mended = house.queries.instance(instance.id)
        assert mended.instance.state is InstanceState.COMPLETED
        assert mended.incidents[0].resolved_at is not None
        assert lines_written(house) == 1


def test_a_bpmn_error_of_a_handler_takes_the_drawn_way_without_its_writes(database_url: str) -> None:
    with engine_on(database_url, Host(inside={"call": Handler(BpmnError("NO"))}, region="320481")) as house:
        instance = completed(house)

        open_tasks = [one for one in house.queries.instance(instance.id).tasks if one.state is TaskState.OPEN]
        assert [one.element_id for one in open_tasks] == ["repair"]
        assert lines_written(house) == 0

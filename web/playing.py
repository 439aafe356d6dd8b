"""A play and its scenarios as pages and programs are told of them, in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.core import model
from engine.core.graph import Node, Process
from engine.json_values import JsonObject, JsonValue
from web import i18n
from web.labels import groups, in_language
from workflows.playing.commands import ShownPlay
from workflows.playing.comparing import Comparison, JsonComparison
from workflows.playing.lending import PLAYED, PlayedFile
from workflows.playing.open_work import drawn_places
from workflows.playing.replaying import Replay, StepTaken

Drawn = Mapping[str, Process]
"""The processes of a play by the ids their facts name."""


_EXPECTED = {
    "open": ("在等", "Waits"),
    "ended": ("已结束", "Ended"),
    "passed": ("经过 {name}", "Passed {name}"),
    "variables": ("变量 {name}", "Variable {name}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedFact:
    """One expected fact beside what was found."""

    what: str
    said: str  # what is expected, in words
    expected: JsonValue
    found: JsonValue
    holds: bool

    @classmethod
    def of(cls, one: Comparison) -> PlayedFact:
        """Show a comparison in the reader's language."""
        kind, _, name = one.what.partition(" ")
        said = in_language(*_EXPECTED[kind]).format(name=name)
        if isinstance(one, JsonComparison) and one.is_missing:
            said += in_language("（没有这一项）", " (there is none)")
        return cls(
            what=one.what, said=said, expected=json_value(one.expected), found=json_value(one.found), holds=one.holds
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedDecision:
    """A decision that was asked on the way, with the rules that fired."""

    element_id: str
    element_name: str
    decision_id: str
    rules: Sequence[str]
    record: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedMessage:
    """A message or signal that was sent; in a play it reaches nobody else."""

    kind: str
    name: str
    correlation_key: str | None
    variables: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedStep:
    """A step, what it led to, and how that stands to what was expected."""

    number: int
    at: datetime
    step: JsonObject
    said: str  # what was done, in words
    passed: Sequence[str]  # names of what a token came to, in order
    decisions: Sequence[PlayedDecision]
    sent: Sequence[PlayedMessage]
    changed: JsonObject  # variables, as they were set last
    open: Sequence[str]
    ended: bool
    facts: Sequence[PlayedFact]
    refused: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedTask:
    """A user task somebody can complete."""

    element_id: str
    place: str  # how steps name the element: that of a called process has the process before it
    element_name: str
    nth: int
    groups: Sequence[str]
    users: Sequence[str]
    form_id: str | None
    form_missing: bool
    due_at: datetime | None
    variables: JsonObject
    values: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedJob:
    """A job that waits for an answer."""

    element_id: str
    place: str  # how steps name the element
    element_name: str
    nth: int
    type: str
    kind: str
    headers: JsonObject
    variables: JsonObject
    answer: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedWait:
    """A message, signal, time or condition that is waited for."""

    kind: str
    element_id: str
    element_name: str
    name: str | None
    correlation_key: str | None
    due_at: datetime | None
    nth: int  # of those with this name


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedIncident:
    """Where the play is stuck."""

    element_id: str
    place: str  # how steps name the element
    element_name: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayAnswer:
    """A play as it stands on what is played now."""

    id: UUID
    process_id: str
    process_name: str
    file_name: str
    draft_id: UUID | None
    definition_id: UUID | None
    setting: JsonObject
    now: datetime
    ended: bool
    steps: Sequence[PlayedStep]
    tasks: Sequence[PlayedTask]
    jobs: Sequence[PlayedJob]
    waits: Sequence[PlayedWait]
    incidents: Sequence[PlayedIncident]
    variables: JsonObject
    next_timer_at: datetime | None
    refused: str | None  # why the steps cannot all be done on what is played now

    @classmethod
    def of(cls, shown: ShownPlay) -> PlayAnswer:
        """Show a play in the reader's language."""
        replay, stage = shown.replay, shown.replay.stage
        drawn = drawn_processes(replay)
        process = replay.played.process(shown.play.setting.process_id)
        timer = stage.next_timer()
        refused = replay.refused
        return cls(
            id=shown.play.id,
            process_id=process.id,
            process_name=process_name(process),
            file_name=replay.played.name,
            draft_id=replay.played.draft_id,
            definition_id=replay.played.definition.id if replay.played.definition else None,
            setting=shown.play.setting.to_json(),
            now=stage.now,
            ended=stage.is_over,
            steps=list(played_steps([replay.begun, *replay.taken], drawn, process.id)),
            tasks=[
                PlayedTask(
                    element_id=one.fact.element,
                    place=one.place,
                    element_name=node_name(one.node),
                    nth=one.nth,
                    groups=one.fact.candidate_groups,
                    users=one.fact.candidate_users,
                    form_id=one.fact.form_id,
                    form_missing=one.form_missing,
                    due_at=one.fact.due,
                    variables=one.fact.variables,
                    values=one.values,
                )
                for one in shown.tasks
            ],
            jobs=[
                PlayedJob(
                    element_id=one.fact.element,
                    place=one.place,
                    element_name=node_name(one.node),
                    nth=one.nth,
                    type=one.fact.type,
                    kind=one.fact.kind,
                    headers=dict(one.fact.headers),
                    variables=one.fact.variables,
                    answer=one.answer,
                )
                for one in shown.jobs
            ],
            waits=list(_waits(replay, drawn)),
            incidents=[
                PlayedIncident(
                    element_id=one.element,
                    place=stage.name_of((one.definition, one.element)),
                    element_name=place_name(drawn, one.definition, one.element),
                    kind=one.kind,
                    reason=i18n.in_reader_language(one.reason),
                )
                for one in stage.work.incidents.values()
            ],
            variables=stage.variables,
            next_timer_at=timer[0] if timer else None,
            refused=i18n.refusal_text(refused) if refused else None,
        )


def drawn_of(played: PlayedFile) -> dict[str, Process]:
    """Return the processes of a file, by the ids that facts name them by."""
    return {PLAYED + one.id: one for one in played.processes.values()}


def drawn_processes(replay: Replay) -> Drawn:
    """Return the processes that facts of a replay name, by the ids they are named by."""
    found = drawn_of(replay.played)
    for definition, _ in replay.stage.work.passage.entered:
        if definition not in found:
            found[definition] = replay.lent.definitions.get(definition)
    return found


def process_name(process: Process) -> str:
    """Return what a process is called."""
    return in_language(process.name, process.properties.get("name.en") or process.name) or process.id


def node_name(node: Node) -> str:
    """Return what an element is called."""
    return in_language(node.name, node.properties.get("name.en") or node.name) or node.id


def place_name(drawn: Drawn, definition: str, element: str) -> str:
    """Return what an element of a definition is called."""
    process = drawn.get(definition)
    node = process.nodes.get(element) if process else None
    return element if node is None else node_name(node)


def played_steps(taken: Iterable[StepTaken], drawn: Drawn, process_id: str, *, first: int = 0) -> Iterable[PlayedStep]:
    """Yield the steps in words; number 0 is the start."""
    for number, one in enumerate(taken, start=first):
        yield PlayedStep(
            number=number,
            at=one.step.at,
            step=one.step.to_json(),
            said=_said(one, drawn, process_id, is_start=number == 0),
            passed=[place_name(drawn, *place) for place in drawn_places(one.facts)],
            decisions=list(_decisions(one, drawn)),
            sent=list(_sent(one)),
            changed={fact.name: fact.value for fact in one.facts if isinstance(fact, model.VariableSet)},
            open=one.open,
            ended=one.ended,
            facts=[PlayedFact.of(each) for each in one.comparisons],
            refused=i18n.refusal_text(one.refused) if one.refused else None,
        )


def _said(one: StepTaken, drawn: Drawn, process_id: str, *, is_start: bool) -> str:
    if is_start:
        return in_language("开始", "Start")
    step = one.step.to_json()
    names = {
        node.id if process.id == process_id else f"{process.id}/{node.id}": node_name(node)
        for process in drawn.values()
        for node in process.nodes.values()
    }
    by = groups([one.step.by.partition(":")[0]]) if one.step.by else in_language("办理人", "Somebody")
    told = []
    for each in step.get("tasks", []):
        name = names.get(each["task"], each["task"])
        told.append(in_language(f"{by}办结“{name}”", f"{by} completes {name}"))
    for each in step.get("jobs", []):
        name = names.get(each["job"], each["job"])
        if "error" in each:
            told.append(in_language(f"“{name}”返回错误 {each['error']}", f"{name} ends in error {each['error']}"))
        elif "fail" in each:
            told.append(in_language(f"“{name}”失败", f"{name} fails"))
        else:
            told.append(in_language(f"“{name}”已答复", f"{name} is answered"))
    told += [in_language(f"消息 {each['message']}", f"Message {each['message']}") for each in step.get("messages", [])]
    told += [in_language(f"信号 {each['signal']}", f"Signal {each['signal']}") for each in step.get("signals", [])]
    if step.get("set"):
        listed = ", ".join(step["set"])
        told.append(in_language(f"改变量 {listed}", f"Variables set: {listed}"))
    stuck = [names.get(each, each) for each in step.get("retry", [])]
    told += [in_language(f"重试“{each}”", f"Retry {each}") for each in stuck]
    return in_language("；", "; ").join(told) or in_language("时间过去", "Time passes")


def _decisions(one: StepTaken, drawn: Drawn) -> Iterable[PlayedDecision]:
    for fact in one.facts:
        if isinstance(fact, model.DecisionMade):
            yield PlayedDecision(
                element_id=fact.element,
                element_name=place_name(drawn, fact.definition, fact.element),
                decision_id=fact.decision_id,
                rules=[
                    f"{decision['name'] or decision['id']} {rule['index']}"
                    for decision in fact.record["decisions"]
                    for table in decision["tables"]
                    for rule in table["matched"]
                    if rule["fired"]
                ],
                record=fact.record,
            )


def _sent(one: StepTaken) -> Iterable[PlayedMessage]:
    for fact in one.facts:
        if isinstance(fact, model.MessageSent):
            yield PlayedMessage(
                kind="message", name=fact.name, correlation_key=fact.correlation_key, variables=fact.variables
            )
        elif isinstance(fact, model.SignalSent):
            yield PlayedMessage(kind="signal", name=fact.name, correlation_key=None, variables=fact.variables)


def _waits(replay: Replay, drawn: Drawn) -> Iterable[PlayedWait]:
    counted: Counter[tuple[str, str | None]] = Counter()
    for wait in replay.stage.work.waits.values():
        one = wait.subscription
        counted[(one.kind, one.name)] += 1
        yield PlayedWait(
            kind=one.kind,
            element_id=one.element,
            element_name=place_name(drawn, wait.definition, one.element),
            name=one.name,
            correlation_key=one.correlation_key,
            due_at=one.due,
            nth=counted[(one.kind, one.name)],
        )


def json_value(value: Any) -> JsonValue:  # JSON, as an expectation and a play hold it
    """Return a value of a comparison as it is written."""
    return list(value) if isinstance(value, tuple) else value

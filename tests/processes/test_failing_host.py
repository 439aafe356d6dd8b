"""A host that fails in the middle of a command: its snapshot stays as it was, and doing it again gives the same.

Each command is run once to count how often it asks the host for something (an expression, a decision, a handler, a
definition), then once for every one of these calls with an exception thrown at exactly that call.
"""

from __future__ import annotations

import copy

import pytest

from engine.core import codec, model
from engine.core.interpreter import run
from engine.core.listener_model import UPDATING, ChangeTask, TaskAttributes
from tests.processes.diagrams import (
    NOT_INTERRUPTING,
    ad_hoc,
    boundary,
    call,
    called,
    catch,
    compensate,
    document,
    duration,
    element,
    end,
    error,
    event_gateway,
    exclusive,
    flows,
    inclusive,
    job,
    loop,
    mappings,
    message,
    parallel,
    process,
    receive,
    script,
    start,
    sub_process,
    task_listeners,
    throw,
    user,
    zeebe,
)
from tests.processes.host import NOW, GivenDecisions, GivenHandlers, OneDocument, environment
from tests.processes.patterns import handler


class PowerCut(Exception):
    """What a host may die of; the core does not know it."""


class Failing:
    """Lends everything to the core, counts the calls, and breaks down at one of them."""

    def __init__(self, definitions, at=None):
        self.calls = 0
        self.at = at
        self.definitions = definitions
        self.decisions = GivenDecisions(D=7)
        self.handlers = GivenHandlers(inside=lambda given: {"found": given.variables.get("n", 0)})

    def _count(self):
        self.calls += 1
        if self.calls == self.at:
            raise PowerCut

    def get(self, definition):
        self._count()
        return self.definitions.get(definition)

    def called(self, process_id, **more):
        self._count()
        return self.definitions.called(process_id, **more)

    def evaluate(self, text, scope):
        self._count()
        return self.decisions.evaluate(text, scope)

    def decide(self, decision_id, scope, **binding):
        self._count()
        return self.decisions.decide(decision_id, scope, **binding)

    def runs_inside(self, job_type):
        self._count()
        return self.handlers.runs_inside(job_type)

    def call(self, given):
        self._count()
        return self.handlers.call(given)

    def environment(self):
        definitions, evaluator, handlers = _Part(self, "get called"), _Part(self, "evaluate decide"), self
        return environment(definitions, now=NOW, evaluator=evaluator, handlers=handlers)


class _Part:
    """One of the three faces of the host."""

    def __init__(self, host, names):
        for name in names.split():
            setattr(self, name, getattr(host, name))


EVERYTHING = document(
    process(
        start(),
        user("a", mappings({"y": "=n+1"}, {"n": "=y"})),
        script("c", "=n+1", "n"),
        element("businessRuleTask", "d", zeebe("calledDecision", decisionId="D", resultVariable="decided")),
        job("inside"),
        inclusive("o"),
        sub_process(
            "S",
            loop("=items", "i", "outs", "=i+n", condition="=n>90"),
            mappings({"z": "=i"}),
            start("s1"),
            user("u"),
            boundary("qu", "u", compensate()),
            user("cu", isForCompensation="true"),
            '<bpmn:association id="as" sourceRef="qu" targetRef="cu" associationDirection="One"/>',
            exclusive("g"),
            end("e1"),
            end("e2", error("X1")),
            flows("s1>u>g>e1[*] g>e2[=n>50]"),
            handler("X", "x", message("M", "=i"), "h", **NOT_INTERRUPTING),
        ),
        boundary("q", "S", error("X1")),
        boundary("r", "S", duration('="PT" + string(n) + "H"'), interrupting=False),
        job("j", mappings({"k": "=n"})),
        boundary("b", "j", error()),
        inclusive("i"),
        call("k", "Q", mappings({"n": "=n"}, {"back": "=n"}), propagateAllParentVariables="false"),
        throw("w", message("OUT")),
        event_gateway("v"),
        catch("v1", message("GO", "=n")),
        catch("v2", duration('="PT1H"')),
        throw("undo", compensate()),
        ad_hoc("H", None, user("hu", mappings({"y": "=n+1"}), task_listeners("updating:=kind"))),
        end(),
        parallel("p"),
        receive("rr", "IN", "=n"),
        flows(
            "s>a>c>d>inside>o>S[=true]>i>k>w>v>v1>undo>e v>v2>H>e o>j[=n>0]>i b>i q>e r>p>rr>e p>e"
        ),
    ),
    called(start("qs"), user("qu1"), script("qc", "=n*2", "n"), end("qe"), flows("qs>qu1>qc>qe")),
)  # fmt: skip

WAY = (
    ("start", {"n": 1, "items": [1, 2]}),
    ("do a", {}),
    ("set", {"n": 3}),
    ("do u", {}),
    ("trigger x", {"m": 1}),
    ("fail j", {}),
    ("retry j", {}),
    ("trigger r", {}),
    ("trigger rr", {"got": 1}),
    ("do h", {}),
    ("error j", {}),
    ("do u", {"n": 4}),
    ("modify a", {}),
    ("do a", {}),
    ("do j", {}),
    ("do u", {}),
    ("do u", {}),
    ("do qu1", {}),
    ("migrate", {}),
    ("restore", {}),
    ("resume", {}),
    ("trigger v1", {"end": True}),
    ("do cu", {}),
    ("modify H", {}),
    ("activate H", {"w": 1}),
    ("set", {"kind": "look"}),
    ("change hu", {}),
    ("listener hu", {}),
    ("do hu", {}),
    ("modify H", {}),
    ("cancel", {}),
)


def command(word, variables, snapshot):
    """Make the command a word asks for on what is open."""
    kind, _, name = word.partition(" ")
    found = [] if snapshot is None else [each for each in snapshot.instances if each.element == name]
    if kind == "start":
        return model.Start(definition="P", variables=variables)
    if kind == "set":
        return model.SetVariables(scope=snapshot.instances[0].key, variables=variables)
    if kind == "cancel":
        return model.Cancel()
    if kind == "migrate":
        return model.Migrate(source="P", target="P")
    if kind == "restore":
        return model.Restore(snapshot=snapshot)
    if kind == "resume":
        return model.Resume()
    if kind == "modify":
        return model.Modify(activate=(model.Activation(scope=snapshot.instances[0].key, element=name),))
    if kind == "change":
        task = TaskAttributes(assignee="a")
        return ChangeTask(key=found[0].key, event=UPDATING, action="update", before=task, after=task)
    if kind == "listener":
        return model.CompleteWork(key=found[0].listening.job, variables={})
    if kind == "activate":
        begun = model.AdHocActivity(element="hu", variables=variables)
        return model.ActivateAdHoc(scope=found[0].key, elements=(begun,))
    if kind == "trigger":
        waiting = [one for each in snapshot.instances for one in each.subscriptions if one.element == name]
        return model.Trigger(subscription=waiting[0].key, variables=variables)
    working = [each for each in found if each.loop_counter is not None or each.element != "S"]
    key = working[0].key
    return {
        "do": model.CompleteWork(key=key, variables=variables),
        "fail": model.FailWork(key=key, reason="no answer"),
        "retry": model.Retry(key=key),
        "error": model.ThrowError(key=key, code="any", variables=variables),
    }[kind]


def travel():
    """The commands of the way with the snapshot each is given."""
    definitions, snapshot, steps = OneDocument(EVERYTHING), None, []
    for word, variables in WAY:
        asked = command(word, variables, snapshot)
        steps.append((word, asked, snapshot))
        snapshot = run(snapshot, asked, Failing(definitions).environment()).snapshot
    assert snapshot is None
    return definitions, steps


DEFINITIONS, STEPS = travel()


@pytest.mark.parametrize(("word", "asked", "snapshot"), STEPS, ids=[f"{n}-{each[0]}" for n, each in enumerate(STEPS)])
def test_wherever_the_host_fails_the_snapshot_stays_and_the_same_command_gives_the_same(word, asked, snapshot):
    whole = Failing(DEFINITIONS)
    expected = run(snapshot, asked, whole.environment())
    before = copy.deepcopy(snapshot)
    stored = None if snapshot is None else codec.encode(snapshot)
    for at in range(1, whole.calls + 1):
        with pytest.raises(PowerCut):
            run(snapshot, asked, Failing(DEFINITIONS, at).environment())
        assert snapshot == before, f"call {at} of {whole.calls}"
        assert stored is None or codec.encode(snapshot) == stored
        again = run(snapshot, asked, Failing(DEFINITIONS).environment())
        assert again == expected, f"after call {at} of {whole.calls}"


def test_every_kind_of_command_and_every_call_of_the_host_is_on_the_way():
    assert {type(asked) for _, asked, _ in STEPS} == set(model.Command.__args__)
    asked_for = set()
    for _, asked, snapshot in STEPS:
        host = Failing(DEFINITIONS)
        for name in ("get", "called", "evaluate", "decide", "runs_inside", "call"):
            original = getattr(host, name)
            setattr(host, name, lambda *a, _n=name, _o=original, **k: (asked_for.add(_n), _o(*a, **k))[1])
        run(snapshot, asked, host.environment())
    assert asked_for == {"get", "called", "evaluate", "decide", "runs_inside", "call"}


def test_the_facts_of_an_outcome_do_not_share_what_a_later_command_changes():
    """A host keeps facts and snapshots; nothing a later run does may show in them."""
    kept = []
    for _, asked, snapshot in STEPS:
        outcome = run(snapshot, asked, Failing(DEFINITIONS).environment())
        kept.append((outcome, copy.deepcopy(outcome)))
        if outcome.snapshot is not None:
            run(outcome.snapshot, model.Cancel(), Failing(DEFINITIONS).environment())
    assert all(now == then for now, then in kept)

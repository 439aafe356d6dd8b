"""Every defect of `known_defects.DEFECTS` has its test; those that had none stand here."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest

from engine.bpmn.lint import lint
from engine.core import codec, model
from engine.core.interpreter import run
from engine.json_values import load_json
from tests.processes.diagrams import (
    NOT_INTERRUPTING,
    boundary,
    call,
    cycle,
    document,
    duration,
    end,
    escalation,
    exclusive,
    flows,
    inclusive,
    job,
    loop,
    mappings,
    message,
    one_process,
    parallel,
    process,
    receive,
    script,
    start,
    sub_process,
    throw,
    user,
)
from tests.processes.host import NOW, GivenHandlers, OneDocument, environment
from tests.processes.known_defects import DEFECTS
from tests.processes.patterns import handler
from tests.processes.player import Player
from tests.processes.test_conformance import CASES
from tests.unit.bpmn.samples import SAMPLES

HERE = Path(__file__).parent


def test_every_known_defect_names_a_test_that_exists():
    cases, samples = {each.name for each in CASES}, {code for code, _ in SAMPLES}
    missing = []
    for defect, where in DEFECTS.items():
        kind, _, name = where.partition(": ")
        if kind == "case":
            exists = name in cases
        elif kind == "lint":
            exists = name in samples
        else:
            path, _, name = where.partition("::")
            exists = f"\ndef {name}(" in (HERE / path).read_text(encoding="utf-8")
        if not exists:
            missing.append((defect, where))
    assert missing == []


class TwoDocuments:
    """The processes of two documents, each its own definition."""

    def __init__(self, *documents):
        self.processes = {name: each for xml in documents for name, each in OneDocument(xml).processes.items()}

    def get(self, definition):
        return self.processes[definition]

    def called(self, process_id, **more):
        return process_id


def test_two_documents_may_use_one_id_for_different_sub_processes():
    caller = one_process(
        start(), sub_process("S", start("s1"), call("c", "Q"), end("e1"), flows("s1>c>e1")), end(), flows("s>S>e")
    )
    called = document(
        process(
            start(),
            sub_process("S", start("s1"), user("u"), end("e1"), flows("s1>u>e1")),
            end(),
            flows("s>S>e"),
            process_id="Q",
        )
    )
    lent = environment(TwoDocuments(caller, called))
    first = run(None, model.Start(definition="P", variables={}), lent)
    assert [each.element for each in first.snapshot.instances] == ["P", "S", "c", "Q", "S", "u"]
    last = run(first.snapshot, model.CompleteWork(key=first.snapshot.instances[-1].key, variables={}), lent)
    assert last.snapshot is None


def test_an_escalation_goes_to_the_nearest_scope_a_named_code_before_any_and_then_its_event_sub_process_first():
    def diagram(*inside):
        body = sub_process(
            "S", start("s1"), throw("w", escalation("E1")), user("u"), end("e1"), flows("s1>w>u>e1"), *inside
        )
        return one_process(
            start(),
            body,
            boundary("q", "S", escalation(), interrupting=False),
            boundary("r", "S", escalation("E1"), interrupting=False),
            user("any"),
            user("named"),
            end(),
            flows("s>S>e q>any>e r>named>e"),
        )

    at_the_boundary, any_inside, named_inside = (
        Player(diagram()),
        Player(diagram(handler("X", "x", escalation(), "h", **NOT_INTERRUPTING))),
        Player(diagram(handler("X", "x", escalation("E1"), "h", **NOT_INTERRUPTING))),
    )
    for player in (at_the_boundary, any_inside, named_inside):
        player.start()
    assert at_the_boundary.open() == "named u"
    assert any_inside.open() == "named u"
    assert named_inside.open() == "h u"


@pytest.mark.parametrize("code", ['__import__("os").getpid() > 0', "open('x').read() = 1", "(lambda: 1)() = 1"])
def test_code_in_an_expression_never_runs(code):
    xml = one_process(start(), exclusive("g"), user("a"), user("b"), end(), flows(f"s>g>a[={code}]>e g>b[*]>e"))
    assert {"feel-syntax", "feel-always-wrong"} & {finding.code for finding in lint(xml)}


@pytest.mark.parametrize("argument", [3, None, {"a": 1}, ValueError("x"), ("a", 2)])
def test_a_handler_may_fail_with_any_argument(argument):
    def fails(given):
        raise model.HandlerFailed(argument)

    player = Player(one_process(start(), job("j"), end(), flows("s>j>e")), handlers=GivenHandlers(j=fails))
    player.start()
    assert player.open() == "!j"
    [told] = player.told(model.IncidentRaised)
    assert told.reason == f"j: {argument}"


def test_the_stored_form_does_not_depend_on_the_order_of_keys():
    body = user("u", loop("=[3,1,2]", "i", "outs", "=i"))
    xml = one_process(
        start(), parallel("p"), body, user("b"), parallel("j"), inclusive("o"), end(),
        receive("r", "M"), flows("s>p>u>j>o>e p>b>j p>r>o"),
    )  # fmt: skip
    player = Player(xml)
    player.start(z={"b": 1, "a": [2]}, a=None)
    player.do("b")
    player.do("u", 2)
    stored = load_json(zlib.decompress(codec.encode(player.snapshot)))
    sorted_by_key = zlib.compress(json.dumps(stored, sort_keys=True).encode())
    assert codec.decode(sorted_by_key) == player.snapshot
    player.snapshot = codec.decode(sorted_by_key)
    player.do("u", 1)
    player.do("u", 3)
    player.send_message("M")
    assert player.variables()["outs"] == [3, 1, 2]
    assert player.is_done


def test_an_open_multi_instance_goes_on_by_a_definition_that_is_read_again():
    rounds = sub_process("S", loop("=[1,2]", "i", "outs", "=i*v"), start("s1"), user("u"), end("e1"), flows("s1>u>e1"))
    xml = one_process(start(), rounds, end(), flows("s>S>e"))
    player = Player(xml, round_trips=True)
    player.start()
    player.definitions = OneDocument(xml)
    player.do("u", v=2)
    player.definitions = OneDocument(xml)
    player.do("u", v=3)
    assert player.variables()["outs"] == [2, 6]
    assert player.is_done


def test_forty_choices_in_a_row_are_checked_and_run_without_walking_every_path():
    nodes, way = [], "s"
    for number in range(40):
        split, merge = f"g{number}", f"m{number}"
        nodes += [exclusive(split), inclusive(merge)]
        way += f">{split}>{merge}[*] {split}>{merge}[=x>{number}] {merge}"
    player = Player(one_process(start(), *nodes, end(), flows(f"{way}>e")))
    player.start(x=20)
    assert player.is_done
    assert player.completed()["m39"] == 1


def test_branches_and_history_do_not_share_nested_objects():
    xml = one_process(
        start(),
        parallel("p"),
        user("a", mappings({}, {"case.person.name": "=name"})),
        user("b", mappings({"seen": "=case"}, {"after": "=seen.person.name"})),
        parallel("j"),
        end(),
        flows("s>p>a>j>e p>b>j"),
    )
    player = Player(xml, round_trips=True)
    player.start(case={"person": {"name": "old", "age": 3}})
    before = player.snapshot
    told = next(fact for fact in player.told(model.VariableSet) if fact.name == "case")
    player.do("a", name="new")
    assert before.instances[0].variables["case"] == {"person": {"name": "old", "age": 3}}
    assert told.value == {"person": {"name": "old", "age": 3}}
    player.do("b")
    assert player.variables() == {"case": {"person": {"name": "new", "age": 3}}, "after": "old"}


def test_lists_are_never_merged_at_a_join():
    xml = one_process(
        start(), parallel("p"), user("a"), user("b"), parallel("j"), user("z"), end(), flows("s>p>a>j>z>e p>b>j")
    )
    player = Player(xml, round_trips=True)
    player.start(list=[1, 2, 3])
    player.do("a", list=[1, 2, 3, 4])
    player.do("b", list=[9])
    assert player.variables()["list"] == [9]


def test_a_cycle_that_fired_two_hundred_times_leaves_nothing_behind():
    xml = one_process(
        start(), user("a"), boundary("q", "a", cycle("R/PT1H"), interrupting=False), script("c", "=n+1", "n"),
        end(), flows("s>a>e q>c>e"),
    )  # fmt: skip
    player = Player(xml)
    player.start(n=100)
    player.wait(3600)
    size = len(codec.encode(player.snapshot))
    player.wait(200 * 3600)
    assert player.variables()["n"] == 301
    assert len(player.instances()) == 2
    assert len(codec.encode(player.snapshot)) <= size + 8


def test_a_negative_duration_is_due_at_once_and_not_after_its_positive():
    player = Player(one_process(start(), user("a"), boundary("q", "a", duration("-PT1H")), end(), flows("s>a>e q>e")))
    player.start()
    [waiting] = player.subscriptions("timer")
    assert waiting.due < NOW


def test_a_thrown_message_leaves_the_instance_though_that_waits_for_its_name():
    xml = one_process(
        start(), parallel("p"), receive("r", "M"), throw("w", message("M")), end(), flows("s>p>r>e p>w>e")
    )
    player = Player(xml)
    player.start()
    assert [fact.name for fact in player.told(model.MessageSent)] == ["M"]
    assert player.open() == "r"


def test_a_cancelled_multi_instance_over_sub_processes_leaves_no_work_alive():
    rounds = sub_process("S", loop("=[1,2,3]", "i"), start("s1"), user("u"), user("v"), end("e1"), flows("s1>u>v>e1"))
    xml = one_process(start(), rounds, boundary("q", "S", duration("PT1H")), user("h"), end(), flows("s>S>e q>h>e"))
    player = Player(xml, round_trips=True)
    player.start()
    player.do("u")
    player.wait(3600)
    assert player.open() == "h"
    assert [each.element for each in player.instances()] == ["P", "h"]
    opened = {fact.key for fact in player.told(model.UserTaskOpened)}
    closed = [fact.key for fact in player.told(model.WorkClosed)]
    assert sorted(closed) == sorted(opened - {player.key("h")})

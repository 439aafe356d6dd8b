"""Ad-hoc sub-processes under commands: what is refused, repaired, migrated, and read from older snapshots."""

from __future__ import annotations

import pytest

from engine.bpmn.reader import read
from engine.core import model
from tests.processes.diagrams import ad_hoc, end, flows, loop, mappings, message, one_process, start, user
from tests.processes.patterns import handler
from tests.processes.player import Player


def diagram(*body, name="S", active='=["a"]', **drawn):
    inner = ad_hoc(name, active, *body, **drawn)
    return one_process(start(), inner, user("z"), end(), flows(f"s>{name}>z>e"))


def begun(xml):
    player = Player(xml, round_trips=True)
    player.start()
    return player


def scope_of(player, element_id="S"):
    [key] = [each.key for each in player.instances() if each.element == element_id and not each.is_activation]
    return key


@pytest.mark.parametrize("names", [["nothing"], ["b"], ["a", "a"], ["a", "z"]])
def test_what_cannot_be_begun_is_refused_and_changes_nothing(names):
    player = begun(diagram(user("a"), user("b"), flows("a>b")))
    before = player.snapshot
    with pytest.raises(model.CannotModify):
        player.begin("S", *names)
    assert player.snapshot == before


@pytest.mark.parametrize("element_id", ["P", "a"])
def test_elements_can_be_begun_in_a_running_ad_hoc_sub_process_only(element_id):
    player = begun(diagram(user("a")))
    with pytest.raises(model.NotOpen):
        player.begin(element_id, "a")


def test_nothing_is_begun_beside_an_event_sub_process_that_interrupted():
    player = begun(diagram(user("a"), handler("X", "x", message("M"), "h")))
    player.send_message("M")
    with pytest.raises(model.NotOpen):
        player.begin("S", "a")


def test_of_a_repeated_one_every_round_can_be_given_more():
    player = begun(diagram(user("a"), user("b"), loop("=[1, 2]", "i")))
    second = max(each.key for each in player.instances() if each.element == "S" and each.loop_counter)
    player.run(model.ActivateAdHoc(scope=second, elements=(model.AdHocActivity(element="b"),)))
    assert player.open() == "a a b"


def test_the_body_of_a_repeated_one_takes_nothing():
    player = begun(diagram(user("a"), loop("=[1, 2]", "i")))
    body = min(each.key for each in player.instances() if each.element == "S")
    with pytest.raises(model.NotOpen):
        player.run(model.ActivateAdHoc(scope=body, elements=(model.AdHocActivity(element="a"),)))


def test_it_tells_what_can_be_begun_in_it():
    drawn = "<bpmn:documentation>visit them</bpmn:documentation>"
    player = begun(diagram(user("a", drawn, name="Visit"), user("b"), user("c"), flows("b>c")))
    [scope] = [each for each in player.instances() if each.key == scope_of(player)]
    assert scope.variables["adHocSubProcessElements"] == [
        {"elementId": "a", "elementName": "Visit", "documentation": "visit them", "properties": {}},
        {"elementId": "b", "elementName": "", "documentation": "", "properties": {}},
    ]


def test_it_tells_what_an_element_wants_from_who_begins_it():
    drawn = mappings(
        {
            "topic": '=fromAi(toolCall.topic, "What for", "string", {type: "string", enum: ["rent", "food"]})',
            "note": '="re " + fromAi(value: note, type: "string", description: kind)',
            "sum": "=fromAi(toolCall.amount + 1) + fromAi(toolCall.persons)",
        }
    )
    player = begun(diagram(user("a", drawn), user("b", mappings({"c": "=1"})), active="=[]"))
    [scope] = [each for each in player.instances() if each.key == scope_of(player)]
    told = scope.variables["adHocSubProcessElements"]
    assert told[0]["parameters"] == [
        {
            "name": "topic",
            "description": "What for",
            "type": "string",
            "schema": {"type": "string", "enum": ["rent", "food"]},
        },
        {"name": "note", "type": "string"},
        {"name": "persons"},
    ]
    assert "parameters" not in told[1]


def test_an_element_within_a_flow_can_be_begun_by_repair_in_an_activation_of_its_own():
    player = begun(diagram(user("a"), user("b"), flows("a>b"), output="o", result="=1"))
    player.run(model.Modify(activate=(model.Activation(scope=scope_of(player), element="b"),)))
    assert player.open() == "a b"
    player.do("b")
    player.do("a")
    player.do("b")
    assert (player.open(), player.variables()["o"]) == ("z", [1, 1])


def test_ending_all_that_runs_by_repair_ends_it():
    player = begun(diagram(user("a")))
    player.run(model.Modify(terminate=(player.work("a"),)))
    assert player.open() == "z"


def test_it_migrates_with_what_runs_in_it():
    player = begun(diagram(user("a"), user("b"), flows("a>b")))
    new = diagram(user("a"), user("c"), user("b"), flows("a>c>b"), name="T")
    [compiled] = read(new).processes.values()
    player.definitions.processes = {**player.definitions.processes, "new": compiled}
    player.run(model.Migrate(source="P", target="new", mapping={"S": "T"}))
    player.do("a")
    assert player.open() == "c"
    player.do("c")
    player.do("b")
    assert player.open() == "z"


def test_a_snapshot_of_the_release_before_activations_goes_on():
    player = Player(diagram(user("a"), user("b"), flows("a>b"), active="=pick"), round_trips=True)
    instances = (
        model.ElementInstance(key=1, definition="P", element="P", scope=0, variables={"pick": ["a"]}),
        model.ElementInstance(key=3, definition="P", element="S", scope=1),
        model.ElementInstance(key=4, definition="P", element="a", scope=3),
    )
    player.snapshot = model.Snapshot(next_key=5, instances=instances)
    player.replayed.elements.update({1: "P", 3: "S", 4: "a"})
    player.replayed.work.update({4: "a"})
    player.replayed.variables.update({1: {"pick": ["a"]}})
    player.do("a")
    player.do("b")
    assert player.open() == "z"

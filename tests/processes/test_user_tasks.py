"""What a person is told when a user task opens."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.core import model
from tests.processes.diagrams import end, extension, flows, loop, mappings, one_process, start, user, zeebe
from tests.processes.player import Player


def opened(extensions, **variables):
    player = Player(one_process(start(), user("u", extension(extensions)), end(), flows("s>u>e")))
    player.start(**variables)
    return player, player.told(model.UserTaskOpened)


def test_a_literal_list_is_separated_by_commas():
    _, [fact] = opened('<zeebe:assignmentDefinition candidateGroups="township/clerk, county/reviewer" />')
    assert fact.candidate_groups == ("township/clerk", "county/reviewer")
    assert (fact.assignee, fact.candidate_users) == (None, ())


def test_an_expression_gives_a_list():
    drawn = '<zeebe:assignmentDefinition candidateGroups="=[unit + &quot;/clerk&quot;]" candidateUsers="=people"/>'
    _, [fact] = opened(drawn, unit="education", people=["wang", "li"])
    assert fact.candidate_groups == ("education/clerk",)
    assert fact.candidate_users == ("wang", "li")


def test_an_expression_may_give_one_name():
    _, [fact] = opened(
        '<zeebe:assignmentDefinition assignee="=clerk" candidateGroups="=unit"/>', clerk="wang", unit="a"
    )
    assert (fact.assignee, fact.candidate_groups) == ("wang", ("a",))


def test_a_task_that_nobody_would_see_is_an_incident():
    player, facts = opened('<zeebe:assignmentDefinition candidateGroups="=[]" assignee="=null"/>')
    assert not facts
    assert player.open() == "!u"
    assert player.told(model.IncidentRaised)[0].kind == "assignment"


def test_groups_that_are_no_texts_are_an_incident():
    player, _ = opened('<zeebe:assignmentDefinition candidateGroups="=[1,2]"/>')
    assert player.told(model.IncidentRaised)[0].kind == "assignment"


def test_due_date_follow_up_date_and_priority_are_evaluated():
    _, [fact] = opened(
        '<zeebe:assignmentDefinition candidateGroups="a"/>'
        '<zeebe:taskSchedule dueDate="=date and time(&quot;2026-02-10T18:00:00+08:00&quot;)"'
        ' followUpDate="2026-02-05"/>'
        '<zeebe:priorityDefinition priority="=40+2"/>'
    )
    assert fact.due == datetime(2026, 2, 10, 10, 0, tzinfo=UTC)
    assert fact.follow_up == datetime(2026, 2, 5, 0, 0, tzinfo=UTC)
    assert fact.priority == 42


def test_without_anything_drawn_there_is_no_due_date_and_middle_priority():
    _, [fact] = opened('<zeebe:assignmentDefinition candidateGroups="a"/>')
    assert (fact.due, fact.follow_up, fact.priority, fact.form_id) == (None, None, 50, None)


@pytest.mark.parametrize(
    "drawn",
    [
        '<zeebe:priorityDefinition priority="=101"/>',
        '<zeebe:priorityDefinition priority="=&quot;high&quot;"/>',
        '<zeebe:taskSchedule dueDate="=5"/>',
        '<zeebe:taskSchedule dueDate="=&quot;soon&quot;"/>',
    ],
)
def test_a_value_that_means_nothing_is_an_incident(drawn):
    player, facts = opened(f'<zeebe:assignmentDefinition candidateGroups="a"/>{drawn}')
    assert not facts
    assert player.open() == "!u"


def test_form_properties_and_local_variables_are_told():
    inputs = mappings({"household": "=applicant.household"})
    drawn = (
        '<zeebe:assignmentDefinition candidateGroups="a"/><zeebe:formDefinition formId="application"/>'
        '<zeebe:properties><zeebe:property name="legalBasis" value="第九条"/></zeebe:properties>'
    )
    player = Player(one_process(start(), user("u", extension(drawn), inputs, name="受理"), end(), flows("s>u>e")))
    player.start(applicant={"household": {"size": 3}})
    [fact] = player.told(model.UserTaskOpened)
    assert (fact.name, fact.form_id) == ("受理", "application")
    assert fact.properties == {"legalBasis": "第九条"}
    assert fact.variables == {"household": {"size": 3}}


def test_every_round_of_a_multi_instance_opens_its_own_task():
    body = user("u", extension('<zeebe:assignmentDefinition assignee="=person"/>'), loop("=people", "person"))
    player = Player(one_process(start(), body, end(), flows("s>u>e")))
    player.start(people=["wang", "li"])
    assert [fact.assignee for fact in player.told(model.UserTaskOpened)] == ["wang", "li"]
    tags = [fact.tag for fact in player.told(model.Entered) if fact.element == "u"]
    assert tags == ["multiInstanceBody", "userTask", "userTask"]


def test_output_mappings_with_dots_write_into_an_object_and_keep_the_rest():
    body = user("u", mappings({}, {"case.income": "=income", "case.size": "=case.income + 1"}))
    player = Player(one_process(start(), body, end(), flows("s>u>e")))
    player.start(case={"name": "x", "income": 0})
    player.do("u", income=7)
    assert player.variables() == {"case": {"name": "x", "income": 7, "size": 8}}


def test_a_form_that_another_system_shows_is_named_in_the_properties():
    drawn = zeebe("formDefinition", externalReference='="https://forms/" + kind')
    player = Player(one_process(start(), user("u", drawn), end(), flows("s>u>e")))
    player.start(kind="income")
    [fact] = player.told(model.UserTaskOpened)
    assert (fact.form_id, fact.properties) == (None, {"externalFormReference": "https://forms/income"})


def test_headers_go_along_with_the_task():
    drawn = zeebe("taskHeaders", '<zeebe:header key="counter" value="3"/>')
    player = Player(one_process(start(), user("u", drawn), end(), flows("s>u>e")))
    player.start()
    [fact] = player.told(model.UserTaskOpened)
    assert fact.headers == {"counter": "3"}

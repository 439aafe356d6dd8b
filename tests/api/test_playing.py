"""Playing a process over the API: step by step, without touching the county; kept as scenarios and run again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from api.services import Services
from tests.api.conftest import Client, content
from tests.api.test_workbench import AT, FILE, RENAMED, XML, analyst, colleague, deployed, opened, saved  # noqa: F401

SignIn = Callable[[str], Client]
PLAYS = f"{AT}/plays"
STARTS = "2026-06-15T09:00:00+08:00"
VARIABLES = {
    "channel": "line",
    "caseId": "case-1",
    "agency": "tax",
    "agency_title": "税务局",
    "request_id": "R-1",
    "check_deadline": "2026-06-26",
    "failure": None,
}
RECORDED = {"job": "Service_RecordAgencyAnswer", "variables": {"answer_status": "hit"}}
WRITTEN = {"answer_kind": "data", "as_of": "2026-06-01", "monthly_income": 1200, "assets": 0, "has_vehicle": "no"}


def begun(client: Client, draft: Any, **asked: Any) -> Any:
    body = {"draft_id": draft["id"], "starts_at": STARTS, "variables": VARIABLES, **asked}
    answer = client.post(PLAYS, body)
    assert answer.status_code == 201, answer.text
    return content(answer)


def step(client: Client, play: Any, **asked: Any) -> Any:
    return client.post(f"{PLAYS}/{play['id']}/steps", {"seen": len(play["steps"]) - 1, **asked})


def taken(client: Client, play: Any, **asked: Any) -> Any:
    answer = step(client, play, **asked)
    assert answer.status_code == 200, answer.text
    return content(answer)


def waiting(play: Any) -> list[str]:
    found: list[str] = play["steps"][-1]["open"]
    return found


@pytest.fixture
def draft(analyst: Client) -> Any:  # noqa: F811
    return opened(analyst)


SUM = "SELECT count(*) || md5(coalesce(string_agg(one::text, '|' ORDER BY one::text), ''))"


def county(services: Services) -> dict[str, str]:
    """Return a sum of everything in every table but those of playing itself."""
    database = create_engine(services.settings.database_url or "")
    with database.connect() as connection:
        names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        found = {
            name: connection.execute(text(f'{SUM} FROM "{name}" one')).scalar_one()
            for name in sorted(names)
            if name not in ("play", "process_scenario")
        }
    database.dispose()
    return found


def test_a_draft_is_played_to_its_end(analyst: Client, draft: Any) -> None:  # noqa: F811
    play = begun(analyst, draft)
    assert waiting(play) == ["Service_AskAgency"]
    [job] = play["jobs"]
    assert (job["type"], job["variables"]["agency"], job["answer"]) == ("ask_agency", "tax", {"answer": None})

    play = taken(analyst, play, jobs=[{"job": "Service_AskAgency", "variables": {"answer": {"status": "hit"}}}])
    assert waiting(play) == ["Service_RecordAgencyAnswer"]
    play = taken(analyst, play, jobs=[RECORDED])

    assert play["ended"]
    assert (play["jobs"], play["tasks"], play["waits"]) == ([], [], [])
    assert "查询信息单位" in play["steps"][0]["passed"]


def test_playing_writes_nothing_but_the_play(services: Services, analyst: Client, draft: Any) -> None:  # noqa: F811
    before = county(services)

    play = begun(analyst, draft)
    play = taken(analyst, play, jobs=[{"job": "Service_AskAgency", "error": "REFUSED"}])
    play = taken(analyst, play, by="civil_affairs/checker", tasks=[{"task": "Task_EnterAnswer", "answers": WRITTEN}])
    play = taken(analyst, play, jobs=[RECORDED])

    assert play["ended"]
    assert county(services) == before


def test_time_passes_and_what_is_due_happens(analyst: Client, draft: Any) -> None:  # noqa: F811
    play = begun(analyst, draft)
    due = play["next_timer_at"]

    play = taken(analyst, play, at=due)

    assert waiting(play) == ["Task_EnterAnswer"]
    [task] = play["tasks"]
    assert (task["groups"], task["form_id"]) == (["civil_affairs/checker"], "enter_answer")
    early = step(analyst, play, at=STARTS)
    assert (early.status_code, early.json["code"]) == (409, "step-too-early")


def test_a_message_takes_the_token_on(analyst: Client, draft: Any) -> None:  # noqa: F811
    play = begun(analyst, draft)
    [message] = [one for one in play["waits"] if one["kind"] == "message"]

    play = taken(analyst, play, messages=[{"message": message["name"], "variables": {"answer": {"status": "hit"}}}])

    assert waiting(play) == ["Service_RecordAgencyAnswer"]
    assert "答复已导入" in play["steps"][-1]["passed"]


def test_a_task_keeps_the_rules_of_its_form_and_its_group(analyst: Client, draft: Any) -> None:  # noqa: F811
    play = begun(analyst, draft, variables=VARIABLES | {"channel": "desk"})

    empty = step(analyst, play, by="civil_affairs/checker", tasks=[{"task": "Task_EnterAnswer"}])
    other = step(analyst, play, by="township/clerk", tasks=[{"task": "Task_EnterAnswer", "answers": WRITTEN}])

    assert (empty.status_code, empty.json["code"]) == (422, "form-invalid")
    assert empty.json["errors"]
    assert (other.status_code, other.json["code"]) == (422, "role-not-offered")
    assert "civil_affairs/checker" in other.json["detail"]
    assert len(content(analyst.get(f"{PLAYS}/{play['id']}"))["steps"]) == 1


def test_what_fails_is_stuck_and_tried_again(analyst: Client, draft: Any) -> None:  # noqa: F811
    play = begun(analyst, draft)

    play = taken(analyst, play, jobs=[{"job": "Service_AskAgency", "fail": "线路中断"}])
    [incident] = play["incidents"]
    assert (incident["element_id"], incident["reason"]) == ("Service_AskAgency", "线路中断")
    assert waiting(play) == ["!Service_AskAgency"]
    play = taken(analyst, play, retry=["Service_AskAgency"])

    assert waiting(play) == ["Service_AskAgency"]


def test_going_back_takes_steps_away(analyst: Client, draft: Any) -> None:  # noqa: F811
    play = begun(analyst, draft)
    play = taken(analyst, play, jobs=[{"job": "Service_AskAgency", "error": "REFUSED"}])
    assert waiting(play) == ["Task_EnterAnswer"]

    back = content(analyst.post(f"{PLAYS}/{play['id']}/going-back", {"seen": 1, "to": 0}))

    assert waiting(back) == ["Service_AskAgency"]
    stale = analyst.post(f"{PLAYS}/{play['id']}/going-back", {"seen": 1, "to": 0})
    assert (stale.status_code, stale.json["code"]) == (409, "play-stale")


def test_what_is_not_open_is_refused_with_what_is(analyst: Client, draft: Any) -> None:  # noqa: F811
    play = begun(analyst, draft)

    refused = step(analyst, play, tasks=[{"task": "Task_EnterAnswer"}])

    assert (refused.status_code, refused.json["code"]) == (409, "not-open-in-play")
    assert "Service_AskAgency" in refused.json["detail"]


def test_a_play_follows_the_draft(analyst: Client, draft: Any) -> None:  # noqa: F811
    play = begun(analyst, draft)
    play = taken(analyst, play, jobs=[{"job": "Service_AskAgency", "error": "REFUSED"}])
    assert saved(analyst, draft, RENAMED).status_code == 200
    assert content(analyst.get(f"{PLAYS}/{play['id']}"))["tasks"][0]["element_name"] == "登记书面答复"
    without = XML.replace('errorCode="REFUSED"', 'errorCode="GONE"')
    assert saved(analyst, {**draft, "version": 2}, without).status_code == 200

    now = content(analyst.get(f"{PLAYS}/{play['id']}"))

    assert waiting(now) == ["!Service_AskAgency"]


def test_only_who_began_a_play_sees_it(analyst: Client, colleague: Client, sign_in: SignIn, draft: Any) -> None:  # noqa: F811
    play = begun(analyst, draft)

    assert colleague.get(f"{PLAYS}/{play['id']}").status_code == 404
    assert content(colleague.get(PLAYS))["plays"] == []
    assert [one["id"] for one in content(analyst.get(PLAYS))["plays"]] == [play["id"]]
    assert sign_in("clerk").get(f"{PLAYS}/{play['id']}").status_code == 403
    assert analyst.delete(f"{PLAYS}/{play['id']}").status_code == 204
    assert content(analyst.get(PLAYS))["plays"] == []


def test_a_deployed_version_is_played_too(analyst: Client) -> None:  # noqa: F811
    body = {"definition_id": deployed(analyst)["id"], "starts_at": STARTS, "variables": VARIABLES}

    play = content(analyst.post(PLAYS, body))

    assert (play["file_name"], play["draft_id"], waiting(play)) == (FILE, None, ["Service_AskAgency"])


def test_a_broken_draft_and_a_bad_start_are_refused(analyst: Client, draft: Any) -> None:  # noqa: F811
    both = analyst.post(PLAYS, {"draft_id": draft["id"], "definition_id": deployed(analyst)["id"]})
    assert (both.status_code, both.json["code"]) == (422, "request-invalid")
    nowhere = analyst.post(PLAYS, {"draft_id": draft["id"], "process_id": "other"})
    assert (nowhere.status_code, nowhere.json["code"]) == (422, "not-playable")
    event = analyst.post(PLAYS, {"draft_id": draft["id"], "start_event": "Event_Other"})
    assert (event.status_code, event.json["code"]) == (422, "cannot-start")
    named = analyst.post(PLAYS, {"draft_id": draft["id"], "variables": {"case": 1}})
    assert (named.status_code, named.json["code"]) == (422, "invalid-variables")
    cut = XML.replace('targetRef="Gateway_Channel"', 'targetRef="Gateway_Gone"')
    assert saved(analyst, draft, cut).status_code == 200
    broken = analyst.post(PLAYS, {"draft_id": draft["id"]})
    assert (broken.status_code, broken.json["code"]) == (422, "not-playable")


def kept(client: Client, play: Any, name: str = "拒绝提供") -> Any:
    answer = client.post(f"{PLAYS}/{play['id']}/scenario", {"name": name, "name_en": "Refused"})
    assert answer.status_code == 201, answer.text
    return content(answer)


def results(client: Client, draft: Any) -> Any:
    return content(client.post(f"{AT}/scenario-results", {"draft_id": draft["id"]}))


def refused_way(client: Client, draft: Any) -> Any:
    play = begun(client, draft)
    play = taken(client, play, jobs=[{"job": "Service_AskAgency", "error": "REFUSED"}])
    play = taken(client, play, by="civil_affairs/checker", tasks=[{"task": "Task_EnterAnswer", "answers": WRITTEN}])
    return taken(client, play, jobs=[RECORDED])


def test_a_play_is_kept_as_a_scenario_and_runs_again(analyst: Client, draft: Any) -> None:  # noqa: F811
    scenario = kept(analyst, refused_way(analyst, draft))

    assert scenario["document"]["process"] == "agency_inquiry"
    assert scenario["document"]["steps"][0]["expect"] == {"open": ["Task_EnterAnswer"]}
    assert scenario["document"]["expected"]["ended"] is True
    found = results(analyst, draft)
    assert (found["holding"], [one["holds"] for one in found["results"]]) == (1, [True])
    by_id = {one["id"]: one["taken"] for one in found["elements"]}
    assert by_id["Event_Refused"] == 1
    assert by_id["Flow_Refused"] == 1
    assert (by_id["Event_AnswerOverdue"], by_id["Flow_Channel_Desk"]) == (0, 0)
    assert found["covered"] < found["coverable"]


def test_a_scenario_tells_where_a_changed_draft_goes_another_way(analyst: Client, draft: Any) -> None:  # noqa: F811
    kept(analyst, refused_way(analyst, draft))
    other = XML.replace(
        'id="Flow_Refused" sourceRef="Event_Refused" targetRef="Task_EnterAnswer"',
        'id="Flow_Refused" sourceRef="Event_Refused" targetRef="Service_RecordAgencyAnswer"',
    ).replace("<bpmn:incoming>Flow_Refused</bpmn:incoming>\n", "", 1)
    assert saved(analyst, draft, other).status_code == 200

    [found] = results(analyst, draft)["results"]

    assert not found["holds"]
    [fact] = found["steps"][0]["facts"]
    assert (fact["what"], fact["said"], fact["holds"]) == ("open", "在等", False)
    assert (fact["expected"], fact["found"]) == (["Task_EnterAnswer"], ["!Service_RecordAgencyAnswer"])
    assert "Task_EnterAnswer" in found["failure"]


def test_expectations_are_changed_by_one_at_a_time(analyst: Client, draft: Any) -> None:  # noqa: F811
    scenario = kept(analyst, refused_way(analyst, draft))
    url = f"{AT}/scenarios/{scenario['id']}"
    steps = scenario["document"]["steps"]
    body = {
        "version": 1,
        "name": "拒绝后登记",
        "expect": [{} for _ in steps],
        "expected": {"ended": True, "variables": {"source": "sent"}, "passed": ["Event_Refused", "Event_WrongAnswer"]},
    }

    changed = content(analyst.put(url, body))

    assert (changed["version"], changed["name"]) == (2, "拒绝后登记")
    [found] = results(analyst, draft)["results"]
    assert {one["what"]: one["holds"] for one in found["at_end"]} == {
        "ended": True,
        "variables source": False,
        "passed Event_Refused": True,
        "passed Event_WrongAnswer": False,
    }
    again = analyst.put(url, body)
    assert (again.status_code, again.json["code"]) == (409, "scenario-stale")
    assert analyst.delete(url).status_code == 204
    assert results(analyst, draft)["results"] == []


def test_two_scenarios_of_a_process_have_two_names(analyst: Client, draft: Any) -> None:  # noqa: F811
    play = refused_way(analyst, draft)
    scenario = kept(analyst, play)

    twice = analyst.post(f"{PLAYS}/{play['id']}/scenario", {"name": "拒绝提供"})
    assert (twice.status_code, twice.json["code"]) == (409, "scenario-name-taken")
    in_place = content(analyst.post(f"{PLAYS}/{play['id']}/scenario", {"scenario_id": scenario["id"], "version": 1}))

    assert (in_place["id"], in_place["version"]) == (scenario["id"], 2)
    listed = content(analyst.get(f"{AT}/processes/agency_inquiry/scenarios"))["scenarios"]
    assert [one["id"] for one in listed] == [scenario["id"]]


def test_a_scenario_is_played_on_from_where_it_ends(analyst: Client, draft: Any) -> None:  # noqa: F811
    play = begun(analyst, draft)
    play = taken(analyst, play, jobs=[{"job": "Service_AskAgency", "error": "REFUSED"}])
    scenario = kept(analyst, play)

    again = content(analyst.post(PLAYS, {"draft_id": draft["id"], "scenario_id": scenario["id"]}))

    assert waiting(again) == ["Task_EnterAnswer"]
    assert again["setting"]["variables"]["agency"] == "tax"


def test_scenarios_outlive_the_draft(analyst: Client, draft: Any) -> None:  # noqa: F811
    kept(analyst, refused_way(analyst, draft))
    body = {"definition_id": deployed(analyst)["id"]}

    found = content(analyst.post(f"{AT}/scenario-results", body))

    assert found["holding"] == 1

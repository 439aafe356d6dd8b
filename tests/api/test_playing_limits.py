"""Playing within its limits: how much, how long, how many, which day's figures; what cannot be played says why."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from api.services import Services
from engine.model import SYSTEM
from tests.api.conftest import Client, content
from tests.api.test_playing import PLAYS, STARTS, VARIABLES, begun, draft, kept, refused_way, step, taken  # noqa: F401
from tests.api.test_workbench import AT, XML, analyst, colleague, deployed, opened, saved  # noqa: F401
from web.play_forms import sample_case
from workflows.playing.commands import ForgetOldPlays
from workflows.playing.lending import CountyLent
from workflows.playing.model import MOST_PLAYS, PlaySource
from workflows.playing.scenarios import RunScenarios

ASKED = {"job": "Service_AskAgency", "error": "REFUSED"}


def executed(services: Services, statement: str) -> None:
    database = create_engine(services.settings.database_url or "")
    with database.begin() as connection:
        connection.execute(text(statement))
    database.dispose()


def test_a_play_says_no_more_than_it_may(analyst: Client, draft: Any) -> None:  # noqa: F811
    large = "x" * 600_000
    body = {"draft_id": draft["id"], "starts_at": STARTS, "variables": VARIABLES}
    refused = analyst.post(PLAYS, body | {"case": {"note": large}})
    assert (refused.status_code, refused.json["code"]) == (422, "play-too-large")
    play = begun(analyst, draft)

    refused = step(analyst, play, jobs=[ASKED], expect={"variables": {"note": large}})

    assert (refused.status_code, refused.json["code"]) == (422, "play-too-large")
    assert len(content(analyst.get(f"{PLAYS}/{play['id']}"))["steps"]) == 1


def test_somebody_has_the_plays_begun_last(analyst: Client, draft: Any) -> None:  # noqa: F811
    first, *_ = [begun(analyst, draft)["id"] for _ in range(MOST_PLAYS + 1)]

    listed = [one["id"] for one in content(analyst.get(PLAYS))["plays"]]

    assert len(listed) == MOST_PLAYS
    assert first not in listed


def test_plays_nobody_touched_are_forgotten_by_themselves(services: Services, analyst: Client, draft: Any) -> None:  # noqa: F811
    old, new = (begun(analyst, draft)["id"] for _ in range(2))
    executed(services, f"UPDATE play SET touched_at = touched_at - interval '15 days' WHERE id = '{old}'")

    assert services.engine.execute(ForgetOldPlays(), actor=SYSTEM) == 1

    assert [one["id"] for one in content(analyst.get(PLAYS))["plays"]] == [new]


def test_scenarios_there_is_no_time_for_are_told_to_be_not_run(
    services: Services,
    analyst: Client,  # noqa: F811
    draft: Any,  # noqa: F811
) -> None:
    kept(analyst, refused_way(analyst, draft))
    source = PlaySource(draft_id=UUID(draft["id"]))

    found = services.engine.execute(RunScenarios(source=source, seconds=-1), actor=SYSTEM)

    assert [one.failure.code for one in found.results] == ["scenario-not-run"]
    assert found.coverage.taken == 0


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00+00:00"])
def test_a_moment_nobody_means_is_refused(analyst: Client, draft: Any, moment: str) -> None:  # noqa: F811
    refused = analyst.post(PLAYS, {"draft_id": draft["id"], "starts_at": moment, "variables": VARIABLES})
    assert (refused.status_code, refused.json["code"]) == (422, "request-invalid")

    play = begun(analyst, draft)
    refused = step(analyst, play, at=moment)

    assert (refused.status_code, refused.json["code"]) == (422, "request-invalid")


def test_odd_numbers_and_texts_on_the_page_are_refused(analyst: Client, draft: Any) -> None:  # noqa: F811
    play = begun(analyst, draft, starts_at="2199-12-30T09:00:00+08:00")
    page = f"/workbench/plays/{play['id']}"
    assert analyst.form(f"{page}/back", seen="9" * 5000, to="0").status_code == 422
    assert analyst.form(f"{page}/steps", seen="0", what="wait", days="4000").status_code == 422
    job = {"seen": "0", "what": "job", "place": "Service_AskAgency", "nth": "1", "way": "complete"}
    broken = '{"answer": {"status": "hit"'
    for typed in (broken, "[]", "0", '""', "false"):
        refused = analyst.form(f"{page}/steps", **job, variables=typed)
        assert refused.status_code == 422, typed
    shown = analyst.form(f"{page}/steps", **job, variables=broken)
    assert "{&#34;answer&#34;: {&#34;status&#34;: &#34;hit&#34;</textarea>" in shown.text
    assert 'value="Service_AskAgency" maxlength' not in shown.text


def test_a_job_is_offered_the_answer_a_scenario_gave(analyst: Client, draft: Any) -> None:  # noqa: F811
    given = {"answer": {"status": "hit", "rows": [1]}}
    play = begun(analyst, draft)
    kept(analyst, taken(analyst, play, jobs=[{"job": "Service_AskAgency", "variables": given}]))

    [job] = begun(analyst, draft)["jobs"]

    assert (job["place"], job["answer"]) == ("Service_AskAgency", given)


def test_what_people_expect_stays_when_a_scenario_is_replaced(analyst: Client, draft: Any) -> None:  # noqa: F811
    play = taken(analyst, begun(analyst, draft), jobs=[ASKED])
    scenario = kept(analyst, play)
    wanted = {"open": ["Task_EnterAnswer"], "variables": {"failure": "refused"}}
    body = {"version": 1, "name": "拒绝提供", "expect": [wanted], "expected": {"variables": {"failure": "refused"}}}
    assert analyst.put(f"{AT}/scenarios/{scenario['id']}", body).status_code == 200
    task = {"task": "Task_EnterAnswer", "answers": {"answer_kind": "no_data", "no_data_reason": "系统停用"}}
    own = {"passed": ["Task_EnterAnswer"]}
    longer = taken(analyst, play, by="civil_affairs/checker", tasks=[task], expect=own)
    url = f"{PLAYS}/{longer['id']}/scenario"

    stale = analyst.post(url, {"scenario_id": scenario["id"], "version": 1})
    without = analyst.post(url, {"scenario_id": scenario["id"]})
    replaced = content(analyst.post(url, {"scenario_id": scenario["id"], "version": 2}))

    assert (stale.status_code, stale.json["code"]) == (409, "scenario-stale")
    assert (without.status_code, without.json["code"]) == (422, "request-invalid")
    first, second = replaced["document"]["steps"]
    assert (first["expect"], second["expect"]) == (wanted, own)
    assert replaced["document"]["expected"] == {"ended": False, "variables": {"failure": "refused"}}


def test_a_refused_change_stays_refused_until_it_is_looked_at(analyst: Client, draft: Any) -> None:  # noqa: F811
    scenario = kept(analyst, taken(analyst, begun(analyst, draft), jobs=[ASKED]))
    page = f"/workbench/scenarios/{scenario['id']}?draft={draft['id']}"
    typed = {"version": "1", "name": "甲", "name_en": "", "open.1": "Task_EnterAnswer", "ended.end": "false"}
    assert analyst.form(page, **typed).status_code == 303

    refused = analyst.form(page, **{**typed, "name": "乙"})

    assert refused.status_code == 422
    assert '<input type="hidden" name="version" value="1">\n<section' in refused.text
    removal = page.replace("?", "/removal?")
    assert analyst.form(removal, version="1").status_code == 422
    assert analyst.form(removal, version="2").status_code == 303


def test_a_draft_that_cannot_be_played_says_why_and_leads_on(analyst: Client, draft: Any) -> None:  # noqa: F811
    play = begun(analyst, draft)
    cut = XML.replace('targetRef="Gateway_Channel"', 'targetRef="Gateway_Gone"')
    assert saved(analyst, draft, cut).status_code == 200
    editor = f"/workbench/process/{draft['id']}"
    of_draft = f"?draft={draft['id']}"
    for path in (f"/workbench/plays/{play['id']}", f"/workbench/play{of_draft}", f"/workbench/scenarios{of_draft}"):
        page = analyst.get(path)
        assert page.status_code == 422, path
        assert editor in page.text, path

    assert analyst.form(f"/workbench/plays/{play['id']}/end").status_code == 303

    assert content(analyst.get(PLAYS))["plays"] == []


def test_a_draft_that_is_over_is_not_begun_or_run(analyst: Client, draft: Any) -> None:  # noqa: F811
    play = begun(analyst, draft)
    assert analyst.delete(f"{AT}/drafts/{draft['id']}?version={draft['version']}").status_code in (200, 204)
    for path, body in (
        (PLAYS, {"draft_id": draft["id"]}),
        (PLAYS, {"draft_id": draft["id"], "process_id": "agency_inquiry"}),
        (f"{AT}/scenario-results", {"draft_id": draft["id"]}),
    ):
        refused = analyst.post(path, body)
        assert (refused.status_code, refused.json["code"]) == (422, "played-draft-over"), body

    now = content(analyst.get(f"{PLAYS}/{play['id']}"))

    assert (now["draft_id"], now["definition_id"]) == (None, deployed(analyst)["id"])


def test_figures_are_those_of_the_day_the_case_was_accepted(services: Services) -> None:
    policy = SimpleNamespace(parameters_on=lambda day: {"day": day.isoformat()})
    host = SimpleNamespace(functions=lambda _context: {}, time_zone="Asia/Shanghai")
    context: Any = SimpleNamespace(unit_of_work=SimpleNamespace(policy=policy), host=host)
    lent = CountyLent(context, SimpleNamespace(processes={}))  # type: ignore[arg-type]  # nothing is played
    now = services.engine.now()

    def day(case: Any) -> Any:
        return lent.objects(case, now)["standard"]["day"]  # type: ignore[index,call-overload]  # an object

    assert day({"accepted_on": "2026-06-20"}) == "2026-06-20"
    assert day(sample_case()) == "2026-06-17"
    assert day({"accepted_on": "soon"}) == day({"accepted_on": None}) == day(None) != "2026-06-20"

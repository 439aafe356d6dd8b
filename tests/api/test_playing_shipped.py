"""Every shipped process can be played: begun at each of its start events, gone on with, shown, and never a failure."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Client, content
from tests.api.test_playing import PLAYS
from tests.api.test_workbench import AT, analyst  # noqa: F401
from web.play_forms import sample_case

STARTS = "2026-06-15T09:00:00+08:00"
MOST_STEPS = 6
EXPECTED = {200, 409, 422}


def next_step(play: Any) -> dict[str, Any] | None:
    """Return something that can be tried: the first job, task or event that waits, else the next timer."""
    if play["incidents"]:
        return None
    if play["jobs"]:
        job = play["jobs"][0]
        return {"jobs": [{"job": job["element_id"], "variables": job["answer"]}]}
    if play["tasks"]:
        task = play["tasks"][0]
        by = next(iter(task["groups"]), None)
        return {"by": by, "tasks": [{"task": task["element_id"], "answers": task["values"]}]}
    if play["next_timer_at"]:
        return {"at": play["next_timer_at"]}
    return None


def test_every_shipped_process_is_played_without_a_failure(analyst: Client) -> None:  # noqa: F811
    processes = [one for one in content(analyst.get(AT))["versions"] if one["kind"] == "process"]
    assert len(processes) > 40
    failures, begun = [], 0
    for process in processes:
        page = analyst.get(f"/workbench/play?definition={process['id']}")
        assert page.status_code == 200, process["key"]
        setting = {"process_id": process["key"], "starts_at": STARTS, "case": sample_case()}
        answer = analyst.post(PLAYS, {"definition_id": process["id"], **setting})
        if answer.status_code != 201:
            failures += [(process["key"], answer.json["code"])] if answer.json["code"] != "cannot-start" else []
            continue
        begun += 1
        play = content(answer)
        for _ in range(MOST_STEPS):
            wanted = next_step(play)
            if wanted is None:
                break
            taken = analyst.post(f"{PLAYS}/{play['id']}/steps", {"seen": len(play["steps"]) - 1, **wanted})
            if taken.status_code not in EXPECTED:
                failures.append((process["key"], taken.status_code))
            if taken.status_code != 200:
                break
            play = content(taken)
        shown = analyst.get(f"/workbench/plays/{play['id']}?lang=en")
        if shown.status_code != 200:
            failures.append((process["key"], shown.status_code))
    assert failures == []
    assert begun > 30

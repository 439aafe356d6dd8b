"""Examples of a decision: those of the product, run on a draft with the rules that fire, kept, handed in as a table."""

from __future__ import annotations

import io
from typing import Any

from tests.api.conftest import Client, content
from tests.api.test_workbench import AT, analyst, colleague, deployed, saved  # noqa: F401

DECISION = "county_check"
RESULTS = f"{AT}/example-results"
KIN_VISITED = '<outputEntry id="Result_CountyCheck_1_1">\n          <text>true</text>'
EXAMPLES = f"{AT}/decisions/{DECISION}/examples"


def run(client: Client, **asked: Any) -> Any:
    answer = client.post(RESULTS, asked)
    assert answer.status_code == 200, answer.text
    return content(answer)


def of_version(client: Client) -> dict[str, str]:
    return {"definition_id": deployed(client, DECISION)["id"], "decision_id": DECISION}


def drafted(client: Client) -> Any:
    return content(client.post(f"{AT}/drafts", {"definition_id": deployed(client, DECISION)["id"]}))


def test_the_examples_of_the_product_come_out_and_name_their_rules(analyst: Client) -> None:  # noqa: F811
    found = run(analyst, **of_version(analyst))

    assert (found["version"], found["columns"]) == (0, ["kin", "disputed", "sampled"])
    assert len(found["results"]) >= 4
    assert all(one["holds"] for one in found["results"])
    assert all(one["fired"] for one in found["results"])
    [table] = found["tables"]
    assert all(rule["fired"] for rule in table["rules"])


def test_rows_are_run_without_being_kept(analyst: Client) -> None:  # noqa: F811
    row = {
        "name": "错的预期",
        "inputs": {"kin": True, "disputed": False, "sampled": False},
        "expected": {"visit": False},
    }

    found = run(analyst, **of_version(analyst), rows=[row, {"inputs": {"kin": False}, "expected": None}])

    wrong, open_row = found["results"]
    assert (wrong["holds"], wrong["value"]["visit"]) == (False, True)
    assert wrong["compared"] == [{"what": "visit", "expected": False, "found": True, "holds": False}]
    assert open_row["holds"] is None
    assert content(analyst.get(EXAMPLES))["version"] == 0


def test_examples_are_kept_by_one_at_a_time(analyst: Client, colleague: Client) -> None:  # noqa: F811
    rows = [{"name": "备案", "inputs": {"kin": True, "disputed": False, "sampled": False}, "expected": {"visit": True}}]

    first = analyst.put(EXAMPLES, {"version": 0, "rows": rows})
    late = colleague.put(EXAMPLES, {"version": 0, "rows": []})

    assert content(first)["version"] == 1
    assert (late.status_code, late.json["code"]) == (409, "examples-stale")
    found = run(colleague, **of_version(colleague))
    assert [one["name"] for one in found["results"]] == ["备案"]
    assert content(colleague.put(EXAMPLES, {"version": 1, "rows": []}))["version"] == 2
    assert run(analyst, **of_version(analyst))["results"] == []


def test_a_changed_draft_shows_which_rows_come_out_otherwise(analyst: Client) -> None:  # noqa: F811
    draft = drafted(analyst)
    xml = content(analyst.get(f"{AT}/drafts/{draft['id']}"))["content"]
    other = xml.replace(KIN_VISITED, KIN_VISITED.replace("true", "false"))
    assert other != xml
    assert saved(analyst, draft, other).status_code == 200

    found = run(analyst, draft_id=draft["id"])

    assert [one["name"] for one in found["results"] if not one["holds"]] == ["备案对象"]


def test_what_is_no_decision_and_bad_rows_are_refused(analyst: Client) -> None:  # noqa: F811
    process = analyst.post(RESULTS, {"definition_id": deployed(analyst)["id"]})
    assert (process.status_code, process.json["code"]) == (422, "not-playable")
    unknown = analyst.post(RESULTS, {**of_version(analyst), "decision_id": "other"})
    assert (unknown.status_code, unknown.json["code"]) == (404, "not-found")
    shapeless = analyst.put(EXAMPLES, {"version": 0, "rows": [{"inputs": []}]})
    assert (shapeless.status_code, shapeless.json["code"]) == (422, "request-invalid")


def test_the_page_runs_keeps_and_takes_a_table(analyst: Client) -> None:  # noqa: F811
    source = {"definition": of_version(analyst)["definition_id"], "decision": DECISION}
    shown = analyst.get(f"/workbench/examples?definition={source['definition']}&decision={DECISION}")
    assert shown.status_code == 200
    assert "备案对象" in shown.text
    grid = {"version": "0", "rows": "2", "column": ["kin", "disputed", "sampled"], "output": ["visit"]}
    typed = {"name.0": "抽中", "in.0.0": "false", "in.0.1": "false", "in.0.2": "true", "out.0.0": "true"}

    kept = analyst.form("/workbench/examples", **source, **grid, **typed, do="keep")
    assert kept.status_code == 303
    stale = analyst.form("/workbench/examples", **source, **grid, **typed, do="keep")
    assert stale.status_code == 422
    assert "抽中" in stale.text
    [row] = content(analyst.get(EXAMPLES))["rows"]
    assert row == {
        "name": "抽中",
        "inputs": {"kin": False, "disputed": False, "sampled": True},
        "expected": {"visit": True},
    }
    table = "name,kin,disputed,sampled,expected.visit\n表中一行,true,false,false,true\n".encode()
    added = analyst.form("/workbench/examples", **source, file=(io.BytesIO(table), "rows.csv"))
    assert added.status_code == 200
    assert "表中一行" in added.text
    broken = analyst.form("/workbench/examples", **source, **grid, **{"name.0": "x", "rest.0": "[1]"}, do="run")
    assert broken.status_code == 422

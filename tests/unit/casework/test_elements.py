"""The elements whose history casework reads are drawn in the shipped diagrams."""

from __future__ import annotations

import re
from pathlib import Path

from workflows.casework.clocks import NO_LIMIT
from workflows.casework.county import PROGRAMME_NAMES, UNITS
from workflows.casework.elements import ACKNOWLEDGE_PREFIX, FIRST_SURVEY, OPINIONS, REFERRAL_NUMBER, SECOND_SURVEY
from workflows.casework.examining import EXAMINATIONS
from workflows.casework.parameters import TEST_PARAMETERS
from workflows.host import INSIDE

DRAWN = {path.stem: path.read_text("utf-8") for path in (Path(__file__).parents[3] / "workflows/bpmn").glob("*.bpmn")}
FOR_EARLIER_DRAWINGS = {"open_urgent_referral"}  # cases keep the version of the diagram they began with
FOR_ANY_DIAGRAM = {
    "pause_clock",
    "resume_clock",
    "request_extension",
    "issue_document",
}  # drawn wherever an analyst needs them
OUTSIDE = {"ask_agency", "send_notice", "push_medical_status", "send_objection_answers"}


def test_every_unit_process_with_a_clock_of_acknowledgement_has_its_user_task() -> None:
    unlimited = {one.key for one in TEST_PARAMETERS if one.value == NO_LIMIT}
    processes = {process for programme, process in _catalogue() if f"acknowledge_days_{programme}" not in unlimited}
    assert {"partner_referral", "education_aid", "medical_aid"} <= processes
    for process in processes:
        assert f'id="{ACKNOWLEDGE_PREFIX}' in DRAWN[process]
        assert f'target="{REFERRAL_NUMBER}"' in DRAWN[process]


def test_every_programme_that_rules_name_has_a_name_and_its_unit_exists() -> None:
    programmes = {programme for programme, _ in _catalogue()}
    assert programmes | {"edge", "rigid", "winter_relief"} == set(PROGRAMME_NAMES)


def _catalogue() -> list[tuple[str, str]]:
    """Return programme and process of each row of the catalogue."""
    text = (Path(__file__).parents[3] / "workflows/dmn/programme_catalogue.dmn").read_text("utf-8")
    rules = re.findall(r"<rule .*?</rule>", text, flags=re.S)
    rows = [re.findall(r"<outputEntry .*?<text>&?\"?(.*?)\"?</text>", rule, flags=re.S) for rule in rules]
    return [(row[1], row[5]) for row in rows]


def test_both_surveyors_are_drawn() -> None:
    assert {FIRST_SURVEY, SECOND_SURVEY} <= set(re.findall(r'id="(Task_\w+)"', DRAWN["survey"]))


def test_the_first_opinions_are_drawn() -> None:
    drawn = {name for text in DRAWN.values() for name in re.findall(r'id="(Task_\w+)"', text)}
    assert set(OPINIONS) <= drawn


def test_what_hangs_on_a_property_is_drawn_with_a_value_that_means_something() -> None:
    known = {
        "requires": {"county_visit"},
        "barred": {"extension_asker", "case_worker"},
        "surveyor": {"first"},
        "examines": set(EXAMINATIONS),
    }
    drawn: dict[str, set[str]] = {}
    for text in DRAWN.values():
        for name, value in re.findall(r'<zeebe:property name="(\w+)" value="([^"]+)"', text):
            drawn.setdefault(name, set()).add(value)
    assert {name: drawn.get(name) for name in known} == known
    for process in (stem for stem, text in DRAWN.items() if 'type="record_survey"' in text):
        assert '<zeebe:property name="surveyor" value="first" />' in DRAWN[process]


def test_what_is_examined_against_the_check_knows_which_needs_rest_on_means() -> None:
    tasks = [task for text in DRAWN.values() for task in re.findall(r"<bpmn:userTask.*?</bpmn:userTask>", text, re.S)]
    examined = [task for task in tasks if 'name="examines" value="means_checked"' in task]
    assert len(examined) == 3
    assert all('target="resting_on_means"' in task for task in examined)


def test_the_county_confirms_nothing_of_kin_without_its_own_visit() -> None:
    for process in ("subsistence_allowance", "extremely_poor_support", "temporary_relief"):
        (task,) = re.findall(
            r'<bpmn:userTask id="Task_\w*CountyConfirm".*?</bpmn:userTask>', DRAWN[process], flags=re.S
        )
        assert '<zeebe:property name="requires" value="county_visit" />' in task


def test_every_figure_of_policy_is_read_somewhere() -> None:
    root = Path(__file__).parents[3]
    places = [path for folder in ("workflows", "api", "web", "storage") for path in (root / folder).rglob("*")]
    kinds = {".py", ".bpmn", ".dmn", ".form", ".html"}
    text = "".join(path.read_text("utf-8") for path in places if path.suffix in kinds)
    families = ("acknowledge_days_", "result_days_", "result_hours_")  # read with the name of a need or programme
    unread = {one.key for one in TEST_PARAMETERS if one.key not in text and not one.key.startswith(families)}
    assert unread == set()


def test_every_service_task_drawn_has_its_handler_and_every_handler_its_task() -> None:
    drawn = {kind for text in DRAWN.values() for kind in re.findall(r'taskDefinition type="(\w+)"', text)}

    assert drawn | FOR_ANY_DIAGRAM | FOR_EARLIER_DRAWINGS == set(INSIDE) | OUTSIDE


def test_every_candidate_group_drawn_is_a_role_of_a_unit() -> None:
    drawn = {group for text in DRAWN.values() for group in re.findall(r'candidateGroups="([^"=]+)"', text)}

    assert drawn <= {f"{unit.kind}/{role}" for unit in UNITS for role in unit.roles}

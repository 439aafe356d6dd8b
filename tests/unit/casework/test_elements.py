"""The elements whose history casework reads are drawn in the shipped diagrams."""

from __future__ import annotations

import re
from pathlib import Path

from workflows.casework.clocks import WITHOUT_ACKNOWLEDGEMENT
from workflows.casework.county import PROGRAMME_NAMES, UNITS
from workflows.casework.elements import ACKNOWLEDGE_PREFIX, FIRST_SURVEY, REFERRAL_NUMBER, SECOND_SURVEY
from workflows.host import INSIDE

DRAWN = {path.stem: path.read_text("utf-8") for path in (Path(__file__).parents[3] / "workflows/bpmn").glob("*.bpmn")}
FOR_ANY_DIAGRAM = {"pause_clock", "resume_clock", "request_extension"}  # drawn wherever an analyst needs them
OUTSIDE = {"ask_agency", "send_notice", "push_medical_status"}


def test_every_unit_process_with_a_clock_of_acknowledgement_has_its_user_task() -> None:
    for programme in set(PROGRAMME_NAMES) - WITHOUT_ACKNOWLEDGEMENT:
        assert f'id="{ACKNOWLEDGE_PREFIX}' in DRAWN[programme]
        assert f'target="{REFERRAL_NUMBER}"' in DRAWN[programme]


def test_both_surveyors_are_drawn() -> None:
    assert {FIRST_SURVEY, SECOND_SURVEY} <= set(re.findall(r'id="(Task_\w+)"', DRAWN["verification"]))


def test_every_service_task_drawn_has_its_handler_and_every_handler_its_task() -> None:
    drawn = {kind for text in DRAWN.values() for kind in re.findall(r'taskDefinition type="(\w+)"', text)}

    assert drawn | FOR_ANY_DIAGRAM == set(INSIDE) | OUTSIDE


def test_every_candidate_group_drawn_is_a_role_of_a_unit() -> None:
    drawn = {group for text in DRAWN.values() for group in re.findall(r'candidateGroups="([^"=]+)"', text)}

    assert drawn <= {f"{unit.kind}/{role}" for unit in UNITS for role in unit.roles}

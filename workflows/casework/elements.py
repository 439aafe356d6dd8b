"""Elements of the diagrams that casework reads the history of; a test holds them against the diagrams."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.model import UserTask

ACKNOWLEDGE_PREFIX = "Task_Acknowledge"  # the user task by which a unit takes a referral on
REFERRAL_NUMBER = "referral_number"  # its variable that names the referral
FIRST_SURVEY = "Task_FirstSurveyor"
SECOND_SURVEY = "Task_SecondSurveyor"
OPINIONS = ("Task_FirstOpinion", "Task_ReliefOpinion", "Task_TekunOpinion")  # the first opinion on a household
DEADLINE_PREFIX = "Event_Deadline"  # timers that keep a statutory limit: they move with the case's clock
CLOCK, OWN_CLOCK = "clock", "own"
"""A user task with the property `clock` = `own` keeps its due time while the clock of its case stands still."""

EARLIER_DRAWINGS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "Task_CountyConfirm": {"requires": "county_visit"},
        "Task_DecideExtension": {"barred": "extension_asker"},
        "Task_FirstSurveyor": {"surveyor": "first"},
        "Task_CountyVisitor": {"surveyor": "first"},
        "Task_UrgentPay": {"payer": "first"},
    }
)
"""What tasks meant by their ids before properties said it: cases keep the version of the diagram they began with."""


def meaning_of(task: UserTask) -> Mapping[str, str]:
    """Return what a user task means to the office (docs/reference/task-properties.md), whenever it was drawn."""
    return {**EARLIER_DRAWINGS.get(task.element_id, {}), **task.properties}


def elements_meant(name: str, value: str) -> list[str]:
    """Return the ids of tasks that meant this before properties said it."""
    return [element for element, meant in EARLIER_DRAWINGS.items() if meant.get(name) == value]

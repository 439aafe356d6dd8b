"""Elements of the diagrams that casework reads the history of; a test holds them against the diagrams."""

from __future__ import annotations

ACKNOWLEDGE_PREFIX = "Task_Acknowledge"  # the user task by which a unit takes a referral on
REFERRAL_NUMBER = "referral_number"  # its variable that names the referral
FIRST_SURVEY = "Task_FirstSurveyor"
SECOND_SURVEY = "Task_SecondSurveyor"
DEADLINE_PREFIX = "Event_Deadline"  # timers that keep a statutory limit: they move with the case's clock

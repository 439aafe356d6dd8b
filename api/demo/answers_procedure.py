"""What sensible staff enter for the tasks of procedure: more time, visits, notices, objections, appraisals."""

from __future__ import annotations

from collections.abc import Mapping

from api.demo.occasion import Answer

ANSWERS: Mapping[str, Answer] = {
    "Task_DecideExtension": {"extension_decision": "approve"},
}

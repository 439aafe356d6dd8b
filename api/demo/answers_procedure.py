"""What sensible staff enter for the tasks of procedure: more time, visits, notices, objections, appraisals."""

from __future__ import annotations

ANSWERS = {
    "Task_DecideExtension": {"extension_decision": "approve"},
}

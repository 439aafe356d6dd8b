"""Whether the office has somebody for what is drawn: people for its tasks, handlers for its jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.drawing import owner_of
from engine.bpmn.names import zeebe

if TYPE_CHECKING:
    from engine.bpmn.drawing import Drawing

_JOBS = ("taskDefinition", "executionListener", "taskListener")


def check(drawing: Drawing) -> None:
    """Report groups that nobody belongs to and job types that nothing handles, as far as they are literal."""
    office = drawing.office
    for process in drawing.processes:
        for drawn in process.iter(zeebe("assignmentDefinition")) if office.groups else ():
            text = drawn.get("candidateGroups", "").strip()
            named = [] if text.startswith("=") else [one.strip() for one in text.split(",")]
            for group in (one for one in named if one and one not in office.groups):
                known = ", ".join(sorted(office.groups))
                drawing.report("unknown-group", drawn, id=owner_of(drawn).get("id"), group=group, known=known)
        for drawn in process.iter(*(zeebe(tag) for tag in _JOBS)) if office.job_types else ():
            job_type = drawn.get("type", "").strip()
            if job_type and not job_type.startswith("=") and job_type not in office.job_types:
                known = ", ".join(sorted(office.job_types))
                drawing.report("unknown-job-type", drawn, id=owner_of(drawn).get("id"), type=job_type, known=known)

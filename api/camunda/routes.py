"""All the rooms of `/v2`, imported for the routes they declare."""

from __future__ import annotations

from api.camunda import (
    cluster,
    definitions,
    deployments,
    elements,
    evaluations,
    incidents,
    instances,
    jobs,
    messages,
    tasks,
)

ROOMS = (cluster, definitions, deployments, elements, evaluations, incidents, instances, jobs, messages, tasks)

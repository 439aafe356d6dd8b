"""All the rooms of `/v2`, imported for the routes they declare."""

from __future__ import annotations

from api.camunda import (
    batches,
    cluster,
    definitions,
    deployments,
    elements,
    evaluations,
    incidents,
    instances,
    jobs,
    messages,
    statistics,
    tasks,
)

ROOMS = (
    batches, cluster, definitions, deployments, elements, evaluations, incidents, instances, jobs, messages, statistics,
    tasks,
)  # fmt: skip

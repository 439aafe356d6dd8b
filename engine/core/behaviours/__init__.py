"""One small behaviour for every element of a diagram, by its BPMN local name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core import ad_hoc
from engine.core.behaviours import events, gateways, scopes, tasks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.core.working import Behaviour

BEHAVIOURS: Mapping[str, Behaviour] = {
    "process": scopes.process,
    "subProcess": scopes.sub_process,
    "adHocSubProcess": ad_hoc.begin,
    "callActivity": scopes.call_activity,
    "startEvent": tasks.pass_through,
    "boundaryEvent": tasks.pass_through,
    "intermediateCatchEvent": events.catch_event,
    "receiveTask": events.catch_event,
    "intermediateThrowEvent": events.throw_event,
    "endEvent": events.throw_event,
    "task": tasks.pass_through,
    "manualTask": tasks.pass_through,
    "userTask": tasks.user_task,
    "serviceTask": tasks.service_task,
    "scriptTask": tasks.script_task,
    "businessRuleTask": tasks.business_rule_task,
    "sendTask": tasks.send_task,
    "exclusiveGateway": gateways.exclusive_gateway,
    "inclusiveGateway": gateways.inclusive_gateway,
    "parallelGateway": gateways.parallel_gateway,
    "eventBasedGateway": gateways.event_based_gateway,
}

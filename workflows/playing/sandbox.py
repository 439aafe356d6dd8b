"""A stuck process instance copied into a play: where its tokens stand, what it knows, without anybody's data."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.core import codec
from engine.core.model import ElementInstance, Obstacle
from engine.errors import NotFound
from engine.execution import require_operable
from engine.json_values import JsonObject, JsonValue
from engine.model import Definition, Incident, ProcessInstance
from workflows.casework.case_reading import case_on
from workflows.casework.days import local_day
from workflows.playing.commands import BeginPlay
from workflows.playing.disguise import Disguise, quoted_texts
from workflows.playing.errors import NotPlayable
from workflows.playing.lending import Playing
from workflows.playing.model import Play, PlaySetting, PlaySource, StandingToken
from workflows.workbench.commands import require_analyst


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyIntoSandbox:
    """Begin a play where a running instance stands: at an incident in the process it is in, else in the whole of it.

    `definitions` are those whose texts are nobody's. The copy holds no personal data: see `disguise`.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such instance or open incident, or a register bars the actor from its case.
        InstanceEnded: it is over.
        NotPlayable: its version cannot be played, or nothing of it can be begun by hand.
    """

    process_instance_id: UUID
    definitions: Sequence[Definition]
    incident_id: UUID | None = None

    def execute(self, context: Playing) -> Play:
        """Copy it."""
        require_analyst(context)
        instance, elements = self._read(context)
        incident = self._incident(context)
        root = _process_around(context, elements, elements.get(incident.key) if incident else None)
        disguise = _disguise(context, self.definitions)
        setting = PlaySetting(
            process_id=root.element,
            starts_at=context.now(),
            variables=disguise.value(root.variables),
            case=_case(context, instance, disguise),
            standing=tuple(_standing(context, elements, root, disguise)),
            waiting=root.tokens,
        )
        if not setting.standing:
            nowhere = Obstacle("no token of it stands where one could be begun", "没有可以重新开始的环节")
            raise NotPlayable(root.element, nowhere)
        source = PlaySource(definition_id=UUID(root.definition))
        return BeginPlay(source=source, setting=setting).execute(context)

    def _read(self, context: Playing) -> tuple[ProcessInstance, Mapping[int, ElementInstance]]:
        instances = context.unit_of_work.process_instances
        instance = instances.get(self.process_instance_id)
        is_known = context.actor.system or instances.region_for(self.process_instance_id, context.actor.id) is not None
        if instance is None or not is_known:
            raise NotFound("process instance", self.process_instance_id)
        stored = require_operable(instance).snapshot or b""  # whatever runs has one
        return instance, {one.key: one for one in codec.decode(stored).instances}

    def _incident(self, context: Playing) -> Incident | None:
        if self.incident_id is None:
            return None
        found = context.unit_of_work.incidents.get(self.incident_id)
        if found is None or found.resolved_at or found.process_instance_id != self.process_instance_id:
            raise NotFound("open incident", self.incident_id)
        return found


def _disguise(context: Playing, definitions: Sequence[Definition]) -> Disguise:
    files = {(one.deployment_id, one.resource_name): one.id for one in definitions}
    contents = (context.unit_of_work.definitions.content(one) for one in files.values())
    return Disguise(secrets.token_bytes(32), known=quoted_texts(contents), is_place=context.host.covers)


def _case(context: Playing, instance: ProcessInstance, disguise: Disguise) -> JsonValue:
    """Return the case as expressions see it; it holds codes but for its numbers and what was written of an event."""
    case = context.unit_of_work.cases.by_number(instance.business_key)
    if case is None:
        return None
    shown: Any = case_on(context.unit_of_work, case, local_day(context.now()))
    shown["number"] = disguise.replaced(shown["number"])
    for one in shown["referrals"]:
        one["number"] = disguise.replaced(one["number"])
    for name in ("place", "reference") if shown["event"] else ():
        shown["event"][name] = disguise.replaced(shown["event"][name] or "")
    return dict(shown)


def _process_around(
    context: Playing, elements: Mapping[int, ElementInstance], found: ElementInstance | None
) -> ElementInstance:
    """Return the process an element lives in; of none the one that was started."""
    if found is None:
        return next(one for one in elements.values() if not one.scope)
    while not _is_process(context, found):
        found = elements[found.scope]
    return found


def _is_process(context: Playing, one: ElementInstance) -> bool:
    process = context.definitions.process(UUID(one.definition), context.unit_of_work.definitions)
    return process.id == one.element


def _standing(
    context: Playing, elements: Mapping[int, ElementInstance], root: ElementInstance, disguise: Disguise
) -> Iterator[StandingToken]:
    """Yield where tokens stand in a process: at what holds nothing of it, of what is repeated at the whole of it."""
    places: dict[int, JsonObject] = {}
    for one in elements.values():
        if one.key == root.key or _process_around(context, elements, one) is not root:
            continue
        way = list(_way(elements, one, root))
        repeated = next((each for each in way if each.body is not None or each.is_activation), None)
        is_scope = any(each.scope == one.key and not _is_process(context, each) for each in elements.values())
        if repeated is None and is_scope:
            continue
        begun = repeated or one
        inner: JsonObject = {}
        for each in way:
            if each.key == begun.key:
                break
            inner |= each.variables
        places[begun.key] = inner
    for key, variables in places.items():
        yield StandingToken(element=elements[key].element, variables=disguise.value(variables))


def _way(
    elements: Mapping[int, ElementInstance], one: ElementInstance, root: ElementInstance
) -> Iterator[ElementInstance]:
    """Yield what stands between a process and an element in it, the outermost first, the element last."""
    if one.key != root.key:
        yield from _way(elements, elements[one.scope], root)
        yield one

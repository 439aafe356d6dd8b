"""What is open and what was passed in a play, added up from the facts of the core and from nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.core import model

EVENT_GATEWAY = "eventBasedGateway"
UNDRAWN = ("process", "adHocActivation")
LOOP = "multiInstanceBody"
Place = tuple[str, str]
"""An element or flow as drawn: id of the definition, id in it."""


@dataclass(slots=True, kw_only=True)
class Passage:
    """The places a token came to and went on from, how often, in the order of the first time.

    Of a loop its rounds count, and the loop itself only where it had none.
    """

    entered: Counter[Place] = field(default_factory=Counter)
    left: Counter[Place] = field(default_factory=Counter)
    flows: Counter[Place] = field(default_factory=Counter)


@dataclass(slots=True, kw_only=True)
class OpenWork:
    """Everything that waits in a play, by key."""

    living: dict[int, model.Entered] = field(default_factory=dict)
    tasks: dict[int, model.UserTaskOpened] = field(default_factory=dict)
    jobs: dict[int, model.JobOpened] = field(default_factory=dict)
    waits: dict[int, model.Subscribed] = field(default_factory=dict)
    incidents: dict[int, model.IncidentRaised] = field(default_factory=dict)
    passage: Passage = field(default_factory=Passage)

    def add(self, facts: Iterable[model.Fact]) -> None:
        """Add what a run of the core did."""
        for fact in facts:
            self._passed(fact)
            self._opened(fact)

    def copy(self) -> OpenWork:
        """Return it as it stands, for a later return to it."""
        passage = Passage(
            entered=self.passage.entered.copy(), left=self.passage.left.copy(), flows=self.passage.flows.copy()
        )
        return OpenWork(
            living=dict(self.living),
            tasks=dict(self.tasks),
            jobs=dict(self.jobs),
            waits=dict(self.waits),
            incidents=dict(self.incidents),
            passage=passage,
        )

    def places(self) -> Iterator[Place]:
        """Yield where a task, a job or an event waits, one time for each token."""
        for fact in (*self.tasks.values(), *self.jobs.values()):
            yield fact.definition, fact.element
        for wait in self.waits.values():
            if self.is_waited_at(wait):
                yield wait.definition, wait.subscription.element

    def drawn(self) -> Counter[Place]:
        """Count the tokens at elements that are drawn and live."""
        return Counter(drawn_places(self.living.values()))

    def is_waited_at(self, wait: model.Subscribed) -> bool:
        """Say whether a token stands at an event, not at an activity around which the event may happen."""
        holder = self.living.get(wait.key)
        return holder is not None and (holder.element == wait.subscription.element or holder.tag == EVENT_GATEWAY)

    def _passed(self, fact: model.Fact) -> None:
        place = (fact.definition, fact.element)
        match fact:
            case model.Entered():
                self.living[fact.key] = fact
                self.passage.entered[place] += 1
            case model.Left():
                self._left(self.living.pop(fact.key, None), place)
            case model.Terminated():
                self.living.pop(fact.key, None)
            case model.FlowTaken():
                self.passage.flows[place] += 1
            case _:
                pass  # the other facts move no token

    def _left(self, entered: model.Entered | None, place: Place) -> None:
        tag = entered.tag if entered else ""
        if tag not in UNDRAWN and not (tag == LOOP and self.passage.left[place]):
            self.passage.left[place] += 1

    def _opened(self, fact: model.Fact) -> None:
        match fact:
            case model.UserTaskOpened():
                self.tasks[fact.key] = fact
            case model.JobOpened():
                self.jobs[fact.key] = fact
            case model.WorkClosed():
                self.tasks.pop(fact.key, None)
                self.jobs.pop(fact.key, None)
            case model.Subscribed():
                self.waits[fact.subscription.key] = fact
            case model.Unsubscribed():
                self.waits.pop(fact.subscription, None)
            case model.IncidentRaised():
                self.incidents[fact.key] = fact
            case model.IncidentResolved():
                self.incidents.pop(fact.key, None)
            case _:
                pass  # the other facts open and close nothing


def drawn_places(facts: Iterable[model.Fact]) -> list[Place]:
    """Return the places a token came to, in order: of a loop its rounds, and the loop itself only where it has none."""
    entered = [one for one in facts if isinstance(one, model.Entered) and one.tag not in UNDRAWN]
    rounds = {_place(one) for one in entered if one.tag != LOOP}
    return [_place(one) for one in entered if not (one.tag == LOOP and _place(one) in rounds)]


def _place(fact: model.Fact) -> Place:
    return fact.definition, fact.element

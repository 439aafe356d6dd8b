"""What one look at a play, or one run of scenarios, may cost: seconds of computing, and what may happen in it.

A draft may loop, or an expression may count to a million at every timer that fires. The limits of the core and of FEEL
hold for one command; these hold for everything that is computed for one answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic

from engine.core.model import Decided, Obstacle
from engine.expressions import FeelEvaluator
from engine.json_values import JsonValue
from workflows.playing.errors import PlayTooLong

SECONDS_OF_A_PLAY = 10
SECONDS_OF_A_RUN = 20  # of all scenarios of a file, when somebody asks for them
SECONDS_OF_A_CHECK = 8  # of all scenarios of a file, beside the other checks before it is deployed
MOST_FACTS = 50_000  # of one play: elements entered and left, flows taken, variables set ...


class Budget:
    """Seconds for everything, facts for each play."""

    def __init__(
        self, *, seconds: int = SECONDS_OF_A_PLAY, facts: int = MOST_FACTS, clock: Callable[[], float] = monotonic
    ) -> None:
        self._seconds = seconds
        self._most_facts = self._facts_left = facts
        self._clock = clock
        self._until = clock() + seconds

    @property
    def is_spent(self) -> bool:
        """Say whether the seconds are over."""
        return self._clock() > self._until

    def begin_play(self) -> None:
        """Let another play begin: it has facts of its own, the seconds go on."""
        self._facts_left = self._most_facts

    def require_time(self) -> None:
        """Let whoever computes go on.

        Raises:
            PlayTooLong: the seconds are over.
        """
        if self.is_spent:
            raise PlayTooLong(Obstacle("seconds of computing", "计算所用的秒数"), self._seconds)

    def spend(self, facts: int) -> None:
        """Count facts.

        Raises:
            PlayTooLong: they are too many.
        """
        self._facts_left -= facts
        if self._facts_left < 0:
            raise PlayTooLong(Obstacle("things that happen in it", "其中发生的事"), self._most_facts)


class BudgetedEvaluator:
    """The core's evaluator, as long as there is time left."""

    def __init__(self, evaluator: FeelEvaluator, budget: Budget) -> None:
        self._evaluator = evaluator
        self._budget = budget

    def evaluate(self, text: str, scope: Mapping[str, JsonValue]) -> JsonValue:
        """Evaluate a text.

        Raises:
            ExpressionFailed: as the evaluator says.
            PlayTooLong: the time is over.
        """
        self._budget.require_time()
        return self._evaluator.evaluate(text, scope)

    def decide(
        self, decision_id: str, scope: Mapping[str, JsonValue], *, caller: str, binding: str, version_tag: str | None
    ) -> Decided:
        """Ask a decision.

        Raises:
            ExpressionFailed: as the evaluator says.
            PlayTooLong: the time is over.
        """
        self._budget.require_time()
        return self._evaluator.decide(decision_id, scope, caller=caller, binding=binding, version_tag=version_tag)

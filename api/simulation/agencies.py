"""How agencies behave in a simulation: each takes its time, some never answer, some answer wrongly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import log
from random import Random
from typing import Any

from api.synthetic import shares
from workflows.casework.agencies import AGENCY_BY_KEY, Channel
from workflows.connectors.simulated_county import Behaviour

NEVER = timedelta(days=29)  # longer than any deadline: the question is handed to a person before


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyTemper:
    """Draws for every question how its agency behaves: the same for the same seed, person, agency and day."""

    seed: int

    def __call__(self, agency: str, subjects: Sequence[Mapping[str, Any]], as_of: str) -> Behaviour:
        """Return how the agency behaves to a question about these persons."""
        asked = "+".join(str(one.get("identity_number")) for one in subjects)
        random = Random(f"{self.seed}:{agency}:{asked}:{as_of[:10]}")  # noqa: S311  synthetic agencies, no secrets
        luck = random.random()
        if luck < shares.NO_ANSWER:
            return Behaviour(ready_in=NEVER)
        mode = "normal"
        if luck < shares.NO_ANSWER + shares.STALE:
            mode = "stale"
        elif luck < shares.NO_ANSWER + shares.STALE + shares.WRONG_PERSON:
            mode = "wrong_person"
        by_file = agency in AGENCY_BY_KEY and AGENCY_BY_KEY[agency].channel is Channel.FILE
        median = shares.FILE_HOURS_MEDIAN if by_file else shares.HOURS_MEDIAN
        hours = random.lognormvariate(log(median), shares.HOURS_SIGMA)
        return Behaviour(mode=mode, ready_in=timedelta(hours=round(hours, 2)))

"""Figures of policy that come with a release: a county that is upgraded has none of the new keys yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.host import Context
from workflows.casework.parameters import TEST_PARAMETERS
from workflows.casework.ports import CaseworkUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterMissingFigures:
    """Enter what a release ships for keys the county has no figure of; what was entered is left as it is.

    A county without any figure is a new one, and begins with its own. The source of each says that it was shipped.
    """

    def execute(self, context: Context[CaseworkUnitOfWork]) -> tuple[str, ...]:
        """Return the keys that were entered."""
        policy = context.unit_of_work.policy
        known = policy.parameters_on(date.max)
        missing = tuple(one for one in TEST_PARAMETERS if one.key not in known) if known else ()
        policy.set_parameters(missing)
        return tuple(sorted({one.key for one in missing}))

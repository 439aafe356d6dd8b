"""Query parameters under the names they had in the release before, taken for one release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, pre_load

from web.schemas.base import ONLY_ONCE


class FormerNames:
    """Reads `FORMER` names, by name of today; one thing under both names is given twice. Goes with the next release."""

    FORMER: ClassVar[Mapping[str, str]] = {"process": "process_id"}

    @pre_load
    def take_former_names(self, asked: Any, **_: Any) -> Any:
        """Return what is asked under the names of today."""
        former = [old for old in self.FORMER if old in asked]
        twice = {old: [ONLY_ONCE] for old in former if self.FORMER[old] in asked}
        if twice:
            raise ValidationError(twice)
        return {self.FORMER.get(name, name): value for name, value in asked.items()}

"""What a check has to say, before it is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.dmn.logic import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One finding by its code, the place it belongs to, and the words of this case; name is the table's, if not its."""

    code: str
    place: Place
    fields: Mapping[str, str] = field(default_factory=dict)
    name: str = ""

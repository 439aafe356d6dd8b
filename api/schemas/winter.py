"""What is answered about winter and spring relief."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from web.schemas.base import answer_schema
from workflows.casework.winter.model import WinterNeed, WinterRegister
from workflows.casework.winter.queries import WinterView


@dataclass(frozen=True, slots=True, kw_only=True)
class WinterRegisterList:
    """The registers, the newest season first."""

    registers: Sequence[WinterRegister]


WinterRegisterSchema = answer_schema(WinterRegister)
WinterRegisterListSchema = answer_schema(WinterRegisterList)
WinterViewSchema = answer_schema(WinterView)
WinterNeedAnswerSchema = answer_schema(WinterNeed)

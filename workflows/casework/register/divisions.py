"""Twelve-digit division codes of villages and communities: what makes one valid, and what is only told.

A code of a town that was abolished stands on old papers: it is told, not refused.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from workflows.casework.county import ABOLISHED_TOWNS, COUNTY_REGION, TOWN_BY_REGION
from workflows.rules.errors import RuleError
from workflows.rules.identity import is_province


class DivisionState(StrEnum):
    """How a code stands in the table of divisions."""

    CURRENT = "current"
    ABOLISHED = "abolished"
    ELSEWHERE = "elsewhere"  # outside the county, whose villages alone are known
    NONE = "none"  # no code was given


class DivisionRefused(RuleError):
    """A code that is not twelve digits of a village or community."""

    code = "division-refused"
    text_zh = "村（社区）区划代码应为12位数字（9位乡镇代码加3位村级代码），其中的乡镇应在区划表中；请核对后重新输入。"
    text_en = (
        "A village code has 12 digits: nine of a town that stands in the table of divisions and three of the village. "
        "Check it and type it again."
    )


def division_state(code: str) -> DivisionState:
    """Say how a code stands.

    Raises:
        DivisionRefused: it cannot be the code of a village.
    """
    if not code:
        return DivisionState.NONE
    if not re.fullmatch(r"[0-9]{12}", code) or code.endswith("000") or not is_province(code[:2]):
        raise DivisionRefused
    if not code.startswith(COUNTY_REGION):
        return DivisionState.ELSEWHERE
    if code[:9] in TOWN_BY_REGION:
        return DivisionState.CURRENT
    if code[:9] in ABOLISHED_TOWNS:
        return DivisionState.ABOLISHED
    raise DivisionRefused


def plain_division(text: str) -> str:
    """Return a code as typed without spaces, in plain digits."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))

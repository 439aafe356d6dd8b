"""What a search of the work list finds beside step and number: cases by name, pinyin, identity number or phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.queries import UserTaskFilter
from web.services import services
from workflows.casework.queries import CaseMatch


def with_matches(wanted: UserTaskFilter) -> tuple[UserTaskFilter, Mapping[str, CaseMatch]]:
    """Return a filter that also finds the tasks of cases its text names, and by what it names each, by number."""
    if not wanted.text:
        return wanted, {}
    found = services().casework.matches(wanted.text, wanted.actor)
    return replace(wanted, text_names=tuple(sorted(found))), found

"""Whether work goes on somewhere: what open screens ask every second or two, so it costs next to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Earshot:
    """Whose work changes what a screen shows: all below some regions, what groups are offered, what is a person's.

    Each region stands with the groups that are heard below it; people are named by their ids.
    """

    regions: tuple[str, ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    people: tuple[str, ...] = ()


class WorkPulse(Protocol):
    """Tells that something happened without telling what; lists are asked again where it did."""

    def felt_in(self, earshot: Earshot, /) -> str:
        """Return a mark that is another one once something happened to process instances with tasks within earshot.

        It is `who.number`: marks of one `who` alone can be compared, as each process feels for itself. It may be half
        a second old. What a long transaction did, or a host whose clock is seconds off, can go unfelt:
        whoever waits for it looks now and then all the same.
        """
        ...

"""Whether work goes on somewhere: what open screens ask every second or two, so it costs next to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class WorkPulse(Protocol):
    """Tells that something happened without telling what; lists are asked again where it did."""

    def felt_in(self, regions: Sequence[str], /) -> str:
        """Return a mark that is another one once something happened to process instances below these regions.

        It is `who.number`: marks of one `who` alone can be compared, as each process feels for itself. It may be half
        a second old. What a long transaction did, or a host whose clock is seconds off, can go unfelt:
        whoever waits for it looks now and then all the same.
        """
        ...

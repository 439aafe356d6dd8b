"""What the register of winter and spring relief needs from whoever keeps it, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from workflows.casework.winter.model import WinterNeed, WinterRegister, WinterTown


class WinterRelief(Protocol):
    """Registers, their towns, and what households need."""

    def add(self, register: WinterRegister) -> bool:
        """Keep a new register; say False and keep nothing when its season has one."""
        ...

    def of_season(self, season: int) -> WinterRegister | None:
        """Return the register of a season."""
        ...

    def lock(self, register_id: UUID) -> WinterRegister | None:
        """Return a register and keep others from changing it or what is in it."""
        ...

    def save(self, register: WinterRegister) -> None:
        """Write how far it is."""
        ...

    def all(self) -> Sequence[WinterRegister]:
        """Return the registers, the newest season first."""
        ...

    def add_towns(self, towns: Sequence[WinterTown]) -> None:
        """Keep the towns of a new register."""
        ...

    def towns(self, register_id: UUID) -> Sequence[WinterTown]:
        """Return the towns of a register by their codes."""
        ...

    def save_town(self, town: WinterTown) -> None:
        """Write how far a town is."""
        ...

    def add_need(self, need: WinterNeed) -> bool:
        """Keep a household; say False and keep nothing when the register has it."""
        ...

    def need(self, need_id: UUID) -> WinterNeed | None:
        """Return an entry."""
        ...

    def needs(self, register_id: UUID, region: str = "") -> Sequence[WinterNeed]:
        """Return the entries of a register, or of one town, by town, village and case."""
        ...

    def save_needs(self, needs: Sequence[WinterNeed]) -> None:
        """Write what the plan grants."""
        ...

    def remove_need(self, need_id: UUID) -> None:
        """Take a household out."""
        ...

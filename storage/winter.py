"""Winter and spring relief in PostgreSQL, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, delete, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.rows import to_row, to_rows, to_value
from storage.tables.winter import winter_need, winter_register, winter_town
from workflows.casework.winter.model import TownState, WinterNeed, WinterRegister, WinterState, WinterTown


class SqlWinterRelief:
    """Registers, their towns, and what households need."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, register: WinterRegister) -> bool:
        """Keep a new register, unless its season has one."""
        statement = upsert(winter_register).values(to_row(register))
        once = statement.on_conflict_do_nothing(index_elements=["season"]).returning(literal(1))
        return self._connection.execute(once).first() is not None

    def of_season(self, season: int) -> WinterRegister | None:
        """Return the register of a season."""
        return self._register(select(winter_register).where(winter_register.c.season == season))

    def lock(self, register_id: UUID) -> WinterRegister | None:
        """Return a register and hold it."""
        statement = select(winter_register).where(winter_register.c.id == register_id)
        return self._register(statement.with_for_update())

    def save(self, register: WinterRegister) -> None:
        """Write a register."""
        statement = update(winter_register).where(winter_register.c.id == register.id)
        self._connection.execute(statement.values(to_row(register, "id", "season")))

    def all(self) -> Sequence[WinterRegister]:
        """Return the registers."""
        rows = self._connection.execute(select(winter_register).order_by(winter_register.c.season.desc())).mappings()
        return [to_value(WinterRegister, {**row, "state": WinterState(row["state"])}) for row in rows]

    def add_towns(self, towns: Sequence[WinterTown]) -> None:
        """Keep the towns of a register."""
        self._connection.execute(insert(winter_town), to_rows(towns))

    def towns(self, register_id: UUID) -> Sequence[WinterTown]:
        """Return the towns of a register."""
        statement = select(winter_town).where(winter_town.c.register_id == register_id).order_by(winter_town.c.region)
        rows = self._connection.execute(statement).mappings()
        return [to_value(WinterTown, {**row, "state": TownState(row["state"])}) for row in rows]

    def save_town(self, town: WinterTown) -> None:
        """Write how far a town is."""
        columns = winter_town.c
        own = columns.register_id == town.register_id, columns.region == town.region
        self._connection.execute(update(winter_town).where(*own).values(to_row(town, "register_id", "region")))

    def add_need(self, need: WinterNeed) -> bool:
        """Keep a household, unless the register has it."""
        once = upsert(winter_need).values(to_row(need)).on_conflict_do_nothing().returning(literal(1))
        return self._connection.execute(once).first() is not None

    def need(self, need_id: UUID) -> WinterNeed | None:
        """Return an entry."""
        return next(iter(self._needs(select(winter_need).where(winter_need.c.id == need_id))), None)

    def needs(self, register_id: UUID, region: str = "") -> Sequence[WinterNeed]:
        """Return the entries of a register, or of one town."""
        columns = winter_need.c
        of_register = select(winter_need).where(columns.register_id == register_id)
        wanted = of_register.where(columns.region == region) if region else of_register
        return self._needs(wanted.order_by(columns.region, columns.village, columns.case_number))

    def save_needs(self, needs: Sequence[WinterNeed]) -> None:
        """Write what the plan grants."""
        if needs:
            shown = ("status", "granted", "calculation")
            statement = update(winter_need).where(winter_need.c.id == bindparam("_id"))
            rows = [{"_id": one.id, **{name: getattr(one, name) for name in shown}} for one in needs]
            self._connection.execute(statement.values({name: bindparam(name) for name in shown}), rows)

    def remove_need(self, need_id: UUID) -> None:
        """Take a household out."""
        self._connection.execute(delete(winter_need).where(winter_need.c.id == need_id))

    def _needs(self, statement: Select[Any]) -> Sequence[WinterNeed]:
        rows = self._connection.execute(statement).mappings()
        return [to_value(WinterNeed, {**row, "kinds": tuple(row["kinds"])}) for row in rows]

    def _register(self, statement: Select[Any]) -> WinterRegister | None:
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else to_value(WinterRegister, {**row, "state": WinterState(row["state"])})

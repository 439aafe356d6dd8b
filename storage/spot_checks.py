"""Spot checks in PostgreSQL, in one transaction: draws, sampled cases, what reviewers wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model import Actor
from storage.encryption import CaseSeal, KeyRing
from storage.rows import Row, to_row, to_value
from storage.sealing import open_json, seal_json
from storage.spot_check_population import candidates_of, is_under_review
from storage.tables import spot_checks as tables
from storage.tables.engine import process_instance, user_task
from storage.verification import seal_of
from workflows.casework.spot_checks.model import (
    OPEN_STATES,
    SPOT_CHECK_PROCESS,
    Basis,
    Candidate,
    Conclusion,
    Finding,
    ItemState,
    Population,
    Review,
    RiskReason,
    SampledCase,
    Severity,
    SpotCheck,
)
from workflows.casework.spot_checks.sampling import Way

KEY_DIGITS = 32


class SqlSpotChecks:
    """Draws and sampled cases; what was written of a case is sealed under its key."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def candidates(self, population: Population, actor: Actor, /, *, today: date) -> Sequence[Candidate]:
        """Return what a sample may be drawn from."""
        rows = self._connection.execute(candidates_of(population, actor, today=today)).mappings()
        return [to_value(Candidate, {**row, "key": self._key(row)}) for row in rows]

    def count(self, population: Population, actor: Actor, /, *, today: date) -> int:
        """Return how many those are."""
        counted = select(func.count()).select_from(candidates_of(population, actor, today=today).subquery())
        return int(self._connection.execute(counted).scalar_one())

    def lock_series(self, *, year: int) -> None:
        """Let other draws of a year wait; nothing is numbered yet."""
        series = tables.spot_check_series
        begun = upsert(series).values(year=year, last=0).on_conflict_do_nothing(constraint="pk_spot_check_series")
        self._connection.execute(begun)
        self._connection.execute(select(series.c.last).where(series.c.year == year).with_for_update())

    def next_number(self, *, year: int) -> int:
        """Return the next number of a year: a number is given once, and none is left out."""
        series = tables.spot_check_series
        grown = (
            upsert(series)
            .values(year=year, last=1)
            .on_conflict_do_update(constraint="pk_spot_check_series", set_={"last": series.c.last + 1})
        )
        return int(self._connection.execute(grown.returning(series.c.last)).scalar_one())

    def add(self, spot_check: SpotCheck, *, submission_key: str) -> bool:
        """Keep a new draw, unless its submission key is known."""
        values = {**to_row(spot_check, "population"), **to_row(spot_check.population), "submission_key": submission_key}
        once = upsert(tables.spot_check).values(values).on_conflict_do_nothing(index_elements=["submission_key"])
        return self._connection.execute(once.returning(literal(1))).first() is not None

    def by_submission_key(self, submission_key: str) -> SpotCheck | None:
        """Return the draw that came of a submission."""
        statement = select(tables.spot_check).where(tables.spot_check.c.submission_key == submission_key)
        row = self._connection.execute(statement).mappings().first()
        return to_spot_check(row) if row else None

    def lock(self, spot_check_id: UUID) -> SpotCheck | None:
        """Return a draw while other changes of it wait, though not those of its sampled cases, which refer to it."""
        found = select(tables.spot_check).where(tables.spot_check.c.id == spot_check_id)
        statement = found.with_for_update(key_share=True)
        row = self._connection.execute(statement).mappings().first()
        return to_spot_check(row) if row else None

    def save(self, spot_check: SpotCheck) -> None:
        """Write when and why it was withdrawn."""
        statement = update(tables.spot_check).where(tables.spot_check.c.id == spot_check.id)
        changed = {"withdrawn_at": spot_check.withdrawn_at, "withdrawal_reason": spot_check.withdrawal_reason}
        self._connection.execute(statement.values(changed))

    def add_item(self, item: SampledCase) -> None:
        """Keep a case of a sample."""
        values = {**to_row(item, "reasons"), "reasons": [asdict(one) for one in item.reasons]}
        self._connection.execute(insert(tables.spot_check_item).values(values))

    def lock_item(self, item_id: UUID) -> SampledCase | None:
        """Return a case of a sample while other changes of it wait."""
        statement = select(tables.spot_check_item).where(tables.spot_check_item.c.id == item_id).with_for_update()
        row = self._connection.execute(statement).mappings().first()
        return to_item(row) if row else None

    def save_item(self, item: SampledCase) -> None:
        """Write where its review stands."""
        statement = update(tables.spot_check_item).where(tables.spot_check_item.c.id == item.id)
        written = ("state", "conclusion", "severity", "reviewed_by", "reviewed_at", "order_id")
        self._connection.execute(statement.values({name: getattr(item, name) for name in written}))

    def open_courses(self, spot_check_id: UUID) -> Sequence[UUID]:
        """Return the instances of the open reviews, nothing locked."""
        columns = tables.spot_check_item.c
        open_ones = columns.spot_check_id == spot_check_id, columns.state.in_(OPEN_STATES)
        course = columns.process_instance_id
        statement = select(course).where(*open_ones, course.is_not(None)).order_by(course)
        return self._connection.execute(statement).scalars().all()

    def open_items(self, spot_check_id: UUID) -> Sequence[SampledCase]:
        """Return the cases whose review is open, locked."""
        columns = tables.spot_check_item.c
        statement = (
            select(tables.spot_check_item)
            .where(columns.spot_check_id == spot_check_id, columns.state.in_(OPEN_STATES))
            .order_by(columns.id)
            .with_for_update()
        )
        return [to_item(row) for row in self._connection.execute(statement).mappings()]

    def write_review(self, item: SampledCase, review: Review) -> None:
        """Keep what was written of a sampled case."""
        seal = seal_of(self._connection, self._keys, item.case_id)
        if seal is None:
            raise ValueError(f"the case of {item.id} was erased and takes nothing on any more")
        sealed = seal_json(seal, asdict(review), where=review_place(item.id))
        statement = update(tables.spot_check_item).where(tables.spot_check_item.c.id == item.id)
        self._connection.execute(statement.values(review_sealed=sealed))

    def review(self, item: SampledCase) -> Review:
        """Return what was written of a sampled case."""
        column = tables.spot_check_item.c.review_sealed
        sealed = self._connection.execute(select(column).where(tables.spot_check_item.c.id == item.id)).scalar_one()
        return to_review(item.id, sealed, seal_of(self._connection, self._keys, item.case_id))

    def are_open(self, case_id: UUID) -> bool:
        """Say whether a case is under review."""
        statement = select(literal(1)).where(tables.spot_check_item.c.case_id == case_id, is_under_review()).limit(1)
        return self._connection.execute(statement).first() is not None

    def participants(self, number: str) -> frozenset[str]:
        """Return who did any step of a case, and in whose name."""
        done = (
            select(func.unnest(array([user_task.c.completed_by, user_task.c.completed_for])))
            .join(process_instance, process_instance.c.id == user_task.c.process_instance_id)
            .where(
                user_task.c.business_key == number,
                user_task.c.completed_by.is_not(None),
                process_instance.c.process_id != SPOT_CHECK_PROCESS,
            )
            .distinct()
        )
        return frozenset(one for one in self._connection.execute(done).scalars() if one is not None)

    def _key(self, row: Row) -> str:
        """A case is drawn once for each of its referrals, so the id of the referral tells them apart."""
        return self._keys.search_hash(str(row["referral_id"] or row["case_id"]), kind="spot check")[:KEY_DIGITS]


def to_spot_check(row: Row) -> SpotCheck:
    """Return the draw of a row."""
    kinds = {"population": to_population(row), "way": Way(row["way"]), "lots": tuple(row["lots"])}
    return to_value(SpotCheck, {**row, **kinds})


def to_population(row: Row) -> Population:
    """Return what a draw was made from."""
    return to_value(Population, {**row, "basis": Basis(row["basis"])})


def to_item(row: Row) -> SampledCase:
    """Return the sampled case of a row."""
    kinds: dict[str, Any] = {
        "reasons": to_reasons(row),
        "state": ItemState(row["state"]),
        "conclusion": Conclusion(row["conclusion"]) if row["conclusion"] else None,
        "severity": Severity(row["severity"]) if row["severity"] else None,
    }
    return to_value(SampledCase, {**row, **kinds})


def to_reasons(row: Row) -> tuple[RiskReason, ...]:
    """Return why a case was worth a look; nothing of an erased one."""
    return tuple(RiskReason(**{**one, "points": int(one["points"])}) for one in row["reasons"])


def to_review(item_id: UUID, sealed: bytes | None, seal: CaseSeal | None) -> Review:
    """Return what was written of a sampled case; nothing before its review and of an erased one."""
    if sealed is None or seal is None:
        return Review()
    content = open_json(seal, sealed, where=review_place(item_id))
    findings = tuple(Finding(**{**one, "severity": Severity(one["severity"])}) for one in content["findings"])
    return replace(Review(**content), findings=findings)


def review_place(item_id: UUID) -> str:
    """Return the place of what was written of a sampled case."""
    return f"spot_check_item:{item_id}"

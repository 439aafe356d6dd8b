"""The questions of spot checks answered on PostgreSQL; of a case that the asker does not see nothing is told."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, false, func, or_, select, true
from sqlalchemy import Engine as Database

from engine.model import Actor
from storage.case_visibility import is_seen_whole
from storage.database import for_reading
from storage.encryption import KeyRing
from storage.spot_check_population import candidates_of
from storage.spot_checks import to_population, to_reasons, to_review
from storage.tables.casework import case_file
from storage.tables.engine import user_task
from storage.tables.organisation import account
from storage.tables.spot_checks import spot_check, spot_check_item
from storage.tables.supervision import supervision_order
from storage.work_lists import IS_OPEN
from workflows.casework.days import local_day
from workflows.casework.sight import sees_whole_region
from workflows.casework.spot_checks.errors import SpotCheckNotFound
from workflows.casework.spot_checks.model import (
    OPEN_STATES,
    Conclusion,
    Finding,
    ItemState,
    Population,
    Severity,
)
from workflows.casework.spot_checks.queries import (
    Counts,
    ItemCount,
    ItemLine,
    SpotCheckFilter,
    SpotCheckLine,
    SpotCheckPage,
    SpotCheckView,
)
from workflows.casework.spot_checks.sampling import Lot, Way, drawn
from workflows.organisation.model import SUPERVISOR

_draw, _item = spot_check.c, spot_check_item.c
NO_COUNTS = Counts(sampled=0, reviewed=0, with_findings=0, severe=0, wrong=0, orders=0)


class SqlSpotCheckQueries:
    """Questions, each over a connection of its own."""

    def __init__(self, database: Database, keys: KeyRing, *, now: Callable[[], datetime]) -> None:
        self._database = for_reading(database)
        self._keys = keys
        self._now = now

    def spot_checks(self, wanted: SpotCheckFilter, /) -> SpotCheckPage:
        """Return a page of the spot checks an actor supervises, the newest first."""
        condition = is_supervised(wanted.actor)
        if wanted.open_only:
            open_items = select(_item.spot_check_id).where(_item.state.in_(OPEN_STATES))
            condition = and_(condition, _draw.id.in_(open_items))
        statement = _lines().where(condition).order_by(_draw.drawn_at.desc(), _draw.id)
        with self._database.connect() as connection:
            total = connection.execute(select(func.count()).select_from(spot_check).where(condition)).scalar_one()
            rows = connection.execute(statement.offset(wanted.offset).limit(wanted.limit)).mappings().all()
            counts = _counts(connection, [row["id"] for row in rows], wanted.actor)
            lines = [_line(row, counts.get(row["id"], NO_COUNTS)) for row in rows]
            return SpotCheckPage(spot_checks=lines, total=int(total))

    def spot_check(self, spot_check_id: UUID, actor: Actor, /) -> SpotCheckView:
        """Return a spot check with the cases of its sample that the actor sees."""
        statement = _lines().where(_draw.id == spot_check_id, is_supervised(actor))
        with self._database.connect() as connection:
            row = connection.execute(statement).mappings().first()
            if row is None:
                raise SpotCheckNotFound
            counts = _counts(connection, [spot_check_id], actor).get(spot_check_id, NO_COUNTS)
            items = [self._item(one) for one in connection.execute(_items(spot_check_id, actor)).mappings()]
            keys = connection.execute(select(_item.key).where(_item.spot_check_id == spot_check_id)).scalars().all()
        return SpotCheckView(
            line=_line(row, counts),
            reason=row["reason"],
            seed=row["seed"],
            population_size=len(row["lots"]),
            population_digest=hashlib.sha256("\n".join(row["lots"]).encode()).hexdigest(),
            is_reproduced=_is_reproduced(row, keys),
            withdrawn_at=row["withdrawn_at"],
            withdrawal_reason=row["withdrawal_reason"],
            items=items,
            by_item=_by_item(items),
        )

    def population_size(self, population: Population, actor: Actor, /) -> int:
        """Return how many a sample could be drawn from."""
        found = candidates_of(population, actor, today=local_day(self._now())).subquery()
        with self._database.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(found)).scalar_one())

    def _item(self, row: RowMapping) -> ItemLine:
        seal = self._keys.seal(row["wrapped_key"]) if row["wrapped_key"] else None
        review = to_review(row["id"], row["review_sealed"], seal)
        return ItemLine(
            **{name: row[name] for name in _PLAIN},
            reasons=to_reasons(row),
            state=ItemState(row["state"]),
            conclusion=Conclusion(row["conclusion"]) if row["conclusion"] else None,
            severity=Severity(row["severity"]) if row["severity"] else None,
            reviewer_name=row["reviewer_name"] or row["reviewed_by"],
            findings=review.findings,
            note=review.note,
            decision_note=review.decision_note,
        )


_PLAIN = (
    "id",
    "case_number",
    "region",
    "programme",
    "unit_kind",
    "points",
    "reviewed_at",
    "open_task",
    "order_id",
    "order_number",
)


def is_supervised(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `spot_check` that the actor supervises its region whole."""
    if actor.system:
        return true()
    posts = [one for one in actor.memberships if one.role == SUPERVISOR and sees_whole_region(one)]
    return or_(false(), *(_draw.region.startswith(one.region, autoescape=True) for one in posts))


def _lines() -> Select[Any]:
    return select(spot_check, _name_of(_draw.drawn_by).label("drawer_name"))


def _items(spot_check_id: UUID, actor: Actor) -> Select[Any]:
    open_task = (
        select(user_task.c.id)
        .where(IS_OPEN, user_task.c.process_instance_id == _item.process_instance_id)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            spot_check_item,
            case_file.c.number.label("case_number"),
            case_file.c.wrapped_key,
            _name_of(_item.reviewed_by).label("reviewer_name"),
            supervision_order.c.number.label("order_number"),
            open_task.label("open_task"),
        )
        .join(case_file, case_file.c.id == _item.case_id)
        .outerjoin(supervision_order, supervision_order.c.id == _item.order_id)
        .where(_item.spot_check_id == spot_check_id, is_seen_whole(actor))
        .order_by(_item.points.desc(), case_file.c.number, _item.id)
    )


def _counts(connection: Connection, ids: Sequence[UUID], actor: Actor) -> dict[UUID, Counts]:
    reviewed = _item.reviewed_at.is_not(None)
    statement = (
        select(
            _item.spot_check_id,
            func.count().label("sampled"),
            func.count().filter(reviewed).label("reviewed"),
            func.count().filter(_item.severity.is_not(None)).label("with_findings"),
            func.count().filter(_item.severity == Severity.SEVERE).label("severe"),
            func.count().filter(reviewed, _item.conclusion != Conclusion.RIGHT).label("wrong"),
            func.count(_item.order_id).label("orders"),
        )
        .join(case_file, case_file.c.id == _item.case_id)
        .where(_item.spot_check_id.in_(ids), is_seen_whole(actor))
        .group_by(_item.spot_check_id)
    )
    rows = connection.execute(statement).mappings()
    return {row["spot_check_id"]: Counts(**{k: v for k, v in row.items() if k != "spot_check_id"}) for row in rows}


def _line(row: RowMapping, counts: Counts) -> SpotCheckLine:
    return SpotCheckLine(
        id=row["id"],
        number=row["number"],
        population=to_population(row),
        way=Way(row["way"]),
        size=row["size"],
        drawn_at=row["drawn_at"],
        drawn_by=row["drawn_by"],
        drawer_name=row["drawer_name"] or row["drawn_by"],
        is_withdrawn=row["withdrawn_at"] is not None,
        counts=counts,
    )


def _is_reproduced(row: RowMapping, keys: Iterable[str]) -> bool:
    lots = [Lot.parsed(one) for one in row["lots"]]
    return set(drawn(lots, seed=row["seed"], size=row["size"], way=Way(row["way"]))) == set(keys)


def _by_item(items: Iterable[ItemLine]) -> list[ItemCount]:
    titles: dict[str, Finding] = {}
    found: dict[str, Counter[Severity]] = {}
    for one in (finding for item in items for finding in item.findings):
        titles[one.item] = one
        found.setdefault(one.item, Counter())[one.severity] += 1
    in_order = sorted(found, key=lambda item: (-found[item].total(), item))
    return [
        ItemCount(
            item=item,
            title=titles[item].title,
            title_en=titles[item].title_en,
            **{one.value: found[item][one] for one in Severity},
        )
        for item in in_order
    ]


def _name_of(login: ColumnElement[Any]) -> ColumnElement[Any]:
    named = account.alias()
    return select(named.c.name).where(named.c.login == login).scalar_subquery()

"""What people chose to be told by mail, and the digests made of it, on PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    any_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy import Engine as Database
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model import Actor
from storage.database import for_reading
from storage.rows import Row, to_row, to_value
from storage.tables.organisation import account
from storage.tables.supervision import mail_choice, mail_digest, staff_notice, staff_notice_recipient
from workflows.casework.mail.model import Digest, DueDigest, MailChoice
from workflows.casework.mail.ports import MailState
from workflows.casework.orders.notices import NoticeCause

_choice, _digest = mail_choice.c, mail_digest.c


class SqlMailRoom:
    """Choices and digests, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def choice(self, login: str) -> MailChoice | None:
        """Return what somebody chose, locked."""
        statement = select(mail_choice).where(_choice.login == login).with_for_update()
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else to_choice(row)

    def save_choice(self, choice: MailChoice) -> None:
        """Write a choice, new or not."""
        values = {**to_row(choice), "causes": sorted(one.value for one in choice.causes)}
        statement = upsert(mail_choice).values(values)
        others = {name: statement.excluded[name] for name in values if name != "login"}
        self._connection.execute(statement.on_conflict_do_update(index_elements=["login"], set_=others))

    def remove_choice(self, login: str) -> bool:
        """Forget a choice and every digest that was not sent."""
        gone = self._connection.execute(delete(mail_choice).where(_choice.login == login)).rowcount
        self._connection.execute(delete(mail_digest).where(_digest.login == login, _digest.ended_at.is_(None)))
        return gone == 1

    def ready(self, now: datetime, hour: int, *, limit: int) -> Sequence[MailChoice]:
        """Return choices of which a digest is to be made, locked; those that others hold are left out."""
        his = _digest.login == _choice.login
        left_at = func.coalesce(_digest.sent_at, _digest.made_at)
        last = select(left_at).where(his).order_by(_digest.made_at.desc()).limit(1).scalar_subquery()
        pause = _choice.pause_hours * literal(timedelta(hours=1))
        waits = exists(select(literal(1)).where(his, _digest.ended_at.is_(None)))
        statement = (
            select(mail_choice)
            .where(~_is_quiet(hour), ~waits, or_(last.is_(None), last + pause <= now), _has_news())
            .order_by(_choice.login)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [to_choice(row) for row in self._connection.execute(statement).mappings()]

    def gather(self, choice: MailChoice, digest_id: UUID) -> Mapping[str, int]:
        """Take the unread notices that no digest told of into this one."""
        columns = staff_notice_recipient.c
        statement = (
            update(staff_notice_recipient)
            .where(
                columns.login == choice.login,
                columns.read_at.is_(None),
                columns.digest_id.is_(None),
                columns.notice_id == staff_notice.c.id,
                staff_notice.c.written_at >= choice.since,
                staff_notice.c.cause.in_(sorted(one.value for one in choice.causes)),
            )
            .values(digest_id=digest_id)
            .returning(staff_notice.c.cause)
        )
        return Counter(self._connection.execute(statement).scalars())

    def give_back(self, login: str) -> None:
        """Let the unread notices of digests that ended unsent be told of again."""
        columns = staff_notice_recipient.c
        unsent = select(_digest.id).where(
            _digest.login == login, _digest.ended_at.is_not(None), _digest.sent_at.is_(None)
        )
        mine = and_(columns.login == login, columns.read_at.is_(None), columns.digest_id.in_(unsent))
        self._connection.execute(update(staff_notice_recipient).where(mine).values(digest_id=None))

    def unread(self, digest: Digest) -> Mapping[str, int]:
        """Return how many notices of a digest are still unread, of each cause."""
        columns = staff_notice_recipient.c
        statement = (
            select(staff_notice.c.cause, func.count().label("of_it"))
            .join(staff_notice_recipient, columns.notice_id == staff_notice.c.id)
            .where(columns.login == digest.login, columns.read_at.is_(None), columns.digest_id == digest.id)
            .group_by(staff_notice.c.cause)
        )
        return {row.cause: row.of_it for row in self._connection.execute(statement)}

    def add(self, digest: Digest) -> None:
        """Keep a new digest."""
        self._connection.execute(insert(mail_digest).values(to_row(digest)))

    def forget(self, before: datetime) -> int:
        """Forget the digests of everybody that were over before an instant."""
        return self._connection.execute(delete(mail_digest).where(_digest.ended_at < before)).rowcount

    def due(self, now: datetime, hour: int) -> DueDigest | None:
        """Return the digest that waits longest to be sent, locked."""
        statement = (
            select(mail_digest, _choice.address, account.c.language)
            .join(mail_choice, _choice.login == _digest.login)
            .join(account, account.c.login == _digest.login)
            .where(_digest.ended_at.is_(None), _digest.next_at <= now, ~_is_quiet(hour))
            .order_by(_digest.next_at, _digest.id)
            .limit(1)
            .with_for_update(of=mail_digest, skip_locked=True)
        )
        row = self._connection.execute(statement).mappings().first()
        if row is None:
            return None
        return DueDigest(digest=to_value(Digest, row), address=row["address"], language=row["language"])

    def lock(self, digest_id: UUID) -> Digest | None:
        """Return a digest, locked."""
        statement = select(mail_digest).where(_digest.id == digest_id).with_for_update()
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else to_value(Digest, row)

    def save(self, digest: Digest) -> None:
        """Write how far it has come."""
        self._connection.execute(update(mail_digest).where(_digest.id == digest.id).values(to_row(digest, "id")))


class SqlMailQueries:
    """Questions about mail, each over a connection of its own."""

    def __init__(self, database: Database) -> None:
        self._database = for_reading(database)

    def state(self, actor: Actor, /) -> MailState:
        """Return what the actor chose and what became of the newest digest."""
        chosen = select(mail_choice).where(_choice.login == actor.id)
        newest = select(mail_digest).where(_digest.login == actor.id).order_by(_digest.made_at.desc()).limit(1)
        with self._database.connect() as connection:
            choice = connection.execute(chosen).mappings().first()
            digest = connection.execute(newest).mappings().first()
        return MailState(
            choice=None if choice is None else to_choice(choice),
            newest=None if digest is None else to_value(Digest, digest),
        )


def to_choice(row: Row) -> MailChoice:
    """Return the choice of a row."""
    return to_value(MailChoice, {**row, "causes": frozenset(map(NoticeCause, row["causes"]))})


def _is_quiet(hour: int) -> ColumnElement[bool]:
    """Return the condition on `mail_choice` that no mail goes out in an hour, as the choice itself says."""
    over_midnight = or_(literal(hour) >= _choice.quiet_from, literal(hour) < _choice.quiet_until)
    on_one_day = and_(literal(hour) >= _choice.quiet_from, literal(hour) < _choice.quiet_until)
    return case((_choice.quiet_from <= _choice.quiet_until, on_one_day), else_=over_midnight)


def _has_news() -> ColumnElement[bool]:
    """Return the condition on `mail_choice` that an unread notice of a chosen cause waits to be told of."""
    columns = staff_notice_recipient.c
    return exists(
        select(literal(1))
        .select_from(staff_notice_recipient.join(staff_notice, staff_notice.c.id == columns.notice_id))
        .where(
            columns.login == _choice.login,
            columns.read_at.is_(None),
            columns.digest_id.is_(None),
            staff_notice.c.written_at >= _choice.since,
            staff_notice.c.cause == any_(_choice.causes),
        )
    )

"""The nouns of the organisation: a unit, a post in it, and the account of the person who holds posts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from engine.json_values import JsonObject
from engine.model import Actor, Membership
from engine.stand_ins import StandIn
from workflows.organisation.errors import OrganisationInvalid

Language = Literal["zh", "en"]
AccountAction = Literal[
    "created",
    "signed-in",
    "signed-out",
    "sign-in-failed",
    "locked-out",
    "refused-while-locked",
    "password-changed",
    "language-changed",
    "figures-exported",
    "bank-file-taken",
    "spot-check-exported",
    "filter-kept",
    "filter-changed",
    "filter-removed",
    "columns-chosen",
    "absence-entered",
    "absence-ended",
]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

SUPERVISOR = "supervisor"
ADMINISTRATOR = "administrator"

MAX_FAILED_ATTEMPTS = 5
LOCK_OUT = timedelta(minutes=15)

LOGIN = re.compile(r"[a-z][a-z0-9_.-]{1,39}")
UNIT_ID = re.compile(r"[a-z0-9][a-z0-9_-]{1,59}")
REGION = re.compile(r"\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?")
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An office that does work: a township's window, a bureau of the county.

    `region` is the division code it is responsible for; every region that begins with it is its own too.
    """

    id: str
    kind: str
    name: str
    name_en: str
    region: str

    def __post_init__(self) -> None:
        _require("unit.id", self.id, UNIT_ID)
        _require("unit.kind", self.kind, IDENTIFIER)
        _require("unit.region", self.region, REGION)
        _require_text("unit.name", self.name, 80)
        _require_text("unit.name_en", self.name_en, 120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A role somebody has in a unit, e.g. clerk of the Kunlun street window."""

    unit: Unit
    role: str

    def __post_init__(self) -> None:
        _require("post.role", self.role, IDENTIFIER)

    @property
    def membership(self) -> Membership:
        """Return the post in the words of the engine."""
        return Membership(unit_kind=self.unit.kind, role=self.role, region=self.unit.region)


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """That somebody is absent now, and until when; `person` is the absent person where the account is a substitute's.

    On the account of who is absent it is the substitute. `definition_ids` are the versions of processes it is for;
    None: all processes.
    """

    absence_id: UUID
    person: Actor
    last_on: date
    definition_ids: tuple[UUID, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who may sign in. `login` is the id by which tasks and history name them; it never changes.

    `session_epoch` counts up when every session of the account must end. `stands_in_for` and `is_absent` are known of
    who asks, not of an account that is to be changed.
    """

    login: str
    name: str
    posts: tuple[Post, ...]
    password_hash: str
    language: Language = "zh"
    failed_attempts: int = 0
    locked_until: datetime | None = None
    must_change_password: bool = False
    session_epoch: int = 1
    stands_in_for: tuple[Substitution, ...] = ()
    is_absent: tuple[Substitution, ...] = ()

    def __post_init__(self) -> None:
        _require("account.login", self.login, LOGIN)
        _require_text("account.name", self.name, 40)
        if self.language not in LANGUAGES:
            raise OrganisationInvalid(field="account.language", value=self.language, rule="zh | en")

    def is_locked(self, now: datetime) -> bool:
        """Say whether too many wrong passwords keep the account shut at this time."""
        return self.locked_until is not None and now < self.locked_until

    def has_post(self, role: str) -> bool:
        """Say whether the person has this role in any unit."""
        return any(post.role == role for post in self.posts)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEvent:
    """Something that happened to an account, for the record of access; never holds a password or an address."""

    login: str
    at: datetime
    actor: str
    action: AccountAction
    details: JsonObject | None = None  # of what was taken away: which figures or bank file


def actor_of(account: Account) -> Actor:
    """Return the account as the engine knows whoever asks."""
    return Actor(
        id=account.login,
        name=account.name,
        memberships=tuple(post.membership for post in account.posts),
        stands_in_for=_stand_ins(account.stands_in_for),
    )


def _stand_ins(running: tuple[Substitution, ...]) -> tuple[StandIn, ...]:
    """Return each absent person once, with the processes of all their absences."""
    persons: dict[str, StandIn] = {}
    for one in running:
        known = persons.get(one.person.id)
        kinds = one.definition_ids
        if known is not None:
            both = known.definition_ids is not None and kinds is not None
            kinds = (*(known.definition_ids or ()), *(kinds or ())) if both else None
        persons[one.person.id] = StandIn(person=one.person, definition_ids=kinds)
    return tuple(persons.values())


def _require(field: str, value: str, pattern: re.Pattern[str]) -> None:
    if not pattern.fullmatch(value):
        raise OrganisationInvalid(field=field, value=value[:40], rule=pattern.pattern)


def _require_text(field: str, value: str, limit: int) -> None:
    if not value.strip() or len(value) > limit or not value.isprintable():
        raise OrganisationInvalid(field=field, value=value[:40], rule=f"1–{limit} printable characters")

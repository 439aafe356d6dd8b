"""What may be asked of the organisation: sign in, open units and accounts, change a password or the language."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from engine.errors import NotFound, NotPermitted
from engine.host import Context
from workflows.organisation.errors import PasswordRefused
from workflows.organisation.model import (
    ADMINISTRATOR,
    LOCK_OUT,
    MAX_FAILED_ATTEMPTS,
    Account,
    AccountAction,
    AccountEvent,
    Language,
    Post,
    Unit,
)
from workflows.organisation.passwords import NO_PASSWORD, hash_password, is_password, needs_rehash, require_strong
from workflows.organisation.ports import OrganisationUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The password was right."""

    account: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRefused:
    """The sign-in failed; `locked_until` is set when the account is shut for a while."""

    reason: Literal["wrong", "locked"]
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Check a login and a password; five wrong ones in a row shut the account for fifteen minutes.

    A refusal is an answer, not an error: the count of failures must be committed. An unknown login takes as long and
    answers the same as a wrong password.
    """

    login: str
    password: str = field(repr=False)

    def execute(self, context: Context[OrganisationUnitOfWork]) -> SignedIn | SignInRefused:
        """Return the account, or why not."""
        account = context.unit_of_work.accounts.lock(self.login)
        right = is_password(self.password, account.password_hash if account else None)
        if account is None:
            return SignInRefused(reason="wrong")
        return _refused(context, account, right=right) or self._succeed(context, account)

    def _succeed(self, context: Context[OrganisationUnitOfWork], account: Account) -> SignedIn:
        outdated = needs_rehash(account.password_hash)
        signed_in = replace(
            account,
            failed_attempts=0,
            locked_until=None,
            password_hash=hash_password(self.password) if outdated else account.password_hash,
        )
        if signed_in != account:
            context.unit_of_work.accounts.save(signed_in)
        _record(context, account.login, "signed-in")
        return SignedIn(account=signed_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOut:
    """End all sessions of the actor's own account, wherever their cookies are."""

    def execute(self, context: Context[OrganisationUnitOfWork]) -> Account:
        """Return the account with its next session epoch."""
        account = _own_account(context)
        left = replace(account, session_epoch=account.session_epoch + 1)
        context.unit_of_work.accounts.save(left)
        _record(context, left.login, "signed-out")
        return left


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUnit:
    """Open a unit; for administrators of its region and the system.

    Raises:
        NotPermitted: the actor administers another region or none.
        AlreadyExists: the id is taken.
    """

    unit: Unit

    def execute(self, context: Context[OrganisationUnitOfWork]) -> Unit:
        """Return the unit."""
        _require_administrator(context, self.unit.region)
        context.unit_of_work.units.add(self.unit)
        return self.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAccount:
    """Open an account with posts; the first password must be changed at the first sign-in unless told otherwise.

    `posts` are pairs of unit id and role. Without a password nobody can sign in with one: the session of such an
    account is begun by whoever vouches for the person.

    Raises:
        NotFound: a unit is unknown.
        NotPermitted: the actor does not administer the region of every unit.
        PasswordRefused: the password is too weak.
        AlreadyExists: the login is taken.
    """

    login: str
    name: str
    password: str | None = field(repr=False)
    posts: tuple[tuple[str, str], ...]
    language: Language = "zh"
    must_change_password: bool = True

    def execute(self, context: Context[OrganisationUnitOfWork]) -> Account:
        """Return the account."""
        if self.password is not None:
            require_strong(self.password, login=self.login)
        account = Account(
            login=self.login,
            name=self.name,
            posts=tuple(self._post(context, unit_id, role) for unit_id, role in self.posts),
            password_hash=NO_PASSWORD if self.password is None else hash_password(self.password),
            language=self.language,
            must_change_password=self.must_change_password,
        )
        context.unit_of_work.accounts.add(account)
        _record(context, account.login, "created")
        return account

    def _post(self, context: Context[OrganisationUnitOfWork], unit_id: str, role: str) -> Post:
        unit = context.unit_of_work.units.get(unit_id)
        if unit is None:
            raise NotFound("unit", unit_id)
        _require_administrator(context, unit.region)
        return Post(unit=unit, role=role)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """Give the actor's own account a new password and end all of its sessions.

    A wrong current password is an answer, counted as at the sign-in: who finds an open session cannot guess for long.

    Raises:
        PasswordRefused: the new password is weak or the same.
    """

    current_password: str = field(repr=False)
    new_password: str = field(repr=False)

    def execute(self, context: Context[OrganisationUnitOfWork]) -> SignedIn | SignInRefused:
        """Return the account with its next session epoch, or why not."""
        account = _own_account(context)
        refused = _refused(context, account, right=is_password(self.current_password, account.password_hash))
        if refused:
            return refused
        require_strong(self.new_password, login=account.login)
        if self.new_password == self.current_password:
            raise PasswordRefused(
                field="new_password",
                reason_zh="新密码须与当前密码不同。",
                reason_en="the new one must differ from the current one.",
            )
        changed = replace(
            account,
            password_hash=hash_password(self.new_password),
            must_change_password=False,
            session_epoch=account.session_epoch + 1,
            failed_attempts=0,
            locked_until=None,
        )
        context.unit_of_work.accounts.save(changed)
        _record(context, account.login, "password-changed")
        return SignedIn(account=changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLanguage:
    """Keep the language in which the actor reads."""

    language: Language

    def execute(self, context: Context[OrganisationUnitOfWork]) -> Account:
        """Return the account."""
        changed = replace(_own_account(context), language=self.language)
        context.unit_of_work.accounts.save(changed)
        _record(context, changed.login, "language-changed")
        return changed


def _refused(context: Context[OrganisationUnitOfWork], account: Account, *, right: bool) -> SignInRefused | None:
    """Return why a password does not count: the account is shut, or it is wrong."""
    if account.is_locked(context.now()):
        _record(context, account.login, "refused-while-locked")
        return SignInRefused(reason="locked", locked_until=account.locked_until)
    return None if right else _fail(context, account)


def _fail(context: Context[OrganisationUnitOfWork], account: Account) -> SignInRefused:
    failed = account.failed_attempts + 1
    locked_until = context.now() + LOCK_OUT if failed >= MAX_FAILED_ATTEMPTS else None
    _record(context, account.login, "sign-in-failed")
    if locked_until:
        _record(context, account.login, "locked-out")
    counted = replace(account, failed_attempts=0 if locked_until else failed, locked_until=locked_until)
    context.unit_of_work.accounts.save(counted)
    return SignInRefused(reason="locked" if locked_until else "wrong", locked_until=locked_until)


def _own_account(context: Context[OrganisationUnitOfWork]) -> Account:
    account = context.unit_of_work.accounts.lock(context.actor.id)
    if account is None:
        raise NotFound("account", context.actor.id)
    return account


def _require_administrator(context: Context[OrganisationUnitOfWork], region: str) -> None:
    if not context.actor.system and not context.actor.has_role(ADMINISTRATOR, region):
        raise NotPermitted("管理该地区的单位和账号", ADMINISTRATOR)


def _record(context: Context[OrganisationUnitOfWork], login: str, action: AccountAction) -> None:
    event = AccountEvent(login=login, at=context.now(), actor=context.actor.id, action=action)
    context.unit_of_work.accounts.record(event)

"""Passwords: hashed with argon2id, checked in the same time whether the login is known or not."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from workflows.organisation.errors import PasswordRefused

MIN_LENGTH = 10
MAX_LENGTH = 128

NO_PASSWORD = "!"  # noqa: S105  where a hash would stand: nobody signs in to such an account with a password
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$LswYtU2cOleYuxvf+HSBXw$a9e36tCbzlV72H3rkThPbD45O3regpBMzAbXZLeFsLU"
"""The hash of a password no account has, at today's cost; made anew it would hold up the start of every process."""

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """Return the argon2id hash, with its salt and cost in it."""
    return _hasher.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Say whether this is the password; without one to compare it takes the same time and the answer is no."""
    if len(password) > MAX_LENGTH:
        return False
    known = None if password_hash == NO_PASSWORD else password_hash
    try:
        _hasher.verify(known or NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return known is not None


def needs_rehash(password_hash: str) -> bool:
    """Say whether the hash was made at another cost than today's."""
    return _hasher.check_needs_rehash(password_hash)


def require_strong(password: str, *, login: str) -> None:
    """Refuse a password that is too short, too long, the login itself, or one sign over and over.

    Raises:
        PasswordRefused: with the rule it breaks.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise PasswordRefused(
            field="new_password",
            reason_zh=f"新密码须为 {MIN_LENGTH} 至 {MAX_LENGTH} 个字符。",
            reason_en=f"the new one must have {MIN_LENGTH} to {MAX_LENGTH} characters.",
        )
    if login in password.lower() or len(set(password)) < 5:
        raise PasswordRefused(
            field="new_password",
            reason_zh="新密码不得包含登录名，且至少使用 5 种不同字符。",
            reason_en="the new one must not contain the login and must use at least five different characters.",
        )

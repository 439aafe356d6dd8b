"""Units and accounts as values, the actor an account makes, and the rights that follow from posts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workflows.organisation.commands import SignIn
from workflows.organisation.errors import OrganisationInvalid, PasswordRefused
from workflows.organisation.model import Account, Post, Unit, actor_of
from workflows.organisation.passwords import NOBODY, _hasher, hash_password, is_password, require_strong
from workflows.organisation.rights import Right, holds

NOW = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)


def unit(*, kind: str = "township", region: str = "320481001") -> Unit:
    return Unit(id=kind, kind=kind, name="昆仑街道窗口", name_en="Kunlun window", region=region)


def account(*posts: Post, locked_until: datetime | None = None) -> Account:
    return Account(login="chen.min", name="陈敏", posts=posts, password_hash="-", locked_until=locked_until)


def test_an_actor_is_a_candidate_for_the_groups_of_its_posts_in_their_region() -> None:
    actor = actor_of(account(Post(unit=unit(), role="clerk")))

    assert actor.is_candidate(("township/clerk",), "320481001")
    assert not actor.is_candidate(("township/clerk",), "320481002")
    assert not actor.is_candidate(("township/reviewer",), "320481001")


def test_an_account_is_locked_until_its_time_has_come() -> None:
    shut = account(locked_until=NOW)

    assert shut.is_locked(NOW - timedelta(seconds=1))
    assert not shut.is_locked(NOW)


@pytest.mark.parametrize("region", ["", "32048", "32048100x", "320481 001"])
def test_a_unit_needs_a_division_code(region: str) -> None:
    with pytest.raises(OrganisationInvalid) as refused:
        unit(region=region)
    assert refused.value.fields["field"] == "unit.region"


@pytest.mark.parametrize("login", ["", "Chen", "陈敏", "a" * 41, "a b", "x\x00y"])
def test_a_login_is_plain_small_letters(login: str) -> None:
    with pytest.raises(OrganisationInvalid):
        Account(login=login, name="陈敏", posts=(), password_hash="-")


@pytest.mark.parametrize(
    ("kind", "role", "held"),
    [
        ("township", "clerk", {Right.WORK, Right.INTAKE}),
        ("civil_affairs", "clerk", {Right.WORK, Right.INTAKE}),
        ("education", "clerk", {Right.WORK}),
        ("civil_affairs", "supervisor", {Right.WORK, Right.SUPERVISE, Right.OPERATE}),
        ("civil_affairs", "administrator", {Right.WORK, Right.INTAKE, Right.ADMINISTER, Right.OPERATE}),
    ],
)
def test_a_post_brings_exactly_its_rights(kind: str, role: str, held: set[Right]) -> None:
    actor = actor_of(account(Post(unit=unit(kind=kind), role=role)))

    found = {right for right in Right if holds(actor, right, county="320481")}
    assert found == held | {Right.PUBLIC, Right.SIGNED_IN}


@pytest.mark.parametrize(("region", "is_held"), [("320481001", False), ("320481", True), ("3204", True)])
def test_only_an_administrator_of_the_whole_county_deploys(region: str, is_held: bool) -> None:
    actor = actor_of(account(Post(unit=unit(region=region), role="administrator")))

    assert holds(actor, Right.DEPLOY, county="320481") is is_held


def test_only_the_right_password_matches_its_hash() -> None:
    stored = hash_password("correct horse battery")

    assert is_password("correct horse battery", stored)
    assert not is_password("correct horse batterx", stored)
    assert not is_password("no account has this password", None)
    assert not is_password("x" * 5_000_000, stored)


def test_to_look_for_nobody_costs_as_much_as_to_look_for_somebody() -> None:
    assert not _hasher.check_needs_rehash(NOBODY)


@pytest.mark.parametrize("password", ["short", "x" * 129, "aaaaaaaaaaaa", "my-Chen.Min-2026"])
def test_a_weak_password_is_refused_with_its_rule(password: str) -> None:
    with pytest.raises(PasswordRefused):
        require_strong(password, login="chen.min")


def test_a_password_never_shows_in_a_command() -> None:
    assert "secret-words" not in repr(SignIn(login="chen.min", password="secret-words"))

"""Commands that open units and accounts: how the first administrator of a county comes into the house."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Collection

import click

from api.cli.tables import furnishing, operating, show_table
from engine.model import SYSTEM
from workflows.casework.county import GROUPS
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.model import Unit

PASSWORD_BYTES = 12
KINDS = frozenset(group.partition("/")[0] for group in GROUPS)


@click.group()
def units() -> None:
    """Units of the county: who there is, and opening one."""


@units.command("list")
def list_units() -> None:
    """Show every unit."""
    with operating() as house:
        found = house.services.organisation.units()
    show_table(("ID", "KIND", "REGION", "NAME"), [(one.id, one.kind, one.region, one.name) for one in found])


@units.command("add")
@click.argument("unit_id")
@click.option("--kind", required=True, help="What diagrams name in candidate groups, such as civil_affairs.")
@click.option("--region", required=True, help="Division code it is responsible for, such as 320481.")
@click.option("--name", required=True, help="Its Chinese name.")
@click.option("--name-en", required=True, help="Its English name.")
def add_unit(*, unit_id: str, kind: str, region: str, name: str, name_en: str) -> None:
    """Open a unit."""
    with furnishing() as house:
        unit = Unit(id=unit_id, kind=kind, name=name, name_en=name_en, region=region)
        house.services.engine.execute(CreateUnit(unit=unit), actor=SYSTEM)
    if kind not in KINDS:
        _hint(f"单位种类“{kind}”", f"the kind of unit {kind!r}", KINDS)
    click.echo(f"已设立单位 {unit_id}。 Unit {unit_id} is open.")


@click.group()
def accounts() -> None:
    """Accounts of staff: who there is, and opening one, also the first administrator's."""


@accounts.command("list")
def list_accounts() -> None:
    """Show every account with its posts."""
    with operating() as house:
        found = house.services.organisation.accounts()
    rows = [(one.login, one.name, " ".join(f"{post.unit.id}/{post.role}" for post in one.posts)) for one in found]
    show_table(("LOGIN", "NAME", "POSTS"), rows)


@accounts.command("add")
@click.argument("login")
@click.option("--name", required=True, help="The person's name.")
@click.option("--post", "posts", multiple=True, required=True, help="UNIT/ROLE, such as civil-affairs/administrator.")
@click.option("--password-stdin", is_flag=True, help="Read the first password from standard input.")
def add_account(*, login: str, name: str, posts: tuple[str, ...], password_stdin: bool) -> None:
    """Open an account; its first password is printed once and must be changed at the first sign-in."""
    given = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    password = given if given is not None else secrets.token_urlsafe(PASSWORD_BYTES)
    command = CreateAccount(login=login, name=name, password=password, posts=tuple(map(_post, posts)))
    with furnishing() as house:
        opened = house.services.engine.execute(command, actor=SYSTEM)
    _hint_at_unknown_groups({f"{one.unit.kind}/{one.role}" for one in opened.posts})
    click.echo(f"已开通账号 {login}，首次登录须更改密码。 Account {login} is open; change the password at first.")
    if given is None:
        click.echo(password)


def _hint_at_unknown_groups(groups: Collection[str]) -> None:
    for group in sorted(set(groups) - GROUPS):
        _hint(f"岗位“{group}”", f"the post {group!r}", GROUPS)


def _hint(zh: str, en: str, known: Collection[str]) -> None:
    """Say that no diagram of the product hands work to this: a county may have its own, or a letter is wrong."""
    choices = ", ".join(sorted(known))
    click.echo(f"请核对：随附流程中没有{zh}。 Please check: no shipped diagram knows {en}. {choices}", err=True)


def _post(text: str) -> tuple[str, str]:
    unit_id, separator, role = text.partition("/")
    if not (unit_id and separator and role):
        raise click.BadParameter(f"应为 单位/角色，实际为“{text}”。 Expected UNIT/ROLE, found {text!r}.")
    return unit_id, role

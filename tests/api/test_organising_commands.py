"""Opening units and accounts by command: how a county without the demo gets its first administrator."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.services import Services
from engine.model import SYSTEM
from workflows.organisation.commands import SignedIn, SignIn, SignInRefused


def relief(services: Services, *arguments: str, stdin: str | None = None) -> Result:
    environment = {
        "RELIEF_DATABASE_URL": services.settings.database_url,
        "RELIEF_DATA_FOLDER": str(services.settings.data_folder),
        "RELIEF_SECRET_KEY": services.settings.secret_key,
    }
    found = CliRunner().invoke(main, arguments, env=environment, input=stdin)
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found


def sign_in(services: Services, login: str, password: str) -> SignedIn | SignInRefused:
    return services.engine.execute(SignIn(login=login, password=password), actor=SYSTEM)


UNIT = (
    "units",
    "add",
    "archives",
    "--kind",
    "archives",
    "--region",
    "320481",
    "--name",
    "档案馆",
    "--name-en",
    "Archive",
)
PERSON = ("accounts", "add", "wang.min", "--name", "王敏", "--post", "archives/administrator")


def test_the_first_administrator_signs_in_with_the_printed_password_and_must_change_it(services: Services) -> None:
    assert relief(services, *UNIT).exit_code == 0
    opened = relief(services, *PERSON)
    assert opened.exit_code == 0
    found = sign_in(services, "wang.min", opened.output.split()[-1])
    assert isinstance(found, SignedIn)
    assert found.account.must_change_password
    assert found.account.has_post("administrator")
    assert "档案馆" in relief(services, "units", "list").output
    assert "archives/administrator" in relief(services, "accounts", "list").output


def test_a_password_from_standard_input_is_not_printed(services: Services) -> None:
    relief(services, *UNIT)
    opened = relief(services, *PERSON, "--password-stdin", stdin="first-Password-7\n")
    assert "first-Password-7" not in opened.output
    assert isinstance(sign_in(services, "wang.min", "first-Password-7"), SignedIn)


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("accounts", "add", "li", "--name", "李", "--post", "nowhere/clerk"), 1, "nowhere"),
        (("accounts", "add", "li", "--name", "李", "--post", "archives"), 2, "UNIT/ROLE"),
        (("accounts", "add", "李", "--name", "李", "--post", "archives/clerk"), 1, "login"),
        ((*PERSON[:-1], "archives/clerk", "--password-stdin"), 1, "10"),
        (UNIT, 1, "archives"),
    ],
)
def test_what_cannot_be_opened_is_refused_plainly(
    services: Services, arguments: tuple[str, ...], status: int, said: str
) -> None:
    relief(services, *UNIT)
    found = relief(services, *arguments, stdin="short\n")
    assert found.exit_code == status
    assert said in found.output
    assert "Traceback" not in found.output

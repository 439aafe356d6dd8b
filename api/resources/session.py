"""Signing in and out, and the own account."""

from __future__ import annotations

from api.operations import Operation, operation
from api.resources.blueprint import api
from api.schemas.answers import PostAnswer, SessionAnswer, SessionSchema, SubstitutionAnswer
from api.schemas.requests import LanguageSchema, PasswordSchema, SignInSchema
from api.services import current
from engine.json_values import JsonObject
from web import authentication
from web.authentication import (
    csrf_token,
    current_account,
    current_actor,
    sign_in,
    sign_out,
    still_open_before_password_change,
)
from web.errors import NotSignedIn
from workflows.organisation.commands import ChangeLanguage
from workflows.organisation.model import Account, Substitution
from workflows.organisation.rights import Right


@api.post("/session")
@operation(
    Operation(summary="Sign in; the answer sets a cookie", right=Right.PUBLIC, body=SignInSchema, answer=SessionSchema)
)
def create_session(body: JsonObject) -> SessionAnswer:
    """Check login and password and start a session."""
    return _answer(sign_in(body["login"], body["password"]))


@api.get("/session")
@still_open_before_password_change
@operation(Operation(summary="Who is signed in", right=Right.SIGNED_IN, answer=SessionSchema))
def get_session() -> SessionAnswer:
    """Tell who is signed in and hand out the token for changes."""
    return _answer(_account())


@api.delete("/session")
@still_open_before_password_change
@operation(Operation(summary="Sign out; ends all sessions of the account", right=Right.SIGNED_IN))
def delete_session() -> None:
    """End the sessions of this account."""
    sign_out()


@api.put("/session/password")
@still_open_before_password_change
@operation(
    Operation(
        summary="Change the own password; ends all sessions and starts a new one",
        right=Right.SIGNED_IN,
        body=PasswordSchema,
        answer=SessionSchema,
    )
)
def change_password(body: JsonObject) -> SessionAnswer:
    """Give the own account a new password."""
    return _answer(authentication.change_password(body["current_password"], body["new_password"]))


@api.put("/session/language")
@operation(
    Operation(
        summary="Choose the language to read in", right=Right.SIGNED_IN, body=LanguageSchema, answer=SessionSchema
    )
)
def change_language(body: JsonObject) -> SessionAnswer:
    """Keep the language of the own account."""
    return _answer(current().engine.execute(ChangeLanguage(**body), actor=current_actor()))


def _account() -> Account:
    account = current_account()
    if account is None:
        raise NotSignedIn
    return account


def _answer(account: Account) -> SessionAnswer:
    asked = current().organisation.account(account.login) or account  # what was changed knows of no substitution
    return SessionAnswer(
        login=account.login,
        name=account.name,
        language=account.language,
        must_change_password=account.must_change_password,
        posts=[
            PostAnswer(
                unit_id=post.unit.id,
                unit_kind=post.unit.kind,
                unit_name=post.unit.name,
                unit_name_en=post.unit.name_en,
                region=post.unit.region,
                role=post.role,
            )
            for post in account.posts
        ],
        stands_in_for=[_substitution(one) for one in asked.stands_in_for],
        is_absent=[_substitution(one) for one in asked.is_absent],
        csrf_token=csrf_token(),
    )


def _substitution(running: Substitution) -> SubstitutionAnswer:
    person = running.person
    return SubstitutionAnswer(absence_id=running.absence_id, login=person.id, name=person.name, last_on=running.last_on)

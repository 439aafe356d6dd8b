"""What the frame of every page shows of the person who is signed in: name, unit, where one can go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from flask import g, request, url_for
from flask_babel import gettext as _

from engine.model import Actor
from engine.queries import TaskTab
from web import menus
from web.authentication import current_account, masked_csrf_token, may
from web.labels import in_language, label
from web.services import services
from web.shell import Account as ShownAccount
from web.shell import NavigationItem, Shell
from workflows.organisation.model import Account, actor_of
from workflows.organisation.rights import Right


def frame() -> Shell:
    """Return the frame of the page being shown."""
    account = current_account()
    if account is None:
        return Shell(csrf_token=masked_csrf_token(), county=services().county, version=_version())
    actor = actor_of(account)
    return Shell(
        csrf_token=masked_csrf_token(),
        county=services().county,
        account=ShownAccount(name=account.name, unit=_unit(account), entries=menus.of_account()),
        navigation=menus.navigation(_tasks_held(actor) if may(Right.WORK) else None),
        menus=menus.menus(actor),
        notices=_notices(actor),
        standing=tuple(_standing(account)),
        sign_out_url=url_for("session.sign_out_now"),
        version=_version(),
    )


def task_counts(actor: Actor) -> Mapping[TaskTab, int]:
    """Return the counts of the work list, asked once for a page."""
    if "task_counts" not in g:
        g.task_counts = services().queries.user_task_counts(actor)
    found: Mapping[TaskTab, int] = g.task_counts
    return found


def _standing(account: Account) -> Iterator[NavigationItem]:
    """Go through what is said on every page of both sides while a substitution runs."""
    url = url_for("absences.absence_list")
    for one in account.is_absent:
        text = _("您已登记请假至 %(day)s，由%(name)s代理。", day=one.last_on.isoformat(), name=one.person.name)
        yield NavigationItem(label=text, url=url, tone="warning")
    for one in account.stands_in_for:
        text = _("您正在代理%(name)s的任务，至 %(day)s。", day=one.last_on.isoformat(), name=one.person.name)
        yield NavigationItem(label=text, url=url, tone="info")


def _notices(actor: Actor) -> NavigationItem:
    """Without its database the house still shows its frame, on the page that says so."""
    try:
        unread = services().supervision.unread_notices(actor)
    except ConnectionError:
        unread = 0
    return NavigationItem(
        label=_("通知"),
        url=url_for("notices.notice_list"),
        count=unread,
        tone="danger",
        is_current=request.blueprint == "notices",
    )


def _tasks_held(actor: Actor) -> int | None:
    """Without its database the house still shows its frame, on the page that says so."""
    try:
        return task_counts(actor).get(TaskTab.MINE, 0)
    except ConnectionError:
        return None


def _unit(account: Account) -> str:
    if not account.posts:
        return ""
    first = account.posts[0]
    return f"{in_language(first.unit.name, first.unit.name_en)} · {label('role', first.role)}"


@cache
def _version() -> str:
    try:
        return version("reliefdesk")
    except PackageNotFoundError:
        return ""

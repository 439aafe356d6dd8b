"""The menu of the office's registers and books: what somebody may look at beside tasks and cases."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _

from engine.model import Actor
from web.authentication import may
from web.shell import NavigationItem
from workflows.casework.sight import sees_whole_region
from workflows.organisation.rights import Right


def office_menu(actor: Actor) -> list[NavigationItem]:
    """Return the entries of the menu; what one may not look at is left out."""
    sees_register = any(sees_whole_region(one) for one in actor.memberships)
    entries = (
        (sees_register, _("人员与家庭登记"), "register.person_list"),
        (sees_register, _("登记更正"), "corrections.correction_list"),
        (sees_register, _("疑似重复"), "duplicates.duplicate_list"),
    )
    return [_entry(text, endpoint) for is_shown, text, endpoint in entries if is_shown and may(Right.WORK)]


def _entry(text: str, endpoint: str) -> NavigationItem:
    is_current = request.blueprint == endpoint.partition(".")[0]
    return NavigationItem(label=text, url=url_for(endpoint), is_current=is_current)

"""The menu of the office's registers and books: what somebody may look at beside tasks and cases."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _

from engine.model import Actor
from web.authentication import may
from web.shell import NavigationItem
from workflows.casework.conference.model import takes_part
from workflows.casework.payments.views import sees_money
from workflows.casework.sight import sees_whole_region
from workflows.organisation.rights import Right


def office_menu(actor: Actor) -> list[NavigationItem]:
    """Return the entries of the menu; what one may not look at is left out."""
    works = may(Right.WORK)
    in_register = works and any(sees_whole_region(one) for one in actor.memberships)
    entries = (
        (in_register, _("人员与家庭登记"), "register.person_list"),
        (in_register, _("登记更正"), "corrections.correction_list"),
        (in_register, _("疑似重复"), "duplicates.duplicate_list"),
        (works and sees_money(actor), _("月度发放"), "payments.batch_list"),
        (works and sees_money(actor), _("发放对账"), "payments.books_page"),
        (works and takes_part(actor), _("联席会议"), "conference.overview_page"),
        (works, _("文书登记"), "documents.document_list"),
        (works, _("文书模板"), "templates.kind_list"),
        (works and _sees_queue(actor), _("公租房轮候"), "housing.queue"),
        (may(Right.SUPERVISE), _("亲属关系登记"), "kin.kin_list"),
        (True, _("政策参数"), "parameters.parameter_list"),
        (True, _("工作日历"), "calendar.calendar_page"),
        (True, _("流程与表单"), "definitions.definition_list"),
    )
    return [_entry(text, endpoint) for is_shown, text, endpoint in entries if is_shown]


def _sees_queue(actor: Actor) -> bool:
    return any(sees_whole_region(one) or one.unit_kind == "housing" for one in actor.memberships)


def _entry(text: str, endpoint: str) -> NavigationItem:
    return NavigationItem(label=text, url=url_for(endpoint), is_current=_is_current(endpoint))


def _is_current(endpoint: str) -> bool:
    """Say whether a page is the entry's or one below it; the books stand apart from the batches beside them."""
    if "payments.books_page" in (endpoint, request.endpoint):
        return endpoint == request.endpoint
    return request.blueprint == endpoint.partition(".")[0]

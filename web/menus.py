"""Where one can go from every page: what is opened all day as links, everything else in menus that fold out.

The bar has room for some words only. What a role opens many times a day stands in it by itself; the rest is found
under what it is about, so that nothing falls off the end on a small screen.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import request, url_for
from flask_babel import gettext as _

from engine.model import Actor
from web.authentication import may
from web.shell import Menu, NavigationItem
from workflows.casework.conference.model import takes_part
from workflows.casework.payments.views import sees_money
from workflows.casework.sight import sees_whole_region
from workflows.casework.winter.queries import sees_winter
from workflows.organisation.rights import Right

Entry = tuple[bool, str, str]
"""Whether the reader may go there, what it is called, and its endpoint."""


def navigation(tasks_held: int | None) -> tuple[NavigationItem, ...]:
    """Return what stands in the bar by itself; the work list with the number of tasks the reader holds."""
    works = may(Right.WORK)
    return (
        *([_item(_("工作清单"), "tasks.work_list", count=tasks_held)] if works else []),
        *_shown(
            (
                (works, _("案件清单"), "cases.case_list"),
                (may(Right.INTAKE), _("登记申请"), "applications.new_application"),
                (may(Right.INTAKE), _("网上申请"), "online_entries.entry_list"),
                (may(Right.SUPERVISE), _("督办"), "supervision.board_page"),
            )
        ),
    )


def menus(actor: Actor) -> tuple[Menu, ...]:
    """Return the menus beside it; one without an entry for the reader is left out."""
    found = (
        Menu(label=_("监督"), entries=_shown(_oversight())),
        Menu(label=_("业务"), entries=_shown(_office(actor))),
        Menu(label=_("流程管理"), entries=_shown(_processes())),
    )
    return tuple(one for one in found if one.entries)


def of_account() -> tuple[NavigationItem, ...]:
    """Return what folds out below the reader's name."""
    return _shown(
        (
            (True, _("我的账号"), "profile.profile_page"),
            (True, _("邮件提醒"), "mail.mail_page"),
            (may(Right.WORK), _("请假与代理"), "absences.absence_list"),
        )
    )


def _oversight() -> Iterable[Entry]:
    supervises = may(Right.SUPERVISE)
    return (
        (supervises, _("督办单"), "orders.order_list"),
        (supervises, _("未送达的告知"), "letters.letter_list"),
        (supervises, _("工作量"), "load.load_page"),
        (supervises, _("案件抽查"), "spot_checks.check_list"),
        (supervises, _("业务统计"), "figures.figures_page"),
        (supervises, _("月度通报"), "circulars.circular_list"),
    )


def _office(actor: Actor) -> Iterable[Entry]:
    works = may(Right.WORK)
    in_register = works and any(sees_whole_region(one) for one in actor.memberships)
    return (
        (in_register, _("人员与家庭登记"), "register.person_list"),
        (in_register, _("登记更正"), "corrections.correction_list"),
        (in_register, _("疑似重复"), "duplicates.duplicate_list"),
        (may(Right.SUPERVISE), _("亲属关系登记"), "kin.kin_list"),
        (works and sees_money(actor), _("月度发放"), "payments.batch_list"),
        (works and sees_money(actor), _("发放对账"), "payments.books_page"),
        (works and _sees_queue(actor), _("公租房轮候"), "housing.queue"),
        (works and sees_winter(actor), _("冬春救助"), "winter.season_list"),
        (works and takes_part(actor), _("联席会议"), "conference.overview_page"),
        (works, _("文书登记"), "documents.document_list"),
        (works, _("文书模板"), "templates.kind_list"),
        (True, _("政策参数"), "parameters.parameter_list"),
        (True, _("工作日历"), "calendar.calendar_page"),
    )


def _processes() -> Iterable[Entry]:
    operates = may(Right.OPERATE)
    return (
        (operates, _("流程实例"), "process_instances.instance_list"),
        (operates, _("流程故障"), "incidents.incident_list"),
        (operates, _("流程热力图"), "heat_map.heat_page"),
        (operates, _("批量操作"), "batches.batch_list"),
        (may(Right.ADMINISTER), _("流程迁移"), "migrations.plan_page"),
        (True, _("流程与表单"), "definitions.definition_list"),
        (may(Right.DEPLOY), _("流程设计"), "workbench.library"),
    )


def _sees_queue(actor: Actor) -> bool:
    return any(sees_whole_region(one) or one.unit_kind == "housing" for one in actor.memberships)


def _shown(entries: Iterable[Entry]) -> tuple[NavigationItem, ...]:
    return tuple(_item(text, endpoint) for is_shown, text, endpoint in entries if is_shown)


def _item(text: str, endpoint: str, *, count: int | None = None) -> NavigationItem:
    return NavigationItem(label=text, url=url_for(endpoint), count=count, is_current=_is_current(endpoint))


def _is_current(endpoint: str) -> bool:
    """Say whether a page is the entry's or one below it; the books stand apart from the batches beside them."""
    if "payments.books_page" in (endpoint, request.endpoint):
        return endpoint == request.endpoint
    return request.blueprint == endpoint.partition(".")[0]

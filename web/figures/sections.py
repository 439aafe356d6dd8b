"""Every part of the supervisors' figures as a table in the reader's language; nothing is counted here."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext as _

from web.figures.tables import Amount, Section, Share
from web.formats import minute
from web.labels import in_language, label, town, unit_kind
from workflows.casework.figures.model import Age, ProcedureFigures, SupervisorFigures, UrgentFigures
from workflows.casework.payments.views import Books

KEPT_AND_MISSED = ("due", "kept", "late", "still_open", "resting")


def sections(figures: SupervisorFigures, books: Books | None) -> Sequence[Section]:
    """Return the tables of all figures; those of money with the books of a month where the reader may see them."""
    return [
        overview(figures),
        towns(figures),
        programmes(figures),
        on_time(figures),
        on_time_of_units(figures),
        ages(figures),
        waiting(figures),
        sources(figures),
        units(figures),
        procedure(figures.procedure),
        urgent(figures.urgent),
        benefits(figures),
        *([payments(books)] if books else []),
        rechecks(figures),
    ]


def overview(figures: SupervisorFigures) -> Section:
    """What stands alone: population, coverage, median, faults."""
    return Section(
        key="overview",
        title=_("概况"),
        note=_("人口和覆盖率按期末计；流程故障为统计时的数。"),
        columns=_measure_columns(),
        rows=[
            (_("统计时间"), minute(figures.counted_at)),
            (_("户籍人口"), figures.population),
            (_("最低生活保障覆盖率"), _coverage(figures)),
            (_("受理至办结天数中位数（本期办结）"), figures.median_days_to_close),
            (_("本期完成的复核"), figures.rechecks_done),
            (_("未处理的流程故障"), figures.incidents),
        ],
        nothing="",
    )


def towns(figures: SupervisorFigures) -> Section:
    """The cases of each town."""
    return Section(
        key="towns",
        title=_("各街道（镇）案件"),
        note=_("收件、办结、不予受理、撤回为本期的数；在办为统计时的数。"),
        columns=[_("街道（镇）"), _("收件"), _("办结"), _("不予受理"), _("撤回"), _("在办")],
        rows=[
            (in_language(one.town, one.town_en), one.received, one.closed, one.declined, one.withdrawn, one.in_work)
            for one in figures.towns
        ],
        nothing=_("所选范围内没有案件。"),
    )


def programmes(figures: SupervisorFigures) -> Section:
    """The referrals of each programme and town."""
    return Section(
        key="programmes",
        title=_("各救助项目转办"),
        note=_("转办及结果为本期的数；在办为统计时的数。不予救助含不符合条件。"),
        columns=[
            *(_("救助项目"), _("街道（镇）"), _("转办"), _("给予救助"), _("不予救助")),
            *(_("退回"), _("撤销"), _("在办")),
        ],
        rows=[
            (
                label("programme", one.programme),
                town(one.region),
                *(one.sent, one.granted, one.refused, one.returned, one.cancelled, one.in_work),
            )
            for one in figures.programmes
        ],
        nothing=_("所选范围内没有转办。"),
        names=2,
    )


def on_time(figures: SupervisorFigures) -> Section:
    """The limits of each kind."""
    kinds = {
        "case": _("案件办理时限"),
        "acknowledgement": _("转办签收时限"),
        "result": _("转办反馈时限"),
    }
    return Section(
        key="on-time",
        title=_("按时率"),
        note=_("时限在本期届满的；按时率的分母不含暂停计时的。"),
        columns=[_("时限"), *_limit_columns()],
        rows=[
            (
                kinds.get(one.kind, one.kind),
                *(getattr(one, name) for name in KEPT_AND_MISSED),
                _share(one.kept, one.counted, one.rate),
            )
            for one in figures.on_time
        ],
        nothing="",
    )


def on_time_of_units(figures: SupervisorFigures) -> Section:
    """The limits for results, by kinds of units."""
    return Section(
        key="on-time-of-units",
        title=_("各单位反馈按时率"),
        note=_("反馈时限在本期届满的转办，按承办单位；按时率的分母不含暂停计时的。"),
        columns=[_("承办单位"), *_limit_columns()],
        rows=[
            (
                unit_kind(one.unit_kind),
                *(getattr(one, name) for name in KEPT_AND_MISSED),
                _share(one.kept, one.counted, one.rate),
            )
            for one in figures.on_time_of_units
        ],
        nothing=_("本期没有反馈时限届满的转办。"),
    )


def ages(figures: SupervisorFigures) -> Section:
    """How old the accepted cases are."""
    return Section(
        key="ages",
        title=_("在办案件已用工作日"),
        note=_("已受理、未办结的案件自受理起的工作日；为统计时的数。"),
        columns=[_("已用工作日"), _("案件数")],
        rows=[(days_of(one), one.cases) for one in figures.ages],
        nothing="",
    )


def days_of(age: Age) -> str:
    """Return the working days of a bucket in words."""
    if age.to_days is None:
        return str(_("%(days)s 天及以上", days=age.from_days))
    return str(_("%(first)s 至 %(last)s 天", first=age.from_days, last=age.to_days))


def waiting(figures: SupervisorFigures) -> Section:
    """The open tasks by step and kind of unit."""
    return Section(
        key="waiting",
        title=_("待办环节"),
        note=_("未完成的任务，按环节和单位；为统计时的数，超期多的在前。"),
        columns=[_("环节"), _("单位"), _("待办"), _("超期"), _("已等待天数中位数")],
        rows=[
            (
                in_language(one.name, one.name_en or one.name) or one.element_id,
                unit_kind(one.unit_kind),
                *(one.open, one.overdue, one.median_days),
            )
            for one in figures.waiting
        ],
        nothing=_("现在没有待办任务。"),
        names=2,
    )


def sources(figures: SupervisorFigures) -> Section:
    """How agencies answered."""
    return Section(
        key="sources",
        title=_("信息核对反馈"),
        note=_("本期发出的核对请求。缺失：无法取得，或到期仍未反馈。"),
        columns=[_("核对机构"), _("请求"), _("已反馈"), _("缺失"), _("迟反馈"), _("反馈小时数中位数"), _("缺失率")],
        rows=[
            (
                in_language(one.title, label("agency", one.agency)),
                *(one.asked, one.answered, one.missing, one.late, one.median_hours),
                _share(one.missing, one.asked, one.missing_share),
            )
            for one in figures.sources
        ],
        nothing=_("本期没有发出核对请求。"),
    )


def units(figures: SupervisorFigures) -> Section:
    """The referrals of each kind of unit."""
    return Section(
        key="units",
        title=_("各单位转办"),
        note=_("本期转办及其签收、反馈；未办结和超期为统计时的数。"),
        columns=[
            *(_("承办单位"), _("转办"), _("已签收"), _("已反馈"), _("未办结"), _("超期")),
            _("反馈天数中位数"),
        ],
        rows=[
            (
                unit_kind(one.unit_kind),
                *(one.sent, one.acknowledged, one.finished, one.open, one.overdue, one.median_days_to_result),
            )
            for one in figures.units
        ],
        nothing=_("所选范围内没有转办。"),
    )


def procedure(found: ProcedureFigures) -> Section:
    """Corrections, returns, notices and objections."""
    return Section(
        key="procedure",
        title=_("补正、公示与异议"),
        note=_("本期的数。"),
        columns=_measure_columns(),
        rows=[
            (_("补正率（收件中需补正的）"), _share(found.corrected, found.received, found.correction_share)),
            (_("转办"), found.referrals),
            (_("退回的转办"), found.returned),
            (_("公示"), found.notices),
            (_("公示异议率（每次公示的异议）"), _share(found.objections, found.notices, found.objection_share)),
            (_("异议成立率"), _share(found.upheld, found.objections, found.reversal_share)),
            (_("对核对结果的异议"), found.report_objections),
            (_("其中改变核对结果的"), found.reports_changed),
            (_("近亲属备案案件"), found.kin_cases),
        ],
        nothing="",
    )


def urgent(found: UrgentFigures) -> Section:
    """Urgent relief."""
    return Section(
        key="urgent",
        title=_("急难型临时救助"),
        note=_("本期申请的，以及应在本期补齐材料的。"),
        columns=_measure_columns(),
        rows=[
            (_("申请"), found.claims),
            (_("已发放"), found.paid),
            (_("发放金额（元）"), Amount(yuan=found.amount)),
            (_("及时发放率"), _share(found.paid_in_time, found.paid, found.paid_in_time_share)),
            (_("已补齐材料"), found.files_made_up),
            (_("及时补齐材料率"), _share(found.files_in_time, found.files_due, found.files_in_time_share)),
        ],
        nothing="",
    )


def benefits(figures: SupervisorFigures) -> Section:
    """What programmes pay."""
    return Section(
        key="benefits",
        title=_("待遇"),
        note=_("期末所在月份的待遇；新增和停发为本期的数。金额单位：元。"),
        columns=[
            *(_("救助项目"), _("户数"), _("人数"), _("基本金额"), _("增发金额"), _("合计"), _("人均基本金额")),
            *(_("暂停"), _("新增"), _("停发"), _("增发户率")),
        ],
        rows=[
            (
                label("programme", one.programme),
                *(one.households, one.persons),
                *(Amount(yuan=each) for each in (one.base, one.add_ons, one.amount, one.average_base)),
                *(one.suspended, one.begun, one.ended),
                _share(one.with_add_ons, one.households, one.add_on_share),
            )
            for one in figures.benefits
        ],
        nothing=_("所选范围内没有待遇。"),
    )


def payments(books: Books) -> Section:
    """Whether what was paid is what was owed, in the whole county."""
    return Section(
        key="payments",
        title=_("发放核对"),
        note=_("%(month)s 全市应发与实发，精确到分。", month=f"{books.month:%Y-%m}"),
        columns=_measure_columns(),
        rows=[
            (_("应发（元）"), Amount(yuan=books.entitled)),
            (_("实发（元）"), Amount(yuan=books.paid)),
            (_("在途（元）"), Amount(yuan=books.waiting)),
            (_("应发与实发不一致的待遇"), len(books.differences)),
        ],
        nothing="",
    )


def rechecks(figures: SupervisorFigures) -> Section:
    """Re-checks by class."""
    return Section(
        key="rechecks",
        title=_("定期复核"),
        note=_("在发待遇的复核计划；为统计时的数。"),
        columns=[_("类别"), _("已安排"), _("超期")],
        rows=[(one.recheck_class or _("未分类"), one.planned, one.overdue) for one in figures.rechecks],
        nothing=_("所选范围内没有复核计划。"),
    )


def _measure_columns() -> list[str]:
    return [_("指标"), _("数值")]


def _limit_columns() -> list[str]:
    return [_("届满"), _("按时"), _("迟办"), _("超期未办"), _("暂停计时"), _("按时率")]


def _share(part: int, whole: int, rate: Decimal | None) -> Share:
    return Share(part=part, whole=whole, rate=rate)


def _coverage(figures: SupervisorFigures) -> Share:
    return _share(figures.covered, figures.population or 0, figures.coverage)

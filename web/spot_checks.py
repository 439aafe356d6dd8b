"""Spot checks for pages and API alike: where one may draw, and the result as a file to take away."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from engine.model import Actor
from web.figures.files import FigureFile, Rows, figure_file
from web.figures.tables import Section, Share
from web.formats import minute
from web.labels import in_language, label, labels, town, unit_kind
from web.services import services
from workflows.casework.county import COUNTY_REGION, TOWNS
from workflows.casework.spot_checks.model import checking_post
from workflows.casework.spot_checks.queries import ItemLine, SpotCheckView
from workflows.casework.verification.model import FileFormat
from workflows.organisation.exports import ExportSpotCheck


def regions_to_draw_in(actor: Actor) -> list[tuple[str, str]]:
    """Return the regions whose cases the actor may draw samples of, with their names; the county first."""
    every = [(COUNTY_REGION, _("全市")), *((one.region, in_language(one.name, one.name_en)) for one in TOWNS)]
    return [(region, name) for region, name in every if checking_post(actor, region) is not None]


def region_name(region: str) -> str:
    """Return what a region of a draw is called."""
    return _("全市") if COUNTY_REGION.startswith(region) else town(region)


def programme_name(programme: str) -> str:
    """Return what was decided on; an application that was not accepted has no programme."""
    return label("programme", programme) if programme else _("未受理的申请")


def exported(spot_check_id: UUID, actor: Actor, kind: FileFormat) -> FigureFile:
    """Return the result as a file; the act stands in the record of access before anything is handed out.

    Raises:
        SpotCheckNotFound: there is none, or the actor does not supervise its region.
    """
    view = services().spot_checks.spot_check(spot_check_id, actor)
    taken = ExportSpotCheck(spot_check_id=spot_check_id, number=view.line.number, format=kind.value)
    services().engine.execute(taken, actor=actor)
    population = view.line.population
    return figure_file(
        [_counts(view), _by_item(view), _items(view)],
        head=_head(view, actor),
        since=population.since,
        until=population.until,
        kind=kind,
        title=_("抽查结果 %(number)s", number=view.line.number),
    )


def _head(view: SpotCheckView, actor: Actor) -> Rows:
    population = view.line.population
    return [
        [_("案件抽查"), view.line.number],
        [_("抽查对象"), label("sample_basis", population.basis)],
        [_("期间"), f"{population.since.isoformat()} – {population.until.isoformat()}"],
        [_("地区"), region_name(population.region)],
        [_("救助项目"), label("programme", population.programme) if population.programme else _("全部项目")],
        [_("单位"), unit_kind(population.unit_kind) if population.unit_kind else _("全部单位")],
        [_("抽取方式"), label("sample_way", view.line.way)],
        [_("抽查理由"), view.reason],
        [_("抽取人"), view.line.drawer_name],
        [_("抽取时间"), minute(view.line.drawn_at)],
        [_("随机种子"), view.seed],
        [_("总体件数"), view.population_size],
        [_("总体校验值"), view.population_digest],
        [_("导出人"), actor.name],
    ]


def _counts(view: SpotCheckView) -> Section:
    counts = view.line.counts
    found = Share(part=counts.with_findings, whole=counts.reviewed, rate=counts.found_share)
    wrong = Share(part=counts.wrong, whole=counts.reviewed, rate=counts.wrong_share)
    return Section(
        key="counts",
        title=_("汇总"),
        note="",
        columns=[_("指标"), _("数")],
        rows=[
            (_("抽中"), counts.sampled),
            (_("已核查"), counts.reviewed),
            (_("发现问题"), found),
            (_("其中严重"), counts.severe),
            (_("认定有误"), wrong),
            (_("已发督办单"), counts.orders),
        ],
        nothing="",
    )


def _by_item(view: SpotCheckView) -> Section:
    return Section(
        key="by-item",
        title=_("各核查项目的问题"),
        note="",
        columns=[_("核查项目"), _("轻微"), _("较重"), _("严重")],
        rows=[(in_language(one.title, one.title_en), one.minor, one.serious, one.severe) for one in view.by_item],
        nothing=_("没有发现问题"),
    )


def _items(view: SpotCheckView) -> Section:
    return Section(
        key="items",
        title=_("抽中案件"),
        note=_("问题的文字说明只在系统内查看。"),
        columns=[
            _("案件编号"),
            _("地区"),
            _("救助项目"),
            _("单位"),
            _("风险分"),
            _("风险情形"),
            _("状态"),
            _("结论"),
            _("最重问题"),
            _("问题项目"),
            _("核查人"),
            _("督办单"),
        ],
        rows=[_row(one) for one in view.items],
        nothing=_("没有可查看的抽中案件"),
        names=4,
    )


def _row(item: ItemLine) -> tuple[str | int | None, ...]:
    return (
        item.case_number,
        region_name(item.region),
        programme_name(item.programme),
        unit_kind(item.unit_kind),
        item.points,
        in_language("；", "; ").join(in_language(one.text, one.text_en) for one in item.reasons),
        label("review_state", item.state),
        label("review_conclusion", item.conclusion) if item.conclusion else None,
        labels("finding_severity", [item.severity]) if item.severity else None,
        in_language("；", "; ").join(in_language(one.title, one.title_en) for one in item.findings),
        item.reviewer_name,
        item.order_number,
    )

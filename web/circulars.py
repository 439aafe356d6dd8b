"""The monthly circular for pages and API alike: the month's figures, and how they are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from engine.errors import NotPermitted
from engine.model import SYSTEM, Actor, Membership
from web.figures.tables import percent
from web.public import verify_url
from web.schemas.base import EARLIEST_DAY
from web.services import services
from workflows.casework.circulars.commands import PublishCircular
from workflows.casework.circulars.errors import CircularMonthWrong
from workflows.casework.circulars.model import (
    CIRCULAR_KIND,
    Circular,
    CircularFigures,
    TownLine,
    UnitLine,
    by_rate,
    issues_circulars,
)
from workflows.casework.conference.queries import DecidedItemLine
from workflows.casework.county import CIVIL_AFFAIRS, COUNTY_REGION, PROGRAMME_NAMES, UNIT_KIND_NAMES
from workflows.casework.days import COUNTY_TIME, local_day
from workflows.casework.documents.commands import PreviewDocument
from workflows.casework.documents.kinds import paper_kind
from workflows.casework.documents.model import IssuedDocument
from workflows.casework.documents.printing import FileForm, sample
from workflows.casework.figures.model import Limits
from workflows.casework.figures.periods import Period
from workflows.casework.figures.ports import FigureFilter
from workflows.organisation.model import SUPERVISOR
from workflows.printing.fields import Value

OF_COUNTY = Actor(
    id=SYSTEM.id,  # nobody's kin
    name=SYSTEM.name,
    memberships=(Membership(unit_kind=CIVIL_AFFAIRS, role=SUPERVISOR, region=COUNTY_REGION),),
)


def require_issuer(actor: Actor) -> None:
    """Let those pass who write circulars.

    Raises:
        NotPermitted: the actor does not supervise civil affairs for the county.
    """
    if not issues_circulars(actor):
        raise NotPermitted("编写月度通报", "civil_affairs/supervisor")


def circular_month(text: str) -> date:
    """Return the first day of a month written like 2026-06.

    Raises:
        CircularMonthWrong: it is none, or has not begun.
    """
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise CircularMonthWrong(month=text[:10]) from None
    if not EARLIEST_DAY <= month <= local_day(services().now()):
        raise CircularMonthWrong(month=text[:10])
    return month


def published(month: date, version: int, actor: Actor) -> IssuedDocument:
    """Publish a month's circular with the figures of now.

    Raises:
        NotPermitted, CircularStale: see `PublishCircular`.
    """
    figures = printed_figures(figures_of(month))
    return services().engine.execute(PublishCircular(month=month, version=version, values=figures), actor=actor)


def figures_of(month: date) -> CircularFigures:
    """Return what a month's circular counts, the best on-time rate first.

    It counts as the county, not as whoever publishes: sums alone, and the same whosever kin applied.
    """
    actor = OF_COUNTY
    period = Period.of_month(month.year, month.month)
    county = services().figures.figures(FigureFilter(actor=actor, since=period.since, until=period.until))
    towns = [TownLine(cases=one, limits=_whole_limits(one.region, period, actor)) for one in county.towns]
    limits = {one.unit_kind: one for one in county.on_time_of_units}
    referrals = {one.unit_kind: one for one in county.units}
    units = [
        UnitLine(unit_kind=kind, limits=limits.get(kind), referrals=referrals.get(kind))
        for kind in UNIT_KIND_NAMES
        if kind in limits or kind in referrals
    ]
    return CircularFigures(
        month=month,
        counted_at=county.counted_at,
        county=county,
        towns=sorted(towns, key=lambda one: (*by_rate(one.limits), one.cases.region)),
        units=sorted(units, key=lambda one: by_rate(one.limits)),
        counts=services().circulars.counts(month, actor),
        overdue_items=services().conference.overdue_on(min(period.until, local_day(services().now()))),
    )


def printed_figures(figures: CircularFigures) -> Mapping[str, Value]:
    """Return the figures as the document says them, in Chinese; nothing of persons."""
    return {
        "month": f"{figures.month.year}年{figures.month.month}月",
        "counted_at": f"{figures.counted_at.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M}",
        "summary": summary(figures),
        "towns": [_town(one) for one in figures.towns],
        "units": [_unit(one) for one in figures.units],
        "supervision": supervision(figures),
    }


def summary(figures: CircularFigures) -> list[str]:
    """Return how the county's cases went, in sentences."""
    county = figures.county
    totals = {
        name: sum(getattr(one, name) for one in county.towns)
        for name in ("received", "closed", "declined", "withdrawn", "in_work")
    }
    whole = next(one for one in county.on_time if one.kind == "case")
    procedure = county.procedure
    return [
        (
            f"本月收到申请{totals['received']}件，办结{totals['closed']}件，不予受理{totals['declined']}件，"
            f"撤回{totals['withdrawn']}件，在办{totals['in_work']}件。"
        ),
        f"本月到期{whole.counted}件，按期办结{whole.kept}件，按期率{percent(whole.rate)}。",
        (
            f"一次性补正率{percent(procedure.correction_share)}，公示异议{procedure.objections}件，"
            f"异议成立{procedure.upheld}件。"
        ),
        *(
            f"{PROGRAMME_NAMES[one.programme][0]}：{one.households}户、{one.persons}人，本月应发{one.amount:,.2f}元。"
            for one in county.benefits
            if one.households
        ),
    ]


def supervision(figures: CircularFigures) -> list[str]:
    """Return what supervision did, in sentences."""
    counts = figures.counts
    return [
        f"本月下发督办单{counts.orders_issued}件，办结{counts.orders_closed}件，逾期未答复{counts.orders_overdue}件。",
        (
            f"本月核查抽中案件{counts.reviewed}件，发现问题{counts.with_findings}件，其中严重{counts.severe}件，"
            f"认定有误{counts.wrong}件。"
        ),
        *_decided_items(figures.overdue_items),
    ]


def _decided_items(lines: Sequence[DecidedItemLine]) -> list[str]:
    """Return which items of the joint conference are past their day, each with its owner and its order."""
    if not lines:
        return []
    told = [
        f"{one.item.number}“{one.item.text}”（责任单位：{UNIT_KIND_NAMES[one.item.owner][0]}，应于{one.item.due_on}办结"
        f"{f'，已发{one.order_number}' if one.order_number else ''}）"
        for one in lines
    ]
    return [f"联席会议议定事项逾期未办结{len(lines)}项：", *told]


def draft_file(circular: Circular, actor: Actor, form: FileForm) -> bytes:
    """Return the circular as it would be published now; it bears no number and is marked as a sample."""
    words = circular.text.split("\n") if circular.text else []
    values = {**printed_figures(figures_of(circular.month)), "words": words}
    preview = PreviewDocument(kind=CIRCULAR_KIND, case_id=None, values=values, subject=f"{circular.month:%Y-%m}")
    shown, template = services().engine.execute(preview, actor=actor)
    kind = paper_kind(CIRCULAR_KIND)
    return sample(kind, template.content, form, values=shown, at=services().now(), verify_url=verify_url())


def _whole_limits(region: str, period: Period, actor: Actor) -> Limits:
    of_town = FigureFilter(actor=actor, since=period.since, until=period.until, region=region)
    found = services().figures.figures(of_town)
    return next(one for one in found.on_time if one.kind == "case")


def _town(line: TownLine) -> dict[str, str]:
    cases = line.cases
    counted = {name: str(getattr(cases, name)) for name in ("received", "closed", "declined", "in_work")}
    return {"town": cases.town, **counted, **_limits(line.limits)}


def _unit(line: UnitLine) -> dict[str, str]:
    sent = ("sent", "acknowledged", "finished", "overdue")
    counted = {name: str(getattr(line.referrals, name, 0)) for name in sent}
    return {"unit": UNIT_KIND_NAMES[line.unit_kind][0], **counted, **_limits(line.limits)}


def _limits(limits: Limits | None) -> dict[str, str]:
    if limits is None:
        return {"due": "0", "kept": "0", "rate": percent(None)}
    return {"due": str(limits.counted), "kept": str(limits.kept), "rate": percent(limits.rate)}

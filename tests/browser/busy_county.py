"""A county in this process with cases at many stages, the same every time: what every page has something to show of."""

from __future__ import annotations

import threading
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.serving import make_server

from api.demo.county import accounts
from api.demo.desk import Desk
from api.demo.people import Households
from api.demo.seeding import LOCAL, Seeder, Seeding
from api.scenario.clock import VirtualClock
from api.scenario.county import ThrowAwayCounty, county_maker
from api.scenario.outside import ADDRESS
from engine.executor import Engine
from engine.model import SYSTEM, Actor
from engine.queries import TaskTab, UserTaskFilter
from tests.winters import KeepWinterRegister
from workflows.casework.comments.commands import WriteComment
from workflows.casework.county import CIVIL_AFFAIRS, TOWNSHIP
from workflows.casework.evidence.commands import AddEvidence
from workflows.casework.queries import CaseFilter
from workflows.organisation.model import actor_of
from workflows.organisation.rights import Right, holds
from workflows.rules.masks import masked_name

TODAY = datetime(2026, 11, 20, 15, 20, tzinfo=LOCAL)
CASES_AT_MOST = 500
SUPERVISOR = "supervisor"
ADMINISTRATOR = "administrator"
ORDER = {
    "demand": "请三日内核对材料并书面说明逾期原因，逐项列明已完成和未完成的事项。",
    "basis_kind": "legal",
    "basis": "社会救助法第四十四条",
    "working_days": 5,
}
CHANGE = {
    "key": "child_orphan_standard",
    "effective_from": "2027-01-01",
    "value": 2050,
    "source": "溧民发〔2026〕31号",
    "reason": "年度标准调整，见联席会议纪要。",
}
PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAAAAACoWZBhAAAAD0lEQVR4nGM4AQcMtGcCAMo+TiEYhh/3AAAAAElFTkSuQmCC")
NOT_ASKED_ON_LINE = ("submission_key", "channel", "received_on", "recognised_status", "documents")


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyCounty:
    """A county that is served, who in it has most to do of each role, and every word that people entered."""

    county: ThrowAwayCounty
    url: str
    people: dict[str, str]
    entered: frozenset[str]

    def rights(self, login: str) -> frozenset[str]:
        """Return what somebody may do at all."""
        services = self.county.house.services
        account = services.organisation.account(login)
        if account is None:
            raise LookupError(f"no account {login}")
        return frozenset(one for one in Right if holds(actor_of(account), one, county=services.region))


@contextmanager
def busy_county(*, cases: int, seed: int) -> Iterator[BusyCounty]:
    """Set up a county, let so many households come, and serve its pages on a free port."""
    entered: set[str] = set()
    with county_maker() as maker, maker.county(TODAY) as county, _remembering(entered):
        county.begin(TODAY, (), provisional_calendar=True)
        plan = Seeding(cases=cases, seed=seed, today=TODAY, simulator_url=ADDRESS, transport=county.outside)
        for _ in Seeder(county.house, _Wound(county.clock), plan).run():
            pass
        county.clock.set(TODAY)
        people = {role: _busiest(county, logins) for role, logins in _roles(county).items()}
        _live(county, people, seed)
        for account in county.house.services.organisation.accounts():
            entered |= {account.name, account.login}
        entered |= set(_papers(county))
        entered |= {masked_name(word) for word in entered if 1 < len(word) <= 40}
        with served(county) as url:
            yield BusyCounty(county=county, url=url, people=people, entered=frozenset(entered))


@contextmanager
def served(county: ThrowAwayCounty) -> Iterator[str]:
    """Serve a county's pages on a free port."""
    server = make_server("127.0.0.1", 0, county.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _papers(county: ThrowAwayCounty) -> Iterator[str]:
    """Yield what papers are called that households were asked for: the record holds the words of the letter."""
    casework = county.house.services.casework
    for summary in casework.cases(CaseFilter(actor=SYSTEM, limit=CASES_AT_MOST)).cases:
        correction = casework.case(summary.number, SYSTEM).correction
        yield from _texts(list(correction.missing) if correction else [])


def _live(county: ThrowAwayCounty, people: dict[str, str], seed: int) -> None:
    """Let people do what the way of a case alone does not bring: orders, kept filters, entries on line."""
    desks = {login: county.desk(login) for login in {*people.values(), SUPERVISOR}}
    for login, desk in desks.items():
        for task in desk.tasks(tab="to-claim")[:2]:
            desk.claim(task["id"])
        if login != ADMINISTRATOR:
            kept = {"name": "超期未办", "unit_id": None, "arguments": {"tab": "to-claim", "overdue": "1"}}
            desk.post("/tasks/filters", kept)
    late = desks[SUPERVISOR].tasks(tab="unit")
    for task in late[:3]:
        desks[SUPERVISOR].post("/supervision/orders", {"task_id": task["id"], **ORDER})
    _answer_an_order(county, desks[SUPERVISOR])
    household = Households(seed=seed + 1, today=TODAY.date()).next(received_on=TODAY.date())
    application = {name: value for name, value in household.application.items() if name not in NOT_ASKED_ON_LINE}
    window = next(one.unit_id for one in accounts() if one.login == people["clerk"])
    region = {unit.id: unit.region for unit in county.house.services.organisation.units()}[window]
    desks[SUPERVISOR].post("/online-entries", application | {"region": region})
    _beside_the_cases(county, desks[people["clerk"]], desks[SUPERVISOR])
    for desk in desks.values():
        desk.close()
    county.do_what_is_due()


def _beside_the_cases(county: ThrowAwayCounty, clerk: Desk, supervisor: Desk) -> None:
    """Let there be evidence of a case, a change of a person asked for, and a sample of cases under review."""
    services = county.house.services
    account = services.organisation.account(clerk.login)
    if account is None:
        raise LookupError(f"no account {clerk.login}")
    actor = actor_of(account)
    case = services.casework.cases(CaseFilter(actor=actor, limit=1)).cases[0]
    services.engine.execute(AddEvidence(case_id=case.id, name="住院收费票据.png", content=PICTURE), actor=actor)
    remark = f"@{SUPERVISOR} 住院票据已补齐，请核对。"
    services.engine.execute(WriteComment(case_id=case.id, text=remark, submission_key="a-remark"), actor=actor)
    _ask_for_a_change(county)
    population = {"since": "2026-01-01", "until": TODAY.date().isoformat(), "basis": "finished"}
    supervisor.post("/spot-checks", {"population": population, "reason": "十一月例行抽查", "size": 1})
    _conference(supervisor)
    services.engine.execute(KeepWinterRegister(case_number=case.number), actor=SYSTEM)
    administrator = county.desk(ADMINISTRATOR)
    administrator.post("/parameter-changes", CHANGE)
    administrator.close()


def begin_to_draw(county: ThrowAwayCounty) -> None:
    """Let the administrator take a process to the workbench."""
    analyst = county.desk(ADMINISTRATOR)
    version = next(one for one in analyst.get("/workbench")["versions"] if one["key"] == "agency_inquiry")
    analyst.post("/workbench/drafts", {"definition_id": version["id"]})
    analyst.close()


def _conference(supervisor: Desk) -> None:
    """Have the joint conference called, with its members, an issue and a problem between units."""
    member = {"role": "liaison", "unit_kind": "education", "post": "教育局办公室主任", "name": "甲联络员"}
    supervisor.post("/conference/seats", {**member, "since": "2026-01-01"})
    called = {"title": "第四季度社会救助工作联席会议", "place": "市政府三楼会议室", "meets_on": "2026-12-08"}
    meeting = supervisor.post("/conference/meetings", called)
    issue = {"unit_kind": CIVIL_AFFAIRS, "title": "名单比对", "text": "每学期两次比对名单。"}
    supervisor.post("/conference/issues", {**issue, "meeting_id": meeting["id"]})
    supervisor.post("/conference/problems", {**issue, "title": "拨付时间需要协调"})


def _ask_for_a_change(county: ThrowAwayCounty) -> None:
    """Let a town whose register knows somebody ask for another telephone number of theirs."""
    for one in (account for account in accounts() if account.role == "clerk"):
        desk = county.desk(one.login)
        persons = desk.get("/register/persons")["persons"]
        if persons:
            wanted = {"changes": {"phone": "13951900000"}, "reason": "申请人更换手机号码"}
            desk.post(f"/register/persons/{persons[0]['id']}/corrections", wanted)
        desk.close()
        if persons:
            return


def _answer_an_order(county: ThrowAwayCounty, supervisor: Desk) -> None:
    """Let the unit of one order answer it, so that its answer waits to be read."""
    line = next(one for one in supervisor.get("/supervision/orders")["orders"] if one["open_task"])
    for account in accounts():
        desk = county.desk(account.login)
        mine = [one for one in desk.tasks(tab="to-claim") if one["id"] == line["open_task"]] if account.role else []
        if mine:
            desk.claim(line["open_task"])
            desk.complete(line["open_task"], {"answer": "材料已核对完毕，逾期系等待外省核对结果。"})
            return
        desk.close()


def _roles(county: ThrowAwayCounty) -> dict[str, list[str]]:
    """Return who holds each role; of clerks and reviewers those of towns, of the county and of other offices apart."""
    kinds = {unit.id: unit.kind for unit in county.house.services.organisation.units()}
    found: dict[str, list[str]] = {}
    for one in accounts():
        kind = kinds[one.unit_id]
        where = "" if kind == TOWNSHIP else "county " if kind == CIVIL_AFFAIRS else "office "
        found.setdefault(f"{where}{one.role}", []).append(one.login)
    return found


def _busiest(county: ThrowAwayCounty, logins: Sequence[str]) -> str:
    """Return whose work list is longest; of equals the first."""
    queries = county.house.services.queries

    def waiting(login: str) -> int:
        account = county.house.services.organisation.account(login)
        if account is None:
            raise LookupError(f"no account {login}")
        actor: Actor = actor_of(account)
        return queries.user_tasks(UserTaskFilter(actor=actor, tab=TaskTab.TO_CLAIM, limit=1)).total

    return max(logins, key=waiting)


@contextmanager
def _remembering(entered: set[str]) -> Iterator[None]:
    """Keep every text of every command: what is Chinese on an English page and was not entered is not translated."""
    execute = Engine.execute

    def remembering(engine: Engine[Any], command: Any, *, actor: Actor) -> Any:
        entered.update(_texts(command))
        return execute(engine, command, actor=actor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "execute", remembering)
        yield


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value.strip()
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _texts(inner)


@dataclass(frozen=True, slots=True)
class _Wound:
    """The seeder's clock, which goes back for every case."""

    clock: VirtualClock

    def set(self, moment: datetime) -> None:
        self.clock.time = moment.astimezone(UTC)

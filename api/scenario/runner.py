"""Running a scenario step by step: time passes, people work at their desks, facts are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any, TypeVar

from api.demo.desk import Desk, Refused
from api.demo.staff import NoAnswer, Occasion, answer
from api.scenario.course import (
    LOCAL,
    MAIN_CASE,
    SUPERVISOR,
    Course,
    Failure,
    Grounds,
    Missing,
    Office,
    code_of,
    local_day,
    place_of,
    said,
)
from api.scenario.forms import required_fields
from api.scenario.model import ActDeed, Scenario, Step, Submission, TaskDeed
from api.scenario.people import logins_of
from api.scenario.registry import known_acts, known_expectations
from api.scenario.shapes import is_name
from api.scenario.state import closing_state, incidents, is_settled
from api.scenario.steps import NO_CASE
from engine.json_values import JsonObject, dump_json
from workflows.casework.county import CASE_NUMBER_PREFIX
from workflows.playing.comparing import Comparison

DONE = "办成/done"
TABS = ("to-claim", "mine", "unit")
Result = TypeVar("Result")


class Impossible(Exception):
    """A deed failed; the course ends here."""


def run(scenario: Scenario, grounds: Grounds, *, key: str | None = None) -> Course:
    """Take a scenario through the house; `key` tells one hand-in of it from another."""
    office = Office(grounds)
    course = Course(scenario=scenario, office=office, at=scenario.starts_at)
    begun = perf_counter()
    try:
        _Run(course, key or scenario.id).run()
        course.closing = closing_state(course)
    finally:
        course.seconds = perf_counter() - begun
        office.close()
    return course


class _Run:
    """One course on its way."""

    def __init__(self, course: Course, key: str) -> None:
        self._course = course
        self._scenario = course.scenario
        self._office = course.office
        self._grounds = course.office.grounds
        self._key = key

    def run(self) -> None:
        """Do everything, until something is impossible."""
        try:
            self._begin()
            for step in self._scenario.steps:
                self._step(step)
            self._course.case = self._course.cases.get(MAIN_CASE, "")
            with self._at_line("expected"):
                self._compare(self._scenario.expected, ("expected",))
                self._require_no_incident()
        except Impossible:
            return

    def _begin(self) -> None:
        scenario, course = self._scenario, self._course
        self._grounds.begin(scenario.starts_at, scenario.parameters, provisional_calendar=scenario.provisional_calendar)
        with self._at_line("agency_facts"):
            self._register(scenario.agency_facts, scenario.application)
        if scenario.application is not None:
            with self._at_line("application"):
                self._submit(Submission(application=scenario.application, label=MAIN_CASE), scenario.window)
                course.case = course.cases[MAIN_CASE]

    def _step(self, step: Step) -> None:
        course = self._course
        path = ("steps", step.index)
        self._grounds.move_to(step.at)
        course.at = step.at
        with self._at_line(*path):
            course.case = self._case(step.case)
            self._register(step.facts, self._application(step))
            if step.submission is not None:
                self._submit(step.submission, step.by or _window(step.submission.application))
            if step.act is not None:
                self._act(step.act, step)
        for index, deed in enumerate(step.tasks):
            with self._at_line(*path, "tasks", index):
                self._task(deed, str(step.by), line=self._line(*path, "tasks", index))
        with self._at_line(*path, "expect"):
            self._settle()
            self._compare(step.expect, (*path, "expect"))

    def _submit(self, submission: Submission, by: str) -> None:
        course = self._course
        login = logins_of(by)[0]
        key = self._key if submission.label == MAIN_CASE else f"{self._key}-{submission.label}"
        done, created = self._refusable(
            lambda: self._office.desk(login).submit(submission.application, key=key), "apply", submission.refused
        )
        if done:
            course.cases[submission.label] = course.named[submission.label] = created["number"]
            course.applications[submission.label] = submission.application
            course.note(login, f"收到申请 {created['number']} received")

    def _act(self, deed: ActDeed, step: Step) -> None:
        known = known_acts()[deed.name]
        login = logins_of(step.by)[0] if step.by else SUPERVISOR
        given = self._resolved(deed.given)
        with _said_of(deed.name):
            done, result = self._refusable(
                lambda: known.function(self._office.desk(login), self._course, given), deed.name, deed.refused
            )
        if done:
            self._course.note(login if step.by else "", deed.name)
            if deed.label is not None:
                self._course.named[deed.label] = result

    def _task(self, deed: TaskDeed, by: str, *, line: int) -> None:
        logins = logins_of(by)
        found = self._grounds.eventually(lambda: self._open_task(deed, logins))
        if found is None:
            raise Missing(
                f"任务 {deed.task} 没有向 {by} 开放（案件 {self._course.case or '—'}）。",
                f"The task {deed.task} is not open for {by} (case {self._course.case or '-'}).",
            )
        self._course.dues.setdefault(deed.task, str(local_day(found["due_at"])))
        refused, worker = self._done_by_one(logins, found, deed)
        if deed.refused is not None:
            what = f"{deed.task} {by} 被拒 refused"
            self._note_comparison(what, deed.refused, code_of(refused) if refused else DONE, line)
        elif refused is not None:
            raise refused
        if refused is None:
            self._course.note(worker, f"{found['name']} / {found['name_en']}")

    def _done_by_one(self, logins: Sequence[str], task: JsonObject, deed: TaskDeed) -> tuple[Refused | None, str]:
        """Let the first do it whom four eyes allow; return the refusal when nobody may, and who tried last."""
        refused: Refused | None = None
        login = ""
        for login in logins:
            try:
                self._work(self._office.desk(login), task, deed)
            except Refused as error:
                refused = error
                if code_of(error) != "four-eyes":
                    break
            else:
                return None, login
        return refused, login

    def _work(self, desk: Desk, task: JsonObject, deed: TaskDeed) -> None:
        if task["assignee"] != desk.login:
            desk.claim(task["id"])
        opened = desk.open(task["id"])
        values = self._answers(deed, opened)
        try:
            desk.complete(task["id"], values)
        except Refused:
            desk.release(task["id"])
            raise

    def _answers(self, deed: TaskDeed, opened: JsonObject) -> JsonObject:
        """Return the sensible answer with the scenario's own over it; a null takes a value away."""
        occasion = Occasion(
            element_id=deed.task,
            shown=opened["values"],
            today=self._course.at.astimezone(LOCAL).date(),
            required_fields=tuple(required_fields(opened.get("form"))),
        )
        own = self._resolved(deed.answers)
        try:
            sensible = answer(occasion)
        except NoAnswer:
            if not own:
                raise
            sensible = {}
        return {name: value for name, value in {**sensible, **own}.items() if value is not None}

    def _open_task(self, deed: TaskDeed, logins: Sequence[str]) -> JsonObject | None:
        """Return the open task that is meant: of the current case, else one that is of no case at all."""
        desks = [self._office.desk(login) for login in (*logins, SUPERVISOR)]
        for of_case in (True, False) if self._course.case else (False,):
            for desk in desks:
                for row in self._offered(desk, deed.task, of_case=of_case):
                    if self._is_meant(desk, row, deed.where):
                        return row
        return None

    def _offered(self, desk: Desk, element: str, *, of_case: bool) -> Iterator[JsonObject]:
        for tab in TABS:
            if of_case:
                yield from desk.tasks(tab=tab, case=self._course.case, element=element)
            else:
                rows = desk.tasks(tab=tab, element=element)
                yield from (row for row in rows if not row["business_key"].startswith(CASE_NUMBER_PREFIX))

    def _is_meant(self, desk: Desk, row: JsonObject, where: JsonObject) -> bool:
        if not where:
            return True
        shown = {**row, **desk.open(row["id"])["values"]}
        wanted = self._resolved(where)
        return all(Comparison(what=name, expected=value, found=shown.get(name)).holds for name, value in wanted.items())

    def _register(self, facts: Sequence[JsonObject], application: JsonObject | None) -> None:
        for fact in facts:
            known = {name: value for name, value in fact.items() if name != "member"}
            if "member" in fact:
                member = (application or {})["members"][fact["member"] - 1]
                known = {"identity_number": member["identity_number"], "name": member["name"], **known}
            answered = self._grounds.simulator.post("/simulator/facts", content=dump_json(known))
            if not answered.is_success:
                raise Missing(f"模拟机构拒收：{answered.text}。", f"The simulated agencies refused: {answered.text}.")

    def _application(self, step: Step) -> JsonObject | None:
        if step.submission is not None:
            return step.submission.application
        return self._course.applications.get(step.case)

    def _case(self, name: str) -> str:
        """Return the number of a case by its name: an application's, or what an act kept."""
        if name in (NO_CASE, MAIN_CASE) and name not in self._course.cases:
            return ""
        found = self._course.cases.get(name, self._course.named.get(name))
        number = found.get("number") if isinstance(found, Mapping) else found
        if not isinstance(number, str):
            raise Missing(f"名称 {name} 不是案件。", f"The name {name} is no case.")
        return number

    def _resolved(self, value: Any) -> Any:
        """Return a value with each `$name.key` in it replaced by what an act kept under the name."""
        if is_name(value):
            name, *keys = value[1:].split(".")
            found = self._course.named.get(name)
            for key in keys:
                found = found.get(key) if isinstance(found, Mapping) else None
            if found is None:
                raise Missing(f"没有 {value} 所指的内容。", f"There is nothing that {value} names.")
            return found
        if isinstance(value, Mapping):
            return {name: self._resolved(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._resolved(one) for one in value]
        return value

    def _refusable(self, do: Callable[[], Any], what: str, expected: str | None) -> tuple[bool, Any]:
        """Do something; say whether it was done, and what came of it. A refusal must be the expected one."""
        try:
            result = do()
        except Refused as error:
            if expected is None:
                raise
            self._note_comparison(f"{what} 被拒 refused", expected, code_of(error), None)
            return False, None
        if expected is not None:
            self._note_comparison(f"{what} 被拒 refused", expected, DONE, None)
        return True, result

    def _settle(self) -> None:
        """Let letters be sent and agencies answer."""
        number = self._course.case
        self._grounds.settle(lambda: not number or is_settled(self._office, number))

    def _compare(self, expected: Mapping[str, Any], path: tuple[str | int, ...]) -> None:
        for name, value in expected.items():
            function = known_expectations()[name].function
            line = self._line(*path, name)
            wanted = self._resolved(value)
            with _said_of(name):
                for one in self._seen_as_expected(partial(function, self._office, self._course, wanted)):
                    self._course.comparisons.append(replace(one, at=self._course.at, line=one.line or line))

    def _seen_as_expected(self, look: Callable[[], Iterable[Comparison]]) -> Sequence[Comparison]:
        """Return what is found once it is as expected, or at last: servers may still be at the work behind it."""
        seen: list[Comparison] = []

        def as_expected() -> bool | None:
            seen[:] = look()
            return all(one.holds for one in seen) or None

        self._grounds.eventually(as_expected)
        return seen

    def _require_no_incident(self) -> None:
        """An error inside the engine is a difference even where the scenario says nothing of it."""
        stuck = incidents(self._office)
        if stuck and "incidents" not in self._scenario.expected:
            self._note_comparison("incidents", "0", str(len(stuck)), None)

    def _note_comparison(self, what: str, expected: str, found: str, line: int | None) -> None:
        self._course.comparisons.append(
            Comparison(what=what, expected=expected, found=found, at=self._course.at, line=line)
        )

    def _line(self, *path: str | int) -> int:
        return self._scenario.source.line(*path)

    @contextmanager
    def _at_line(self, *path: str | int) -> Iterator[None]:
        """Write down what makes going on impossible, with the line of the file it was for."""
        try:
            yield
        except (Missing, NoAnswer) as error:
            self._fail(path, error.zh, error.en)
        except Refused as error:
            zh = f"系统拒绝：{said(error)}。若理应如此，请写 refused。"
            en = f"The house refused it ({code_of(error)}); if that is right, write `refused`."
            self._fail((*self._given_at(path), *place_of(error)), zh, en)

    def _given_at(self, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
        """Return where what was sent to the house stands in the file."""
        lines = self._scenario.source.lines
        return next(((*path, key) for key in ("apply", "with", "answers") if (*path, key) in lines), path)

    def _fail(self, path: tuple[str | int, ...], zh: str, en: str) -> None:
        self._course.failure = Failure(line=self._line(*path), zh=zh, en=en)
        raise Impossible


@contextmanager
def _said_of(name: str) -> Iterator[None]:
    """Say of which act or expectation it is that it cannot use what it was given."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        cause = f"{type(error).__name__}: {error}"
        raise Missing(f"{name} 无法使用所给内容：{cause}。", f"{name} cannot use what it is given: {cause}.") from error


def _window(application: JsonObject) -> str:
    return f"township/clerk@{str(application.get('region', ''))[:9]}"

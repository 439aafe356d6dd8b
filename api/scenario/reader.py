"""Reading scenario files: a strict schema, so that a slip is said with its line instead of proving nothing."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path as FilePath
from typing import Any

from marshmallow import ValidationError

from api.scenario.checking import Checker, FileInvalid, Finding
from api.scenario.course import MAIN_CASE
from api.scenario.model import Scenario
from api.scenario.parameters import overrides
from api.scenario.people import known_names, logins_of, window_of
from api.scenario.process_files import is_of_a_process, process_scenario
from api.scenario.source import Path, Source, SourceInvalid, read
from api.scenario.steps import StepReader
from api.scenario.vocabulary import expectations
from web.schemas.application import ApplicationSchema
from web.schemas.messages import objections
from workflows.casework.agencies import AGENCY_BY_KEY
from workflows.playing.model import ProcessScenario

SUFFIXES = frozenset({".yaml", ".yml", ".json"})
SHIPPED_FOLDER = "scenarios"
REQUIRED = ("id", "title", "title_en", "starts_at", "steps", "expected")
OPTIONAL = ("window", "provisional_calendar", "parameters", "application", "agency_facts")
FACT_KEYS = ("member", "identity_number", "name", "records", "insured", "as_of", "behaviours", "register")


def scenario_files(paths: list[FilePath]) -> Iterator[FilePath]:
    """Yield the files of the paths: a folder stands for all scenarios in it and below."""
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.suffix in SUFFIXES and one.is_file())
        else:
            yield path


def shipped_folder() -> FilePath:
    """Return the folder of the product's own scenarios."""
    return FilePath(str(files("workflows").joinpath(SHIPPED_FOLDER)))


def read_file(path: FilePath) -> Scenario:
    """Read a scenario of a whole case.

    Raises:
        FileInvalid: it cannot be read, or is no scenario; everything that is wrong is said at once.
    """
    return _Reader(_file(path)).scenario()


def read_any_file(path: FilePath) -> Scenario | ProcessScenario:
    """Read a scenario of a whole case, or of a process that is played.

    Raises:
        FileInvalid: it cannot be read, or is neither.
    """
    source = _file(path)
    return process_scenario(source) if is_of_a_process(source) else _Reader(source).scenario()


def read_text(text: str, name: str) -> Scenario:
    """Read a scenario from its text.

    Raises:
        FileInvalid: it is no scenario.
    """
    return _Reader(_source(text, name)).scenario()


def _file(path: FilePath) -> Source:
    name = str(path)
    try:
        return _source(path.read_text(encoding="utf-8"), name)
    except (OSError, UnicodeDecodeError) as error:
        zh, en = f"文件无法读取：{error}。", f"The file cannot be read: {error}."
        raise FileInvalid([Finding(file=name, line=1, place="", zh=zh, en=en)]) from error


def _source(text: str, name: str) -> Source:
    try:
        return read(text, name)
    except SourceInvalid as error:
        raise FileInvalid([Finding(file=name, line=error.line, place="", zh=error.zh, en=error.en)]) from error


class _Reader:
    """Reads one file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._check = Checker(source)

    def scenario(self) -> Scenario:
        check = self._check
        document = check.mapping((), required=REQUIRED, optional=OPTIONAL)
        application = self._application(document)
        starts_at = check.moment(("starts_at",)) if "starts_at" in document else None
        steps = StepReader(check, self._check_application, self._check_fact)
        read_steps = steps.read(starts_at, application) if "steps" in document else ()
        expected = expectations(check, ("expected",)) if "expected" in document else {}
        if isinstance(document.get("expected"), dict) and not expected:
            check.find(("expected",), "没有任何预期。", "Nothing is expected.")
        facts = self._facts(document, application)
        texts = {key: check.text((key,)) for key in ("id", "title", "title_en") if key in document}
        window = self._window(document, application)
        flag = check.flag(("provisional_calendar",)) if "provisional_calendar" in document else False
        parameters = overrides(check, ("parameters",)) if "parameters" in document else ()
        if check.findings or starts_at is None:
            raise FileInvalid(sorted(check.findings, key=lambda one: one.line))
        return Scenario(
            **texts,
            starts_at=starts_at,
            window=window,
            provisional_calendar=flag,
            parameters=parameters,
            application=application,
            agency_facts=facts,
            steps=read_steps,
            expected=expected,
            source=self._source,
        )

    def _application(self, document: dict[str, Any]) -> dict[str, Any] | None:
        if "application" not in document:
            return None
        return self._check_application(("application",), may_be_refused=False)

    def _window(self, document: dict[str, Any], application: dict[str, Any] | None) -> str:
        if "window" in document:
            return self._check.choice(("window",), known_names(), "人员", "person")
        region = str((application or {}).get("region", ""))
        window = window_of(region)
        if application is not None and not logins_of(window):
            self._check.find(
                ("application", "region"),
                f"区划 {region} 没有窗口。请改正，或用 window 写明收件人。",
                f"The region {region} has no window. Correct it, or name who takes the application in by `window`.",
            )
        return window

    def _facts(self, document: dict[str, Any], application: dict[str, Any] | None) -> tuple[dict[str, Any], ...]:
        if "agency_facts" not in document:
            return ()
        rows = self._check.rows(("agency_facts",))
        return tuple(self._check_fact(("agency_facts", index), application) for index in range(len(rows)))

    def _check_application(self, path: Path, *, may_be_refused: bool) -> dict[str, Any]:
        """Return an application; one that is not to be refused is checked as the API will."""
        found = self._value(path)
        if not isinstance(found, dict):
            return self._check.mapping(path, required=(), optional=())
        if not may_be_refused:
            try:
                ApplicationSchema().load(found)
            except ValidationError as invalid:
                for one in objections(invalid.messages):
                    self._check.find((*path, *one.path), f"{one.message_zh}。", f"{one.message_en}.")
        return found

    def _check_fact(self, path: Path, application: dict[str, Any] | None) -> dict[str, Any]:
        """Return what an agency knows of a person, who is a member by number or is named."""
        check = self._check
        fact = check.mapping(path, required=(), optional=FACT_KEYS)
        if "member" in fact:
            members = (application or {}).get("members") or []
            number = fact["member"]
            if not isinstance(number, int) or not 1 <= number <= len(members):
                check.find(
                    (*path, "member"),
                    f"申请中没有第 {number} 名成员（共 {len(members)} 名）。",
                    f"The application has no member {number}; it has {len(members)}.",
                )
        elif "identity_number" not in fact or "name" not in fact:
            check.find(
                path,
                "须写 member（申请中的第几名成员），或 identity_number 和 name。",
                "Say `member` (by its place in the application), or `identity_number` and `name`.",
            )
        records = fact.get("records", {})
        for agency in records if isinstance(records, dict) else ():
            if agency not in AGENCY_BY_KEY:
                known = "、".join(AGENCY_BY_KEY)
                check.find((*path, "records", agency), f"没有来源 {agency}；可用：{known}。", f"No agency {agency}.")
        return fact

    def _value(self, path: Path) -> Any:
        found = self._source.value
        for step in path:
            found = found[step]
        return found


MAIN = MAIN_CASE

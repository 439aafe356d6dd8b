"""Scenario files of a process that is played: read, written, run on the product's diagram or on another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path as FilePath
from time import perf_counter
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml
from marshmallow import ValidationError

from api.scenario.checking import FileInvalid, Finding
from api.scenario.source import Source, plain
from engine.errors import EngineError
from engine.executor import Engine
from engine.json_values import JsonObject, dump_json
from engine.model import SYSTEM, Resource
from web.schemas.messages import objections
from web.schemas.playing import ScenarioFileSchema
from workflows.playing.comparing import Comparison
from workflows.playing.coverage import Coverage
from workflows.playing.deeds import PlayStep
from workflows.playing.model import PlaySetting, ProcessScenario, StandingToken
from workflows.playing.scenarios import RunScenarioAtHand, ScenarioResult, ScenarioResults

HOLDS, DIFFERS = "✓", "✗"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessCourse:
    """A scenario of a process that was run: what came out, or why it could not be run at all."""

    scenario: ProcessScenario
    result: ScenarioResult | None
    coverage: Coverage | None
    failure: EngineError | None
    seconds: float

    @property
    def holds(self) -> bool:
        """Say whether everything came out as expected."""
        return self.failure is None and self.result is not None and self.result.holds

    @property
    def comparisons(self) -> Sequence[Comparison]:
        """Return every expected fact."""
        return self.result.comparisons if self.result is not None else ()


def is_of_a_process(source: Source) -> bool:
    """Say whether a file is a scenario of a process, and not of a whole case."""
    return isinstance(source.value, dict) and "process" in source.value


def process_scenario(source: Source) -> ProcessScenario:
    """Read a scenario of a process.

    Raises:
        FileInvalid: everything that is wrong is said at once, with its line.
    """
    try:
        document: dict[str, Any] = ScenarioFileSchema().load(source.value)
    except ValidationError as invalid:
        found = [
            Finding(
                file=source.name,
                line=source.line(*one.path),
                place=".".join(map(str, one.path)),
                zh=one.message("zh"),
                en=one.message("en"),
            )
            for one in objections(invalid.messages)
        ]
        raise FileInvalid(sorted(found, key=lambda one: one.line)) from invalid
    starts_at: datetime = document["starts_at"]
    return ProcessScenario(
        id=uuid5(NAMESPACE_URL, document["id"]),
        process_id=document["process"],
        name=document["title"],
        name_en=document["title_en"],
        setting=PlaySetting(
            process_id=document["process"],
            starts_at=starts_at,
            start_event=document["start_event"],
            variables=document["variables"],
            case=document["case"],
            standing=tuple(StandingToken(**one) for one in document["standing"]),
            waiting=document["waiting"],
        ),
        steps=[PlayStep.from_json(one | {"at": one["at"].isoformat()}) for one in document["steps"]],
        expected=document["expected"],
        version=1,
        saved_at=starts_at,
        saved_by=source.name,
    )


def written(scenario: ProcessScenario) -> str:
    """Write a scenario as a file."""
    return yaml.dump(scenario.to_json(), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)


def run_process(scenario: ProcessScenario, engine: Engine[Any], diagram: FilePath | None) -> ProcessCourse:
    """Run a scenario on the newest version of its process, or on a diagram."""
    resource = None
    if diagram is not None:
        resource = Resource(name=diagram.name, kind="process", content=diagram.read_bytes())
    begun = perf_counter()
    try:
        results: ScenarioResults = engine.execute(RunScenarioAtHand(scenario=scenario, diagram=resource), actor=SYSTEM)
    except EngineError as error:
        return ProcessCourse(
            scenario=scenario, result=None, coverage=None, failure=error, seconds=perf_counter() - begun
        )
    [result] = results.results
    return ProcessCourse(
        scenario=scenario,
        result=result,
        coverage=results.coverage,
        failure=result.failure,
        seconds=perf_counter() - begun,
    )


def course_progress(course: ProcessCourse, *, number: int, total: int) -> str:
    """Return the line that is said once a scenario is over."""
    right = sum(one.holds for one in course.comparisons)
    mark = HOLDS if course.holds else DIFFERS
    name = f"{course.scenario.name} / {course.scenario.name_en}"
    return f"[{number}/{total}] {mark} {name}  {right}/{len(course.comparisons)}  {course.seconds:.1f} s"


def course_text(course: ProcessCourse) -> Iterator[str]:
    """Yield the lines of a scenario's report."""
    scenario = course.scenario
    yield f"\n== {scenario.name} / {scenario.name_en}  ({scenario.process_id}, {scenario.saved_by})"
    for number, step in enumerate(course.result.steps if course.result else (), start=1):
        yield f"  {number}. {step.step.at.isoformat()}  {' '.join(step.open)}"
        yield from (f"     {line}" for line in _lines(step.comparisons))
    if course.result is not None:
        yield from (f"  {line}" for line in _lines(course.result.at_end))
    if course.coverage is not None:
        never = " ".join(one.id for one in course.coverage.never)
        taken = f"{course.coverage.taken}/{len(course.coverage.parts)}"
        yield f"  覆盖 coverage: {taken}" + (f"；未经过 never taken: {never}" if never else "")
    if course.failure is not None:
        yield f"  {DIFFERS} 中断 stopped: {course.failure.text('zh')} {course.failure.text('en')}"


def course_json(course: ProcessCourse) -> JsonObject:
    """Return the report for a program."""
    return {
        "title": course.scenario.name,
        "title_en": course.scenario.name_en,
        "process": course.scenario.process_id,
        "file": course.scenario.saved_by,
        "holds": course.holds,
        "seconds": round(course.seconds, 2),
        "compared": [
            {"what": one.what, "expected": one.expected, "found": one.found, "holds": one.holds}
            for one in course.comparisons
        ],
        "never_taken": [one.id for one in course.coverage.never] if course.coverage else [],
        "failure": None if course.failure is None else course.failure.text("en"),
    }


def _lines(comparisons: Sequence[Comparison]) -> Iterator[str]:
    for one in comparisons:
        if one.holds:
            yield f"{HOLDS} {one.what}: {_shown(one.expected)}"
        else:
            yield f"{DIFFERS} {one.what}: 应为 expected {_shown(one.expected)}，实为 found {_shown(one.found)}"


def _shown(value: Any) -> str:  # JSON, as a scenario expects it
    return dump_json(value)


class _Dumper(yaml.SafeDumper):
    """Writes exact numbers as they are, and texts that look like something else in quotes."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = None if value.isprintable() and isinstance(plain(value), str) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _whole(dumper: yaml.SafeDumper, value: int) -> yaml.ScalarNode:
    written = str(value)
    if isinstance(plain(written), int):
        return dumper.represent_scalar("tag:yaml.org,2002:int", written)
    return _decimal(dumper, Decimal(value))


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    written = format(value, "f")
    return dumper.represent_scalar("tag:yaml.org,2002:float", written if "." in written else f"{written}.0")


_Dumper.add_representer(str, _text)
_Dumper.add_representer(int, _whole)
_Dumper.add_representer(Decimal, _decimal)

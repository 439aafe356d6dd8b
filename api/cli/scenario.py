"""`relief scenario`: whole cases as files, run in a county of their own, found beside expected."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from api.scenario.checking import FileInvalid
from api.scenario.county import county_maker, quiet
from api.scenario.course import Course
from api.scenario.model import Scenario
from api.scenario.process_files import (
    ProcessCourse,
    course_json,
    course_progress,
    course_text,
    run_process,
)
from api.scenario.reader import read_any_file, scenario_files
from api.scenario.report import as_json, as_text, progress_line
from api.scenario.runner import run
from engine.json_values import dump_json
from workflows.playing.model import ProcessScenario

DIAGRAM = "Run scenarios of processes on this diagram, in place of the one of the product."
ALL_AS_EXPECTED, DIFFERENCES, BAD_FILES = 0, 1, 2


@click.group()
def scenario() -> None:
    """Whole cases written as files: what is handed in, who does what and when, and what must come out."""


@scenario.command("run")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--diagram", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=DIAGRAM)
@click.option("--json", "as_object", is_flag=True, help="Write one JSON object to standard output.")
@click.option("--keep-going", is_flag=True, help="Go on after a bad file and after a scenario that differs.")
@click.option("--verbose", is_flag=True, help="Also show what the engine logs, with traces.")
def run_scenarios(
    *, paths: tuple[Path, ...], diagram: Path | None, as_object: bool, keep_going: bool, verbose: bool
) -> None:
    """Run scenarios of files and folders in a throw-away county and compare what comes out with what is expected.

    Exit status 0: all as expected; 1: something differs; 2: a file is no scenario.
    """
    scenarios, is_bad = _read(list(scenario_files(list(paths))))
    if is_bad and not keep_going:
        sys.exit(BAD_FILES)
    if not verbose:
        quiet()
    courses: list[Course | ProcessCourse] = []
    try:
        for course in _courses(scenarios, diagram=diagram, keep_going=keep_going):
            courses.append(course)
            if not as_object:
                for line in _text(course):
                    click.echo(line)
    except ConnectionError as error:
        raise click.ClickException(str(error)) from error
    if as_object:
        cases = [one for one in courses if isinstance(one, Course)]
        processes = [course_json(one) for one in courses if isinstance(one, ProcessCourse)]
        holds = all(one.holds for one in courses)
        click.echo(dump_json(as_json(cases) | {"holds": holds, "processes": processes}))
    else:
        click.echo(_sum(courses))
    if is_bad:
        sys.exit(BAD_FILES)
    sys.exit(ALL_AS_EXPECTED if all(one.holds for one in courses) else DIFFERENCES)


@scenario.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def check_scenarios(*, paths: tuple[Path, ...]) -> None:
    """Read scenario files and say everything that is wrong with them, without running any.

    Exit status 0: all can be read; 2: a file is no scenario.
    """
    scenarios, is_bad = _read(list(scenario_files(list(paths))))
    click.echo(f"{len(scenarios)} 个场景文件无误。 Scenario files well written: {len(scenarios)}.")
    sys.exit(BAD_FILES if is_bad else ALL_AS_EXPECTED)


def _text(course: Course | ProcessCourse) -> Iterator[str]:
    return course_text(course) if isinstance(course, ProcessCourse) else as_text(course)


def _read(files: Sequence[Path]) -> tuple[list[Scenario | ProcessScenario], bool]:
    """Return the scenarios, and whether there were files that are none; what is wrong with them is said."""
    found: list[Scenario | ProcessScenario] = []
    is_bad = False
    for path in files:
        try:
            found.append(read_any_file(path))
        except FileInvalid as error:
            is_bad = True
            click.echo(str(error), err=True)
    if not files:
        click.echo("没有场景文件。 There is no scenario file.", err=True)
        is_bad = True
    return found, is_bad


def _courses(
    scenarios: Sequence[Scenario | ProcessScenario], *, diagram: Path | None, keep_going: bool
) -> Iterator[Course | ProcessCourse]:
    """Yield the course of each scenario, with a line of progress."""
    if not scenarios:
        return
    click.echo("正在建立临时县… Setting up a throw-away county…", err=True)
    with county_maker() as maker:
        for number, one in enumerate(scenarios, start=1):
            course: Course | ProcessCourse
            if isinstance(one, ProcessScenario):
                with maker.county(one.setting.starts_at) as county:
                    course = run_process(one, county.house.services.engine, diagram)
                click.echo(course_progress(course, number=number, total=len(scenarios)), err=True)
            else:
                with maker.county(one.starts_at) as county:
                    course = run(one, county)
                click.echo(progress_line(course, number=number, total=len(scenarios)), err=True)
            yield course
            if not course.holds and not keep_going:
                return


def _sum(courses: Sequence[Course | ProcessCourse]) -> str:
    facts = [one for course in courses for one in course.comparisons]
    right = sum(one.holds for one in facts)
    well = sum(course.holds for course in courses)
    return (
        f"\n{well}/{len(courses)} 个场景、{right}/{len(facts)} 项事实与预期一致。"
        f" {well} of {len(courses)} scenarios and {right} of {len(facts)} facts are as expected."
    )

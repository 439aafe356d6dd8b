"""Bringing a county along: `relief import-benefits` takes over what households draw, `relief synthetic` makes some."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import click
from marshmallow import ValidationError

from api.cli.tables import operating
from api.schemas.transfer import RunningBenefitSchema
from api.synthetic.running import EARLIEST_FIGURES, recipients
from engine.errors import EngineError
from engine.executor import Engine
from engine.json_values import JsonObject, dump_json, load_json
from engine.model import SYSTEM
from workflows.casework.benefits.transfer import RunningBenefit, TakeOverBenefit
from workflows.casework.errors import ApplicationInvalid

SHOWN_FAULTS = 20
DAY = click.DateTime(["%Y-%m-%d"])


class LineWrong(Exception):
    """A line cannot be taken over; the text says why in both languages."""


@click.command("import-benefits")
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--check", is_flag=True, help="Read every line and say what is wrong, without taking anything over.")
def import_benefits(*, file: TextIO, check: bool) -> None:
    """Take over the running benefits of an earlier system: FILE holds one JSON object a line, or - for standard input.

    Lines with faults are named and left out, the others are taken over; a line taken over before is left as it is.
    Exit status 0: all lines are in; 1: some were left out.
    """
    try:
        lines = [(number, text) for number, text in enumerate(file, start=1) if text.strip()]
    except UnicodeDecodeError as error:
        raise click.ClickException(
            "文件不是 UTF-8 编码，请先转换，例如 iconv -f GBK -t UTF-8。 "
            "The file is not in UTF-8; convert it first, such as with iconv -f GBK -t UTF-8."
        ) from error
    faults: list[str] = []
    taken = 0
    with operating() as house, click.progressbar(lines, label="户 households", file=sys.stderr) as bar:
        for number, text in bar:
            try:
                running = read_line(text)
                if not check:
                    take_over(house.services.engine, running)
            except LineWrong as wrong:
                faults.append(f"第 {number} 行 line {number}: {wrong}")
            else:
                taken += 1
    for told in faults[:SHOWN_FAULTS]:
        click.echo(told, err=True)
    if len(faults) > SHOWN_FAULTS:
        more = len(faults) - SHOWN_FAULTS
        click.echo(f"… 另有 {more} 行有误。 More lines with faults: {more}.", err=True)
    done = "可转入 lines are right" if check else "户已转入 households are in"
    click.echo(f"{taken} {done}；{len(faults)} 行有误 lines have faults")
    sys.exit(1 if faults else 0)


def read_line(text: str) -> RunningBenefit:
    """Return the benefit of a line.

    Raises:
        LineWrong: it is no JSON object, or has other keys and values than it may.
    """
    try:
        document = load_json(text)
    except ValueError as wrong:
        raise LineWrong(f"不是 JSON；it is no JSON: {wrong}") from None
    try:
        running: RunningBenefit = RunningBenefitSchema().load(document)
    except ValidationError as wrong:
        raise LineWrong(f"字段有误；fields are wrong: {dump_json(wrong.messages_dict)}") from None
    return running


def take_over(engine: Engine[Any], running: RunningBenefit) -> None:
    """Take a benefit over.

    Raises:
        LineWrong: the office refuses it.
    """
    try:
        engine.execute(TakeOverBenefit(running=running), actor=SYSTEM)
    except ApplicationInvalid as invalid:
        told = "；".join(f"{one.path}: {one.zh} {one.en}" for one in invalid.errors)
        raise LineWrong(told) from None
    except EngineError as refused:
        raise LineWrong(f"{refused.text('zh')} {refused.text('en')}") from None


@click.command()
@click.option("--households", default=100, show_default=True, type=click.IntRange(1, 200_000), help="How many.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same households.")
@click.option("--day", type=DAY, default=datetime(2026, 7, 1), show_default="2026-07-01")  # noqa: DTZ001  a day
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="For import-benefits.")
@click.option("--facts", type=click.Path(dir_okay=False, path_type=Path), help="What simulated agencies know of them.")
def synthetic(*, households: int, seed: int, day: datetime, out: Path, facts: Path | None) -> None:
    """Write synthetic households with running benefits, each line marked synthetic: no number can belong to anybody."""
    if day.date() < EARLIEST_FIGURES:
        first = EARLIEST_FIGURES.isoformat()
        raise click.BadParameter(f"不得早于 {first}，此前没有标准。 Not before {first}: no standard is known.")
    known: list[JsonObject] = []
    with out.open("w", encoding="utf-8") as file:
        made = recipients(households=households, seed=seed, day=day.date())
        with click.progressbar(made, length=households, label="户 households", file=sys.stderr) as bar:
            for household, line in bar:
                file.write(dump_json(line) + "\n")
                known += household.facts
    if facts is not None:
        facts.write_text("".join(dump_json({"synthetic": True, **one}) + "\n" for one in known), encoding="utf-8")
    click.echo(f"已写入合成数据 {households} 户。 Synthetic households written to {out}: {households}.")

"""Lines of an import: what cannot be read is told in both languages, synthetic ones are marked and read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli.transferring import LineWrong, read_line, synthetic
from engine.json_values import load_json


def test_synthetic_lines_are_marked_and_read_back(tmp_path: Path) -> None:
    out, facts = tmp_path / "benefits.jsonl", tmp_path / "facts.jsonl"

    done = CliRunner().invoke(synthetic, ["--households", "12", "--out", str(out), "--facts", str(facts)])

    assert done.exit_code == 0, done.output
    lines = out.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 12
    assert all(load_json(line)["synthetic"] for line in (*lines, *facts.read_text(encoding="utf-8").splitlines()))
    assert {read_line(line).programme for line in lines} >= {"dibao", "tekun"}


@pytest.mark.parametrize(("line", "told"), [("{", "JSON"), ("[]", "Invalid input type"), ('{"program": 1}', "program")])
def test_a_line_that_is_none_says_why(line: str, told: str) -> None:
    with pytest.raises(LineWrong, match=told):
        read_line(line)

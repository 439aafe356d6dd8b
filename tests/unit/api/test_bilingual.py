"""Wrong usage of the command line is said in both languages."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from api.cli import main


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("instances show nonsense", "参数 ID：“nonsense”不是编号（UUID）", "not a valid UUID"),
        ("instances list --state asleep", "选项 --state：“asleep”不在可选值", "is not one of"),
        ("instances list --limit 9999", "选项 --limit：“9999”超出范围 1<=x<=200", "not in the range"),
        ("instances list --limit x", "选项 --limit：“x”不是数字", "not a valid integer"),
        ("instances suspend", "缺少参数 ID", "Missing argument"),
        ("instances suspend 6f0ed5a4-6f2c-4f6e-9a7e-0b7a6a1d2c3e", "缺少选项 --reason", "Missing option"),
        ("instances shwo", "没有命令 shwo", "No such command"),
        ("instances list --nope", "没有选项 --nope", "No such option"),
        ("instances list --state", "选项 --state 需要一个值", "requires an argument"),
        ("instances list a b", "多余的参数：a b", "unexpected extra"),
        ("lint nothing-here", "“nothing-here”不存在", "does not exist"),
        ("history keep --reason x", "须给出其一", "Give either"),
    ],
)
def test_wrong_usage_is_said_in_both_languages_with_status_2(written: str, zh: str, en: str) -> None:
    found = CliRunner().invoke(main, written.split())

    assert found.exit_code == 2
    assert zh in found.output
    assert en in found.output


@pytest.mark.parametrize("written", ["--help", "instances --help", "--version"])
def test_what_is_no_mistake_is_status_0(written: str) -> None:
    found = CliRunner().invoke(main, written.split())

    assert (found.exit_code, "有误" in found.output) == (0, False)


def test_what_is_no_text_is_refused_before_a_command_sees_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["instances", "start", "q", "--business-key", "\udcff\udcfe"])
    said = capsys.readouterr().err
    assert left.value.code == 2
    assert "第 5 个参数不是 UTF-8" in said
    assert "Argument 5 is no text in UTF-8" in said

"""What was written wrongly on the command line, said in Chinese before click says it in English."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any

import click

_TEXTS = (
    (r"'(?P<a>.*)' is not a valid uuid\.", "“{a}”不是编号（UUID）"),
    (r"'(?P<a>.*)' is not a valid (?:integer|float|number)(?: range)?\.", "“{a}”不是数字"),
    (r"(?P<a>.*) is not in the range (?P<b>.*)\.", "“{a}”超出范围 {b}"),
    (r"'(?P<a>.*)' is not one of (?P<b>.*)\.", "“{a}”不在可选值 {b} 之中"),
    (r"(?:File|Path|Directory) '(?P<a>.*)' does not exist\.", "“{a}”不存在"),
    (r"Got unexpected extra arguments? \((?P<a>.*)\)", "多余的参数：{a}"),
    (r"Option '(?P<a>.*)' requires .*", "选项 {a} 需要一个值"),
    (r"No such command '(?P<a>[^']*)'\..*", "没有命令 {a}"),
    (r"No such option:? '?(?P<a>[^ '.]*)'?\.?.*", "没有选项 {a}"),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), zh) for pattern, zh in _TEXTS)


class BilingualGroup(click.Group):
    """A group of commands that says wrong usage in both languages; what commands refuse says both by itself."""

    def main(  # type: ignore[override]  # click tells its two ways of returning apart by overloads
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001  click's own
        **more: Any,
    ) -> Any:
        """Run the command, and exit with its status when it stands alone."""
        given = sys.argv[1:] if args is None else list(args)
        if not standalone_mode:
            return super().main(args, prog_name, standalone_mode=False, **more)
        try:
            _check_signs(given)
            status = super().main(args, prog_name, standalone_mode=False, **more)
        except click.exceptions.NoArgsIsHelpError as help_:
            help_.show()
            sys.exit(help_.exit_code)
        except click.ClickException as wrong:
            if isinstance(wrong, click.UsageError) and not _is_chinese(wrong.message):
                click.echo(f"用法有误：{in_chinese(wrong)}。", err=True)
            wrong.show()
            sys.exit(wrong.exit_code)
        except click.Abort:
            click.echo("已中止。 Aborted.", err=True)
            sys.exit(1)
        sys.exit(status if isinstance(status, int) else 0)


def _check_signs(given: Sequence[str]) -> None:
    """Refuse what a terminal gave as bytes that are no text: nothing of it could be kept or told."""
    for number, one in enumerate(given, start=1):
        if not one.isascii() and any("\ud800" <= sign <= "\udfff" for sign in one):
            shown = one.encode("ascii", "backslashreplace").decode()
            raise click.UsageError(
                f"第 {number} 个参数不是 UTF-8 文本（{shown}），请改用 UTF-8。 "
                f"Argument {number} is no text in UTF-8 ({shown}). Write it in UTF-8."
            )


def in_chinese(wrong: click.UsageError) -> str:
    """Return what is wrong in Chinese."""
    if isinstance(wrong, click.MissingParameter):
        return f"缺少{_name_of(wrong)}"
    said = _told(wrong.message)
    return f"{_name_of(wrong)}：{said}" if isinstance(wrong, click.BadParameter) else said


def _told(message: str) -> str:
    for pattern, zh in _COMPILED:
        found = pattern.fullmatch(message.strip())
        if found is not None:
            return zh.format_map(found.groupdict())
    return f"详见下文（{message.strip()}）"


def _name_of(wrong: click.BadParameter) -> str:
    if wrong.param is None:
        return "参数"
    kind = "选项" if isinstance(wrong.param, click.Option) else "参数"
    name = max(wrong.param.opts, key=len) if kind == "选项" else wrong.param.make_metavar(wrong.ctx or _no_context())
    return f"{kind} {name}"


def _no_context() -> click.Context:
    return click.Context(click.Command("relief"))


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)

"""Variables that come from outside: what the engine keeps, and which names it refuses at every entrance."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from engine import feel
from engine.core.model import Obstacle
from engine.errors import InvalidVariables
from engine.feel.syntax import Name
from engine.host import Context, Work
from engine.json_values import JsonObject, dump_json

MAX_VARIABLES = 1_000_000  # characters of JSON; case files live in their own tables
LONGEST_NAME = 256  # characters
_SHOWN = 60  # characters of a name that a refusal repeats
_NAME = re.compile(r"[^\W\d]\w*([ +\-*/']+\w+)*")


def checked_variables(context: Context[Work], variables: JsonObject) -> JsonObject:
    """Return variables that the engine can keep and expressions can read.

    Raises:
        InvalidVariables: not JSON, too large, or a name that is none, or that is one of the office's objects.
    """
    return checked_names(context, checked_size(variables))


def checked_size(variables: JsonObject) -> JsonObject:
    """Return variables that the engine can keep, whatever they are called.

    Raises:
        InvalidVariables: not JSON, or too large.
    """
    size = size_of_json(variables)
    if size > MAX_VARIABLES:
        raise InvalidVariables(
            Obstacle(
                f"they are {size} characters of JSON, at most {MAX_VARIABLES} are allowed",
                f"共 {size} 个字符的 JSON，最多 {MAX_VARIABLES} 个",
            )
        )
    return variables


def size_of_json(document: JsonObject) -> int:
    """Return how many characters an object has as JSON.

    Raises:
        InvalidVariables: it is not JSON.
    """
    try:
        written = dump_json(document)
        written.encode()  # half of a surrogate pair is no character
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidVariables(
            Obstacle(f"they are no JSON object ({error})", f"不是 JSON 对象（{type(error).__name__}）")
        ) from error
    return len(written)


def checked_names(context: Context[Work], variables: JsonObject) -> JsonObject:
    """Return variables whose names expressions can read, and none of which is one of the office's objects.

    Raises:
        InvalidVariables: with every name that is refused.
    """
    obstacles = list(_refusals(variables, context.host.root_names))
    if obstacles:
        raise InvalidVariables(*obstacles)
    return variables


def _refusals(names: Iterable[str], taken: frozenset[str]) -> Iterable[Obstacle]:
    for name in names:
        shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
        if name in taken:
            yield Obstacle(
                f"{shown!r} is an object of the office that expressions read, and cannot be set as a variable",
                f"“{shown}”是表达式读取的系统对象，不能作为变量设置，请改用其他名称",
            )
        elif len(name) > LONGEST_NAME:
            yield Obstacle(
                f"the name {shown!r} has {len(name)} characters, at most {LONGEST_NAME} are allowed",
                f"变量名“{shown}”有 {len(name)} 个字，最多 {LONGEST_NAME} 个字",
            )
        elif not can_be_read(name):
            yield Obstacle(
                f"{shown!r} is no name that an expression can read: begin with a letter or underscore, go on with "
                "letters, digits and underscores, and use no word of FEEL",
                f"表达式无法读取名为“{shown}”的变量：请以文字或下划线开头，只用文字、数字和下划线，且不用 FEEL 保留字",
            )


@lru_cache(maxsize=10_000)
def can_be_read(name: str) -> bool:
    """Say whether FEEL reads a text as one name; names of several words count, for decisions declare such inputs."""
    if not _NAME.fullmatch(name):
        return False
    is_word = name.isidentifier() or name.replace("_", "a").isalnum()
    try:
        syntax = feel.compile_expression(name, names=frozenset() if is_word else frozenset((name,))).syntax
    except feel.FeelSyntaxError:
        return False
    return isinstance(syntax, Name) and syntax.name == name

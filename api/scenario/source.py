"""Reading YAML and JSON as plain values, with the line on which each stands.

Of YAML's scalars only what JSON knows is more than text: null, true, false and numbers. A date stays the text that was
written, and so does `no`. Numbers with a point are exact decimals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

import yaml

Path = tuple[str | int, ...]

LARGEST_FILE = 1_000_000  # characters
DEEPEST = 40
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_BROKEN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq"))
_WORDS: Mapping[str, Any] = {"null": None, "~": None, "": None, "true": True, "false": False}


class SourceInvalid(Exception):
    """The text is no YAML; `line` is where."""

    def __init__(self, line: int, zh: str, en: str) -> None:
        self.line, self.zh, self.en = line, zh, en
        super().__init__(f"{line}: {zh} {en}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a file holds and where each of its values stands: lines by path, a path being keys and places in lists."""

    name: str
    value: Any = None
    lines: Mapping[Path, int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """Return the line of the value at a path, or of the nearest that it stands in."""
        for length in range(len(path), -1, -1):
            found = self.lines.get(path[:length])
            if found is not None:
                return found
        return 1


def read(text: str, name: str) -> Source:
    """Read a file's text.

    Raises:
        SourceInvalid: it is too large, no YAML, or says a key twice.
    """
    if len(text) > LARGEST_FILE:
        raise SourceInvalid(
            1, f"文件超过 {LARGEST_FILE} 个字符。", f"The file has more than {LARGEST_FILE} characters."
        )
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise SourceInvalid(
            mark.line + 1 if mark else 1,
            f"不是有效的 YAML：{error.problem or error.context}。",
            f"This is no YAML: {error.problem or error.context}.",
        ) from None
    except yaml.YAMLError as error:
        raise SourceInvalid(1, f"不是有效的 YAML：{error}。", f"This is no YAML: {error}.") from None
    lines: dict[Path, int] = {}
    value = _value(node, (), lines) if node is not None else None
    return Source(name=name, value=value, lines=lines)


class _Loader(yaml.SafeLoader):
    """Reads the shape alone: what a scalar means is decided here and not by YAML 1.1."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012  as the library declares it


def _value(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if len(path) > DEEPEST:
        raise SourceInvalid(line, "嵌套过深。", "This is nested too deep.")
    if node.tag not in _PLAIN_TAGS:
        raise SourceInvalid(line, f"不接受标签 {node.tag}。", f"The tag {node.tag} is not taken here.")
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, path, lines))
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, (*path, index), lines) for index, one in enumerate(node.value)]
    return _scalar(cast("yaml.ScalarNode", node))


def _pairs(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise SourceInvalid(line, "键须为文字。", "A key must be a text.")
        key = str(key_node.value)
        if key in seen:
            raise SourceInvalid(line, f"键 {key} 重复。", f"The key {key} stands here twice.")
        seen.add(key)
        lines[(*path, key)] = line
        yield key, _value(value_node, (*path, key), lines)


def _scalar(node: yaml.ScalarNode) -> Any:
    text = str(node.value)
    return text if node.style is not None else plain(text)  # quoted or a block: a text


def plain(text: str) -> Any:  # JSON
    """Return what a scalar without quotes means."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _BROKEN.fullmatch(text) and ("." in text or "e" in text.lower()):
        return Decimal(text)
    return text

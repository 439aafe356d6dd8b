"""Reading requests that may hold anything: JSON with exact numbers, and text a database can keep.

Whatever is refused here is refused with the place and the reason; nothing that passes can break a later layer by its
mere shape (depth, size of numbers, characters no database stores).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask import Request
from simplejson import JSONDecodeError

from engine.core.texts import Words
from engine.feel.json_form import LARGEST_EXPONENT, LONGEST_NUMBER, can_be_kept
from engine.json_values import DoubledName, load_foreign_json
from web.errors import BadJson, BadRequest, UnsupportedMediaType

JSON_TYPE = "application/json"
MAX_DEPTH = 32
SHOWN_NAME = 60  # characters
_UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")
TOO_DEEP = Words(f"嵌套超过 {MAX_DEPTH} 层", f"deeper than {MAX_DEPTH} levels")


def json_body(request: Request) -> Any:  # JSON of any shape: a schema reads it next
    """Return the body as JSON.

    Raises:
        UnsupportedMediaType: the content type is not JSON.
        BadJson: it is not JSON, or holds what no value here may be.
    """
    if request.mimetype != JSON_TYPE:
        raise UnsupportedMediaType(found=request.mimetype or "-", needed=JSON_TYPE)
    return json_text(request.get_data())


def json_text(text: str | bytes) -> Any:  # JSON of any shape, as above
    """Return what a text of JSON says.

    Raises:
        BadJson: it is not JSON, or holds what no value here may be.
    """
    try:
        value = load_foreign_json(text)
    except JSONDecodeError as broken:
        place = f"第 {broken.lineno} 行第 {broken.colno} 列附近不合 JSON 语法"
        raise BadJson(Words(place, str(broken)[:200])) from broken
    except DoubledName as twice:
        name = twice.name[:SHOWN_NAME]
        raise BadJson(Words(f"同一对象中“{name}”出现两次", f"an object names {name!r} twice")) from twice
    except (ValueError, ArithmeticError) as broken:
        raise BadJson(Words("其中的数字或字符无法识别", "a number or character in it cannot be read")) from broken
    except RecursionError as deep:
        raise BadJson(TOO_DEEP) from deep
    _require_plain(value)
    return value


def require_plain_address(request: Request) -> None:
    """Refuse characters that no database stores in path and query; the body is not touched.

    Raises:
        BadRequest: with the name of the field.
    """
    _require_plain_texts((("path", request.path), *request.args.items(multi=True)))


def require_plain_form(request: Request) -> None:
    """Refuse characters that no database stores in the fields of a form; its body is read.

    Raises:
        BadRequest: with the name of the field.
    """
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        _require_plain_texts(request.form.items(multi=True))


def _require_plain_texts(texts: Iterable[tuple[str, str]]) -> None:
    for name, value in texts:
        if not is_storable(name) or not is_storable(value):
            shown = "".join(sign if is_storable(sign) else "�" for sign in name[:40])
            raise BadRequest(Words(f"“{shown}”含有不是文字的字符", f"{shown!r} holds a character that is not text"))


def is_storable(text: str) -> bool:
    """Say whether text is free of NUL and of halves of characters."""
    return _UNSTORABLE.search(text) is None


def _require_plain(value: Any) -> None:
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise BadJson(TOO_DEEP)


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        for name in value:
            _require_text(name)
        return value.values()
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        _require_text(value)
    elif isinstance(value, Decimal | int):
        _require_number(value)
    return ()


def _require_text(value: str) -> None:
    if not is_storable(value):
        raise BadJson(Words("文本中含有 NUL 或半个字符", "a string holds NUL or half a character"))


def _require_number(value: Decimal | int) -> None:
    if not can_be_kept(value):
        raise BadJson(
            Words(
                f"数字超过 {LONGEST_NUMBER} 位，或超出 10 的 ±{LARGEST_EXPONENT} 次方",
                f"a number has more than {LONGEST_NUMBER} digits, or lies beyond ten to the ±{LARGEST_EXPONENT}",
            )
        )

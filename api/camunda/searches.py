"""Searches as Camunda's API asks them: a filter, a sorting, a page by offset or by cursor; and their answers."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from api.camunda.fields import ALWAYS, Searched, Unfit, condition_of
from api.camunda.operations import only, refused
from api.services import current
from engine.core.texts import Words
from engine.json_values import JsonObject, JsonValue, dump_json, load_json
from engine.searching import MOST_FOUND, AllOf, AnyOf, Condition, Found, Order, Scalar, Search, Subject
from web.authentication import current_actor
from web.schemas.base import RequestSchema, WholeNumber

DEFAULT_LIMIT = 100
MOST_ALTERNATIVES = 50
_WRITTEN: Mapping[str, Callable[[Any], Scalar]] = {
    "t": datetime.fromisoformat,
    "u": UUID,
    "s": str,
    "i": int,
    "b": bool,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedList:
    """A list as their API shows it: what it is of here, its fields by their names, and how a row is written."""

    subject: Subject
    fields: Mapping[str, Searched]
    write: Callable[[Mapping[str, Any]], JsonObject]


class PageSchema(RequestSchema):
    """Which page: from an offset, or after or before a cursor."""

    offset = WholeNumber(data_key="from", load_default=0, validate=validate.Range(min=0, max=2**31 - 1))
    limit = WholeNumber(load_default=DEFAULT_LIMIT, validate=validate.Range(min=0, max=MOST_FOUND))
    after = fields.String(load_default=None, allow_none=True)
    before = fields.String(load_default=None, allow_none=True)


class SortSchema(RequestSchema):
    """A field to sort by; the client of Camunda's Modeler writes the direction in small letters."""

    field = fields.String(required=True)
    order = fields.String(load_default="ASC", validate=validate.OneOf(["ASC", "DESC", "asc", "desc"]))


class SearchSchema(RequestSchema):
    """A search."""

    filter = fields.Dict(keys=fields.String(), load_default=dict, allow_none=True)
    sort = fields.List(fields.Nested(SortSchema), load_default=list, validate=validate.Length(max=10))
    page = fields.Nested(PageSchema, load_default=lambda: PageSchema().load({}))


def searched(list_: SearchedList, body: JsonObject, *conditions: Condition) -> JsonObject:
    """Return the answer to a search, of rows for which the conditions hold too."""
    wanted = _search(list_, body, conditions)
    try:
        found = current().search.search(wanted)
    except ValueError as unfit:
        raise _bad_cursor() from unfit
    return {"items": [list_.write(row) for row in found.rows], "page": _page(found)}


def one_of_list(list_: SearchedList, name: str, key: str) -> Mapping[str, Any]:
    """Return the one row of a list that has this key and that the caller may see.

    Raises:
        RequestInvalid: the key has not the form of one.
        NotFound: there is none in sight.
        KeyNotUnique: there are two.
    """
    return only(list_.subject, filter_of(list_.fields, {name: key}, path=()), asked=key)


def paged(items: Sequence[JsonObject], body: JsonObject) -> JsonObject:
    """Return a page of a short list that is all there; it is sorted already, and has no cursors."""
    page: Any = body["page"]
    first = page["offset"]
    shown = list(items[first : first + page["limit"]])
    told: JsonObject = {"totalItems": len(items), "hasMoreTotalItems": False, "startCursor": None, "endCursor": None}
    return {"items": list[JsonValue](shown), "page": told}


def filter_of(names: Mapping[str, Searched], asked: JsonObject, *, path: tuple[str | int, ...]) -> AllOf:
    """Return the condition of a filter: all of its fields hold, and one of its alternatives.

    Raises:
        RequestInvalid: it names a field that is not searched by, or a value the field cannot have.
    """
    found: list[Condition] = []
    for name, value in asked.items():
        if name == "$or" and isinstance(value, list) and len(value) <= MOST_ALTERNATIVES:
            others = [one for one in value if isinstance(one, dict)]
            found.append(AnyOf(tuple(filter_of(names, one, path=(*path, name)) for one in others)))
        elif name not in names:
            known = ", ".join(sorted(names))
            raise refused(
                (*path, name),
                Words(f"此列表不按此字段筛选，可用：{known}", f"This list is not filtered by it; by these: {known}"),
                code="filter-unknown",
            )
        elif value is not None:
            found.append(_condition(names[name], value, (*path, name)))
    return AllOf(tuple(found))


def _condition(field: Searched, value: JsonValue, path: tuple[str | int, ...]) -> Condition:
    try:
        return condition_of(field, value)
    except Unfit as unfit:
        raise refused(path, unfit.words, code="filter-value-wrong") from unfit


def _search(list_: SearchedList, body: Mapping[str, Any], conditions: Sequence[Condition]) -> Search:
    where = filter_of(list_.fields, body["filter"] or {}, path=("filter",))
    page = body["page"]
    cursor = page["after"] or page["before"]
    if page["after"] and page["before"]:
        raise refused(
            ("page",), Words("after 与 before 只能给出一个", "Either after or before is needed, and not both")
        )
    return Search(
        actor=current_actor(),
        subject=list_.subject,
        where=AllOf((where, *(conditions or (ALWAYS,)))),
        order=tuple(_order(list_, body["sort"])),
        offset=page["offset"] if cursor is None else 0,
        limit=page["limit"],
        beyond=None if cursor is None else _place(cursor),
        backwards=page["before"] is not None,
    )


def _order(list_: SearchedList, sort: Sequence[Mapping[str, str]]) -> list[Order]:
    found: list[Order] = []
    for number, one in enumerate(sort):
        field = list_.fields.get(one["field"])
        if field is None or not field.sorted_by:
            known = ", ".join(sorted(name for name, each in list_.fields.items() if each.sorted_by))
            raise refused(
                ("sort", number, "field"),
                Words(f"此列表不按此字段排序，可用：{known}", f"This list is not sorted by it; by these: {known}"),
                code="sorting-unknown",
            )
        found += [Order(name, one["order"].upper() == "DESC") for name in field.sorted_by]
    names = [one.field for one in found]
    return [one for number, one in enumerate(found) if one.field not in names[:number]]


def _page(found: Found) -> JsonObject:
    return {
        "totalItems": min(found.total, MOST_FOUND),
        "hasMoreTotalItems": found.total > MOST_FOUND,
        "startCursor": _cursor(found.places[0]) if found.places else None,
        "endCursor": _cursor(found.places[-1]) if found.places else None,
    }


def _cursor(place: Sequence[Scalar]) -> str:
    return base64.b64encode(dump_json([_written(one) for one in place]).encode()).decode()


def _written(value: Scalar) -> list[JsonValue]:
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, UUID):
        return ["u", str(value)]
    if isinstance(value, bool):
        return ["b", value]
    return ["i", value] if isinstance(value, int) else ["s", value]


def _place(cursor: str) -> tuple[Scalar, ...]:
    try:
        written = load_json(base64.b64decode(cursor.encode(), validate=True).decode())
        return tuple(_WRITTEN[kind](value) for kind, value in written)
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError) as broken:
        raise _bad_cursor() from broken


def _bad_cursor() -> Exception:
    return refused(
        ("page",),
        Words("游标不属于此列表或此排序，请使用本次查询返回的游标", "The cursor is not of this list and sorting"),
        code="cursor-wrong",
    )

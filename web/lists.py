"""What every list that is shown a page at a time has in common: its size, its address, sorting by a column."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

PAGE_SIZE = 50
MAX_PAGE = 10_000
MAX_SEARCH = 100

Order = TypeVar("Order", bound=StrEnum)
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedList(ABC, Generic[Order]):
    """What a list shows, as its address says: which page, sorted by which column."""

    order: Order
    descending: bool
    page: int

    @abstractmethod
    def url(self, **changes: Any) -> str:
        """Return the address of this list with some things changed; the first page unless told."""

    @property
    def offset(self) -> int:
        """How many rows stand before this page."""
        return (self.page - 1) * PAGE_SIZE

    def page_url(self, number: int) -> str:
        """Return the address of another page of this list."""
        return self.url(page=number)

    def sort_url(self, order: Order) -> str:
        """Return the address of this list sorted by a column; a second time turns it round."""
        return self.url(order=order, descending=self.order is order and not self.descending)

    def sorted(self, order: Order) -> str:
        """Return how a column is sorted, in the words of aria-sort; empty when it is not."""
        return "" if self.order is not order else "descending" if self.descending else "ascending"


def searched(address: str, page: Callable[[], str]) -> AnyResponse:
    """Answer a form that searches a list: to htmx by the page under its address, to others by the way there."""
    if "HX-Request" not in request.headers:
        return redirect(address, 303)
    return Response(page(), headers={"HX-Push-Url": address})


def page_number(text: str | None) -> int:
    """Return a page number from an address; anything odd is the first page."""
    return min(int(text), MAX_PAGE) if text and text.isdecimal() and len(text) < 6 and int(text) else 1


def page_count(total: int) -> int:
    """Return how many pages so many rows take; an empty list has one."""
    return max(1, -(-total // PAGE_SIZE))


def chosen(kind: type[Choice], text: str | None, otherwise: Choice) -> Choice:
    """Return the member of an enumeration that an address names, or the usual one."""
    return next((member for member in kind if member.value == text), otherwise)


def search_text(text: str | None) -> str:
    """Return what is searched for, cut where it is too long to be meant."""
    return (text or "").strip()[:MAX_SEARCH]

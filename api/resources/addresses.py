"""What may stand in the address of a list that is searched."""

from __future__ import annotations

from typing import Any

from flask import url_for

from web.errors import NumberInAddress
from web.search_words import bears_number_of_a_person


def without_numbers(query: dict[str, Any], *, twin: str) -> dict[str, Any]:
    """Return what an address asks for; `twin` is the endpoint that takes the same in a body.

    Raises:
        NumberInAddress: the text is a number of a person.
    """
    if bears_number_of_a_person(query["text"] or ""):
        raise NumberInAddress(twin=url_for(twin))
    return query

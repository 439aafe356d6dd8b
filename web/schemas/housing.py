"""What may be asked about the queue for public rental, by a page or a program."""

from __future__ import annotations

from web.schemas.base import RequestSchema, text


class PlaceSchema(RequestSchema):
    """The contract of a dwelling; null: the household leaves the queue."""

    contract_number = text(most=64, least=1, load_default=None, allow_none=True)

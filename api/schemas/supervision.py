"""What the board of supervisors is answered as."""

from __future__ import annotations

from web.schemas.base import answer_schema
from workflows.casework.supervision import Board

BoardSchema = answer_schema(Board)

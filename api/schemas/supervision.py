"""What the board and the load of supervisors are answered as."""

from __future__ import annotations

from web.schemas.base import answer_schema
from workflows.casework.load import Load
from workflows.casework.supervision import Board

LoadSchema = answer_schema(Load)
BoardSchema = answer_schema(Board)

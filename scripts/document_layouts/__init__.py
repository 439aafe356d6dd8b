"""What stands on each printed document that is shipped: its text, its boxes and its tables, by kind."""

from __future__ import annotations

from document_layouts import county, deciding, review, window

LAYOUTS = {**window.LAYOUTS, **review.LAYOUTS, **deciding.LAYOUTS, **county.LAYOUTS}

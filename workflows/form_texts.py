"""The texts of shipped forms in English: a form says its texts in Chinese, a file beside it holds the others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from engine.json_values import load_json


@cache
def english_texts(form_id: str) -> Mapping[str, str]:
    """Return the English texts of a form by the paths of its values; none for a form nobody translated."""
    known = {entry.name: entry for entry in files("workflows").joinpath("forms").iterdir()}
    found = known.get(f"{form_id}.en.json")
    texts: Mapping[str, str] = load_json(found.read_text(encoding="utf-8")) if found else {}
    return texts

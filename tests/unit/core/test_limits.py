from __future__ import annotations

import pytest

from engine.core.limits import is_storable, storable
from engine.errors import InvalidVariables
from engine.supplied_variables import checked_size

HALF = "\ud83d"


@pytest.mark.parametrize("text", ["", "张三", "a\nb\t", "\N{GRINNING FACE}", "?"])
def test_a_text_of_whole_characters_is_kept_as_it_is(text):
    assert is_storable(text)
    assert storable(text) == text


@pytest.mark.parametrize("text", ["a\0b", f"a{HALF}b"])
def test_a_character_that_cannot_be_stored_is_found_and_marked(text):
    assert not is_storable(text)
    assert storable(text) == "a\N{REPLACEMENT CHARACTER}b"


def test_variables_with_half_a_character_are_refused():
    with pytest.raises(InvalidVariables):
        checked_size({"name": HALF})

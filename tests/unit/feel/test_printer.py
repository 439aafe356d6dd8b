from __future__ import annotations

import pytest
from hypothesis import given, settings

from engine.feel.expression import FUNCTION_NAMES
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.printer import print_node
from engine.feel.syntax import Node
from tests.unit.feel import trees


def parse(text: str) -> Node:
    return parse_expression(text, names=trees.NAMES, functions=FUNCTION_NAMES)


@settings(max_examples=500)
@given(trees.expressions)
def test_reading_what_was_written_gives_the_same_tree(tree: Node) -> None:
    assert trees.shape(parse(print_node(tree))) == trees.shape(tree)


@settings(max_examples=200)
@given(trees.tests)
def test_unary_tests_are_read_as_they_were_written(tree: Node) -> None:
    text = print_node(tree)
    assert trees.shape(parse_unary_tests(text, names=trees.NAMES, functions=FUNCTION_NAMES)) == trees.shape(tree)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("1+2*3", "1 + 2 * 3"),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("1-(2-3)-4", "1 - (2 - 3) - 4"),
        ("2 ** 3 ** 2", "2 ** 3 ** 2"),
        ("-2 ** 2", "-2 ** 2"),
        ("-(2 ** 2)", "-(2 ** 2)"),
        ("a and b or c", "a and b or c"),
        ("a and (b or c)", "a and (b or c)"),
        ("if a then b else c + 1", "if a then b else c + 1"),
        ("(if a then b else c) + 1", "(if a then b else c) + 1"),
        ("x in [1..5)", "x in ([1..5))"),
        ("]1..5[", "(1..5)"),
        ('{"a+b": 1, 月 收入:2}', '{"a+b": 1, 月 收入: 2}'),
        ('f("b": 1)', "f(b: 1)"),
        ("1.50", "1.5"),
        ('@"2026-01-01"', '@"2026-01-01"'),
        ('"line\\nnext \\"x\\""', '"line\\nnext \\"x\\""'),
        ('date( "2026-01-01" ).year', 'date("2026-01-01").year'),
        ("5 .a", "(5).a"),
    ],
)
def test_what_is_written_looks_as_a_person_would_write_it(text: str, printed: str) -> None:
    assert print_node(parse(text)) == printed


def test_a_chain_of_thousands_is_written() -> None:
    text = " + ".join(["1"] * 5_000)
    assert print_node(parse(text)) == text

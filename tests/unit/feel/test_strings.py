from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.feel.evaluating import reasons, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"低保" + "户"', "低保户"),
        ('substring("foobar", 3)', "obar"),
        ('substring("foobar", -2, 1)', "a"),
        ('substring("🐎ab", 2)', "ab"),
        ('string length("低保🐎")', Decimal(3)),
        ('upper case("aBc")', "ABC"),
        ('lower case("aBc")', "abc"),
        ('substring before("foobar", "bar")', "foo"),
        ('substring before("foobar", "x")', ""),
        ('substring after("foobar", "ob")', "ar"),
        ('contains("foobar", "oba")', True),
        ('starts with("foobar", "fo")', True),
        ('ends with("foobar", "r")', True),
        ('matches("330102", "^[0-9]{6}$")', True),
        ('matches("abc", "B", "i")', True),
        ('matches("王芳", "^\\\\p{IsCJKUnifiedIdeographs}+$")', True),
        ('matches("X", "[A-Z-[OI]]")', True),
        ('matches("O", "[A-Z-[OI]]")', False),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('replace("2026-03-01", "(\\\\d+)-(\\\\d+)-(\\\\d+)", "$3/$2/$1")', "01/03/2026"),
        ('replace("a.b", ".", "#", "q")', "a#b"),
        ('matches("abab", "^(ab)\\\\1$")', True),
        ('matches("aA", "(a)\\\\1", "i")', True),
        ('matches("abc", "(a)\\\\1")', False),
        ('matches("x=<b>1</b>", "<([a-z]+)>[0-9]*?</\\\\1>$")', True),
        ('replace("aabbc", "([a-z])\\\\1", "<$1>")', "<a><b>c"),
        ('split("1--2==3", "([-=])\\\\1")', ["1", "2", "3"]),
        ('split("a;b;;", ";")', ["a", "b", "", ""]),
        ('string join(["a", null, "c"], "-")', "a-c"),
        ('string join(["a", "b"], ", ", "<", ">")', "<a, b>"),
        ('extract("户1 and 户22", "[0-9]+")', ["1", "22"]),
        ('trim("  a ")', "a"),
        ('is blank(" ")', True),
        ('to base64("FEEL")', "RkVFTA=="),
        ('"a\\tb\\u4F4E\\"" ', 'a\tb低"'),
        ("string(1.10)", "1.1"),
        ("string(10 ** 20)", "100000000000000000000"),
        ("string(true)", "true"),
        ('string([1, "a", null, {b: "c d"}])', '[1, "a", null, {b: "c d"}]'),
        ("string([1..5))", "[1..5)"),
        ('number("1.000,5", ".", ",")', Decimal("1000.5")),
        ('number("-12.5")', Decimal("-12.5")),
        ('number(from: "1 000", grouping separator: " ", decimal separator: ".")', Decimal(1000)),
    ],
)
def test_strings_are_made_cut_and_searched(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('substring("abc", 0)', "no position 0"),
        ('substring("abc", 9)', "no position 9"),
        ('matches("a", "(")', "is no pattern"),
        ('matches("a", "a", "z")', "no flag 'z'"),
        ('matches("a", "(?=a)")', "may open a group"),
        ('matches("a", "(a)\\\\2")', "there is no group 2"),
        ('matches("a", "(a\\\\1)")', "there is no group 1"),
        ('matches("a", "(a)(?=\\\\1)")', "may open a group"),
        ('replace("a", "a*", "b")', "matches an empty text"),
        ('replace("a", "a", "$")', "must be followed by the number"),
        ('number("12a")', "is no number"),
        ("string(null)", "is null"),
        ("upper case(12)", "expected string, found number"),
        ('"a" - "b"', "string - string is not defined"),
    ],
)
def test_a_string_function_that_cannot_answer_says_why(text: str, reason: str) -> None:
    assert reason in reasons(text)


def test_a_hostile_pattern_takes_no_more_than_linear_time() -> None:
    assert value('matches(text, "^(a+)+$")', {"text": "a" * 5_000 + "!"}) is False


@pytest.mark.parametrize("text", ["a" * 40 + "!", "a" * 1_900 + "!", "a" * 9_000])
def test_a_hostile_pattern_with_back_references_is_given_up(text: str) -> None:
    assert "back-references" in reasons('matches(text, "^((a+)+)\\\\1b$")', {"text": text})

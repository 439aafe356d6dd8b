"""A place in the tokens, and the reading of names: longest known name first, else adjoining words."""

from __future__ import annotations

from collections.abc import Iterable

from engine.feel.errors import FeelSyntaxError
from engine.feel.messages import Field, Message
from engine.feel.tokens import RESERVED, Token, full_width_hint, normalise_name, tokenize, unescape

_LEAF = ""


class NameTree:
    """Known names as a tree over their tokens, so that the longest one is found in one walk."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._root: dict[str, object] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Know one more name; one that cannot be cut into tokens cannot be written in FEEL at all."""
        try:
            tokens = tokenize(name)[:-1]
        except FeelSyntaxError:
            return
        branch = self._root
        for token in tokens:
            branch = branch.setdefault(token.text, {})  # type: ignore[assignment]  # only leaves are strings
        branch[_LEAF] = normalise_name(name)

    def longest(self, tokens: list[Token], index: int) -> tuple[str, int] | None:
        """The longest known name starting at a token, and the index after it."""
        branch: object = self._root
        found: tuple[str, int] | None = None
        while isinstance(branch, dict):
            leaf = branch.get(_LEAF)
            if isinstance(leaf, str):
                found = leaf, index
            token = tokens[index]
            if token.kind == "end":
                break
            branch = branch.get(token.text)
            index += 1
        return found


def starts_like_a_name(text: str) -> bool:
    """Whether a text can be cut into tokens of which the first is a word."""
    try:
        return tokenize(text)[0].kind == "word"
    except FeelSyntaxError:
        return False


def needs_scope(name: str) -> bool:
    """Whether a name can only be read when it is known: it holds an operator, a reserved word, or starts oddly."""
    try:
        tokens = tokenize(name)[:-1]
    except FeelSyntaxError:
        return True
    return not tokens or any(
        token.text in RESERVED or (token.kind != "word" and (place == 0 or not _continues_name(token)))
        for place, token in enumerate(tokens)
    )


def _continues_name(token: Token) -> bool:
    if token.kind == "word":
        return token.text not in RESERVED
    return token.kind == "digits" or (token.kind == "number" and token.text.isdigit())


class Cursor:
    """The tokens of one text with a current place in them."""

    def __init__(self, text: str, names: Iterable[str], *, functions: NameTree) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self.names = NameTree(names)
        self._functions = functions

    @property
    def token(self) -> Token:
        """The current token."""
        return self.tokens[self.index]

    def peek(self, distance: int = 1) -> Token:
        """A token further on."""
        return self.tokens[min(self.index + distance, len(self.tokens) - 1)]

    def advance(self) -> Token:
        """Take the current token."""
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token

    def at(self, *texts: str) -> bool:
        """Whether the current token is one of these signs or words."""
        token = self.tokens[self.index]
        return token.text in texts and token.kind in ("operator", "word")

    def accept(self, text: str) -> bool:
        """Take the token if it is this sign or word."""
        if self.at(text):
            self.index += 1
            return True
        return False

    def expect(self, text: str, *, purpose: str, **fields: Field) -> Token:
        """Take this sign or word, or fail saying what it was for: by the code of a message with its fields."""
        if not self.at(text):
            raise self.error("expected-sign", sign=text, purpose=Message(purpose, **fields))
        return self.advance()

    def error(self, code: str, /, **fields: Field) -> FeelSyntaxError:
        """An error at the current token, naming what was found."""
        token = self.token
        found = Message("end-of-text") if token.kind == "end" else Message("found-token", token=token.text)
        names = "".join(one.text for one in self.tokens if one.kind in ("word", "digits", "other"))
        hint = full_width_hint(names)
        return FeelSyntaxError(code, position=token.position, source=self.text, found=found, hint=hint, **fields)

    def read_name(self) -> str | None:
        """Take a name, or nothing when none starts here."""
        known = self.names.longest(self.tokens, self.index)
        function = self._functions.longest(self.tokens, self.index)
        if function is not None and self.tokens[function[1]].text != "(":
            function = None
        joined = self._joined_words()
        best = max((known, function, joined), key=lambda found: found[1] if found else -1)
        if best is None or best[1] == self.index:
            return None
        self.index = best[1]
        return best[0]

    def read_member(self) -> str:
        """Take the name after a point; there even a reserved word may start it."""
        known = self.names.longest(self.tokens, self.index)
        joined = self._joined_words(reserved_start=True)
        best = max((known, joined), key=lambda found: found[1] if found else -1)
        if best is None or best[1] == self.index:
            raise self.error("expected-name-after-point")
        self.index = best[1]
        return best[0]

    def read_key(self) -> str:
        """Take everything up to the colon as a name; it becomes known from here on."""
        start = self.index
        while self.token.kind in ("word", "number", "digits", "other") or self.at("+", "-", "*", "/", ".", "**"):
            self.advance()
        if self.index == start:
            raise self.error("expected-name")
        name = normalise_name(self.text[self.tokens[start].position : self.tokens[self.index - 1].end])
        if needs_scope(name):
            self.names.add(name)
        return name

    def read_string_key(self) -> str:
        """Take a quoted name; where it starts like a name it can be used like one from here on."""
        key = unescape(self.advance().text)
        if starts_like_a_name(key) and needs_scope(key):
            self.names.add(key)
        return key

    def _joined_words(self, *, reserved_start: bool = False) -> tuple[str, int] | None:
        first = self.token
        if first.kind != "word" or (first.text in RESERVED and not reserved_start):
            return None
        index = self.index + 1
        while _continues_name(self.tokens[index]):
            index += 1
        return normalise_name(" ".join(token.text for token in self.tokens[self.index : index])), index

"""How cases are found: tokens of names, pinyin and case numbers in the clear, of numbers of persons as keyed hashes.

The tokens stand in one array column under a GIN index, so that every search is one lookup.
"""

from __future__ import annotations

import re
import unicodedata

from storage.encryption import KeyRing
from storage.pinyin import initials, spelled
from workflows.casework.model import Case
from workflows.casework.queries import CaseMatch

_IDENTITY = re.compile(r"[0-9]{17}[0-9Xx]")
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_OF_IDENTITY = "id:"
_OF_PHONE = "phone:"
_LONGEST_NAME = 12  # signs of a name that are cut into parts


def search_tokens(case: Case, keys: KeyRing) -> list[str]:
    """Return every token under which a case is found."""
    tokens = _number_tokens(case.number)
    for member in case.members:
        person = member.person
        tokens |= _name_tokens(person.name)
        tokens.add(f"{_OF_IDENTITY}{keys.search_hash(person.identity_number, kind='identity')}")
        if person.phone:
            tokens.add(f"{_OF_PHONE}{keys.search_hash(person.phone, kind='phone')}")
    return sorted(tokens)


def search_token(text: str, keys: KeyRing) -> str:
    """Return the token of what somebody typed into the search box."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if _IDENTITY.fullmatch(plain):
        return f"{_OF_IDENTITY}{keys.search_hash(plain.upper(), kind='identity')}"
    if _PHONE.fullmatch(plain):
        return f"{_OF_PHONE}{keys.search_hash(plain, kind='phone')}"
    return plain.lower()


def match_of(token: str, *, number: str, applicant: str) -> CaseMatch:
    """Return by what a token names a case that it found."""
    if token.startswith(_OF_IDENTITY):
        return CaseMatch.IDENTITY_NUMBER
    if token.startswith(_OF_PHONE):
        return CaseMatch.PHONE
    if token in _number_tokens(number):
        return CaseMatch.NUMBER
    is_applicant = token in _name_tokens(applicant)
    if token.isascii():
        return CaseMatch.APPLICANT_PINYIN if is_applicant else CaseMatch.MEMBER_PINYIN
    return CaseMatch.APPLICANT if is_applicant else CaseMatch.MEMBER


def applicant_sort_key(case: Case) -> str:
    """Return the applicant's name in pinyin, for sorting."""
    return " ".join(spelled(case.applicant.person.name))


def _name_tokens(name: str) -> set[str]:
    signs = re.sub(r"[\s·.]", "", name).lower()[:_LONGEST_NAME]
    letters = {part for part in _parts(initials(signs)) if len(part) > 1}
    return _parts(signs) | letters | {"".join(spelled(signs))}


def _parts(text: str) -> set[str]:
    return {text[start:end] for start in range(len(text)) for end in range(start + 1, len(text) + 1)}


def _number_tokens(number: str) -> set[str]:
    """A case is asked for by its whole number, by year and count, or by the count alone."""
    _, year, count = number.rsplit("-", 2)
    return {number.lower(), f"{year}-{count}", count, count.lstrip("0")}

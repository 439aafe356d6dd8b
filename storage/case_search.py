"""How cases are found: tokens of names, pinyin and case numbers in the clear, of numbers of persons as keyed hashes.

The tokens stand in one array column under a GIN index, so that every search is one lookup; the numbers of papers stand
where the papers do. `SEARCH_FORM` counts up when cases get tokens they had not: those on file are made anew then.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, union_all

from storage.encryption import KeyRing
from storage.pinyin import initials, spelled
from storage.tables.casework import case_file, referral
from storage.tables.documents import issued_document
from storage.tables.procedure import notice_posting
from workflows.casework.model import Case
from workflows.casework.queries import CaseMatch

_IDENTITY = re.compile(r"[0-9]{17}[0-9Xx]")
_PHONE = re.compile(r"1[3-9][0-9]{9}")
SEARCH_FORM = 2
_TAIL = re.compile(r"[0-9]{3}[0-9X]|[0-9]{5}[0-9X]")
_TAILS = (4, 6)  # digits at the end of an identity number that are enough
_BRACKETS = str.maketrans("[]()【】", "〔〕〔〕〔〕")
_OF_IDENTITY = "id:"
_OF_TAIL = "tail:"
_OF_PHONE = "phone:"
_OF_HASHES = {
    _OF_IDENTITY: CaseMatch.IDENTITY_NUMBER,
    _OF_TAIL: CaseMatch.IDENTITY_TAIL,
    _OF_PHONE: CaseMatch.PHONE,
}
_LONGEST_NAME = 12  # signs of a name that are cut into parts


def search_tokens(case: Case, keys: KeyRing) -> list[str]:
    """Return every token under which a case is found."""
    tokens = _number_tokens(case.number)
    for member in case.members:
        person = member.person
        tokens |= _name_tokens(person.name)
        tokens.add(f"{_OF_IDENTITY}{keys.search_hash(person.identity_number, kind='identity')}")
        tokens |= {_tail_token(person.identity_number[-length:], keys) for length in _TAILS}
        if person.phone:
            tokens.add(f"{_OF_PHONE}{keys.search_hash(person.phone, kind='phone')}")
    return sorted(tokens)


def searched_tokens(text: str, keys: KeyRing) -> list[str]:
    """Return the tokens of what somebody typed into the search box; a case that has one of them is meant."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if _IDENTITY.fullmatch(plain):
        return [f"{_OF_IDENTITY}{keys.search_hash(plain.upper(), kind='identity')}"]
    if _PHONE.fullmatch(plain):
        return [f"{_OF_PHONE}{keys.search_hash(plain, kind='phone')}"]
    tails = [_tail_token(plain.upper(), keys)] if _TAIL.fullmatch(plain.upper()) else []
    return [plain.lower(), *tails]


def paper_number(text: str) -> str:
    """Return what somebody typed as numbers of papers are written, whatever brackets and blanks were typed."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(_BRACKETS)


def is_named(tokens: object, number: object) -> ColumnElement[bool]:
    """Return the condition that a case has one of some tokens, or a paper of this number.

    A paper is a document, a referral or a public notice. Each is looked up by its own index, and none beside an OR:
    PostgreSQL would read every case then.
    """
    named = case_file.alias("named")
    by_paper = (
        select(table.c.case_id).where(table.c.number == number, table.c.case_id.is_not(None))
        for table in (issued_document, referral, notice_posting)
    )
    by_token = select(named.c.id.label("case_id")).where(named.c.search.overlap(tokens))
    return case_file.c.id.in_(union_all(by_token, *by_paper))


def match_of(tokens: Sequence[str], *, number: str, applicant: str, found: Sequence[str]) -> CaseMatch:
    """Return by what some tokens name a case that they found; `found` are the case's own."""
    kept = [token for token in tokens if token in found]
    if not kept:
        return CaseMatch.PAPER
    token = kept[0]
    for start, match in _OF_HASHES.items():
        if token.startswith(start):
            return match
    if token in _number_tokens(number):
        return CaseMatch.NUMBER
    is_applicant = token in _name_tokens(applicant)
    if token.isascii():
        return CaseMatch.APPLICANT_PINYIN if is_applicant else CaseMatch.MEMBER_PINYIN
    return CaseMatch.APPLICANT if is_applicant else CaseMatch.MEMBER


def applicant_sort_key(case: Case) -> str:
    """Return the applicant's name in pinyin, for sorting."""
    return " ".join(spelled(case.applicant.person.name))


def _tail_token(tail: str, keys: KeyRing) -> str:
    return f"{_OF_TAIL}{keys.search_hash(tail, kind='identity tail')}"


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

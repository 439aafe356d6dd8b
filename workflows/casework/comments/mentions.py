"""Whom a comment mentions: people named beside it, and those its text names after an @."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.host import Context
from engine.model import Actor
from workflows.casework.comments.errors import MentionAmbiguous, MentionOutsideSight, TooManyMentions
from workflows.casework.comments.model import MOST_MENTIONS
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork

_AT = re.compile(r"(?<![A-Za-z0-9_.+-])[@＠](?=\S)([^@＠\n]{1,40})")  # not the @ of an address
_LATIN_ENDS = r"(?![A-Za-z0-9_-]|\.[A-Za-z0-9])"
_WORD = re.compile(r"[^\s，。；：、,;:!?！？（）()]{1,20}")


def mentioned(context: Context[CaseworkUnitOfWork], case: Case, text: str, named: Sequence[str]) -> list[Actor]:
    """Return who is mentioned, each once and never the actor, after making sure that each of them may see the case.

    Raises:
        TooManyMentions: more than `MOST_MENTIONS`.
        MentionOutsideSight: nobody of that login or name may see the case, or there is nobody.
        MentionAmbiguous: several of that name may.
    """
    comments = context.unit_of_work.comments
    words = [one for one in (word.strip().lstrip("@＠") for word in named) if one]
    typed = [found[1] for found in _AT.finditer(text)]
    if len(words) + len(typed) > MOST_MENTIONS * 2:  # so many words are not even looked up
        raise TooManyMentions(most=MOST_MENTIONS, found=len(words) + len(typed))
    wanted = [(word[:20], comments.people(word)) for word in words]
    wanted += [(_shown(rest), _best(rest, comments.people_beginning(rest))) for rest in typed]
    people = {one.id: one for one in (_one_in_sight(context, case, who, found) for who, found in wanted)}
    if len(people) > MOST_MENTIONS:
        raise TooManyMentions(most=MOST_MENTIONS, found=len(people))
    return [one for one in people.values() if one.id != context.actor.id]


def _one_in_sight(context: Context[CaseworkUnitOfWork], case: Case, who: str, found: Sequence[Actor]) -> Actor:
    in_sight = [one for one in found if context.unit_of_work.comments.is_in_sight(case.id, one)]
    if not in_sight:
        raise MentionOutsideSight(who=who, number=case.number)
    if len(in_sight) > 1:
        raise MentionAmbiguous(who=who, count=len(in_sight))
    return in_sight[0]


def _best(rest: str, found: Sequence[Actor]) -> Sequence[Actor]:
    """Return those whose login or name is the longest beginning of a text: @陈晓燕 means nobody called 陈晓."""
    lengths = {one.id: max(_length(rest, one.id), _length(rest, one.name)) for one in found}
    longest = max(lengths.values(), default=0)
    return [one for one in found if 0 < longest == lengths[one.id]]


def _length(rest: str, word: str) -> int:
    """Return how much of a text a word is; one in Latin letters must end where it ends in the text."""
    ends = _LATIN_ENDS if word.isascii() else ""
    return len(word) if re.match(re.escape(word) + ends, rest) else 0


def _shown(rest: str) -> str:
    found = _WORD.match(rest)
    return found[0] if found else rest[:20]

"""Files beside the issues, decided items and problems of the joint conference: laid down, and looked at."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID, uuid4

from engine.core.texts import Words
from engine.host import Context
from workflows.casework.conference.commands import unit_wrong
from workflows.casework.conference.errors import (
    ConferenceFileNotYours,
    ConferenceRecordNotFound,
    ConferenceStateWrong,
    MaterialsFull,
)
from workflows.casework.conference.model import (
    IssueState,
    ItemState,
    Material,
    MaterialOf,
    ProblemState,
    RecordEvent,
    RecordStep,
    is_office,
    sees_files,
    speaks_for,
)
from workflows.casework.conference.ports import Conference
from workflows.casework.conference.words import ISSUE_STATES, ITEM_STATES, PROBLEM_STATES
from workflows.casework.days import local_day
from workflows.casework.evidence.rules import checked_file, rules_on
from workflows.casework.ports import CaseworkUnitOfWork

MOST_NAME = 120
CLOSED_ISSUES = frozenset({IssueState.SETTLED, IssueState.DECIDED, IssueState.WITHDRAWN})
CLOSED_ITEMS = frozenset({ItemState.CLOSED})
CLOSED_PROBLEMS = frozenset({ProblemState.CLOSED, ProblemState.ON_AGENDA, ProblemState.DECLINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMaterial:
    """Lay a file beside an issue, a decided item or a problem; the same content again is the file already there.

    Raises:
        ConferenceRecordNotFound: there is no such record.
        ConferenceUnitWrong: the record is none of a unit of the actor, who does not work for the office either.
        ConferenceStateWrong: the record is closed.
        EvidenceEmpty, EvidenceKindRefused, EvidenceBroken, EvidenceTooLarge, PictureTooLarge: the file is not kept.
        MaterialsFull: there are as many files as there may be.
    """

    beside: MaterialOf
    record_id: UUID
    name: str
    content: bytes

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Material:
        """Check it by its content, and keep it."""
        rules = rules_on(context.unit_of_work, local_day(context.now()))
        clean = checked_file(self.content, rules)
        conference = context.unit_of_work.procedure.conference
        record = _record_of(conference, self.beside, self.record_id)
        spoken = [one for one in speaks_for(context.actor) if one in record.units]
        if not spoken and not is_office(context.actor):
            raise unit_wrong(record.units[0])
        if record.ended is not None:
            raise ConferenceStateWrong(number=record.name, state=record.ended)
        digest, there = hashlib.sha256(clean.content).hexdigest(), conference.materials(self.record_id)
        known = next((one for one in there if one.sha256 == digest), None)
        if known is not None:
            return known
        if len(there) >= rules.most_files:
            raise MaterialsFull(most=rules.most_files)
        material = Material(
            id=uuid4(),
            beside=self.beside,
            record_id=self.record_id,
            name=_plain_name(self.name) or clean.kind.value,
            kind=clean.kind,
            size_bytes=len(clean.content),
            sha256=digest,
            unit_kind=spoken[0] if spoken else speaks_for(context.actor)[0],
            added_at=context.now(),
            added_by=context.actor.id,
        )
        conference.add_material(material, clean.content)
        return material


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMaterial:
    """Hand out a file of the conference; who looked is kept in the course of its record.

    Raises:
        ConferenceRecordNotFound: there is no such file.
        ConferenceFileNotYours: its record is none of a unit of the actor, who does not work for the office either.
    """

    material_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> tuple[Material, bytes]:
        """Write down the look, then hand it out."""
        conference = context.unit_of_work.procedure.conference
        found = conference.material(self.material_id)
        if found is None:
            raise ConferenceRecordNotFound
        material, _content = found
        record = _record_of(conference, material.beside, material.record_id)
        if not sees_files(context.actor, record.units):
            raise ConferenceFileNotYours
        look = RecordEvent(
            record_id=material.record_id,
            at=context.now(),
            by=context.actor.id,
            step=RecordStep.FILE_TAKEN,
            text=material.name,
        )
        conference.record(look)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """What a file lies beside: what it is called, whose it is, and how it ended if it is over."""

    name: str
    units: tuple[str, ...]
    ended: Words | None


def _record_of(conference: Conference, beside: MaterialOf, record_id: UUID) -> _Record:
    """Return a record.

    Raises:
        ConferenceRecordNotFound: there is no such record.
    """
    match beside:
        case MaterialOf.ISSUE:
            issue = conference.issue(record_id)
            if issue is not None:
                ended = ISSUE_STATES[issue.state] if issue.state in CLOSED_ISSUES else None
                return _Record(name=issue.title, units=(issue.unit_kind,), ended=ended)
        case MaterialOf.ITEM:
            item = conference.item(record_id)
            if item is not None:
                ended = ITEM_STATES[item.state] if item.state in CLOSED_ITEMS else None
                return _Record(name=item.number, units=item.units, ended=ended)
        case MaterialOf.PROBLEM:
            problem = conference.problem(record_id)
            if problem is not None:
                ended = PROBLEM_STATES[problem.state] if problem.state in CLOSED_PROBLEMS else None
                return _Record(name=problem.number, units=problem.units, ended=ended)
    raise ConferenceRecordNotFound


def _plain_name(name: str) -> str:
    """Return the last part of a file's name without signs that steer a terminal or a page."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-MOST_NAME:]

"""What the simulated agencies know, how they behave and what they were asked; every method may be called at once."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import RLock
from typing import Any

from engine.json_values import JsonObject
from workflows.casework.agencies import AGENCY_BY_KEY
from workflows.connectors.simulated_faults import FAULTS, spoilt

HOLDING_BACK = frozenset({"silent", "error", "refused", "malformed"})
"""Modes in which nothing that can be read comes back."""
FILE_MODES = frozenset({"xlsx", "changed"})
"""Modes of returned tables alone: as a workbook, or changed on the way."""
MODES = frozenset({"normal", "late", "gbk", *HOLDING_BACK, *FILE_MODES, *FAULTS})
LARGEST_SEEDED_DEPOSIT = 2_000


class BehaviourUnknown(Exception):
    """A mode or agency that the simulator does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How an agency answers: the modes are those of MODES.

    `seconds` is how long the caller is kept on the line, `ready_in` how long until there is an answer to fetch at all.
    """

    mode: str = "normal"
    seconds: float = 0.0
    ready_in: timedelta = timedelta()

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise BehaviourUnknown(f"{self.mode!r} is no mode; {', '.join(sorted(MODES))} are")


@dataclass(slots=True, kw_only=True)
class Known:
    """What is registered about a person."""

    name: str | None = None
    insured: bool = True
    records: dict[str, list[JsonObject]] = field(default_factory=dict)
    as_of: dict[str, str] = field(default_factory=dict)
    register: list[JsonObject] | None = None  # who else stands in the household register


@dataclass(slots=True, kw_only=True)
class Call:
    """A line of the ledger."""

    place: str
    key: str
    subjects: int
    outcome: str
    times: int = 1


Temper = Callable[[str, Sequence[Mapping[str, Any]], str], Behaviour]
"""How an agency behaves to a question about persons as of a day, where nobody gave it a rule."""


class SimulatedCounty:
    """The state behind the simulator's endpoints.

    Its agencies all behave by `default` until `temper` is set; `now` is the clock by which answers become ready.
    """

    def __init__(self, *, default: Behaviour, seed: str = "county", now: Callable[[], datetime] | None = None) -> None:
        self._lock = RLock()
        self._now = now or (lambda: datetime.now(UTC))
        self.temper: Temper | None = None
        self._seed = seed
        self._default = default
        self.reset()

    def reset(self) -> None:
        """Forget facts, behaviours and the ledger."""
        with self._lock:
            self._known: dict[str, Known] = {}
            self._behaviours: dict[tuple[str, str | None], Behaviour] = {}
            self._calls: dict[tuple[str, str], Call] = {}
            self._answers: dict[tuple[str, str], JsonObject] = {}
            self._messages: dict[str, JsonObject] = {}
            self._refused_numbers: set[str] = set()
            self._statuses: dict[str, JsonObject] = {}
            self._files: dict[tuple[str, str], JsonObject] = {}
            self._ready: dict[tuple[str, str], datetime] = {}

    def register(self, body: JsonObject) -> None:
        """Take in what agencies know of a person; the records of an agency replace earlier ones."""
        with self._lock:
            identity = str(body["identity_number"])
            known = self._known.setdefault(identity, Known())
            known.name = body.get("name", known.name)
            known.insured = bool(body.get("insured", known.insured))
            known.register = body.get("register", known.register)
            records: Mapping[str, list[JsonObject]] = body.get("records", {})
            for agency, entries in records.items():
                known.records[_agency(agency)] = [dict(entry) for entry in entries]
            for agency, day in (body.get("as_of") or {}).items():
                known.as_of[_agency(agency)] = date.fromisoformat(day).isoformat()
            for agency, mode in (body.get("behaviours") or {}).items():
                self._behaviours[(_agency(agency), identity)] = Behaviour(mode=str(mode))

    def behave(self, body: JsonObject) -> None:
        """Let an agency behave in a way, to everybody or when one person is asked about."""
        behaviour = Behaviour(mode=str(body["mode"]), seconds=float(body.get("seconds", 0)))
        with self._lock:
            self._behaviours[(_agency(body["agency"]), body.get("identity_number"))] = behaviour

    def behaviour_for(self, agency: str, subjects: Sequence[Mapping[str, Any]], as_of: str = "") -> Behaviour:
        """Return how an agency behaves to a question: a person's rule, else the agency's, its temper, the default."""
        with self._lock:
            for person in subjects:
                found = self._behaviours.get((agency, str(person.get("identity_number"))))
                if found:
                    return found
            ruled = self._behaviours.get((agency, None))
            if ruled or self.temper is None:
                return ruled or self._default
            return self.temper(agency, subjects, as_of)

    def seconds_left(self, agency: str, key: str, behaviour: Behaviour) -> int:
        """Return how long until the answer to a question is ready, counted from when it was first put."""
        if not behaviour.ready_in:
            return 0
        with self._lock:
            now = self._now()
            ready = self._ready.setdefault((agency, key), now + behaviour.ready_in)
            return max(math.ceil((ready - now).total_seconds()), 0)

    def answer(self, agency: str, body: JsonObject, key: str, behaviour: Behaviour) -> JsonObject | None:
        """Return an agency's answer, the same one for the same key; None when there is no such agency."""
        if agency not in AGENCY_BY_KEY:
            return None
        with self._lock:
            self.note(agency, body, key, outcome="answered")
            kept = self._answers.get((agency, key))
            if kept is None:
                kept = spoilt(self._fresh(agency, body), behaviour.mode)
                self._answers[(agency, key)] = kept
            return kept

    def put_file(self, agency: str, name: str, questions: JsonObject) -> None:
        """Keep a table of questions under its name, once."""
        with self._lock:
            self._files.setdefault((agency, name), questions)

    def file(self, agency: str, name: str) -> JsonObject | None:
        """Return the questions of a table; None where none of this name was put."""
        with self._lock:
            return self._files.get((agency, name))

    def note(self, place: str, body: JsonObject, key: str, *, outcome: str) -> None:
        """Write a call into the ledger; a repeated key is counted, not written anew."""
        with self._lock:
            call = self._calls.get((place, key))
            if call:
                call.times += 1
                call.outcome = outcome
            else:
                subjects = len(subjects_of(body))
                self._calls[(place, key)] = Call(place=place, key=key, subjects=subjects, outcome=outcome)

    def refuse_number(self, body: JsonObject) -> None:
        """Let the gateway send nothing to a number from now on."""
        with self._lock:
            self._refused_numbers.add(str(body["number"]))

    def take_message(self, body: JsonObject, key: str) -> str | None:
        """Take a message once for each key and return its reference; None where its number takes none."""
        with self._lock:
            if body.get("to") in self._refused_numbers:
                return None
            kept = self._messages.get(key)
            if kept:
                kept["times"] += 1
            else:
                self._messages[key] = {"key": key, "to": body.get("to"), "text": body.get("text"), "times": 1}
            return "M" + hashlib.sha256(key.encode()).hexdigest()[:12]

    def take_status(self, body: JsonObject, key: str) -> str | None:
        """Take a household's status; None when nobody of it is insured."""
        persons = body.get("persons") or []
        with self._lock:
            insured = [
                person for person in persons if self._known.get(str(person.get("identity_number")), Known()).insured
            ]
            self.note("insurer", {"subjects": persons}, key, outcome="taken" if insured else "unknown")
            self._statuses[key] = {
                "status": body.get("status"),
                "wanted_from": body.get("wanted_from"),
                "persons": len(persons),
            }
        return str(body.get("wanted_from")) if insured else None

    def ledger(self) -> JsonObject:
        """Return every call and message."""
        with self._lock:
            calls = [
                {
                    "place": call.place,
                    "key": call.key,
                    "subjects": call.subjects,
                    "times": call.times,
                    "outcome": call.outcome,
                }
                for call in self._calls.values()
            ]
            messages = [dict(message) for message in self._messages.values()]
            return {"calls": calls, "messages": messages, "statuses": list(self._statuses.values())}

    def _fresh(self, agency: str, body: JsonObject) -> JsonObject:
        subjects = subjects_of(body)
        records = [record for person in subjects for record in self._records(agency, person)]
        answer: JsonObject = {
            "request_id": body.get("request_id"),
            "agency": agency,
            "status": "hit" if records else "no_hit",
            "as_of": self._as_of(agency, subjects, body),
            "subjects": subjects,
            "records": records,
        }
        register = self._register(subjects) if agency == "household_register" else None
        return answer if register is None else {**answer, "register": register}

    def _as_of(self, agency: str, subjects: Sequence[JsonObject], body: JsonObject) -> str:
        days = [
            known.as_of[agency]
            for person in subjects
            if (known := self._known.get(str(person.get("identity_number")))) and agency in known.as_of
        ]
        today = str(body.get("as_of") or date.today().isoformat())  # noqa: DTZ011  an agency's own date
        return min(days, default=today)

    def _records(self, agency: str, person: JsonObject) -> list[JsonObject]:
        identity = str(person.get("identity_number"))
        known = self._known.get(identity)
        entries = known.records.get(agency, []) if known else self._seeded(agency, identity)
        name = (known.name if known else None) or person.get("name")
        return [{"identity_number": identity, "name": name, **entry} for entry in entries]

    def _register(self, subjects: Sequence[JsonObject]) -> list[JsonObject] | None:
        """Return the household register where somebody stated one; each person stands in it with the others."""
        for person in subjects:
            known = self._known.get(str(person.get("identity_number")))
            if known and known.register is not None:
                return [dict(entry) for entry in known.register]
        return None

    def _seeded(self, agency: str, identity: str) -> list[JsonObject]:
        """Invent a small deposit for a person nobody registered, and nothing that would decide a case."""
        if agency != "bank":
            return []
        digest = hashlib.sha256(f"{self._seed}:{identity}".encode()).digest()
        amount = int.from_bytes(digest[:4], "big") % LARGEST_SEEDED_DEPOSIT
        return [{"item": "deposit", "amount": amount, "unit": "yuan", "reference": digest[4:8].hex()}]


def subjects_of(body: JsonObject) -> list[dict[str, Any]]:
    """Return the persons of a question."""
    return [person for person in body.get("subjects") or [] if isinstance(person, dict)]


def _agency(key: object) -> str:
    if key not in AGENCY_BY_KEY:
        raise BehaviourUnknown(f"{key!r} is no agency; {', '.join(AGENCY_BY_KEY)} are")
    return str(key)

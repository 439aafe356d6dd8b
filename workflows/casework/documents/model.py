"""An issued document as it is kept: what it says, by which template, and how it can be verified."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.json_values import dump_json
from workflows.printing.fields import Value

CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is easily taken for another
CODE_GROUPS, GROUP_LENGTH = 3, 4
SHOWN_DIGITS = 16  # of the digest, on the paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A version of the template of a kind; whatever was issued with it can be printed again as it was."""

    sha256: str
    kind: str
    version: int
    content: bytes
    added_at: datetime
    added_by: str
    note: str = ""
    is_shipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedDocument:
    """A document that was issued; nothing of it changes any more.

    A corrected one has the same number and subject and the next version. `values` are the printed texts by field; of
    an erased case they are gone, while number, code and digest stay, so that a paper can still be verified.
    """

    id: UUID
    kind: str
    number: str
    version: int
    case_id: UUID | None  # None: a document of the county
    subject: str  # the record it is about, such as a decision; empty: the case, or the county
    region: str
    unit: str
    issued_at: datetime
    issued_by: str
    template_sha256: str
    values: Mapping[str, Value] | None
    digest: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPrint:
    """A time a document was printed, counted from 1; the first ones are originals, up to the copies of its kind."""

    document_id: UUID
    number: int
    is_original: bool
    printed_at: datetime
    printed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedDocument:
    """What anybody is told who holds a paper with its number and code: nothing about persons."""

    kind: str
    kind_name: str
    kind_name_en: str
    number: str
    version: int
    newest_version: int
    issued_at: datetime
    unit: str
    digest: str

    @property
    def is_current(self) -> bool:
        """Say whether no later version replaced it."""
        return self.version == self.newest_version


def content_digest(*, kind: str, number: str, version: int, template: str, values: Mapping[str, Value]) -> str:
    """Return the SHA-256 of what a document says and looks like."""
    content = {"kind": kind, "number": number, "version": version, "template": template, "values": dict(values)}
    return hashlib.sha256(dump_json(content).encode()).hexdigest()


def new_code() -> str:
    """Return a verification code nobody can guess, in groups that are easily typed."""
    groups = ("".join(secrets.choice(CODE_SIGNS) for _ in range(GROUP_LENGTH)) for _ in range(CODE_GROUPS))
    return "-".join(groups)


def is_same_code(kept: str, given: str) -> bool:
    """Say whether somebody typed the code of a paper, whatever the case and the dashes."""
    return secrets.compare_digest(_plain(kept).encode(), _plain(given).encode())


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())

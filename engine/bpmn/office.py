"""What is known of the office a diagram is drawn for: who works there and which jobs are done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The candidate groups somebody can belong to and the job types somebody handles; empty: nothing is known."""

    groups: frozenset[str] = frozenset()
    job_types: frozenset[str] = frozenset()


UNKNOWN_OFFICE = Office()

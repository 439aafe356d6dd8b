"""Playing a corpus and counting what comes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.browser.corpus.classes import class_of
from tests.browser.corpus.comparison import Compared, Difference, compared, differences
from tests.browser.corpus.submissions import Case
from tests.browser.corpus.viewer import play


@dataclass(slots=True)
class Report:
    """How many submissions were played, how many came out the same, and the differences by class.

    agreed: viewer and server said the same of what the viewer handed in, forgeries left aside.
    """

    played: int = 0
    agreed: int = 0
    accepted: int = 0
    refused: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    unknown: list[str] = field(default_factory=list)

    def add(self, both: Compared) -> None:
        """Count one submission."""
        self.played += 1
        self.accepted += both.is_accepted
        self.refused += bool(both.outcome.errors) and bool(both.played.objections)
        found = list(differences(both))
        self.agreed += all(difference.kind == "forged" for difference in found)
        for difference in found:
            known = class_of(difference, both)
            if known is None:
                self.unknown.append(_told(difference, both))
            else:
                self.classes[known.name] += 1

    def __str__(self) -> str:
        figures = f"{self.played} submissions: {self.agreed} agree, {self.accepted} accepted and {self.refused} refused"
        lines = [f"{figures} by both", *(f"{count:6} {name}" for name, count in self.classes.most_common())]
        return "\n".join([*lines, f"{len(self.unknown):6} of no class", *self.unknown])


def report_on(page: Page, script: str, cases: Sequence[Case]) -> Report:
    """Play the cases and count."""
    report = Report()
    for case, played in play(page, script, cases):
        report.add(compared(case, played))
    return report


def _told(difference: Difference, both: Compared) -> str:
    return f"submission {both.case.number}: {difference} of {both.component(difference.path)}"

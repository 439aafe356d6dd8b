"""What workers do now and then about plays: forget those that nobody touched any more."""

from __future__ import annotations

from engine.host import Share
from workflows.casework.correspondence import Execute
from workflows.playing.commands import ForgetOldPlays


class ForgetUntouchedPlays:
    """Forget plays after the time they are kept for, whether anybody begins another or not."""

    def __init__(self, *, execute: Execute) -> None:
        self._execute = execute

    def __call__(self) -> Share:
        """Do it; what is counted was forgotten."""
        return Share(done=self._execute(ForgetOldPlays()), has_more=False)

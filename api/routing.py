"""Routes whose addresses are written by code that is compiled when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from werkzeug.routing import Rule

Build = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """A route that matches at once, while what writes its address waits until somebody leads there.

    Werkzeug compiles two functions for each route when it is added. For all of ours that is most of what making the
    application takes, and a process writes few of their addresses.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Build:  # noqa: FBT001  # as werkzeug has it
        @cache
        def compiled() -> Build:
            return super(LateRule, self)._compile_builder(append_unknown)

        def build(rule: LateRule, **values: Any) -> tuple[str, str]:
            return compiled()(rule, **values)

        return build

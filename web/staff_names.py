"""The names of staff whose logins stand in records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from engine.model import SYSTEM
from web.services import services


def staff_names(*logins: Iterable[str | None]) -> Mapping[str, str]:
    """Return the names of those logins that are known; what the system did is told as such."""
    wanted = sorted({one for some in logins for one in some if one})
    return {SYSTEM.id: _("系统"), **services().organisation.names(wanted)}

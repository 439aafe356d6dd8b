"""Which errors of the driver say that the database is away, and which say that a statement was bad.

Only what passes by itself is an outage: callers wait and do the same again. Anything else would fail again for ever,
so it must reach whoever counts failures and tells an operator.
"""

from __future__ import annotations

import psycopg

_CONNECTION_LOST = "08"  # class of SQLSTATE
_SHUT_DOWN = ("57P01", "57P02", "57P03", "57P04", "57P05")  # the server ends, or does not let us in
_LEFT_IDLE = "25P03"  # the server ended the connection because its transaction stood still
_READ_ONLY = "25006"  # after a failover the old connection leads to a server that takes no writes
_TOO_MANY_CONNECTIONS = "53300"
_STATES = (*_SHUT_DOWN, _LEFT_IDLE, _READ_ONLY, _TOO_MANY_CONNECTIONS)


def is_outage(error: BaseException | None) -> bool:
    """Say whether an error of the driver is of the connection or the server, not of what was asked."""
    if not isinstance(error, psycopg.Error):
        return False
    state = error.sqlstate
    if state is None:  # the driver itself: no server answered, or in the middle of an answer it was gone
        return isinstance(error, psycopg.OperationalError)
    return state.startswith(_CONNECTION_LOST) or state in _STATES

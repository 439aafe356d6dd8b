"""Who a scenario means: a login of the demo county, or whoever has a role in a unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from api.demo.county import accounts, unit_id
from workflows.casework import county


def logins_of(by: str) -> Sequence[str]:
    """Return the login, or the logins of everybody with a role; nobody when there is no such person.

    A role is `<unit kind>/<role>` of the county's only unit of the kind, or `<unit kind>/<role>@<region>` of a town.
    """
    if by in _logins():
        return (by,)
    return _by_role().get(by, ())


@cache
def known_names() -> Sequence[str]:
    """Return everything that may stand for a person."""
    return (*_logins(), *_by_role())


def window_of(region: str) -> str:
    """Return the clerks of the window that takes in what is of this region."""
    return f"{county.TOWNSHIP}/clerk@{region[:9]}"


@cache
def _logins() -> Sequence[str]:
    return tuple(one.login for one in accounts())


@cache
def _by_role() -> Mapping[str, Sequence[str]]:
    units = {unit_id(one): one for one in county.UNITS}
    found: dict[str, list[str]] = {}
    for account in accounts():
        unit = units[account.unit_id]
        place = "" if unit.region == county.COUNTY_REGION else f"@{unit.region}"
        found.setdefault(f"{unit.kind}/{account.role}{place}", []).append(account.login)
    return found

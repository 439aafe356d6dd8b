# ruff: noqa: F811  the fixture is imported by name
"""Who sees which look-ups of a medical status."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from engine.model import SYSTEM, Actor
from tests.contracts.test_casework_scenarios import County, county  # noqa: F401  the fixture
from tests.contracts.test_routing import INSURER, medically_known, reading
from tests.engines import person
from workflows.casework.county import COUNTY_REGION
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import KinPost
from workflows.casework.programmes.commands import QueryMedicalStatus
from workflows.casework.programmes.model import QueryPurpose

SUPERVISOR = person("supervisor", "civil_affairs/supervisor", region=COUNTY_REGION)
UNCLE = person("uncle", "civil_affairs/supervisor", region=COUNTY_REGION)
FAR = person("far.supervisor", "medical/supervisor", region="320411")


def test_kin_see_no_look_up_of_their_relatives_and_nobody_the_number_of_a_case_they_do_not_see(county: County) -> None:
    case = medically_known(county)
    asked = QueryMedicalStatus(
        identity_number=case.members[0].person.identity_number, day=date(2026, 6, 17), purpose=QueryPurpose.ADMISSION
    )
    county.run(asked, actor=INSURER)
    assert looked_up(county, UNCLE) == [(case.number, case.id)]
    kin = Kin(name="陈官", relation="叔叔", post=KinPost.STAFF, login="uncle")
    county.run(RegisterKin(case_id=case.id, kin=kin), actor=SYSTEM)

    assert looked_up(county, UNCLE) == []
    assert looked_up(county, SUPERVISOR) == [(case.number, case.id)]
    assert looked_up(county, FAR) == [(None, None)]


def looked_up(county: County, actor: Actor) -> list[tuple[str | None, UUID | None]]:
    found = reading(county).status_queries(date(2026, 6, 1), date(2026, 6, 30), actor)
    return [(one.case_number, one.query.case_id) for one in found]

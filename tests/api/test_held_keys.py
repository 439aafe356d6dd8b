"""A database opens with its own key file only: a missing or a foreign one is named, and no new one is begun."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest

from api.bootstrap import open_house
from api.services import Services
from api.setting_values import SettingInvalid
from api.settings import Settings
from engine.commands.deployments import DeployResources
from engine.commands.process_instances import CancelProcessInstance, StartProcessInstance
from engine.model import SYSTEM, Resource
from storage.encryption import KeyRing
from tests.api.conftest import TOWN
from tests.processes.diagrams import end, flows, one_process, start, user


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Where something is sealed, and what."""

    settings: Settings
    instance_id: UUID


@pytest.fixture
def used(services: Services) -> Used:
    """A house in which an instance is sealed."""
    diagram = Resource(name="p.bpmn", kind="process", content=one_process(start(), user("a"), end(), flows("s>a>e")))
    services.engine.execute(DeployResources(resources=(diagram,)), actor=SYSTEM)
    begin = StartProcessInstance(process_id="P", variables={"name": "陈敏"}, region=TOWN, business_key="K-1")
    return Used(settings=services.settings, instance_id=services.engine.execute(begin, actor=SYSTEM).id)


def test_a_missing_key_file_is_said_and_none_is_made_beside_what_is_sealed(used: Used, tmp_path: Path) -> None:
    missing = tmp_path / "typed-wrong.json"
    with (
        pytest.raises(SettingInvalid, match=r"RELIEF_KEY_FILE.*there is no such file"),
        open_house(replace(used.settings, key_file=missing)),
    ):
        pass
    assert not missing.exists()


def test_the_keys_of_another_installation_are_refused(used: Used, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.json"
    foreign.write_bytes(KeyRing.generate().to_bytes())
    with (
        pytest.raises(SettingInvalid, match=r"RELIEF_KEY_FILE.*another installation"),
        open_house(replace(used.settings, key_file=foreign)),
    ):
        pass


def test_a_rotated_key_file_still_opens_what_was_sealed_before(used: Used, tmp_path: Path) -> None:
    rotated = tmp_path / "rotated.json"
    rotated.write_bytes(KeyRing.load(used.settings.keys_at).rotated().to_bytes())
    with open_house(replace(used.settings, key_file=rotated)) as house:
        cancel = CancelProcessInstance(process_instance_id=used.instance_id, reason="试完了")
        assert house.services.engine.execute(cancel, actor=SYSTEM).ended_at is not None


def test_a_house_in_which_nothing_is_sealed_begins_its_keys(services: Services, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.json"
    with open_house(replace(services.settings, key_file=fresh)):
        assert fresh.exists()

"""A programme leaves as a package and comes back as drafts, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from api.services import Services
from engine.commands.deployments import DeployResources
from engine.model import SYSTEM, Resource

# fixtures of a whole house
from tests.api.conftest import furnished, services, sign_in, surroundings  # noqa: F401
from tests.browser.test_migration import FILE, OTHERWISE, XML
from tests.browser.test_work_list import FITS, VIOLATIONS, address, app, opens  # noqa: F401

pytestmark = pytest.mark.browser


def deploy(services: Services, xml: str) -> None:  # noqa: F811
    resource = Resource(name=FILE, kind="process", content=xml.encode())
    services.engine.execute(DeployResources(resources=(resource,)), actor=SYSTEM)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_programme_leaves_as_a_file_and_comes_back_as_drafts(
    opens: Callable[..., Page],  # noqa: F811
    services: Services,  # noqa: F811
    axe: str,
    tmp_path: Path,
    language: str,
) -> None:
    zh = language == "zh"
    deploy(services, OTHERWISE)
    page = opens("administrator")
    page.goto(f"/workbench?lang={language}")
    page.get_by_role("link", name="程序包" if zh else "Packages").click()
    row = page.get_by_role("row").filter(has=page.locator("code:text-is('agency_inquiry')"))
    with page.expect_download() as leaving:
        row.get_by_role("link").click()
    package = tmp_path / leaving.value.suggested_filename
    leaving.value.save_as(package)
    assert package.name == "agency_inquiry-2.zip"

    deploy(services, XML)  # what is active here is another one again
    page.locator("#files").set_input_files(package)
    page.locator("button[value=check]").click()
    expect(page.get_by_role("row").filter(has_text=FILE).first).to_contain_text("不同" if zh else "Other than active")
    assert services.workbench.drafts() == []
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == []
    assert page.evaluate(FITS)
    page.locator("#files").set_input_files(package)
    page.locator("button[value=import]").click()
    expect(page.locator("#messages")).to_contain_text("1")
    [draft] = services.workbench.drafts()
    assert (draft.file_name, draft.base_version) == (FILE, 3)

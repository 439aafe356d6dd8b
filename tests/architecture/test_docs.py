"""The docs name what the code has."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from api.settings import Settings
from workflows.connectors.mail import SmtpServer

ROOT = Path(__file__).parents[2]


def test_every_setting_is_in_the_docs_and_no_other() -> None:
    read = set(re.findall(r'"(RELIEF_[A-Z_]+)"', (ROOT / "api/settings.py").read_text(encoding="utf-8")))
    listed = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    table = set(re.findall(r"`(RELIEF_[A-Z_]+)`", listed.split("For tests:")[0]))

    assert table == read
    of_mail = {name for name in read if name.startswith("RELIEF_MAIL_")}  # one field, as one adapter takes them
    own = {"port", "timeout", "deadline"}  # the port is named with the host, the others are ours
    assert len(of_mail) == len(SmtpServer.__dataclass_fields__) - len(own)
    assert len(Settings.__dataclass_fields__) - len({"mail"}) == len(read - of_mail)


def test_nothing_tracked_names_a_machine_or_a_registry() -> None:
    registries = ("pypi" + r"\.org", "pythonhosted" + r"\.org", "npmjs" + r"\.(?:org|com)")
    hosts = "|".join((*registries, "/" + "work/(main|shared)"))
    found = subprocess.run(
        ["git", "grep", "-lIE", hosts], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()

    assert found == []


def test_no_file_holds_what_a_merge_left_open() -> None:
    markers = ["git", "grep", "-lIE", "^(<{7}|>{7}|[|]{7}) "]
    found = subprocess.run(markers, cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()

    assert found == []


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")

    assert broken == []


def test_no_module_grows_past_its_limit() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for package in ("api", "engine", "storage", "web", "workflows")
        for path in (ROOT / package).rglob("*.py")
        if "node_modules" not in path.parts
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 450
    ]

    assert long == []

"""What the import contracts cannot say: pages stand above what they share, and any module can be imported first."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import web

SHARED = Path(web.__file__).parent


def imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_nothing_that_pages_share_imports_a_page() -> None:
    modules = sorted({*SHARED.glob("*.py"), *(SHARED / "schemas").glob("*.py"), *(SHARED / "figures").glob("*.py")})
    wrong = {
        f"{module.stem} imports {name}"
        for module in modules
        for name in imported(module)
        if name.startswith("web.pages")
    }
    assert len(modules) > 50
    assert wrong == set()

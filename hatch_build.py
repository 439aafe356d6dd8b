"""Build the browser bundles when a wheel or an editable install is made."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from types import ModuleType


class FrontendBuildHook(BuildHookInterface):  # type: ignore[misc]  # hatchling is not installed where types are checked
    """Fill web/static/dist unless it is up to date."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build; a failure stops a wheel, while an editable install goes on and `relief serve` tries again."""
        root = Path(self.root)
        assets = _load_assets(root)
        try:
            assets.ensure(root)
        except assets.AssetsError as error:
            if version != "editable":
                raise
            self.app.display_warning(f"No browser bundles yet: {error}")


def _load_assets(root: Path) -> ModuleType:
    """Load web/assets.py by its path: the build environment has none of our packages installed."""
    spec = importlib.util.spec_from_file_location("reliefdesk_assets", root / "web" / "assets.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"web/assets.py is missing in {root}: the source tree is not complete.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module

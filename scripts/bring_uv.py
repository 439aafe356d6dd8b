"""Bring uv into a folder of the project's own: `bring_uv.py FOLDER VERSION`. Needs only Python and its registry."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path


def main(folder: Path, version: str) -> int:
    """Install uv into a virtual environment, or beside it where Python comes without ensurepip (Debian)."""
    package = f"uv=={version}"
    try:
        venv.create(folder, with_pip=True)
    except (subprocess.CalledProcessError, OSError):
        print("This Python makes no virtual environments with pip (Debian: python3-venv); using its own pip instead.")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder / "lib"), package]
        if subprocess.call(command) != 0:
            print("Neither venv nor pip works here. Install one of them: apt-get install python3-venv", file=sys.stderr)
            return 1
        (folder / "bin").mkdir(parents=True, exist_ok=True)
        link = folder / "bin" / "uv"
        link.unlink(missing_ok=True)
        link.symlink_to(folder.resolve() / "lib" / "bin" / "uv")
        return 0
    pip = folder / "bin" / "python"
    return subprocess.call([str(pip), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))

"""Make sure there is a Chromium for the browser tests, from the system's packages where we may install them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")


def main() -> int:
    """Find it, else install it; say clearly what is missing where neither is possible. Never fails: the tests do."""
    if browser_path() and _has_chinese_font():
        return 0
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Chromium and a Chinese font from the system's packages for the browser tests ...", flush=True)
        _apt_get("update")
        return _apt_get("install", "-y", "--no-install-recommends", *PACKAGES)
    print(
        "No Chromium or no Chinese font here, and no right to install them. The browser tests will fail.\n"
        f"Ask the administrator for: apt-get install {' '.join(PACKAGES)}  (or set RELIEF_CHROMIUM=/path/to/chromium)",
        file=sys.stderr,
    )
    return 0


def browser_path() -> str | None:
    """Return what RELIEF_CHROMIUM names, else the first Chromium on the path."""
    return os.environ.get("RELIEF_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def _apt_get(*arguments: str) -> int:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.call(["apt-get", *arguments], stdout=subprocess.DEVNULL, env=environment)


def _has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    return bool(subprocess.run([lister, ":lang=zh"], capture_output=True, text=True, check=False).stdout.strip())


if __name__ == "__main__":
    sys.exit(main())

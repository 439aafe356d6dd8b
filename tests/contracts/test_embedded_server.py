"""A server of our own that stands still is said so in time: nobody waits for it without a word."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from storage.database import EmbeddedServer


def test_a_server_that_stands_still_is_told_of_when_somebody_comes_to_use_it(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    embedded = EmbeddedServer(folder=tmp_path / "postgresql")
    embedded.start()
    postmaster = psutil.Process(int((embedded.folder / "postmaster.pid").read_text().partition("\n")[0]))
    postmaster.suspend()
    try:
        with pytest.raises(ConnectionError, match="timeout"):
            embedded.start()
    finally:
        postmaster.resume()
    assert embedded.start()
    embedded.stop()

"""Test hosts: network namespaces on one bridge, whose cables can be pulled."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import pytest

Result = TypeVar("Result")

NETWORK = 0x40000000  # CLONE_NEWNET
NET = "198.18"  # kept for measurements by RFC 2544: no real host has such an address


def enter(namespace: str) -> None:
    """Move this thread into the network of a namespace."""
    with Path(f"/run/netns/{namespace}").open("rb") as opened:
        if ctypes.CDLL(None, use_errno=True).setns(opened.fileno(), NETWORK) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter the namespace {namespace}")


def need_hosts() -> None:
    """Skip the test where namespaces cannot be made."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need root and the program `ip`")
    tried = subprocess.run(["ip", "netns", "add", _tried()], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"network namespaces cannot be made here: {tried.stderr.strip()}")
    _ip("netns", "del", _tried())


class Hosts:
    """A bridge on this machine, and so many hosts on it; `address` is where this machine is reached from them."""

    def __init__(self, count: int) -> None:
        self._run = os.getpid() % 10_000
        self._subnet = f"{NET}.{self._run % 250}"
        self._bridge = f"rb{self._run}"
        self.address = f"{self._subnet}.1"
        self.clients = f"{self._subnet}.0/24"
        self.names = [f"rh{self._run}-{number}" for number in range(count)]

    def __enter__(self) -> Self:
        try:
            self._set_up()
        except BaseException:
            self._take_down()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self._take_down()

    def address_of(self, name: str) -> str:
        return f"{self._subnet}.{10 + self.names.index(name)}"

    def cut(self, name: str) -> None:
        """Pull the cable: what is sent arrives nowhere, and nobody is told."""
        _ip("link", "set", self._cable(name), "down")

    def join(self, name: str) -> None:
        """Put the cable back."""
        _ip("link", "set", self._cable(name), "up")

    def run_on(self, name: str, work: Callable[[], Result]) -> Result:
        """Do something as a program of that host would; what it opens stays there."""

        def on_host() -> Result:
            enter(name)
            return work()

        with ThreadPoolExecutor(1) as pool:  # a namespace is a thread's own
            return pool.submit(on_host).result()

    def _set_up(self) -> None:
        _ip("link", "add", self._bridge, "type", "bridge")
        _ip("addr", "add", f"{self.address}/24", "dev", self._bridge)
        _ip("link", "set", self._bridge, "up")
        for name in self.names:
            cable = self._cable(name)
            _ip("netns", "add", name)
            _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name)
            _ip("link", "set", cable, "master", self._bridge, "up")
            _ip("-n", name, "addr", "add", f"{self.address_of(name)}/24", "dev", "eth0")
            _ip("-n", name, "link", "set", "lo", "up")
            _ip("-n", name, "link", "set", "eth0", "up")

    def _take_down(self) -> None:
        for name in self.names:
            with suppress(subprocess.CalledProcessError):
                _ip("link", "del", self._cable(name))
            with suppress(subprocess.CalledProcessError):
                _ip("netns", "del", name)
        with suppress(subprocess.CalledProcessError):
            _ip("link", "del", self._bridge)

    def _cable(self, name: str) -> str:
        return f"rc{self._run}-{self.names.index(name)}"


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


def _tried() -> str:
    return f"rtried{os.getpid()}"

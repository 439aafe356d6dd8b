"""A list says which words of its address it does not read; it never shows everything as if it were narrowed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.api.conftest import TOWN, Client

SignIn = Callable[[str], Client]
TOLD = "无法识别的筛选条件"

LISTS = (
    "/tasks",
    "/cases",
    "/incidents",
    "/process-instances",
    "/duplicates",
    "/supervision/orders",
    "/register/corrections",
    "/spot-checks",
)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_names_what_it_does_not_read(sign_in: SignIn, path: str) -> None:
    reader = sign_in("supervisor")
    assert TOLD not in reader.get(path).text
    assert TOLD not in reader.get(f"{path}?page=1&lang=zh").text
    page = reader.get(f"{path}?no_such_filter=%3Cb%3E&page=x&lang=en")
    assert page.status_code == 200
    assert "Filters nobody knows: no_such_filter=&lt;b&gt; page=x" in page.text
    assert TOLD not in reader.get(f"{path}?lang=zh").text


@pytest.mark.parametrize(
    "address",
    [
        "/tasks?tab=unit&q=x&order=due&descending=1&overdue=1&situation=unheld&unit=township:320481001&holder=clerk",
        "/tasks?tab=mine&q=&situation=&unit=",
        "/cases?q=x&status=closed&overdue=1&order=received&descending=0",
        "/incidents?unit=:",
        f"/process-instances?q=1&element=Task_X&region={TOWN}&state=active&stuck=1",
        "/duplicates?shown=all&kind=same_person&case=1",
        "/supervision/orders?situation=all&q=x",
        "/register/corrections?state=all",
        "/spot-checks?show=open",
    ],
)
def test_what_a_list_reads_is_not_told(sign_in: SignIn, address: str) -> None:
    page = sign_in("supervisor").get(address)
    assert (page.status_code, TOLD in page.text) == (200, False)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/tasks?tab=everything", "tab=everything"),
        ("/tasks?situation=odd&tab=unit", "situation=odd"),
        ("/tasks?unit=nowhere", "unit=nowhere"),
        ("/tasks?overdue=yes", "overdue=yes"),
        (f"/cases?q={'长' * 101}", f"q={'长' * 58}…"),
        ("/cases?status=received&status=closed", "status=closed"),
        ("/incidents?unit=x", "unit=x"),
        ("/incidents?kind=condition", "kind=condition"),
        ("/process-instances?state=asleep", "state=asleep"),
        ("/process-instances?definition=5", "definition=5"),
        ("/process-instances?region=1", "region=1"),
        ("/process-instances?stuck=maybe", "stuck=maybe"),
        ("/duplicates?kind=odd", "kind=odd"),
    ],
)
def test_a_word_that_cannot_be_read_is_told(sign_in: SignIn, address: str, words: str) -> None:
    page = sign_in("supervisor").get(address)
    assert page.status_code == 200
    assert f"{TOLD}：{words}" in page.text

"""Forms at start events: where somebody begins a process by hand, and nowhere else."""

from __future__ import annotations

import pytest

from engine.bpmn.lint import lint
from engine.bpmn.start_forms import start_form_of
from engine.core.graph import FormLink
from tests.processes.diagrams import (
    end,
    event_sub_process,
    flows,
    message,
    one_process,
    start,
    sub_process,
    task,
    zeebe,
)

FORM = zeebe("formDefinition", formId="f", bindingType="versionTag", versionTag="v1")
PLAIN = one_process(start("s", FORM), task("t"), end(), flows("s>t>e"))


def codes(xml: bytes) -> set[str]:
    return {one.code for one in lint(xml) if one.severity == "error"}


def test_a_form_is_read_with_its_version() -> None:
    assert codes(PLAIN) == set()
    assert start_form_of(PLAIN, "P") == FormLink(form_id="f", binding="versionTag", version_tag="v1")
    assert start_form_of(PLAIN, "Q") is None
    assert start_form_of(one_process(start(), end(), flows("s>e")), "P") is None


ELSEWHERE = {
    "begun by a message": one_process(start("s", FORM, message("m")), end(), flows("s>e")),
    "in a sub-process": one_process(
        start(), sub_process("x", start("s1", FORM), end("e1"), flows("s1>e1")), end(), flows("s>x>e")
    ),
    "in an event sub-process": one_process(
        start(),
        task("t"),
        end(),
        flows("s>t>e"),
        event_sub_process("x", start("s1", FORM, message("m", "=1")), end("e1"), flows("s1>e1")),
    ),
}


@pytest.mark.parametrize("place", sorted(ELSEWHERE))
def test_a_form_that_nobody_would_fill_in_is_refused(place: str) -> None:
    assert "unsupported-extension" in codes(ELSEWHERE[place])


def test_a_form_of_another_system_is_refused() -> None:
    drawn = one_process(start("s", zeebe("formDefinition", externalReference="f")), end(), flows("s>e"))
    assert codes(drawn) == {"missing-attribute"}

"""Every value that pages show has a name in both languages."""

from __future__ import annotations

from enum import StrEnum

import pytest

from engine.incident_model import INCIDENT_KINDS
from engine.model import HistoryAction
from web.label_texts import LABELS
from web.office_label_texts import OFFICE_LABELS
from workflows.casework.payments.model import BatchState, PaymentKind, PaymentState
from workflows.casework.payments.recovery import RecoveryCause, RecoveryState
from workflows.casework.procedure.model import KinPost
from workflows.casework.programmes.model import PlaceState
from workflows.casework.register.divisions import DivisionState
from workflows.casework.register.model import CorrectionState, DuplicateDecision, DuplicateKind, EntryAction
from workflows.printing.errors import FindingLevel

KINDS: dict[str, type[StrEnum]] = {
    "entry_action": EntryAction,
    "correction_state": CorrectionState,
    "division_state": DivisionState,
    "duplicate_kind": DuplicateKind,
    "duplicate_decision": DuplicateDecision,
    "batch_state": BatchState,
    "payment_state": PaymentState,
    "payment_kind": PaymentKind,
    "recovery_cause": RecoveryCause,
    "recovery_state": RecoveryState,
    "finding_level": FindingLevel,
    "kin_post": KinPost,
    "place_state": PlaceState,
}


@pytest.mark.parametrize("action", HistoryAction)
def test_every_action_of_the_history_has_a_name_in_both_languages(action: HistoryAction) -> None:
    chinese, english = LABELS["history_action"][action.value]

    assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese)
    assert english
    assert english.isascii()


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_of_the_office_pages_has_a_name_in_both_languages(kind: str) -> None:
    assert {one.value for one in KINDS[kind]} == set(OFFICE_LABELS[kind])
    assert all(english.isascii() and english for _, english in OFFICE_LABELS[kind].values())


def test_no_kind_of_names_stands_twice() -> None:
    assert not LABELS.keys() & OFFICE_LABELS.keys()


def test_every_kind_of_incident_has_a_name() -> None:
    assert LABELS["incident_kind"].keys() == set(INCIDENT_KINDS)

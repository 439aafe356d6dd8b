"""Forms as form-js draws them, and the server's say over what they may bring in."""

from __future__ import annotations

from engine.forms.document import parse
from engine.forms.document_findings import FormDocumentError
from engine.forms.errors import FieldError, FormInvalid
from engine.forms.limits import DEFAULT_LIMITS, Limits
from engine.forms.model import Form
from engine.forms.prefill import prefill
from engine.forms.submission import Submission, validate

__all__ = [
    "DEFAULT_LIMITS",
    "FieldError",
    "Form",
    "FormDocumentError",
    "FormInvalid",
    "Limits",
    "Submission",
    "parse",
    "prefill",
    "validate",
]

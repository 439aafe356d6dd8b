"""Tests of forms: reading documents, validating submissions."""

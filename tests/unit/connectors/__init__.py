"""Tests of the connectors against real little servers."""

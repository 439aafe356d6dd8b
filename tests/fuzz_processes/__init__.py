"""Endless random processes against the naive implementation."""

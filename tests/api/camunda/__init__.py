"""Camunda's own clients against a running server."""

"""Scenarios: whole cases written as files, run in a throw-away county, what is found beside what is expected."""

"""What scenarios may do and expect, a module a topic.

A module has `ACTS`, functions of (desk, course, with) that call the API with the desk's session and return what a later
step may name, and `EXPECTATIONS`, functions of (office, course, expected) that yield a `Comparison` for each fact. The
docstring of each is its line in the reference, Chinese first.
"""

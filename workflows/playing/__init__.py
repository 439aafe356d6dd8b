"""Playing a process before it is deployed: step by step, as scenarios that are kept and run again, with coverage.

A play runs on the core alone: it reads definitions, figures of policy and the calendar, and has nothing to write with.
"""

"""Other FEEL engines measured beside ours, each in an environment of its own, never installed into the project's.

They read the cases as JSON from standard input and answer, case by case, with the value, the time of one evaluation
of a parsed expression where the engine can keep one, and the time with parsing.
"""

"""A second implementation, to hold the core against: written from BPMN 2.0.2, chapter 13, and Camunda's docs.

Nothing is shared with `engine.core`: it reads the XML itself, keeps its state as one immutable value, lists the moves
that are possible (`Naive.enabled`) and makes one of them (`Naive.fire`). It is slow and plain on purpose.
"""

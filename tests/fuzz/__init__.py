"""Random and mutated FEEL, for as long as asked: `python -m tests.fuzz --minutes 10`."""

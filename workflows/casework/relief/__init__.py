"""Temporary relief: what a household claims for an event or a bill, what it was paid, whether its file is complete."""

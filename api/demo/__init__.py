"""A county to try things in: its units and staff, synthetic households, and the scenario that proves the whole line."""

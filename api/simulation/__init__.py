"""Months of a county's work in minutes: synthetic households arrive, everybody works, and the figures are counted."""

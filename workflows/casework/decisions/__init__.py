"""Decisions on a household's aid: what was decided, how it was computed, on what law, and the remedies."""

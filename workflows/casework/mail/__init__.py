"""Notices told by mail: who wants to hear of what and when, the digests made of it, and how they are sent."""

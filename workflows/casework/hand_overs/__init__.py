"""Handing tasks on from one person or unit to another."""

"""The tables, one module a room; `metadata` in base holds them all."""

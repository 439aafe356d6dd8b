"""Spot checks: samples of finished cases and running benefits, drawn by a seed, reviewed by who had no part in them."""

"""Tests of casework without a database."""

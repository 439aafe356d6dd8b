"""Shapes of requests that the pages and the API share, and what is said of a value that does not fit."""

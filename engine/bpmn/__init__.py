"""The diagram as drawn: read it, find what is wrong with it, compile it for the core."""

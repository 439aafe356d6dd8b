"""Talking to agencies, the message gateway and the insurer: ports, HTTP adapters, and a simulator to try with."""
